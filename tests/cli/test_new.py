"""`iepdocs new` for some documents alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from tests.cli.test_cli import run

if TYPE_CHECKING:
    from pathlib import Path


def test_new_for_a_kind_says_what_else_is_used_and_how_to_have_it(tmp_path: Path) -> None:
    result = run("new", tmp_path / "progress.xlsx", "--kind", "progress_report")
    assert result.exit_code == 0
    assert result.output.splitlines()[1] == (
        "The documents also use, if there: Schools, Contacts, Plans, Objectives, Codes, District. "
        '--sheet "Schools" adds one.'
    )


def test_new_with_all_sheets_that_are_used_has_no_more_to_say(tmp_path: Path) -> None:
    result = run("new", tmp_path / "notices.xlsx", "--kind", "excusal_agreement")
    assert len(result.output.splitlines()) == 1


def test_new_for_two_kinds_with_one_more_sheet(tmp_path: Path) -> None:
    path = tmp_path / "some.xlsx"
    result = run("new", path, "--kind", "progress_report", "--kind", "consent", "--sheet", "codes")
    assert result.exit_code == 0
    assert {"Goals", "Consents", "Codes"} <= set(openpyxl.load_workbook(path).sheetnames)


def test_new_for_a_kind_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    result = run("new", tmp_path / "progress.xlsx", "--kind", "progress_reports")
    assert result.exit_code == 2
    assert "Did you mean progress_report?" in result.output
    assert not (tmp_path / "progress.xlsx").exists()

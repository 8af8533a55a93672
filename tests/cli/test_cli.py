"""The commands as a new user runs them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from iepdocs.cli import cli
from tests.support import GOALS, progress_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeWorkbook


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)), catch_exceptions=False)


def test_help_names_the_commands() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("new", "check", "generate", "fields"):
        assert command in result.output


@pytest.mark.parametrize("command", [[], ["new"], ["check"], ["generate"], ["fields"]])
def test_help_loads_no_library_but_click_and_takes_no_time(command: list[str]) -> None:
    heavy = {"cerberus", "docx", "docxtpl", "jinja2", "lxml", "openpyxl", "python_calamine", "yaml"}
    script = f"""
import sys
from iepdocs.cli import cli
cli({[*command, "--help"]}, standalone_mode=False)
assert not {heavy} & set(sys.modules), set(sys.modules)
"""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)  # noqa: S603
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.25


def test_check_of_a_right_workbook_ends_with_0(make_workbook: MakeWorkbook) -> None:
    result = run("check", make_workbook(progress_sheets()))
    assert result.exit_code == 0
    assert result.output == "plans.xlsx: no problems.\n"


def test_check_says_where_what_and_how_to_mend(make_workbook: MakeWorkbook) -> None:
    goals = [GOALS[0], ["00042", "1", "Reading", "41 words", None, "weekly probe"], GOALS[2]]
    result = run("check", make_workbook(progress_sheets(Goals=goals)))
    assert result.exit_code == 1
    said = (
        "Goals: 1 error\n  error  E2  Goal  Goal is blank. (34 CFR 300.320(a)(2)(i))\n                     Fill it in: "
    )
    assert said in result.output
    assert result.output.endswith("plans.xlsx: 1 error.\n")


def test_a_warning_alone_ends_with_0(make_workbook: MakeWorkbook) -> None:
    goals = [row[:3] + row[4:] for row in GOALS]
    result = run("check", make_workbook(progress_sheets(Goals=goals)))
    assert result.exit_code == 0
    assert "1 warning." in result.output


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plans.xlsx", b"%PDF-1.7", "This is no workbook, but a PDF."),
        ("plans.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest", "This is no workbook, but a damaged Office file."),
        ("plans.xlsx", b"PK\x03\x04", "This is no workbook, but a damaged file."),
        ("plans.xlsx", b"", "This is no workbook, but an empty file."),
    ],
)
def test_a_file_that_is_no_workbook_ends_with_2_and_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for command in (["check"], ["generate", "--out", tmp_path / "out"]):
        result = run(*command, tmp_path / name)
        assert result.exit_code == 2
        assert sentence in result.output
        assert "Traceback" not in result.output
        assert len(result.output.strip().splitlines()) == 2


def test_a_workbook_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    result = run("check", tmp_path / "nowhere.xlsx")
    assert result.exit_code == 2
    assert "There is no such file." in result.output


def test_generate_ends_with_a_table_of_what_was_made_and_where(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    result = run("generate", make_workbook(progress_sheets()), "--out", tmp_path / "out", "--date", "2026-11-25")
    assert result.exit_code == 0
    table = result.output.split("Document", 1)[1].splitlines()
    assert table[1].split() == ["Progress", "Report", "2"]
    assert table[2].split() == ["All", "2"]
    assert "No Meeting Invitation: the workbook has no rows on the sheet Meetings." in result.output
    assert f"Folder:    {tmp_path / 'out'}" in result.output
    assert "seconds" in result.output


def test_generate_says_which_document_was_not_made_and_why(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    goals = [GOALS[0], ["00042", "1", "Reading", "41 words", None, "weekly probe"], GOALS[2]]
    result = run("generate", make_workbook(progress_sheets(Goals=goals)), "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "Not made\n  progress_report/Reyes, Ana 00042 2026-10-12.docx\n         Goals E2" in result.output


def test_an_output_folder_that_cannot_be_written_ends_with_2(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way", encoding="utf-8")
    result = run("generate", make_workbook(progress_sheets()), "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "This cannot be written" in result.output


def test_a_template_that_does_not_open_ends_with_2(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    (tmp_path / "progress_report.docx").write_bytes(b"PK\x03\x04 broken")
    result = run("generate", make_workbook(progress_sheets()), "--templates", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "progress_report.docx: This is not a Word document (.docx), or it is damaged." in result.output


def test_new_writes_a_workbook_that_checks_and_leaves_an_old_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "plans.xlsx"
    assert run("new", path).exit_code == 0
    checked = run("check", path)
    assert checked.exit_code == 0
    assert checked.output == "plans.xlsx: no problems.\n"
    before = path.read_bytes()
    again = run("new", path)
    assert again.exit_code == 2
    assert "left alone" in again.output
    assert path.read_bytes() == before


def test_new_under_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "nowhere").write_text("a file", encoding="utf-8")
    result = run("new", tmp_path / "nowhere" / "plans.xlsx")
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_new_under_another_ending_is_refused(tmp_path: Path) -> None:
    result = run("new", tmp_path / "plans")
    assert result.exit_code == 2
    assert "Name it plans.xlsx." in result.output


def test_fields_lists_names_types_meanings_and_examples() -> None:
    output = run("fields", "progress_report").output
    assert "goal.measurement_method" in output
    assert "for measurement in goal.measurements" in output
    assert "notice.description" not in run("fields", "iep").output
    assert "notice.description" in run("fields").output


def test_fields_of_an_unknown_kind_names_the_nearest() -> None:
    result = run("fields", "ipe")
    assert result.exit_code == 2
    assert "Did you mean iep?" in result.output


def test_a_fault_of_the_program_shows_its_place_and_no_data(
    make_workbook: MakeWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Ana Reyes, born 2016")

    monkeypatch.setattr("iepdocs.check", fail)
    result = CliRunner().invoke(cli, ["check", str(make_workbook(progress_sheets()))])
    assert result.exit_code == 2
    assert "RuntimeError at cli/check.py:" in result.output
    assert "Reyes" not in result.output


def test_output_that_the_terminal_cannot_show_is_not_fatal(make_workbook: MakeWorkbook) -> None:
    goals = [*GOALS, ["Đ999", "1", "Đọc", "a", "b", "c"]]
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "iepdocs", "check", make_workbook(progress_sheets(Goals=goals), "kế hoạch.xlsx")],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252:strict"},
        check=False,
    )
    assert result.returncode == 1
    assert b"1 error" in result.stdout
    assert b"Traceback" not in result.stderr

"""`iepdocs status`: what it prints and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from iepdocs.cli import cli
from tests.support import GOALS, PROGRESS, STUDENTS, progress_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeWorkbook


def test_after_a_run_that_had_nothing_to_make_that_is_said(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    workbook = make_workbook(progress_sheets(Students=STUDENTS[:1], Goals=GOALS[:1], Progress=PROGRESS[:1]))
    CliRunner().invoke(cli, ["generate", str(workbook), "--out", out])
    result = CliRunner().invoke(cli, ["status", out])
    assert (result.exit_code, result.output) == (0, "\nDocuments: none; there was nothing to make\n")

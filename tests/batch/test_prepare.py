from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import iepdocs
from iepdocs.findings import IepdocsError
from tests.support import STUDENTS, TODAY, progress_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeWorkbook, Rows


def test_check_finds_all_problems_at_once(make_workbook: MakeWorkbook) -> None:
    students = [*STUDENTS, ["00108", None, "Cy", "long ago", "14", "Alder Creek", "Dana Whitfield"]]
    progress: Rows = [
        ["Student ID", "Goal Number", "Date", "Value"],
        ["00043", "1", TODAY, 4],
        ["00042", "2", TODAY, 4],
    ]
    findings = iepdocs.check(make_workbook(progress_sheets(Students=students, Progress=progress)), date=TODAY)
    assert {str(finding.place) for finding in findings} == {
        "Students B4 (Last Name)",
        "Students D4 (Date of Birth)",
        "Students E4 (Grade)",
        "Progress A2 (Student ID)",
        "Progress B3 (Goal Number)",
    }


def test_a_workbook_without_sheets_for_any_document_is_named(make_workbook: MakeWorkbook) -> None:
    with pytest.raises(IepdocsError) as raised:
        iepdocs.check(make_workbook({"Sheet1": [["a"], ["b"]]}))
    assert "none of the sheets" in raised.value.findings[-1].message


def test_a_folder_of_templates_that_is_not_there_is_named(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    with pytest.raises(IepdocsError) as raised:
        iepdocs.check(make_workbook(progress_sheets()), templates=tmp_path / "nowhere")
    assert str(raised.value.findings[0].place).endswith("nowhere")


def test_a_template_that_is_no_word_document_is_named(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    (tmp_path / "progress_report.docx").write_text("not a document", encoding="utf-8")
    with pytest.raises(IepdocsError) as raised:
        iepdocs.check(make_workbook(progress_sheets()), templates=tmp_path)
    [finding] = raised.value.findings
    assert str(finding.place) == "progress_report.docx"
    assert "not a Word document" in finding.message

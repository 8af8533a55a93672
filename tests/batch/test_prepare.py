from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import iepdocs
from iepdocs.batch import prepare
from iepdocs.findings import IepdocsError
from iepdocs.pack import load_pack
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, progress_sheets

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


def test_the_findings_are_the_same_however_many_processes_look_where_unknown_students_are_let_pass(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "ours.yaml").write_text("student-unknown: warning\n", encoding="utf-8")
    goals: Rows = [["Student ID", "Goal Number", "Measure Type"], ["00042", "1", "count"], ["77777", "1", "count"]]
    progress = [PROGRESS[0], *([one, "1", TODAY, "50%"] for one in ("00042", "77777"))]
    workbook, pack = make_workbook(progress_sheets(Goals=goals, Progress=progress)), load_pack(tmp_path)
    alone, together = (prepare(workbook, pack, [], TODAY, jobs=jobs).findings for jobs in (1, 2))
    assert alone == together
    odd = [str(finding.place) for finding in alone if finding.rule == "measured-otherwise"]
    assert odd == ["Progress D2 (Value)"], "of a student who is not there, no chart is made"


def test_a_rule_that_cannot_be_worked_out_names_the_first_row_however_many_processes_look(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    (tmp_path / "rules").mkdir()
    ours = "ours: {sheet: Goals, require: student and goal - 1, cells: [goal], message: m, mend: n}"
    (tmp_path / "rules" / "ours.yaml").write_text(ours, encoding="utf-8")
    ids = [str(number) for number in range(101, 121)]
    students = [STUDENTS[0], *([one, *STUDENTS[1][1:]] for one in ids)]
    goals = [GOALS[0], *([one, *GOALS[1][1:]] for one in reversed(ids))]
    progress = [PROGRESS[0], *([one, *PROGRESS[1][1:]] for one in ids)]
    workbook = make_workbook(progress_sheets(Students=students, Goals=goals, Progress=progress))
    for jobs in (1, 2):
        with pytest.raises(IepdocsError, match="The first such row is 2 of Goals"):
            prepare(workbook, load_pack(tmp_path), [], TODAY, jobs=jobs)

"""A workbook for some documents alone: its sheets, its columns, and that the documents come out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import iepdocs
from iepdocs.findings import IepdocsError
from iepdocs.pack import sample_workbook
from tests.support import TODAY, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from tests.support import MakeTemplate

GUARDIAN_IN_OWN_ROW = "00215"
"""The sample's student whose guardian stands on the Students sheet, where a small workbook has no place for one."""


def headers_of(path: Path) -> dict[str, list[Any]]:
    """Return the headers of each sheet that is filled in, of settings their names."""
    return {
        title: [cell.value for cell in (sheet["A"][1:] if sheet["A1"].value == "Setting" else sheet[1])]
        for title, sheet in filled_sheets(openpyxl.load_workbook(path)).items()
    }


def filled_sheets(book: openpyxl.Workbook) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in book.worksheets if sheet.title not in ("Instructions", "Lists")}


def fill_in(path: Path, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Write rows, each by its headers, below the headers of a workbook; settings that it lacks are added."""
    book = openpyxl.load_workbook(path)
    for title, sheet in filled_sheets(book).items():
        if sheet["A1"].value == "Setting":
            cells = {str(row[0].value): row[1] for row in sheet.iter_rows(min_row=2)}
            for row in rows.get(title, ()):
                if row["Setting"] in cells:
                    cells[row["Setting"]].value = row["Value"]
                else:
                    sheet.append([row["Setting"], row["Value"]])
            continue
        headers = [str(cell.value) for cell in sheet[1]]
        for number, row in enumerate(rows.get(title, ()), start=2):
            for place, header in enumerate(headers, start=1):
                sheet.cell(number, place).value = row.get(header)
    book.save(path)


@pytest.fixture(scope="module")
def sample() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the sample workbook, each by its headers."""
    found: dict[str, list[dict[str, Any]]] = {}
    for title, sheet in filled_sheets(openpyxl.load_workbook(sample_workbook())).items():
        headers, *rows = sheet.iter_rows(values_only=True)
        found[title] = [dict(zip(map(str, headers), row, strict=True)) for row in rows]
    return found


def made(workbook: Path, out: Path, kind: str) -> dict[str, str]:
    """Return the text of each document that is made, by its file name."""
    iepdocs.generate(workbook, out, kinds=[kind], date=TODAY)
    return {path.name: text_of(path) for path in out.rglob("*.docx")}


def test_progress_reports_have_five_sheets_needed_ones_first_with_required_columns_first(tmp_path: Path) -> None:
    iepdocs.new_workbook(tmp_path / "progress.xlsx", kinds=["progress_report"])
    headers = headers_of(tmp_path / "progress.xlsx")
    assert list(headers) == ["Students", "Goals", "Progress", "Reporting Periods", "Progress Comments"]
    assert headers["Students"][:6] == ["Student ID", "Last Name", "First Name", "Grade", "School", "Case Manager"]
    assert headers["Goals"] == [
        "Student ID", "Goal Number", "Area", "Baseline", "Goal", "Measurement Method",
        "Plan Start", "Measure Type", "Measure Unit", "Scale", "Baseline Value", "Baseline Date", "Target Value",
        "Target Date", "Direction", "Criterion Times", "Criterion of", "Consecutive", "Same Day",
    ]  # fmt: skip
    assert headers["Progress"] == [
        "Student ID", "Goal Number", "Date",
        "Plan Start", "Session", "Value", "Correct", "Total", "Observation Minutes", "Not Measured", "Recorded by",
        "Prompt Level", "Phase", "Note",
    ]  # fmt: skip


def test_what_no_such_document_uses_is_not_asked_for_though_other_documents_require_it(tmp_path: Path) -> None:
    iepdocs.new_workbook(tmp_path / "progress.xlsx", kinds=["progress_report"])
    headers = headers_of(tmp_path / "progress.xlsx")
    assert "Date of Birth" not in headers["Students"]
    assert "Responsible" not in headers["Goals"]


def test_the_other_sheets_that_are_used_are_told_and_can_be_had(tmp_path: Path) -> None:
    others = iepdocs.new_workbook(tmp_path / "few.xlsx", kinds=["progress_report"])
    assert others == ["Schools", "Contacts", "Plans", "Objectives", "Codes", "District"]
    left = iepdocs.new_workbook(tmp_path / "more.xlsx", kinds=["progress_report"], sheets=["objectives", "Parents"])
    assert left == ["Schools", "Plans", "Codes", "District"]
    assert {"Objectives", "Contacts"} <= headers_of(tmp_path / "more.xlsx").keys()


def test_what_names_only_rows_of_a_sheet_that_is_not_there_comes_with_that_sheet(tmp_path: Path) -> None:
    iepdocs.new_workbook(tmp_path / "few.xlsx", kinds=["progress_report"])
    iepdocs.new_workbook(tmp_path / "more.xlsx", kinds=["progress_report"], sheets=["Objectives"])
    for title in ("Progress", "Progress Comments"):
        assert "Objective Number" not in headers_of(tmp_path / "few.xlsx")[title]
        assert "Objective Number" in headers_of(tmp_path / "more.xlsx")[title]


def test_several_kinds_share_a_workbook(tmp_path: Path) -> None:
    iepdocs.new_workbook(tmp_path / "both.xlsx", kinds=["progress_report", "meeting_invitation"])
    headers = headers_of(tmp_path / "both.xlsx")
    assert list(headers)[:4] == ["Students", "Goals", "Meetings", "Progress"]
    assert {"Date of Birth", "Pronouns"} <= set(headers["Students"])


def test_filled_in_it_makes_the_reports(tmp_path: Path) -> None:
    path = tmp_path / "progress.xlsx"
    iepdocs.new_workbook(path, kinds=["progress_report"])
    whole = {"Student ID": "00042", "Goal Number": "1"}
    rows: dict[str, list[dict[str, Any]]] = {
        "Students": [
            {"Student ID": "00042", "Last Name": "Reyes", "First Name": "Ana", "Grade": "4", "School": "Alder Creek",
             "Case Manager": "Dana Whitfield"},
        ],
        "Goals": [
            {**whole, "Area": "Reading", "Baseline": "41 words", "Goal": "Ana will read 90 words a minute.",
             "Measurement Method": "weekly probe", "Baseline Value": 41, "Target Value": 90},
        ],
        "Progress": [{**whole, "Date": TODAY.replace(month=10), "Value": 52}],
        "Reporting Periods": [
            {"Period": "Q1", "Start Date": TODAY.replace(month=9), "End Date": TODAY.replace(day=13),
             "Report Date": TODAY.replace(day=20)},
        ],
        "Progress Comments": [{**whole, "Period": "Q1", "Sufficient": "yes", "Comment": "Ana reads every day."}],
    }  # fmt: skip
    fill_in(path, rows)
    assert iepdocs.check(path, kinds=["progress_report"], date=TODAY) == []
    [report] = made(path, tmp_path / "out", "progress_report").values()
    assert "Ana will read 90 words a minute." in report
    assert "Ana reads every day." in report
    assert "To the parents of Ana Reyes" in report


@pytest.mark.parametrize(
    "kind", ["progress_report", "amendment", "iep_at_a_glance", "meeting_attendance", "transfer_of_rights_notice"]
)
def test_all_that_documents_say_has_its_place_in_the_workbook_of_their_kind(
    tmp_path: Path, sample: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    others = iepdocs.new_workbook(tmp_path / "small.xlsx", kinds=[kind])
    iepdocs.new_workbook(tmp_path / "plans.xlsx", kinds=[kind], sheets=others)
    fill_in(tmp_path / "plans.xlsx", sample)
    of_all = made(sample_workbook(), tmp_path / "of_all", kind)
    expected = {name: text for name, text in of_all.items() if GUARDIAN_IN_OWN_ROW not in name}
    found = made(tmp_path / "plans.xlsx", tmp_path / "out", kind)
    assert expected
    assert {name: text for name, text in found.items() if GUARDIAN_IN_OWN_ROW not in name} == expected


def test_it_follows_the_templates(tmp_path: Path, make_template: MakeTemplate) -> None:
    text = "{{ student.preferred_name }} {% for goal in goals %}{{ goal.standard }}{% endfor %}"
    make_template(text, name="progress_report.es.docx")
    folder = make_template(text).parent
    iepdocs.new_workbook(tmp_path / "progress.xlsx", kinds=["progress_report"], templates=folder)
    headers = headers_of(tmp_path / "progress.xlsx")
    assert list(headers) == ["Students", "Goals", "Progress", "Reporting Periods", "Progress Comments"]
    assert "Preferred Name" in headers["Students"]
    assert "Case Manager" not in headers["Students"]
    assert "Standard" in headers["Goals"]
    assert "Measurement Method" not in headers["Goals"]


def test_a_template_in_any_language_counts(tmp_path: Path, make_template: MakeTemplate) -> None:
    folder = make_template("{{ student.preferred_name }}", name="progress_report.vi.docx").parent
    iepdocs.new_workbook(tmp_path / "progress.xlsx", kinds=["progress_report"], templates=folder)
    assert "Preferred Name" in headers_of(tmp_path / "progress.xlsx")["Students"]


def test_a_district_says_which_sheets_and_columns_its_workbook_has(tmp_path: Path) -> None:
    declared = "workbook: {sheets: [Codes, Reporting Periods], columns: {Students: [guardian_1_name], Codes: [rating]}}"
    (tmp_path / "pack" / "documents").mkdir(parents=True)
    (tmp_path / "pack" / "documents" / "progress_report.yaml").write_text(declared, encoding="utf-8")
    iepdocs.new_workbook(tmp_path / "progress.xlsx", kinds=["progress_report"], district=tmp_path / "pack")
    headers = headers_of(tmp_path / "progress.xlsx")
    assert list(headers) == ["Students", "Goals", "Progress", "Reporting Periods", "Codes"]
    assert "Guardian 1 Name" in headers["Students"]
    assert "Rating" in headers["Codes"]


@pytest.mark.parametrize(
    ("asked", "message", "mend"),
    [
        ({"kinds": ["progres_report"]}, "There is no document kind 'progres_report'.", "Did you mean progress_report?"),
        ({"kinds": ["progress_report"], "sheets": ["Contcats"]}, "use no sheet 'Contcats'", "Did you mean Contacts?"),
        ({"kinds": ["progress_report"], "sheets": ["Meetings"]}, "use no sheet 'Meetings'", "They use: Students, "),
        ({"sheets": ["Contacts"]}, "A workbook for all documents has every sheet.", "Say with --kind"),
        ({"kinds": ["iep"], "sample": True}, "The sample is there for all documents", "Leave out --kind or --sample."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    tmp_path: Path, asked: dict[str, Any], message: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        iepdocs.new_workbook(tmp_path / "plans.xlsx", **asked)
    [finding] = raised.value.findings
    assert message in finding.message
    assert finding.mend.startswith(mend)
    assert list(tmp_path.iterdir()) == []

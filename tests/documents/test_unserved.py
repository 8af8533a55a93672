"""Who or what no document reaches, and who cannot read theirs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

import iepdocs
from tests.support import STUDENTS, TODAY, progress_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.findings import Finding
    from tests.support import MakeTemplate, MakeWorkbook, Rows

CONTACTS: list[Any] = ["Student ID", "Contact Name", "Relationship", "Receives Mail", "Language"]
NOTICES: Rows = [
    ["Student ID", "Notice Date", "Translated Orally"],
    ["00042", dt.date(2026, 10, 1), "yes"],
    ["00042", dt.date(2026, 10, 9), None],
]


@pytest.fixture
def found(make_workbook: MakeWorkbook, make_template: MakeTemplate) -> Any:
    """Return a function that checks sheets, and returns what is found under a rule."""

    def check(sheets: dict[str, Rows], rule: str, kind: str, also: str = "") -> list[Finding]:
        folder = make_template("{{ student.full_name }}", name=f"{kind}.docx").parent
        if also:
            make_template("{{ student.full_name }}", name=also).replace(folder / also)
        findings = iepdocs.check(make_workbook(sheets), kinds=[kind], templates=folder, date=TODAY)
        return [finding for finding in findings if finding.rule == rule]

    return check


def reading(language: str | None) -> dict[str, Rows]:
    contacts = [CONTACTS, ["00042", "Rosa Reyes", "mother", None, language]]
    return {**progress_sheets(Contacts=contacts), "Notices": NOTICES}


def test_a_student_whose_holder_of_rights_gets_no_mail_is_named(found: Any) -> None:
    contacts = [
        CONTACTS,
        ["00042", "Rosa Reyes", "mother", "no", None],
        ["00042", "Ines Cole", "advocate", "yes", None],
        ["00107", "Grace Okafor", "mother", None, None],
    ]
    [finding] = found(progress_sheets(Contacts=contacts), "rights-holder", "progress_report")
    assert str(finding.place) == "Students A2 (Student ID)"
    assert finding.citation == "34 CFR 300.519"


def test_a_student_without_contacts_is_named_where_others_have_some(found: Any) -> None:
    contacts = [CONTACTS, ["00107", "Grace Okafor", "mother", None, None]]
    [finding] = found(progress_sheets(Contacts=contacts), "rights-holder", "progress_report")
    assert str(finding.place) == "Students A2 (Student ID)"
    assert found(progress_sheets(), "rights-holder", "progress_report") == []


def test_an_adult_student_needs_no_other_holder(found: Any) -> None:
    students = [["Student ID", "Last Name", "First Name", "Adult Rights Transferred"], ["00042", "Reyes", "Ana", "yes"]]
    contacts = [CONTACTS, ["00042", "Rosa Reyes", "mother", "no", None]]
    assert found(progress_sheets(Students=students, Contacts=contacts), "rights-holder", "progress_report") == []


def test_a_notice_that_its_reader_cannot_read_is_an_error_unless_it_was_translated_orally(found: Any) -> None:
    [finding] = found(reading("Vietnamese"), "not-translated", "prior_written_notice")
    assert str(finding.place) == "Notices C3 (Translated Orally)"
    assert finding.message == "Rosa Reyes reads Vietnamese, and there is no template of this in it."
    assert finding.citation == "34 CFR 300.503(c)"
    assert finding.severity == "error"


@pytest.mark.parametrize(
    ("without_translation", "place"),
    [
        ("notice.translated_orally and notice.translation_evidence", "Notices C2 (Translated Orally)"),
        ("student.home_language == 'English'", "Contacts E2 (Language)"),
        ("false", "Contacts E2 (Language)"),
    ],
)
def test_what_a_district_asks_for_in_place_of_a_translation_is_blamed_where_it_stands(
    make_workbook: MakeWorkbook, tmp_path: Path, without_translation: str, place: str
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "prior_written_notice.yaml").write_text(
        f'without_translation: "{without_translation}"', encoding="utf-8"
    )
    workbook = make_workbook(reading("Vietnamese"))
    findings = iepdocs.check(workbook, kinds=["prior_written_notice"], district=tmp_path, date=TODAY)
    found = [str(finding.place) for finding in findings if finding.rule == "not-translated"]
    assert found[0] == place


def test_other_letters_that_their_reader_cannot_read_are_a_warning(found: Any) -> None:
    [finding] = found(reading("Vietnamese"), "not-translated", "progress_report")
    assert str(finding.place) == "Contacts E2 (Language)"
    assert finding.message.endswith("Vietnamese of: Progress Report. The copies are in English.")
    assert finding.severity == "warning"


def test_with_a_template_in_the_language_nothing_is_amiss(found: Any) -> None:
    for language in ("Spanish", "es-MX", "English", None):
        assert found(reading(language), "not-translated", "progress_report", also="progress_report.es.docx") == []


def test_a_mistyped_language_is_named_with_the_nearest(found: Any) -> None:
    [finding] = found(reading("Spansh"), "not-translated", "progress_report", also="progress_report.es.docx")
    assert "'Spansh'" in finding.message
    assert finding.mend == "Did you mean Spanish?"


def test_someone_who_stands_in_the_students_row_is_found_there(found: Any) -> None:
    students = [[*STUDENTS[0], "Guardian 1 Name", "Guardian 1 Language"], [*STUDENTS[1], "Rosa Reyes", "Vietnamese"]]
    [finding] = found(progress_sheets(Students=students), "not-translated", "progress_report")
    assert str(finding.place) == "Students A2 (Student ID)"


def test_a_measurement_outside_the_periods_is_in_no_list_and_counts_from_then_on(found: Any) -> None:
    periods: Rows = [["Period", "Start Date", "End Date"], ["Q1", dt.date(2026, 9, 20), dt.date(2026, 11, 20)]]
    sheets = progress_sheets(**{"Reporting Periods": periods})
    outside = found(sheets, "unserved", "progress_report")
    assert [str(finding.place) for finding in outside] == ["Progress C2 (Date)", "Progress C4 (Date)"]
    [message] = {finding.message for finding in outside}
    assert message == (
        "This measurement lies in no reporting period, so no report lists it among its results. It counts only in the "
        "chart and the trend of later periods."
    )

"""The sample district, as `make demo` makes it: it reaches every branch, and every document is valid and readable."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from openxml_audit import OpenXmlValidator

import iepdocs
from iepdocs.pack import load_pack, sample_workbook
from iepdocs.workbook import open_workbook
from tests.support import TODAY, need_printing, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iepdocs.batch import Report

    Values = dict[str, Any]

KINDS = tuple(load_pack().kinds)
DISABILITIES = {
    "autism",
    "deaf-blindness",
    "deafness",
    "developmental delay",
    "emotional disturbance",
    "hearing impairment",
    "intellectual disability",
    "multiple disabilities",
    "orthopedic impairment",
    "other health impairment",
    "specific learning disability",
    "speech or language impairment",
    "traumatic brain injury",
    "visual impairment including blindness",
}
"""The categories of 34 CFR 300.8(c), and developmental delay (300.8(b))."""
WARNINGS = {"not-translated", "notice-short"}
"""What a real district has, and the sample too: letters in English to parents who read Vietnamese, a late notice."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def report(out: Path) -> Report:
    return iepdocs.generate(sample_workbook(), out, date=TODAY)


@pytest.fixture(scope="module")
def rows() -> Callable[[str], list[Values]]:
    """Return a function that reads the rows of a sheet."""
    tables = open_workbook(sample_workbook(), load_pack()).tables

    def read(title: str) -> list[Values]:
        return [dict(row.values) for row in tables[title].rows]

    return read


def test_the_sample_has_no_error_and_few_warnings(report: Report) -> None:
    assert [str(finding.place) for finding in report.findings if finding.severity == "error"] == []
    assert {finding.rule for finding in report.findings if finding.severity == "warning"} <= WARNINGS
    assert report.skipped == []
    assert report.odd == {}


def test_it_makes_documents_of_every_kind_and_in_both_languages(report: Report, out: Path) -> None:
    assert report.made.total() == len(list(out.rglob("*.docx"))) == len(report.planned)
    assert set(report.made) == set(KINDS)
    assert {planned.language for planned in report.planned} == {"en", "es"}
    assert not any(planned.draft for planned in report.planned)


def test_there_are_25_students_of_every_category(rows: Callable[[str], list[Values]]) -> None:
    students = rows("Students")
    assert len(students) == 25
    assert {student.get("primary_disability") for student in students} - {None} == DISABILITIES
    ages = {TODAY.year - student["date_of_birth"].year for student in students}
    assert min(ages) <= 4
    assert max(ages) >= 20


@pytest.mark.parametrize(
    ("sheet", "values"),
    [
        ("Contacts", {"language": "Spanish"}),
        ("Contacts", {"language": "Vietnamese"}),
        ("Contacts", {"relationship": "surrogate parent"}),
        ("Contacts", {"relationship": "foster parent"}),
        ("Contacts", {"relationship": "adult student"}),
        ("Contacts", {"relationship": "father", "court_order": True, "holds_educational_rights": False}),
        ("Contacts", {"household": "A"}),
        ("Contacts", {"household": "B"}),
        ("Students", {"adult_rights_transferred": True}),
        ("Students", {"part_c": True}),
        ("Plans", {"plan_type": "504"}),
        ("Plans", {"meeting_type": "amendment", "without_meeting": True}),
        ("Plans", {"meeting_type": "amendment", "without_meeting": False}),
        ("Plans", {"meeting_type": "initial"}),
        ("Plans", {"educational_environment": "SS", "factor_deaf_hard_of_hearing": True}),
        ("Plans", {"educational_environment": "RC80", "general_education_percent": 100}),
        ("Plans", {"educational_environment": "HH"}),
        ("Plans", {"state_assessment": "alternate"}),
        ("Plans", {"parent_response": "agrees in part"}),
        ("Plans", {"extended_school_year": "deferred"}),
        ("Team", {"attendance": "excused", "area_discussed": False}),
        ("Team", {"attendance": "excused", "area_discussed": True}),
        ("Notices", {"action": ["refuse"]}),
        ("Notices", {"translated_orally": True}),
        ("Consents", {"kind": "initial services", "response": "given"}),
        ("Consents", {"response": "refused"}),
        ("Progress", {"not_measured": "not introduced"}),
        ("Progress Comments", {"code": "M"}),
        ("Progress Comments", {"code": "NP", "sufficient": False}),
        ("Progress Comments", {"code": "NI"}),
    ],
    ids=str,
)
def test_some_row_reaches_the_branch(rows: Callable[[str], list[Values]], sheet: str, values: Values) -> None:
    defaults = {"without_meeting": False}
    assert any(all(row.get(key, defaults.get(key)) == value for key, value in values.items()) for row in rows(sheet)), (
        values
    )


def test_transition_is_planned_at_14_and_at_16(rows: Callable[[str], list[Values]]) -> None:
    born = {student["student_id"]: student["date_of_birth"] for student in rows("Students")}
    ages = {(TODAY - born[row["student_id"]]).days // 365 for row in rows("Transition")}
    assert {14, 16} <= ages


def test_a_student_has_an_old_and_a_new_plan_in_one_year_and_both_report(report: Report) -> None:
    plans = [
        planned.path for planned in report.planned if planned.path.startswith("iep/") and " 00655 " in planned.path
    ]
    assert len(plans) == 2


def test_parents_who_could_not_be_reached_were_asked_more_than_once(rows: Callable[[str], list[Values]]) -> None:
    attempts = Counter((row["student_id"], row.get("meeting_date")) for row in rows("Contact Log"))
    assert max(attempts.values()) >= 3
    assert len({row["method"] for row in rows("Contact Log")}) >= 4


def test_who_may_get_nothing_gets_nothing_and_a_household_one_letter(report: Report) -> None:
    to = {
        student: [
            planned.recipient for planned in report.planned if f" {student} " in planned.path if planned.recipient
        ]
        for student in ("00284", "00451", "00951")
    }
    assert set(to["00284"]) == {"Trần Quang Hòa và Lê Thị Bích"}
    assert set(to["00451"]) == {"Rosalie Achterberg"}
    assert set(to["00951"]) == {"Kalani Mahoe-Whitlock", "Noelani Mahoe and Grant Whitlock"}


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("kind", KINDS)
def test_no_document_has_a_problem(kind: str, out: Path) -> None:
    validator = OpenXmlValidator()
    made = sorted((out / kind).glob("*.docx"))
    for path in made[:: 1 + len(made) // 12]:
        assert [error.description for error in validator.validate(path).errors] == [], path.name


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_carries_the_students_id_and_no_tag_is_left(kind: str, out: Path) -> None:
    for path in (out / kind).glob("*.docx"):
        student_id = re.findall(r" (\d{5}) ", path.name)[0]
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
        for name, content in parts.items():
            assert "{{" not in content, name
            assert "{%" not in content, name
            assert not name.startswith("word/footer") or student_id in content, name


@pytest.mark.usefixtures("report")
def test_narratives_arrive_as_they_were_typed(out: Path, rows: Callable[[str], list[Values]]) -> None:
    plans = [plan for plan in rows("Plans") if plan.get("plan_type") != "504"]
    assert any("&" in plan["present_levels_academic"] for plan in plans)
    assert any("\n" in plan["present_levels_academic"] for plan in plans)
    texts = {path.name: _joined(text_of(path)) for path in (out / "iep").glob("*.docx")}
    for plan in plans:
        mine = [text for name, text in texts.items() if plan["student_id"] in name]
        for column in ("present_levels_academic", "present_levels_functional", "parent_concerns"):
            assert any(_joined(plan[column]) in text for text in mine), plan["student_id"]


def _joined(text: str) -> str:
    """Return a text without blank lines, as a narrative of several paragraphs prints."""
    return "\n".join(line for line in text.splitlines() if line.strip())


@pytest.mark.usefixtures("report")
def test_libreoffice_opens_one_of_each_kind_and_every_page_says_whose_it_is(out: Path, tmp_path: Path) -> None:
    soffice, pdftotext = need_printing()
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    documents = [min((out / kind).glob("*.docx")) for kind in KINDS]
    for kind, document in zip(KINDS, documents, strict=True):
        subprocess.run(  # noqa: S603
            [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path / kind, document],
            check=True,
            capture_output=True,
            timeout=120,
        )
        pdf = tmp_path / kind / f"{document.stem}.pdf"
        text = subprocess.run([pdftotext, "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode()  # noqa: S603
        pages = text.split("\f")[:-1]
        student_id = re.findall(r" (\d{5}) ", document.name)[0]
        for number, page in enumerate(pages, start=1):
            assert f"Page {number} of {len(pages)}" in page
            assert student_id in page

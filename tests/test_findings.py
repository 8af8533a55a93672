from __future__ import annotations

import pickle

import pytest

from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError, Severity, has_errors


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (CellPlace("Goals", "B7", "Area"), "Goals B7 (Area)"),
        (CellPlace("Goals", "B7"), "Goals B7"),
        (CellPlace("Goals", header="Area", row=7), "Goals row 7 (Area)"),
        (CellPlace("Goals", header="Area"), "Goals (Area)"),
        (CellPlace("Goals"), "Goals"),
        (FilePlace("iep.docx", "{{ student.frist_name }}"), "iep.docx, {{ student.frist_name }}"),
        (FilePlace("iep.docx"), "iep.docx"),
    ],
)
def test_a_place_says_itself_as_far_as_it_is_known(place: CellPlace | FilePlace, said: str) -> None:
    assert str(place) == said


def test_an_error_says_what_all_its_findings_say_and_where() -> None:
    blank = Finding("Area is blank.", "Fill it in.", CellPlace("Goals", "B7", "Area"))
    unknown = Finding("There is no such file.", "Check the spelling.", FilePlace("plans.xlsx"))
    error = IepdocsError(blank, unknown)
    assert str(error) == "Goals B7 (Area): Area is blank.; plans.xlsx: There is no such file."
    assert error.findings == (blank, unknown)


@pytest.mark.parametrize(("severity", "stops"), [("error", True), ("warning", False), ("note", False)])
def test_only_an_error_counts_as_one(severity: str, stops: bool) -> None:  # noqa: FBT001
    finding = Finding("Area is blank.", "Fill it in.", CellPlace("Goals"), Severity(severity))
    assert has_errors([finding]) is stops


def test_an_error_comes_back_from_another_process_as_it_was() -> None:
    error = IepdocsError(Finding("wrong", "mend it", FilePlace("a.docx"), rule="x"), Finding("b", "c", FilePlace("d")))
    found = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own)
    assert found.findings == error.findings
    assert str(found) == str(error)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError, Severity, has_errors, nearest


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


def test_the_nearest_word_is_the_one_mistyped_whatever_its_case() -> None:
    assert nearest("FRIST_NAME", ["last_name", "first_name", "grade"]) == "first_name"


def test_a_word_that_is_like_no_other_has_no_nearest() -> None:
    assert nearest("zebra", ["last_name", "first_name", "grade"]) is None


@given(st.lists(st.text(min_size=1), min_size=1), st.data())
def test_the_nearest_to_a_known_word_is_that_word(known: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(known))
    found = nearest(word, known)
    assert found is not None
    assert found.casefold() == word.casefold()

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.pack import Column
from iepdocs.workbook.headers import columns_by_title, matching, setting, snake_case

LATIN = st.text(st.characters(max_codepoint=0x17F))


@pytest.mark.parametrize(
    "written",
    ["Date of Birth", "DATE OF BIRTH", "date_of_birth", "Date-of-birth:", " Date of\nBirth * ", "Date\u00a0of Birth"],
)
def test_a_header_is_matched_without_case_spacing_and_punctuation(written: str) -> None:
    assert matching(written) == matching("Date of Birth")


@pytest.mark.parametrize("other", ["Date of Birth 2", "Birth Date", "Dates of Birth"])
def test_another_header_is_not_matched(other: str) -> None:
    assert matching(other) != matching("Date of Birth")


@pytest.mark.parametrize("composed", ["José", "Größe"])
def test_accents_match_however_they_are_encoded(composed: str) -> None:
    import unicodedata  # noqa: PLC0415

    assert matching(unicodedata.normalize("NFD", composed)) == matching(composed)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Bus Route", "bus_route"),
        ("Bus-route (a.m.)", "bus_route_a_m"),
        ("  Größe ", "grosse"),
        ("Niño", "nino"),
        ("504 Plan?", "_504_plan"),
        ("校车", "校车"),
        ("#", ""),
        ("", ""),
    ],
)
def test_a_column_that_nothing_declares_has_a_name_for_templates(title: str, name: str) -> None:
    assert snake_case(title) == name


@given(LATIN)
def test_such_a_name_can_be_written_in_a_template(title: str) -> None:
    name = snake_case(title)
    assert not name or name.isidentifier()


@given(LATIN)
def test_a_name_is_its_own_name(title: str) -> None:
    assert snake_case(snake_case(title)) == snake_case(title)


def test_a_column_is_found_by_its_title_and_by_its_key() -> None:
    known = columns_by_title([Column("coordinator_504", "504 Coordinator", {})])
    assert known[matching("504 coordinator")] == known[matching("Coordinator_504")] == "coordinator_504"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Safeguards Contact", "safeguards_contact"),
        ("Safeguards Contact (Spanish)", "safeguards_contact.es"),
        ("safeguards_contact.es", "safeguards_contact.es"),
        ("Safeguards Contact (English)", "safeguards_contact"),
        ("terms.iep_team", "terms.iep_team"),
        ("Terms: IEP Team", "terms.iep_team"),
        ("terms.es.iep_team", "terms.es.iep_team"),
        ("Terms: IEP Team (Spanish)", "terms.es.iep_team"),
        ("Phone (Office)", "phone_office"),
        ("Bus Company", "bus_company"),
    ],
)
def test_a_setting_may_be_one_of_a_language(name: str, key: str) -> None:
    columns = columns_by_title([Column("safeguards_contact", "Safeguards Contact", {}), Column("phone", "Phone", {})])
    assert setting(name, columns, ["iep_team", "case_manager"]) == key

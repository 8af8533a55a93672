"""Fields that are computed: names, ages, pronouns, frequencies and results."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.documents import computed
from iepdocs.documents.computed import measurement_text
from iepdocs.measurement import Measurement
from iepdocs.pack import PRONOUN_FORMS
from iepdocs.plan import Record

if TYPE_CHECKING:
    from iepdocs.pack import Pack


def student(**values: Any) -> Record:
    return Record("Students", 2, values)


def service(**values: Any) -> Record:
    return Record("Services", 2, values)


def measurement(**values: Any) -> Record:
    return Record("Progress", 2, values)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(2016, 5, 14), dt.date(2026, 5, 13), 9),
        (dt.date(2016, 5, 14), dt.date(2026, 5, 14), 10),
        (dt.date(2016, 2, 29), dt.date(2026, 2, 28), 9),
        (dt.date(2016, 2, 29), dt.date(2026, 3, 1), 10),
        (dt.date(2016, 2, 29), dt.date(2028, 2, 29), 12),
        (dt.date(2016, 3, 1), dt.date(2028, 2, 29), 11),
        (dt.date(2016, 5, 14), dt.date(2016, 5, 14), 0),
    ],
)
def test_an_age_is_in_whole_years_on_the_day(born: dt.date, day: dt.date, age: int) -> None:
    assert computed.age(student(date_of_birth=born), day) == age


def birthday(born: dt.date, year: int) -> dt.date:
    leap_day = (born.month, born.day) == (2, 29)
    try:
        return born.replace(year=year)
    except ValueError:
        assert leap_day
        return dt.date(year, 3, 1)


around_leap_days = st.dates(dt.date(1999, 1, 1), dt.date(2029, 1, 1)) | st.builds(
    lambda year, days: dt.date(year, 2, 28) + dt.timedelta(days=days), st.integers(1999, 2029), st.integers(0, 2)
)


@given(around_leap_days, around_leap_days)
def test_an_age_is_the_number_of_birthdays_that_have_passed(one: dt.date, other: dt.date) -> None:
    born, day = min(one, other), max(one, other)
    birthdays = [birthday(born, year) for year in range(born.year + 1, day.year + 1)]
    assert computed.age(student(date_of_birth=born), day) == sum(date <= day for date in birthdays)


def test_without_a_date_of_birth_there_is_no_age() -> None:
    assert computed.age(student(), dt.date(2026, 3, 4)) is None


@pytest.mark.parametrize(
    ("pronouns", "forms"),
    [
        ("she/her", "she her her hers herself"),
        ("He/Him/His", "he him his his himself"),
        ("they/them", "they them their theirs themself"),
        (" She ", "she her her hers herself"),
        ("ze/zir", "they them their theirs themself"),
        (None, "they them their theirs themself"),
    ],
)
def test_pronouns_come_in_five_forms(pronouns: str | None, forms: str, pack: Pack) -> None:
    said = [computed.pronoun(student(pronouns=pronouns), form, pack.wordings["en"]) for form in PRONOUN_FORMS]
    assert " ".join(said) == forms


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"frequency": "4 x 30 min weekly", "sessions": 2, "per": "day"}, "4 x 30 min weekly"),
        ({"sessions": 2, "minutes_per_session": 30, "per": "week"}, "2 times a week, 30 minutes each"),
        ({"sessions": 1, "minutes_per_session": 30, "per": "week"}, "1 time a week, 30 minutes"),
        ({"sessions": 1.5, "per": "month"}, "1.5 times a month"),
        ({"minutes_per_session": 300, "per": "year"}, "300 minutes a year"),
        ({"minutes_per_session": 30}, "30 minutes"),
        ({"sessions": 2}, "2 times"),
        ({"per": "week"}, None),
        ({}, None),
    ],
)
def test_a_frequency_is_as_written_or_composed(values: dict[str, Any], text: str | None, pack: Pack) -> None:
    assert computed.frequency(service(**values), pack.wordings["en"]) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Measurement("15.3333333333333", 15.3333333333333), "15.33"),
        (Measurement("0.125", 0.125), "0.125"),
        (Measurement("+ + - - +", 3, 5, "trials"), "3 of 5 (+ + - - +)"),
        (Measurement("4/5", 4, 5, "trials"), "4/5"),
        (Measurement("twice, with help"), "twice, with help"),
    ],
)
def test_a_result_is_told_as_it_was_written(value: Measurement, text: str, pack: Pack) -> None:
    assert measurement_text(Record("Progress", 2, {"value": value}), pack.wordings["en"]) == text

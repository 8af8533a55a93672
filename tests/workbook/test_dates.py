from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.workbook.dates import date_of, time_of
from iepdocs.workbook.reading import Doubt

MARCH_4 = dt.date(2026, 3, 4)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-04", "2026-03-04T00:00:00", "2026-03-04 00:00:00.000", "2026-03-04T00:00:00Z", "2026/3/4", "20260304",
        "3/4/2026", "03/04/2026", "3-4-2026", "3.4.2026", "3/4/26", "3 / 4 / 2026", "3/4/2026 12:00:00 AM",
        "4-Mar-26", "4-Mar-2026", "4 March 2026", "4th of March 2026", "March 4, 2026", "march 4 2026", "Mar. 4, 2026",
        "March 4th, 2026", "Wednesday, March 4, 2026", "Wed. March 4, 2026", "Wed 3/4/2026",
        "March\u00a04,\u202f2026", "\uff13/\uff14/\uff12\uff10\uff12\uff16", "\u200e3/4/2026",
    ],
)  # fmt: skip
def test_a_day_may_be_written_in_many_ways(written: str) -> None:
    found = date_of(written, "month first")
    assert found == MARCH_4
    assert type(found) is dt.date


@pytest.mark.parametrize("written", ["4/3/2026", "4-3-2026", "4.3.26", "2026-03-04", "March 4, 2026", "4-Mar-26"])
def test_the_day_is_first_where_the_district_says_so(written: str) -> None:
    assert date_of(written, "day first") == MARCH_4


@pytest.mark.parametrize(("written", "year"), [("3/4/00", 2000), ("3/4/29", 2029), ("3/4/30", 1930), ("3/4/99", 1999)])
def test_two_digits_of_a_year_are_read_as_excel_reads_them(written: str, year: int) -> None:
    assert date_of(written, "month first") == dt.date(year, 3, 4)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-04T10:30:00", dt.datetime(2026, 3, 4, 10, 30)),  # noqa: DTZ001
        ("3/4/2026 3:30 PM", dt.datetime(2026, 3, 4, 15, 30)),  # noqa: DTZ001
    ],
)
def test_a_time_of_day_stays_with_its_date(written: str, moment: dt.datetime) -> None:
    assert date_of(written, "month first") == moment


@pytest.mark.parametrize(
    ("written", "message", "mend"),
    [
        ("25/3/2026", "There is no month 25.", "If March 25, 2026 is meant, type 3/25/2026."),
        ("25/30/2026", "There is no month 25.", "Type the date as month/day/year, such as 3/15/2026."),
        ("2/30/2026", "February 2026 has no day 30.", "Type the date that is meant."),
        ("2025-02-29", "February 2025 has no day 29.", "Type the date that is meant."),
        ("February 29, 1900", "February 1900 has no day 29.", "Type the date that is meant."),
        ("3/4", "'3/4' has no year.", "Type the whole date as month/day/year, such as 3/15/2026."),
        ("Mar-26", "'Mar-26' has no year, or no day.", "Type the whole date as month/day/year, such as 3/15/2026."),
        ("March 2026", "'March 2026' has no day.", "Type the whole date as month/day/year, such as 3/15/2026."),
        ("03/2026", "'03/2026' has no day.", "Type the whole date as month/day/year, such as 3/15/2026."),
        ("2026", "The cell shows only the year 2026.", "Type the whole date as month/day/year, such as 3/15/2026."),
        (
            "Tuesday, March 4, 2026",
            "March 4, 2026 is a Wednesday, not a Tuesday.",
            "See which of the two is right and type the date without the day of the week.",
        ),
        (
            "3/4/2206",
            "March 4, 2206 lies far from any school year.",
            "Type the date again with the right year, such as 3/15/2026.",
        ),
    ],
)
def test_a_date_that_cannot_be_or_is_not_whole_is_asked_about(written: str, message: str, mend: str) -> None:
    found = date_of(written, "month first")
    assert isinstance(found, Doubt)
    assert (found.message, found.mend) == (message, mend)


def test_with_the_day_first_the_mend_has_it_first_too() -> None:
    found = date_of("3/25/2026", "day first")
    assert isinstance(found, Doubt)
    assert found.mend == "If March 25, 2026 is meant, type 25/3/2026."


@pytest.mark.parametrize(
    "written",
    ["soon", "TBD", "March", "3/4/226", "9/1/25; 10/1/25", "3/4/2026 - 3/8/2026", "3", "123456789", "Marching 4, 2026"],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert date_of(written, "month first") is None


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_reads_as_itself(day: dt.date) -> None:
    year, month, number = day.year, day.month, day.day
    written = [
        f"{day.isoformat()}", f"{day.isoformat()}T00:00:00", f"{month}/{number}/{year}", f"{month}-{number}-{year}",
        f"{number}-{day:%b}-{year}", f"{day:%B} {number}, {year}", f"{day:%A, %B} {number}, {year}",
        f"{number} {day:%B} {year}",
    ]  # fmt: skip
    assert {date_of(text, "month first") for text in written} == {day}
    assert date_of(f"{number}/{month}/{year}", "day first") == day
    if 1930 <= year < 2030:
        assert date_of(f"{number}-{day:%b-%y}", "month first") == date_of(f"{day:%m/%d/%y}", "month first") == day


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("10:00", dt.time(10)), ("10:00 AM", dt.time(10)), ("10 am", dt.time(10)), ("10am", dt.time(10)),
        ("10.30 am", dt.time(10, 30)), ("10:00:00", dt.time(10)), ("1530", dt.time(15, 30)), ("0930", dt.time(9, 30)),
        ("noon", dt.time(12)), ("12 noon", dt.time(12)), ("midnight", dt.time()), ("12 am", dt.time()),
        ("12:30 p.m.", dt.time(12, 30)), ("3:30\u202fPM", dt.time(15, 30)), ("15:30", dt.time(15, 30)),
        ("15:30 PM", dt.time(15, 30)), ("3:30 p", dt.time(15, 30)),
    ],
)  # fmt: skip
def test_a_time_may_be_written_in_many_ways(written: str, time: dt.time) -> None:
    assert time_of(written) == time


@pytest.mark.parametrize(
    "written", ["10", "25:00", "24:00", "10:60", "13:00 am", "0:30 pm", "half past", "10:00-11:00", "2575"]
)
def test_what_is_no_time_of_day_is_none(written: str) -> None:
    assert time_of(written) is None


@given(st.times().map(lambda time: time.replace(microsecond=0)))
def test_every_time_reads_as_itself(time: dt.time) -> None:
    assert time_of(time.isoformat()) == time
    assert time_of(f"{time.hour % 12 or 12}:{time:%M:%S} {'AM' if time.hour < 12 else 'PM'}") == time

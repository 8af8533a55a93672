from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.pack import Column
from iepdocs.text import shown
from iepdocs.workbook.notation import read_value


def column(type_: str | list[str], *, long: bool = False, words: dict[str, str] | None = None, **rules: Any) -> Column:
    return Column("key", "Key", {"type": type_, **rules}, long=long, words=words or {})


TEXT, LIST, BOOLEAN, NUMBER = column("string"), column("list"), column("boolean"), column("number")
DATE, TIME, RESULT = column("date"), column("time"), column(["number", "string"])
DAY = dt.date(2026, 3, 2)
MIDNIGHT = dt.datetime(2026, 3, 2)  # noqa: DTZ001
TEN_PAST = dt.datetime(2026, 3, 2, 10, 10)  # noqa: DTZ001


@pytest.mark.parametrize("blank", [None, "", "   ", "\n", "\u00a0"])
@pytest.mark.parametrize("of", [TEXT, column("string", long=True), LIST, BOOLEAN, NUMBER, DATE, TIME])
def test_a_cell_with_nothing_to_see_is_blank(blank: str | None, of: Column) -> None:
    assert read_value(blank, of) is None


@pytest.mark.parametrize("blank", [";", " ; \n ;"])
def test_a_list_of_nothing_is_blank(blank: str) -> None:
    assert read_value(blank, LIST) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" Reyes ", "Reyes"),
        ("00042", "00042"),
        ("=1+1", "=1+1"),
        ("None", "None"),
        ("one\ntwo", "one\ntwo"),
        (42, "42"),
        (42.0, "42"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
    ],
)
def test_text_is_what_the_cell_shows(value: Any, text: str) -> None:
    assert read_value(value, TEXT) == text


def test_a_long_text_keeps_the_space_around_it() -> None:
    assert read_value("  First line\n", column("string", long=True)) == "  First line\n"


@pytest.mark.parametrize("value", [MIDNIGHT, TEN_PAST, dt.time(10, 10)])
@pytest.mark.parametrize("of", [TEXT, NUMBER, BOOLEAN, RESULT])
def test_what_excel_turned_into_a_date_or_time_stays_one(value: dt.datetime | dt.time, of: Column) -> None:
    assert read_value(value, of) == value


@pytest.mark.parametrize("value", ["yes", " Yes ", "YES", "y", "true", "x", "X", "✓", "☒", True])
def test_these_are_yes(value: str | bool) -> None:  # noqa: FBT001
    assert read_value(value, BOOLEAN) is True


@pytest.mark.parametrize("value", ["no", "No", "n", "FALSE", "☐", False])
def test_these_are_no(value: str | bool) -> None:  # noqa: FBT001
    assert read_value(value, BOOLEAN) is False


@pytest.mark.parametrize("value", ["maybe", "1", 1, 0, "-"])
def test_what_is_neither_yes_nor_no_stays_as_it_is(value: str | int) -> None:
    found = read_value(value, BOOLEAN)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), (" 12 ", 12), ("-3", -3), ("+3", 3), ("4.50", 4.5), (".5", 0.5), ("5.", 5), (5.0, 5), (4.5, 4.5)],
)
def test_a_number_may_be_typed_as_text(value: str | float, number: float) -> None:
    found = read_value(value, NUMBER)
    assert found == number
    assert type(found) is type(number)


@given(st.integers(-(10**15), 10**15))
def test_a_whole_number_is_the_same_as_text_as_integer_and_as_float(number: int) -> None:
    read = [read_value(written, NUMBER) for written in (number, float(number), str(number))]
    assert read == [number] * 3
    assert all(type(found) is int for found in read)


@given(st.decimals(-10_000, 10_000, places=3))
def test_a_number_that_is_shown_reads_as_itself(number: float) -> None:
    assert read_value(shown(float(number)), NUMBER) == float(number)


@pytest.mark.parametrize("value", ["4 of 5", "80 %", "2:30", "1,234", "1e5", "with help", "nan", "inf", "1_0"])
def test_what_is_no_number_alone_stays_text(value: str) -> None:
    assert read_value(value, RESULT) == value


@pytest.mark.parametrize("value", [MIDNIGHT, DAY, "2026-03-02", " 2026-03-02 ", "3/2/2026", "03/02/2026"])
def test_a_date_may_be_a_date_cell_or_written_out(value: dt.date | str) -> None:
    found = read_value(value, DATE)
    assert found == DAY
    assert type(found) is dt.date


@pytest.mark.parametrize("value", [TEN_PAST, "14/2/2026", "3/2/26", "soon", "2026-02-30", 46083, True])
def test_what_is_no_day_stays_as_it_is(value: Any) -> None:
    assert read_value(value, DATE) == value


@given(st.dates())
def test_every_day_reads_as_itself(day: dt.date) -> None:
    assert read_value(dt.datetime.combine(day, dt.time()), DATE) == read_value(day.isoformat(), DATE) == day


@pytest.mark.parametrize(
    "value",
    ["15:30", "15:30:00", "3:30 PM", "3:30 pm", "3:30pm", "03:30 p.m.", " 3:30  PM ", dt.time(15, 30)],
)
def test_a_time_may_be_a_time_cell_or_written(value: dt.time | str) -> None:
    assert read_value(value, TIME) == dt.time(15, 30)


def test_a_time_may_stand_on_a_day() -> None:
    assert read_value(TEN_PAST, TIME) == dt.time(10, 10)


@pytest.mark.parametrize("value", ["half past three", "25:00", 0.5, dt.timedelta(hours=30)])
def test_what_is_no_time_of_day_stays_as_it_is(value: Any) -> None:
    assert read_value(value, TIME) == value


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("a; b", ["a", "b"]),
        ("a;b;", ["a", "b"]),
        ("a\nb ; c", ["a", "b", "c"]),
        ("a, b", ["a, b"]),
        ("a", ["a"]),
        (504, ["504"]),
        (MIDNIGHT, [MIDNIGHT]),
    ],
)
def test_one_or_more_are_parted_by_semicolons_and_lines(value: Any, items: list[Any]) -> None:
    assert read_value(value, LIST) == items


SIZES: dict[str, Any] = {"allowed": ["S", "XL"], "words": {"S": "small bus", "XL": "bus for all"}}


@pytest.mark.parametrize("value", ["XL", "xl", " Xl ", "bus for all", "Bus  for\nAll"])
def test_a_choice_may_be_its_code_or_its_words_in_any_case_and_spacing(value: str) -> None:
    assert read_value(value, column("string", **SIZES)) == "XL"


def test_each_of_a_list_may_be_a_choice() -> None:
    assert read_value("Small Bus; xl; train", column("list", **SIZES)) == ["S", "XL", "train"]


@pytest.mark.parametrize(("value", "kept"), [(" XXL ", "XXL"), (MIDNIGHT, MIDNIGHT)])
def test_what_is_no_choice_stays_as_it_is(value: Any, kept: Any) -> None:
    assert read_value(value, column("string", **SIZES)) == kept


@given(st.lists(st.text(st.characters(exclude_characters=";\n"), min_size=1).filter(lambda item: item == item.strip())))
def test_a_list_that_is_shown_reads_as_itself(items: list[str]) -> None:
    assert (read_value(shown(items), LIST) or []) == [item for item in items if item]

"""How values print: bare, and through the filters."""
# ruff: noqa: RUF001  (the apostrophe that Word types)

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from iepdocs.docx.printing import Printing, checkbox
from iepdocs.language import Language

ENGLISH = Printing()
printed, date, time, yesno, join_and = ENGLISH.printed, ENGLISH.date, ENGLISH.time, ENGLISH.yesno, ENGLISH.join_and
lines, paragraphs, phone, possessive = ENGLISH.lines, ENGLISH.paragraphs, ENGLISH.phone, ENGLISH.possessive

days = st.dates(min_value=dt.date(1900, 1, 1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ("two\r\nlines\rand\vmore", "two\nlines\nand\nmore"),
        (True, "yes"),
        (False, "no"),
        (0.1 + 0.2, "0.3"),
        (80.0, "80"),
        (dt.date(2026, 3, 4), "March 4, 2026"),
        (dt.time(15, 30), "3:30 PM"),
        (dt.datetime(2026, 3, 4, 15, 30), "March 4, 2026, 3:30 PM"),  # noqa: DTZ001
        (["reading", "writing"], "reading, writing"),
        ([dt.date(2026, 3, 4), None, True], "March 4, 2026, , yes"),
        ([], ""),
    ],
)
def test_a_bare_value_prints_as_a_person_writes_it(value: object, text: str) -> None:
    assert printed(value) == text


@pytest.mark.parametrize("value", [0, 7, -2, Markup("<b>")])
def test_whole_numbers_and_markup_are_left_alone(value: object) -> None:
    assert printed(value) is value


@given(days)
def test_a_long_date_can_be_read_back(day: dt.date) -> None:
    assert dt.datetime.strptime(printed(day), "%B %d, %Y").date() == day  # noqa: DTZ007


@given(st.integers(1900, 2100))
def test_the_end_of_february_prints_as_it_is(year: int) -> None:
    last = dt.date(year, 3, 1) - dt.timedelta(days=1)
    assert printed(last) == f"February {last.day}, {year}"
    assert date(last, "short") == f"2/{last.day}/{year}"


@given(days)
def test_a_short_date_has_no_zeros_before(day: dt.date) -> None:
    assert date(day, "short").split("/") == [str(day.month), str(day.day), str(day.year)]


@given(st.times())
def test_a_time_can_be_read_back_to_the_minute(moment: dt.time) -> None:
    assert dt.datetime.strptime(time(moment), "%I:%M %p").time() == moment.replace(second=0, microsecond=0)  # noqa: DTZ007


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (dt.time(0, 0), "12:00 AM"),
        (dt.time(9, 5), "9:05 AM"),
        (dt.time(12, 0), "12:00 PM"),
        (dt.time(23, 59), "11:59 PM"),
    ],
)
def test_a_time_prints_with_am_or_pm(moment: dt.time, text: str) -> None:
    assert time(moment) == text


@pytest.mark.parametrize("value", ["next spring", "", 7])
def test_date_and_time_leave_what_is_neither_alone(value: object) -> None:
    assert date(value) == value
    assert time(value) == value


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], ""),
        (["propose"], "propose"),
        (["propose", "refuse"], "propose and refuse"),
        (["a", "b", "c"], "a, b, and c"),
        (["a", "", None, "b"], "a and b"),
        ("alone", "alone"),
        ("", ""),
        ([dt.date(2026, 3, 4), dt.date(2026, 3, 5)], "March 4, 2026 and March 5, 2026"),
    ],
)
def test_join_and_joins_as_a_sentence_does(values: object, text: str) -> None:
    assert join_and(values) == text


@pytest.mark.parametrize(
    ("value", "answer", "box"), [(True, "yes", "☒"), ("a van", "yes", "☒"), (False, "no", "☐"), ("", "no", "☐")]
)
def test_yesno_and_checkbox_ask_whether_there_is_something(value: object, answer: str, box: str) -> None:
    assert (yesno(value), checkbox(value)) == (answer, box)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("6035550143", "(603) 555-0143"),
        (6035550143, "(603) 555-0143"),
        ("603-555-0143", "(603) 555-0143"),
        ("+1 603.555.0143", "(603) 555-0143"),
        (" (603) 555-0143 x12", "(603) 555-0143, ext. 12"),
        ("603 555 0143, Ext. 7", "(603) 555-0143, ext. 7"),
        ("555-0143", "555-0143"),
        ("+52 55 1234 5678", "+52 55 1234 5678"),
        ("ask at the office", "ask at the office"),
        ("", ""),
        (None, None),
    ],
)
def test_a_telephone_number_is_written_as_in_the_us(value: object, text: object) -> None:
    assert phone(value) == text


@pytest.mark.parametrize(("name", "text"), [("Ana", "Ana’s"), ("James", "James’s"), ("Ana ", "Ana’s"), (None, "")])
def test_a_name_gets_its_possessive(name: object, text: str) -> None:
    assert possessive(name) == text


def test_lines_are_one_for_each_item() -> None:
    assert lines(["extra time", None, dt.date(2026, 3, 4)]) == "extra time\n\nMarch 4, 2026"
    assert lines("one\ntwo") == "one\ntwo"


def test_paragraphs_are_one_for_each_line_that_says_something() -> None:
    assert paragraphs("one\r\n\r\n \ntwo") == "one\ntwo"
    assert paragraphs(["one", "two\nthree"]) == "one\ntwo\nthree"
    assert paragraphs(None) == ""


@pytest.mark.parametrize(
    ("tag", "day", "time_of_day", "three", "truth"),
    [
        ("es", "5 de noviembre de 2026", "3:30 p.m.", "a, b y c", "sí"),
        ("es-MX", "5 de noviembre de 2026", "3:30 p.m.", "a, b y c", "sí"),
        ("vi", "5 tháng 11, 2026", "15:30", "a, b và c", "sí"),
        ("ar", "5 نوفمبر 2026", "3:30 م", "a وb وc", "sí"),
        ("hmn", "November 5, 2026", "3:30 PM", "a, b, and c", "sí"),  # CLDR has no dates for it
        ("ht", "November 5, 2026", "3:30 PM", "a, b, and c", "sí"),
    ],
)
def test_values_print_in_the_documents_language(tag: str, day: str, time_of_day: str, three: str, truth: str) -> None:
    printing = Printing(Language(tag, yes="sí"))
    printed = (dt.date(2026, 11, 5), dt.time(15, 30), True)
    assert [printing.printed(value).replace("\u202f", " ").replace("\xa0", " ") for value in printed] == [
        day,
        time_of_day,
        truth,
    ]
    assert printing.join_and(["a", "b", "c"]) == three


@pytest.mark.parametrize("text", ["case manager", "IEP team", "élève", "", "3 goals"])
def test_a_first_letter_becomes_a_capital_and_the_others_stay(text: str) -> None:
    shown = ENGLISH.upper_first(text)
    assert shown[1:] == text[1:]
    assert shown[:1] == text[:1].upper()

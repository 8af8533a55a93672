from __future__ import annotations

import datetime as dt
import time
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.workbook.cells import Cell, State
from iepdocs.workbook.formats import BUILTIN, number_cell, text_cell

if TYPE_CHECKING:
    from iepdocs.workbook.cells import Value

    Number = int | float

ACCOUNTING = '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)'
PHONE = "[<=9999999]###-####;(###) ###-####"
TRAFFIC_LIGHT = "[Red][<50]0.0;[Green][>=80]0.0;General"

NUMBERS: list[tuple[Number, str | None, str, Value]] = [
    (42.0, None, "42", 42),
    (42, "General", "42", 42),
    (-42.0, "GENERAL", "-42", -42),
    (-0.0, None, "0", 0),
    (0.1 + 0.2, None, "0.3", 0.3),
    (29.999999999999996, None, "30", 30),
    (85.5, None, "85.5", 85.5),
    (1234567.89, None, "1234567.89", 1234567.89),
    (123456789012345.0, None, "123456789012345", 123456789012345),
    (12345678901234567890.0, None, "12345678901234600000", 12345678901234600000),
    (1.2e16, "0", "12000000000000000", 12000000000000000),
    (0.00001234, None, "0.00001234", 0.00001234),
    (1e-9, None, "0.000000001", 1e-9),
    (1.5e-10, None, "1.5E-10", 1.5e-10),
    # a fixed number of decimals: the number as shown
    (2.5, "0", "3", 3),
    (-2.5, "0", "-3", -3),
    (1.005, "0.00", "1.01", 1.01),
    (2.675, "0.00", "2.68", 2.68),
    (4.0, "0.0", "4.0", 4),
    (-0.001, "0.00", "-0.00", 0),
    (1234567.5, "#,##0", "1,234,568", 1234568),
    (1234.5, "#,##0.00", "1,234.50", 1234.5),
    (999.999, "#,##0.00", "1,000.00", 1000),
    (5, "0.##", "5.", 5),
    (1.007, "0.##", "1.01", 1.01),
    (0.5, ".00", ".50", 0.5),
    (12.5, "#.0?", "12.5", 12.5),
    (7, "???", "7", 7),
    (-7.25, "[Red]0.0", "-7.3", -7.3),
    (-7.25, "0.0;[Red]0.0", "7.3", -7.3),
    (-7.25, "0.00_);(0.00)", "(7.25)", -7.25),
    (-1234.5, ACCOUNTING, "$(1,234.50)", -1234.5),
    (1234.5, ACCOUNTING, "$1,234.50", 1234.5),
    (0, ACCOUNTING, "$-", 0),
    (12.5, "[$€-407] #,##0.00", "€ 12.50", 12.5),
    (12.5, "$#,##0.00", "$12.50", 12.5),
    # percent: what the cell shows, not the fraction
    (0.855, "0.0%", "85.5%", 85.5),
    (0.855, "0%", "86%", 86),
    (0.07, "0%", "7%", 7),
    (1.005, "0%", "101%", 101),
    (-0.5, "0%;(0%)", "(50%)", -50),
    (0.855, '0%" of the day"', "86% of the day", 85.5),
    (85.5, '0.0"%"', "85.5%", 85.5),
    # ids, phone numbers and fixed words: the number as stored
    (42, "00000", "00042", 42),
    (42, '"ID-"00000', "ID-00042", 42),
    (42.0, '"ID-"General', "ID-42", 42),
    (-42, '"ID-"0', "-ID-42", -42),
    (61.5, 'General" kg"', "61.5 kg", 61.5),
    (29.6, '0" min"', "30 min", 29.6),
    (123456789, "000-00-0000", "123-45-6789", 123456789),
    (123456789, "000\\-00\\-0000", "123-45-6789", 123456789),
    (941051630, "00000-0000", "94105-1630", 941051630),
    (5551234, PHONE, "555-1234", 5551234),
    (9165551234, PHONE, "(916) 555-1234", 9165551234),
    (1, '"Yes";"";"No"', "Yes", 1),
    (0, '"Yes";"";"No"', "No", 0),
    (1234567.0, "0.0,", "1234.6", 1234567),
    (12345678, '0.0,,"M"', "12.3M", 12345678),
    (49.96, TRAFFIC_LIGHT, "50.0", 49.96),
    (-3, TRAFFIC_LIGHT, "-3.0", -3),
    (80.04, TRAFFIC_LIGHT, "80.0", 80.04),
    (66.5, TRAFFIC_LIGHT, "66.5", 66.5),
    (-30, "[<-25]0;0.0", "30", -30),
    (7, "[>100]0", "7", 7),
    (42, "@", "42", 42),
    (42, '"ID-"@', "42", 42),
    # a number that is hidden is there all the same
    (7, ";;;", "7", 7),
    (0, "0;-0;;@", "0", 0),
    (0, "#", "0", 0),
    # fractions
    (1.5, "# ?/?", "1 1/2", 1.5),
    (3, "# ?/?", "3", 3),
    (0, "# ?/?", "0", 0),
    (0.3, "# ?/?", "2/7", 0.3),
    (12.3, "# ??/??", "12  3/10", 12.3),
    (-123.456, "# ??/??", "-123 26/57", -123.456),
    (0.8, "?/4", "3/4", 0.8),
    (123.45, "# ?/4", "123 2/4", 123.45),
    (0.99, "# ?/8", "1", 0.99),
    (1234.567, "# ??/100", "1234 57/100", 1234.567),
    (1.25, "??/??", "5/4", 1.25),
    # scientific
    (12345, "0.00E+00", "1.23E+04", 12345),
    (0.00012, "0.0E+0", "1.2E-4", 0.00012),
    (12345, "0.0E-0", "1.2E4", 12345),
    (123456, "##0.0E+0", "123.5E+3", 123456),
    (9.996, "0.00E+00", "1.00E+01", 9.996),
    (0, "0.0E+0", "0.0E+0", 0),
]

TIMES: list[tuple[Number, str | None, str, Value]] = [
    (46117, "m/d/yyyy", "4/5/2026", dt.date(2026, 4, 5)),
    (46117, "d-mmm", "5-Apr", dt.date(2026, 4, 5)),
    (46117.75, "mm/dd/yy", "04/05/26", dt.date(2026, 4, 5)),
    (46117, "m/d/yy;@", "4/5/26", dt.date(2026, 4, 5)),
    (46117, "mmm-yy", "Apr-26", dt.date(2026, 4, 5)),
    (46117, "mmmmm", "A", dt.date(2026, 4, 5)),
    (46117, "ddd", "Sun", dt.date(2026, 4, 5)),
    (46117, "yyyymmdd", "20260405", dt.date(2026, 4, 5)),
    (46117, "[$-409]mmmm\\ d\\,\\ yyyy;@", "April 5, 2026", dt.date(2026, 4, 5)),
    (46117, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "Sunday, April 5, 2026", dt.date(2026, 4, 5)),
    (46117, '"due "d" of "mmmm', "due 5 of April", dt.date(2026, 4, 5)),
    (46117, 'yyyy"年"m"月"d"日"', "2026年4月5日", dt.date(2026, 4, 5)),
    (46117, "[$-411]ge.m.d", "2026.4.5", dt.date(2026, 4, 5)),
    (46117, "{m}/d", "{4}/5", dt.date(2026, 4, 5)),
    (1, "m/d/yyyy", "1/1/1900", dt.date(1900, 1, 1)),
    (1, "dddd", "Sunday", dt.date(1900, 1, 1)),  # as Excel shows it, though it was a Monday
    (59, "m/d/yyyy", "2/28/1900", dt.date(1900, 2, 28)),
    (61, "m/d/yyyy", "3/1/1900", dt.date(1900, 3, 1)),
    (2958465, "m/d/yyyy", "12/31/9999", dt.date(9999, 12, 31)),
    # clocks: rounded to the second, then cut to what is shown
    (0.41666666, "h:mm AM/PM", "10:00 AM", dt.time(10)),
    (0.99999999, "h:mm", "0:00", dt.time(0)),
    (36045 / 86400, "h:mm", "10:00", dt.time(10)),
    (36045 / 86400, "h:mm:ss", "10:00:45", dt.time(10, 0, 45)),
    (36045 / 86400, "[$-F400]h:mm:ss\\ AM/PM", "10:00:45 AM", dt.time(10, 0, 45)),
    (46117.5625, "h:mm AM/PM", "1:30 PM", dt.time(13, 30)),
    (0.5, "h AM/PM", "12 PM", dt.time(12)),
    (0.0, "hh:mm am/pm", "12:00 AM", dt.time(0)),
    (0.5625, "h:mm a/p", "1:30 p", dt.time(13, 30)),
    (0.5625, 'h" h "m" min"', "13 h 30 min", dt.time(13, 30)),
    (0.5625, "hhmm", "1330", dt.time(13, 30)),
    (0.70707, "hh:mm:ss.000", "16:58:10.848", dt.time(16, 58, 10, 848000)),
    # both
    (46000.41666666, "m/d/yyyy h:mm", "12/9/2025 10:00", dt.datetime(2025, 12, 9, 10)),  # noqa: DTZ001
    (46000.99999999, "m/d/yyyy h:mm", "12/10/2025 0:00", dt.datetime(2025, 12, 10)),  # noqa: DTZ001
    (46117.5625, "yyyy-mm-dd hh:mm:ss", "2026-04-05 13:30:00", dt.datetime(2026, 4, 5, 13, 30)),  # noqa: DTZ001
    (46117.5625, "mm/dd h AM/PM", "04/05 1 PM", dt.datetime(2026, 4, 5, 13)),  # noqa: DTZ001
    # durations
    (1.5, "[h]:mm", "36:00", dt.timedelta(hours=36)),
    (2.9999999999999996, "[h]:mm:ss;@", "72:00:00", dt.timedelta(days=3)),
    (0.0625, "[mm]:ss", "90:00", dt.timedelta(minutes=90)),
    (90.6 / 86400, "[m]", "1", dt.timedelta(minutes=1)),
    (90.6 / 86400, "[s]", "91", dt.timedelta(seconds=91)),
    (90.6 / 86400, "mm:ss", "01:31", dt.timedelta(seconds=91)),
    (90.6 / 86400, "mm:ss.0", "01:30.6", dt.timedelta(seconds=90.6)),
    (0, "[h]:mm", "0:00", dt.timedelta()),
    # m beside an hour or a second is a minute, else a month
    (46117.5625, "m h", "4 13", dt.datetime(2026, 4, 5, 13)),  # noqa: DTZ001
    (46117.5625, "h:mm m/d", "13:30 4/5", dt.datetime(2026, 4, 5, 13, 30)),  # noqa: DTZ001
    (46117.5625, "h:mmm", "13:Apr", dt.datetime(2026, 4, 5, 13)),  # noqa: DTZ001
    # a time below one day, a date above
    (0.5625, "[<1]h:mm;m/d/yyyy", "13:30", dt.time(13, 30)),
    (46117, "[<1]h:mm;m/d/yyyy", "4/5/2026", dt.date(2026, 4, 5)),
]


@pytest.mark.parametrize(("number", "code", "shown", "value"), NUMBERS + TIMES)
def test_a_number_is_shown_and_meant_as_its_format_says(
    number: Number, code: str | None, shown: str, value: Value
) -> None:
    cell = number_cell(number, code)
    assert (cell.shown, cell.value, type(cell.value), cell.state) == (shown, value, type(value), State.VALUE)


@pytest.mark.parametrize(
    ("number", "code", "shown", "value"),
    [
        (44562, "m/d/yyyy", "1/2/2026", dt.date(2026, 1, 2)),
        (0, "m/d/yyyy", "1/1/1904", dt.date(1904, 1, 1)),
        (60, "m/d/yyyy", "3/1/1904", dt.date(1904, 3, 1)),
        (44562, "dddd", "Friday", dt.date(2026, 1, 2)),
        (-0.0625, "[h]:mm", "-1:30", dt.timedelta(minutes=-90)),
    ],
)
def test_days_can_be_counted_from_1904(number: Number, code: str, shown: str, value: Value) -> None:
    cell = number_cell(number, code, date1904=True)
    assert (cell.shown, cell.value) == (shown, value)


@pytest.mark.parametrize(
    ("number", "code", "date1904"),
    [
        (60, "m/d/yyyy", False),  # February 29, 1900
        (60.5, "m/d/yyyy h:mm", False),
        (0, "m/d/yyyy", False),
        (0.99999999, "m/d/yyyy", False),
        (-1, "m/d/yyyy", False),
        (-1, "m/d/yyyy", True),
        (2958466, "m/d/yyyy", False),
        (2957004, "m/d/yyyy", True),
        (2958465.9999999, "m/d/yyyy h:mm", False),
        (20260405, "yyyy-mm-dd", False),
        (-0.5, "h:mm", False),
        (-0.5, "h:mm", True),
        (-0.5, "[h]:mm", False),
        (1e300, "h:mm", False),
        (1e300, "[h]:mm", True),
    ],
)
def test_what_is_no_day_or_time_is_never_bent_into_one(number: Number, code: str, date1904: bool) -> None:  # noqa: FBT001
    cell = number_cell(number, code, date1904=date1904)
    assert (cell.value, cell.state) == (None, State.IMPOSSIBLE_DATE)
    assert cell.shown == number_cell(number, None).shown


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_what_is_no_number_is_an_error(number: Number) -> None:
    for code in (None, "0.0", "m/d/yyyy"):
        cell = number_cell(number, code)
        assert (cell.value, cell.shown, cell.state) == (None, "#NUM!", State.ERROR)


@pytest.mark.parametrize(
    "code",
    [
        '"open',
        "0\\",
        "[Red",
        "0;0;0;0;0",
        "0 days",
        "General0",
        "0%%",
        "yyyy General",
        "ss.0000000",
        "?/1?",
        "0" * 5000,
        "\ud800\x00\uffff",
    ],
)
def test_a_format_that_cannot_be_understood_is_general(code: str) -> None:
    cell = number_cell(42.5, code)
    assert cell.value == 42.5
    assert cell.shown in {"42.5", code}
    assert text_cell("as it is", code).value == "as it is"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (None, "00042"),
        ("General", "00042"),
        ("@", "00042"),
        ("0.00", "00042"),
        ("m/d/yyyy;@", "00042"),
        (ACCOUNTING, "00042"),
        (";;;", "00042"),
        ('0;0;0;"no text please"', "00042"),
        ("@@", "00042"),
        ("@*.", "00042"),
        ('"ID-"@', "ID-00042"),
        ('_("ID-"@_)', "ID-00042"),
        ('0;-0;0;@" (old)"', "00042 (old)"),
        ("[Blue]\\#@", "#00042"),
    ],
)
def test_a_text_is_itself_with_the_words_its_format_puts_around_it(code: str | None, shown: str) -> None:
    cell = text_cell("00042", code)
    assert (cell.shown, cell.value, cell.state) == (shown, shown, State.VALUE)


def test_a_text_keeps_its_own_blanks() -> None:
    assert text_cell(" a\n b ", "_(@_)").value == " a\n b "


@pytest.mark.parametrize(
    ("number_format", "number", "shown"),
    [
        (0, 42, "42"),
        (1, 42.5, "43"),
        (4, 1234.5, "1,234.50"),
        (6, -12, "($12)"),
        (9, 0.5, "50%"),
        (11, 12345, "1.23E+04"),
        (12, 0.5, "1/2"),
        (14, 46117, "4/5/2026"),
        (15, 46117, "5-Apr-26"),
        (16, 46117, "5-Apr"),
        (17, 46117, "Apr-26"),
        (18, 0.5625, "1:30 PM"),
        (19, 0.5625, "1:30:00 PM"),
        (20, 0.5625, "13:30"),
        (21, 0.5625, "13:30:00"),
        (22, 46117.5625, "4/5/2026 13:30"),
        (31, 46117, "4/5/2026"),
        (33, 0.5625, "13:30:00"),
        (34, 0.5625, "13:30:00"),
        (34, 46117, "4/5/2026"),
        (37, -1234, "(1,234)"),
        (40, -1234, "(1,234.00)"),
        (44, -1234, "$(1,234.00)"),
        (45, 0.5625, "30:00"),
        (46, 1.5, "36:00:00"),
        (47, 0.5625, "30:00.0"),
        (48, 12345, "12.3E+3"),
        (49, 42, "42"),
        (58, 46117, "4/5/2026"),
    ],
)
def test_formats_that_files_name_by_number(number_format: int, number: Number, shown: str) -> None:
    assert number_cell(number, BUILTIN[number_format]).shown == shown


FORMAT_PARTS = [
    *(
        "0",
        "#",
        "?",
        ".",
        ",",
        "%",
        "/",
        ";",
        "@",
        "(",
        "$",
        "_)",
        "*x",
        '"',
        "\\",
        "[",
        "]",
        '"words"',
        "\\x",
        " ",
        "\n",
    ),
    *(
        "E+",
        "e-",
        "[h]",
        "[mm]",
        "[ss]",
        "[Red]",
        "[<1]",
        "[>=-2E3]",
        "[$-F800]",
        "[$€-407]",
        "General",
        "{0}",
        "{date}",
    ),
    *(
        "y",
        "yyyy",
        "m",
        "mmm",
        "d",
        "ddd",
        "h",
        "hh",
        "s",
        "ss",
        ".0",
        ".000",
        "AM/PM",
        "a/p",
        "b",
        "e",
        "g",
        "B2",
        "٣",
    ),
    *("\ud800", "\u017f"),  # half a character; a letter that is an s in capitals
]
CODES = st.one_of(st.text(), st.lists(st.sampled_from(FORMAT_PARTS), max_size=12).map("".join))


@given(st.floats() | st.integers(), CODES, st.booleans())
def test_any_number_in_any_format_has_a_cell(number: Number, code: str, date1904: bool) -> None:  # noqa: FBT001
    cell = number_cell(number, code, date1904=date1904)
    assert isinstance(cell, Cell)
    assert (cell.value is None) == (cell.state is not State.VALUE)
    assert cell.shown


@given(st.text(), CODES)
def test_any_text_in_any_format_has_a_cell_that_holds_it(text: str, code: str) -> None:
    cell = text_cell(text, code)
    assert cell.shown == cell.value
    assert text in cell.shown


@given(st.integers(1, 2958465), st.integers(0, 86399))
def test_any_second_of_the_calendar_is_found_again(days: int, second: int) -> None:
    cell = number_cell(days + second / 86400, "yyyy-mm-dd hh:mm:ss")
    if days == 60:
        assert cell.state is State.IMPOSSIBLE_DATE
    else:
        first = dt.datetime(1899, 12, 30 + (days < 60))  # noqa: DTZ001
        assert cell.value == first + dt.timedelta(days=days, seconds=second)
        assert cell.shown == str(cell.value)


@pytest.mark.parametrize("part", ["[h]", "#,", "?", "0.", "# ?/", '"x"', "_", "E+0", "[<1]", "@", "ss.0", "%", "[$-"])
def test_no_format_takes_long(part: str) -> None:
    start = time.perf_counter()
    for length, number in product((50, 340, 1024, 1_000_000), (1 / 3, 1.7e308, 5e-324)):
        number_cell(number, (part * length)[:length])
        text_cell("text", (part * length)[:length])
    assert time.perf_counter() - start < 1

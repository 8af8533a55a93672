from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.findings import Severity
from iepdocs.measurement import Measurement
from iepdocs.pack import Column
from iepdocs.text import fold, shown
from iepdocs.workbook.cells import Cell, State
from iepdocs.workbook.notation import Reading, read_extra, read_value
from iepdocs.workbook.reading import plain


def column(type_: str | list[str], allowed: list[Any] | None = None, **declared: Any) -> Column:
    rules = {"type": type_} if allowed is None else {"type": type_, "allowed": allowed}
    return Column("key", "Key", rules, **declared)


TEXT, LONG, CODE, LIST = column("string"), column("string", long=True), column("string", code=True), column("list")
BOOLEAN, NUMBER, PERCENT = column("boolean"), column("number"), column("number", notation="percent")
DATE, TIME, RESULT = column("date"), column("time"), column("measurement")
FREQUENCY = column("string", notation="service frequency", fills={"minutes": "minutes_per_session"})
NAME = column("string", notation="person name", fills={"last": "last_name", "first": "first_name"})

SAI = column(
    "string",
    ["330", "415", "RC80"],
    words={"330": "Specialized Academic Instruction", "415": "Speech and Language"},
    spellings={"sai": "330"},
)
GRADE = column("string", ["PK", "TK", "K", "4", "5", "UG"], spellings={"kg": "K", "04": "4", "18": "TK"})
ROLES = column("list", ["parent", "student", "advocate", "teacher, special education", "yes/no"])
ASSESSMENT = column("string", ["general", "general with accommodations", "alternate"])
LEVELS = column("integer", [1, 2], spellings={"low": 1})
EVERY = [TEXT, LONG, CODE, LIST, BOOLEAN, NUMBER, PERCENT, DATE, TIME, RESULT, FREQUENCY, NAME]
EVERY += [SAI, GRADE, ROLES, ASSESSMENT, LEVELS, column("dict"), column(["number", "string"])]


def typed(text: str) -> Cell:
    return Cell(text, text)


def read(cell: str | Cell, of: Column) -> Reading:
    return read_value(typed(cell) if isinstance(cell, str) else cell, of)


def asked(cell: str | Cell, of: Column) -> tuple[str, str, Severity]:
    doubt = read(cell, of).doubt
    assert doubt
    return doubt.message, doubt.mend, doubt.severity


NUMBER_42 = Cell(42, "00042")
APRIL_5 = Cell(dt.date(2026, 4, 5), "5-Apr")
MIDNIGHT = Cell(dt.datetime(2026, 3, 2), "3/2/2026")  # noqa: DTZ001
TEN_PAST = Cell(dt.datetime(2026, 3, 2, 10, 10), "3/2/2026 10:10")  # noqa: DTZ001


# any column


@pytest.mark.parametrize("blank", ["", "   ", "\n", "\u00a0", "\u200b", "\ufeff \u2003"])
@pytest.mark.parametrize("of", EVERY)
def test_a_cell_with_nothing_to_see_is_blank(blank: str, of: Column) -> None:
    assert read(blank, of) == read_extra(typed(blank)) == Reading()


def test_a_number_that_its_format_hides_is_blank() -> None:
    assert read(Cell(0, ""), NUMBER) == Reading()


@pytest.mark.parametrize(
    ("cell", "rule", "says"),
    [
        (Cell(None, "#N/A", State.ERROR), "cell-error", "#N/A"),
        (Cell(None, "", State.UNCALCULATED), "formula-uncalculated", "never been calculated"),
        (Cell(None, "60", State.IMPOSSIBLE_DATE), "date-impossible", "60 is no day of the calendar"),
    ],
)
@pytest.mark.parametrize("of", [*EVERY, None])
def test_a_cell_without_a_value_is_asked_about(cell: Cell, rule: str, says: str, of: Column | None) -> None:
    reading = read_value(cell, of) if of else read_extra(cell)
    assert reading.value is None
    assert reading.doubt
    assert (reading.doubt.rule, reading.doubt.severity) == (rule, Severity.ERROR)
    assert says in reading.doubt.message


@given(
    st.text() | st.text("0123456789/-.:,% xX+monthdayweekin()ofAPM=\u00d7\u2013\u00a0"),
    st.sampled_from(EVERY),
    st.sampled_from(["month first", "day first"]),
)
def test_whatever_is_typed_is_read_alike_each_time(text: str, of: Column, order: Any) -> None:
    assert read_value(typed(text), of, order) == read_value(typed(text), of, order)


@given(
    st.one_of(st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas()),
    st.text(),
    st.sampled_from(EVERY),
)
def test_whatever_a_cell_holds_and_shows_can_be_read(value: Any, look: str, of: Column) -> None:
    read_value(Cell(value, look), of)
    read_extra(Cell(value, look))


@pytest.mark.parametrize(
    "piece", ["a", "1", "1,", "- ", "1 min ", "x 3 ", "\u0300", "+ ", "(", "3/4/2026 ", ": ", "\u200b1", ";"]
)
@pytest.mark.parametrize("of", EVERY)
def test_a_text_of_100_000_characters_takes_no_time(piece: str, of: Column) -> None:
    cell = typed(piece * (100_000 // len(piece)))
    start = time.perf_counter()
    read_value(cell, of)
    assert time.perf_counter() - start < 0.25


# what Excel turned into a date


@pytest.mark.parametrize("of", [TEXT, LONG, CODE, LIST, SAI, FREQUENCY])
def test_a_date_where_text_should_be_was_something_else_before(of: Column) -> None:
    message, mend, severity = asked(APRIL_5, of)
    assert message == "Excel turned what was typed here into the date 4/5/2026, shown as 5-Apr."
    assert mend == "Give the cell the format Text and type it again."
    assert severity is Severity.ERROR


@pytest.mark.parametrize("of", [RESULT, NUMBER, PERCENT, LEVELS])
@pytest.mark.parametrize(
    ("cell", "fraction"),
    [
        (APRIL_5, "4 of 5"),
        (Cell(dt.date(2026, 4, 5), "4/5/2026"), "4 of 5"),
        (Cell(dt.date(2012, 4, 1), "Apr-12"), "4 of 12"),
        (Cell(dt.date(1932, 4, 1), "Apr-32"), "4 of 32"),
        (Cell(dt.date(2026, 5, 4), "4-May"), "4 of 5"),
        (typed("5-Apr"), "4 of 5"),
        (typed("Apr-12"), "4 of 12"),
        (typed("4/5/2026"), "4 of 5"),
    ],
)
def test_a_date_where_a_result_should_be_was_a_fraction(cell: Cell, fraction: str, of: Column) -> None:
    reading = read(cell, of)
    assert reading.doubt
    assert reading.doubt.rule == "date-for-value"
    assert f"If {fraction} was meant" in reading.doubt.mend


def test_with_the_day_first_the_day_is_the_first_of_the_fraction() -> None:
    reading = read_value(Cell(dt.date(2026, 5, 4), "4-May"), RESULT, "day first")
    assert reading.doubt
    assert "type 4 of 5" in reading.doubt.mend


def test_a_time_where_text_should_be_is_kept_and_asked_about() -> None:
    reading = read(Cell(dt.time(1, 1), "1:01"), TEXT)
    assert (reading.value, reading.doubt and reading.doubt.severity) == ("1:01", Severity.WARNING)


# text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (typed(" Reyes\u00a0"), "Reyes"),
        (typed("\ufeff00042\u200b"), "00042"),
        (typed("=1+1"), "=1+1"),
        *((typed(word), word) for word in ("NA", "None", "Null", "N/A", "1E5", "TRUE", "nan")),
        (typed("one\ntwo"), "one\ntwo"),
        (typed("O\u2019Neil \u2013 two  spaces"), "O\u2019Neil \u2013 two  spaces"),
        (NUMBER_42, "00042"),
        (Cell(42.0, "42"), "42"),
        (Cell(42, "ID-00042"), "ID-00042"),
        (Cell(123456789012, "1.23457E+11"), "123456789012"),
        (Cell(True, "TRUE"), "TRUE"),  # noqa: FBT003
    ],
)
def test_text_is_what_the_cell_shows(cell: Cell, text: str) -> None:
    assert read(cell, TEXT) == Reading(text)


@pytest.mark.parametrize("text", ["  First line\n", "\u201cquoted\u201d \u2013\u00a0\u200bso"])
def test_a_long_text_is_kept_to_the_character(text: str) -> None:
    assert read(text, LONG) == Reading(text)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("A\u00adB\u200b-1", "AB-1"),
        ("A\u00a0\t 1\nb", "A 1 b"),
        ("O\u2019Neil \u201cX\u201d 1\u20132", 'O\'Neil "X" 1-2'),
        ("\uff21\uff11", "A1"),
        ("\u200e00042\u200f", "00042"),
    ],
)
def test_a_code_is_freed_of_what_no_one_sees(written: str, code: str) -> None:
    assert read(written, CODE) == Reading(code)


def test_a_number_of_more_than_15_digits_is_kept_and_warned_about() -> None:
    reading = read(Cell(1234567890123450, "1.23457E+15"), CODE)
    assert reading.value == "1234567890123450"
    assert reading.doubt
    assert (reading.doubt.rule, reading.doubt.severity) == ("digits-lost", Severity.WARNING)
    assert read("12345678901234567890", CODE) == Reading("12345678901234567890")


def test_a_code_that_excel_took_for_a_power_of_ten_is_warned_about() -> None:
    reading = read(Cell(100000, "1.00E+05"), CODE)
    assert (reading.value, reading.doubt and reading.doubt.rule) == ("100000", "number-for-text")


# choices


@pytest.mark.parametrize(
    ("written", "choice"),
    [
        ("330", "330"),
        ("specialized  academic\ninstruction", "330"),
        ("SAI", "330"),
        ("330 - Specialized Academic Instruction", "330"),
        ("330 \u2013 specialized academic instruction", "330"),
        ("330: SAI", "330"),
        ("330 Specialized Academic Instruction", "330"),
        ("Specialized Academic Instruction (330)", "330"),
        ("(330) Specialized Academic Instruction", "330"),
        ("330 - our own words for it", "330"),
        ("RC80 (regular class)", "RC80"),
    ],
)
def test_a_choice_may_be_its_code_its_words_or_both(written: str, choice: str) -> None:
    assert read(written, SAI) == Reading(choice)


@pytest.mark.parametrize(
    ("written", "grade"), [("kg", "K"), ("04", "4"), ("18 - TK", "TK"), ("PK (3 year olds)", "PK")]
)
def test_a_choice_may_have_other_spellings(written: str, grade: str) -> None:
    assert read(written, GRADE) == Reading(grade)


@pytest.mark.parametrize(
    ("written", "of", "names"),
    [
        ("330 - Speech and Language", SAI, "'330' and 'Speech and Language'"),
        ("330 - Speech & Language", SAI, "'330' and 'Speech & Language'"),
        ("K-5", GRADE, "'K' and '5'"),
        ("parent - student", ROLES, "'parent' and 'student'"),
    ],
)
def test_a_code_with_the_words_of_another_is_asked_about(written: str, of: Column, names: str) -> None:
    message, _, severity = asked(written, of)
    assert message == f"{names} are not the same choice."
    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    ("written", "of"),
    [
        ("general (with accomodations)", ASSESSMENT),
        ("general - with accommodations", ASSESSMENT),
        ("K-12 program", GRADE),
        ("Speech and Languag", SAI),
        ("parent, student", ASSESSMENT),
    ],
)
def test_what_is_no_choice_for_certain_stays_text(written: str, of: Column) -> None:
    assert read(written, of) == Reading(written)


@pytest.mark.parametrize(("cell", "level"), [(typed("2"), 2), (Cell(2.0, "2.00"), 2), (typed("low"), 1)])
def test_a_choice_may_be_a_number(cell: Cell, level: int) -> None:
    assert read(cell, LEVELS) == Reading(level)


WORDS = st.text("abcdefABC 0123-:()/,;\u00e9\u2019\u2013", min_size=1, max_size=12).filter(lambda word: word.strip())


def distinct(words: dict[str, str]) -> bool:
    folded = [fold(plain(word)) for word in (*words, *words.values())]
    return len({*folded}) == len(folded)


@given(st.dictionaries(WORDS, WORDS, min_size=1, max_size=6).filter(distinct))
def test_a_choice_reads_as_itself(words: dict[str, str]) -> None:
    of = column("string", list(words), words=words)
    for choice, word in words.items():
        written = [choice, word, word.upper(), f" {word}\n", f"{choice} - {word}"]
        assert [read(text, of).value for text in written] == [choice] * 5


# one or more


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        (typed("a; b"), ["a", "b"]),
        (typed("a;b;"), ["a", "b"]),
        (typed("a\r\nb ; c"), ["a", "b", "c"]),
        (typed("a, b"), ["a, b"]),
        (Cell(504, "504"), ["504"]),
        (typed(" ; \n ;"), None),
    ],
)
def test_one_or_more_are_parted_by_semicolons_and_lines(cell: Cell, items: list[str] | None) -> None:
    assert read(cell, LIST) == Reading(items)


def test_a_list_of_many_thousand_that_are_no_choices_takes_no_time() -> None:
    cell = typed(";".join(f"yes/no - {number}" for number in range(6000)))
    start = time.perf_counter()
    assert len(read(cell, ROLES).value) == 6000
    assert time.perf_counter() - start < 0.25


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("Parent; STUDENT", ["parent", "student"]),
        ("parent, student and advocate", ["parent", "student", "advocate"]),
        ("parent/student | advocate", ["parent", "student", "advocate"]),
        ("teacher, special education; parent", ["teacher, special education", "parent"]),
        ("yes/no, parent", ["yes/no", "parent"]),
        ("parent, aunt", ["parent, aunt"]),
        ("parent; Parent", ["parent"]),
    ],
)
def test_choices_may_be_parted_as_people_do_if_all_are_known(written: str, roles: list[str]) -> None:
    assert read(written, ROLES) == Reading(roles)


@given(st.lists(st.text(st.characters(exclude_characters=";\r\n", exclude_categories=["C", "Z"]), min_size=1)))
def test_a_list_that_is_shown_reads_as_itself(items: list[str]) -> None:
    visible = [item for item in items if read(item, TEXT).value == item]
    assert (read(shown(visible), LIST).value or []) == visible


# yes or no


@pytest.mark.parametrize(
    "written",
    ["yes", " Yes ", "Y", "y.", "TRUE", "x", "X", "\u2713", "\u2714", "\u2611", "\u2612", "checked", "on", "1"],
)
def test_these_are_yes(written: str) -> None:
    assert read(written, BOOLEAN) == Reading(True)  # noqa: FBT003


@pytest.mark.parametrize("written", ["no", "No", "n", "FALSE", "\u2610", "unchecked", "off", "0"])
def test_these_are_no(written: str) -> None:
    assert read(written, BOOLEAN) == Reading(False)  # noqa: FBT003


@pytest.mark.parametrize(("cell", "answer"), [(Cell(1.0, "1"), True), (Cell(0, "No"), False)])
def test_an_answer_may_be_a_number_or_what_it_is_shown_as(cell: Cell, answer: bool) -> None:  # noqa: FBT001
    assert read(cell, BOOLEAN) == Reading(answer)


@pytest.mark.parametrize("written", ["-", "\u2014", "n/a", "?", "\u2717"])
def test_a_dash_may_be_no_or_nothing(written: str) -> None:
    message, _, severity = asked(written, BOOLEAN)
    assert message == f"It is not clear whether '{written}' means no."
    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    "cell", [typed("maybe"), typed("yes - see notes"), Cell(2, "2"), Cell(dt.date(2026, 3, 2), "3/2/2026")]
)
def test_what_is_neither_yes_nor_no_stays_as_it_is(cell: Cell) -> None:
    assert read(cell, BOOLEAN) == Reading(cell.value)


# numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12), (" 12 ", 12), ("-3", -3), ("\u22123", -3), ("+3", 3), ("4.50", 4.5), (".5", 0.5), ("5.", 5),
        ("1,234", 1234), ("1\u202f234.5", 1234.5), ("\uff11\uff12", 12), ("85 %", 85),
    ],
)  # fmt: skip
def test_a_number_may_be_typed_as_text(written: str, number: float) -> None:
    value = read(written, NUMBER).value
    assert value == number
    assert type(value) is type(number)


@given(st.integers(-(10**15), 10**15))
def test_a_whole_number_is_the_same_as_text_as_integer_and_as_float(number: int) -> None:
    cells = [Cell(number, str(number)), Cell(float(number), str(number)), typed(str(number)), typed(f"{number:,}")]
    values = [read(cell, NUMBER).value for cell in cells]
    assert values == [number] * 4
    assert all(type(value) is int for value in values)


@pytest.mark.parametrize(
    "written", ["4 of 5", "1e5", "nan", "inf", "1_0", "(5)", "$5", "1,23,456", "30 min", "9" * 5000]
)
def test_what_is_no_number_stays_text(written: str) -> None:
    assert read(written, NUMBER) == Reading(written)


@pytest.mark.parametrize(("cell", "value"), [(Cell(True, "TRUE"), True), (Cell(dt.time(1, 35), "1:35"), "1:35")])  # noqa: FBT003
def test_an_answer_or_a_time_is_no_number(cell: Cell, value: Any) -> None:
    assert read(cell, NUMBER) == Reading(value)


@pytest.mark.parametrize(("written", "meant"), [("85,5", "85.5"), ("0,125", "0.125"), ("85,5 %", "85.5 %")])
@pytest.mark.parametrize("of", [NUMBER, PERCENT])
def test_a_decimal_comma_is_asked_about(written: str, meant: str, of: Column) -> None:
    assert asked(written, of)[1] == f"If {meant} is meant, type {meant}."


@pytest.mark.parametrize(
    ("cell", "percent"),
    [
        (Cell(85.5, "85.5%"), 85.5),
        (typed("85.5"), 85.5),
        (typed("85.5 %"), 85.5),
        (typed("50 percent"), 50),
        (typed("0.5%"), 0.5),
        (Cell(1, "1%"), 1),
        (typed("0"), 0),
    ],
)
def test_a_percentage_is_what_is_shown(cell: Cell, percent: float) -> None:
    assert read(cell, PERCENT) == Reading(percent)


@pytest.mark.parametrize(
    ("cell", "mend"),
    [(Cell(0.5, "0.5"), "50 % or 0.5 %"), (typed("1"), "100 % or 1 %"), (Cell(0.07, "0.07"), "7 % or 0.07 %")],
)
def test_a_bare_fraction_may_be_a_percentage(cell: Cell, mend: str) -> None:
    assert asked(cell, PERCENT)[1] == f"Type {mend}."
    assert read(cell, NUMBER).doubt is None


# dates and times: what text can be is in test_dates


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell(dt.date(2026, 3, 2), "3/2/2026"), dt.date(2026, 3, 2)),
        (MIDNIGHT, dt.date(2026, 3, 2)),
        (typed("3/2/2026"), dt.date(2026, 3, 2)),
        (Cell(20260302, "20260302"), dt.date(2026, 3, 2)),
        (TEN_PAST, TEN_PAST.value),
        (typed("soon"), "soon"),
        (Cell(7, "7"), 7),
        (Cell(dt.time(10, 10), "10:10"), "10:10"),
        (Cell(True, "TRUE"), True),  # noqa: FBT003
    ],
)
def test_a_date_is_read_and_what_is_none_left_to_validation(cell: Cell, value: Any) -> None:
    reading = read(cell, DATE)
    assert reading == Reading(value)
    assert type(reading.value) is type(value)


def test_a_bare_number_that_may_be_a_day_is_named_as_that_day() -> None:
    message, _, severity = asked(Cell(44562, "44562"), DATE)
    assert message == "The cell shows the number 44562; as a date that would be 1/1/2022."
    assert severity is Severity.ERROR


@pytest.mark.parametrize("cell", [Cell(dt.date(1026, 5, 14), "5/14/1026"), typed("5/14/2206")])
def test_a_date_in_no_year_of_ours_is_asked_about(cell: Cell) -> None:
    assert "far from any school year" in asked(cell, DATE)[0]


@pytest.mark.parametrize(
    ("cell", "time_"),
    [
        (Cell(dt.time(15, 30), "3:30 PM"), dt.time(15, 30)),
        (TEN_PAST, dt.time(10, 10)),
        (Cell(dt.timedelta(hours=10), "10:00"), dt.time(10)),
        (Cell(1530, "1530"), dt.time(15, 30)),
        (typed("3/2/2026 10:10 AM"), dt.time(10, 10)),
    ],
)
def test_a_time_may_be_a_time_or_stand_on_a_day(cell: Cell, time_: dt.time) -> None:
    assert read(cell, TIME) == Reading(time_)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (typed("half past three"), "half past three"),
        (MIDNIGHT, dt.date(2026, 3, 2)),
        (Cell(dt.timedelta(hours=30), "30:00"), "30:00"),
        (Cell(10, "10"), 10),
    ],
)
def test_what_is_no_time_of_day_stays_as_it_is(cell: Cell, kept: Any) -> None:
    assert read(cell, TIME) == Reading(kept)


def test_a_bare_number_that_may_be_a_time_is_named_as_that_time() -> None:
    assert "as a time that would be 10:00 AM" in asked(Cell(0.41666, "0.41666"), TIME)[0]


@pytest.mark.parametrize("cell", [typed("3:30"), Cell(dt.time(3, 30), "3:30")])
def test_half_past_three_in_the_night_is_asked_about(cell: Cell) -> None:
    reading = read(cell, TIME)
    assert reading.value == dt.time(3, 30)
    assert asked(cell, TIME)[1:] == ("If the afternoon is meant, type 3:30 PM.", Severity.WARNING)


# measurements: what text can be is in test_results


@pytest.mark.parametrize(
    ("cell", "measurement"),
    [
        (Cell(57, "57"), Measurement("57", 57)),
        (Cell(80, "80%"), Measurement("80%", 80, unit="percent")),
        (Cell(0.8, "4/5"), Measurement("4/5", 4, 5, "trials")),
        (Cell(1.5, "1 1/2"), Measurement("1 1/2", 1.5)),
        (Cell(57, "57 birds"), Measurement("57 birds", 57)),
        (Cell(dt.time(1, 35), "1:35"), Measurement("1:35", 95, unit="seconds")),
        (Cell(dt.timedelta(seconds=95), "0:01:35"), Measurement("0:01:35", 95, unit="seconds")),
        (Cell(True, "TRUE"), Measurement("TRUE")),  # noqa: FBT003
        (typed(" with help "), Measurement("with help")),
    ],
)
def test_a_measurement_goes_by_what_is_shown(cell: Cell, measurement: Measurement) -> None:
    assert read(cell, RESULT) == Reading(measurement)


def test_a_time_of_day_is_no_measurement() -> None:
    assert asked(Cell(dt.time(1, 35), "1:35 AM"), RESULT)[0] == "The cell shows a time of day, 1:35 AM."


# names and frequencies


@pytest.mark.parametrize(
    ("written", "last", "first"),
    [
        ("Okafor, Maya", "Okafor", "Maya"),
        ("Okafor ,  Maya  Ruth", "Okafor", "Maya Ruth"),
        ("Okafor Jr., Maya", "Okafor Jr.", "Maya"),
        ("Okafor, Maya, III", "Okafor III", "Maya"),
        ("O\u2019Neil, Ana", "O\u2019Neil", "Ana"),
        ("de la Cruz, Ana Mar\u00eda", "de la Cruz", "Ana Mar\u00eda"),
    ],
)
def test_a_name_is_last_and_first(written: str, last: str, first: str) -> None:
    assert read(written, NAME) == Reading(written, parts={"last": last, "first": first})


def test_a_suffix_has_a_column_of_its_own_where_there_is_one() -> None:
    reading = read("Okafor, Maya, Jr.", column("string", notation="person name", fills={"suffix": "suffix"}))
    assert reading.parts == {"last": "Okafor", "first": "Maya", "suffix": "Jr."}


@pytest.mark.parametrize("written", ["Maya Okafor", "Maya", "Okafor, Maya, Ruth", "Okafor,", ","])
def test_a_name_that_is_not_clear_is_kept_and_asked_about(written: str) -> None:
    reading = read(written, NAME)
    assert (reading.value, reading.parts) == (written, {})
    assert reading.doubt
    assert reading.doubt.severity is Severity.WARNING


def test_a_frequency_is_kept_as_written_and_read_besides() -> None:
    written = "30 min x 5 Times = 150 min Weekly"
    assert read(written, FREQUENCY) == Reading(written, parts={"sessions": 5, "minutes": 30, "per": "week"})


# several types, and columns that nothing declares


@pytest.mark.parametrize(
    ("of", "cell", "value"),
    [
        (["number", "string"], typed("4 of 5"), "4 of 5"),
        (["number", "string"], typed("85,5"), "85,5"),
        (["date", "string"], typed("March 2026"), "March 2026"),
        (["string", "date"], MIDNIGHT, dt.date(2026, 3, 2)),
        ("dict", Cell(4.0, "4"), 4),
    ],
)
def test_a_column_of_several_types_takes_each(of: str | list[str], cell: Cell, value: Any) -> None:
    assert read(cell, column(of)) == Reading(value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (NUMBER_42, "00042"),
        (Cell(5555550142, "(555) 555-0142"), "(555) 555-0142"),
        (Cell(26, "2026"), "2026"),
        (Cell(0.8, "4/5"), "4/5"),
        (Cell(1234.0, "1,234"), 1234),
        (Cell(85.5, "85.5%"), "85.5%"),
        (Cell(0.5, "0.5"), 0.5),
        (Cell(1e11, "1E+11"), 100000000000),
        (typed(" Bus  7\n"), "Bus  7"),
        (MIDNIGHT, dt.date(2026, 3, 2)),
        (TEN_PAST, TEN_PAST.value),
        (Cell(dt.time(10), "10:00"), dt.time(10)),
        (Cell(True, "TRUE"), True),  # noqa: FBT003
    ],
)
def test_an_undeclared_column_is_read_as_it_is(cell: Cell, value: Any) -> None:
    reading = read_extra(cell)
    assert reading == Reading(value)
    assert type(reading.value) is type(value)

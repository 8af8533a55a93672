from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.findings import Severity
from iepdocs.measurement import Measurement, Unit
from iepdocs.workbook.reading import Reading
from iepdocs.workbook.results import read_result


@pytest.mark.parametrize(
    ("written", "number", "total", "unit"),
    [
        ("57", 57, None, ""), ("57.5", 57.5, None, ""), ("57 wpm", 57, None, ""), ("57 words a minute", 57, None, ""),
        ("80 %", 80, None, "percent"), ("80%", 80, None, "percent"), ("80 percent", 80, None, "percent"),
        ("4/5", 4, 5, "trials"), ("4 / 5", 4, 5, "trials"), ("4\u00a0of\u00a05", 4, 5, "trials"),
        ("7 out of 10", 7, 10, "trials"), ("4 of 5 trials", 4, 5, "trials"), ("4/5 (80 %)", 4, 5, "trials"),
        ("67% = 2/3", 2, 3, "trials"), ("0/5", 0, 5, "trials"),
        ("+ + - +", 3, 4, "trials"), ("++-+", 3, 4, "trials"),
        ("+,\u2013,+", 2, 3, "trials"), ("- - -", 0, 3, "trials"),
        ("\u2713 \u2717 \u2713", 2, 3, "trials"), ("Y N Y", 2, 3, "trials"),
        ("1:35", 95, None, "seconds"), ("1 min 35 s", 95, None, "seconds"), ("95 s", 95, None, "seconds"),
        ("95 sec", 95, None, "seconds"), ("2 min", 120, None, "seconds"), ("1:02:03", 3723, None, "seconds"),
        ("1.5 hours", 5400, None, "seconds"), ("0:05.5", 5.5, None, "seconds"),
    ],
)  # fmt: skip
def test_a_result_has_a_figure(written: str, number: float, total: float | None, unit: Unit) -> None:
    assert read_result(written) == Reading(Measurement(written, number, total, unit))


@pytest.mark.parametrize(
    "written",
    ["independent", "with 2 reminders", "level 3", "3 de 5", "+/-", "+-", "---", "-", "+", "y/n", "n/a", "1:1", "1:75"],
)
def test_a_level_or_other_words_have_none(written: str) -> None:
    assert read_result(written) == Reading(Measurement(written))


@pytest.mark.parametrize(
    "written",
    ["60-70 %", "3 to 4", "~80%", "about 80 %", "<5", "80%+", "5?", "57,5", "4/5 = 75%", "4 of 5 (60 %)"],
)
def test_what_is_no_one_figure_is_kept_as_words_with_a_warning(written: str) -> None:
    reading = read_result(written)
    assert reading.value == Measurement(written)
    assert reading.doubt
    assert reading.doubt.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("written", "message"),
    [("10/8", "'10/8' has more right than there were trials."), ("0/0", "'0/0' is a result of no trials.")],
)
def test_trials_that_cannot_be_are_asked_about(written: str, message: str) -> None:
    reading = read_result(written)
    assert reading.value is None
    assert reading.doubt
    assert (reading.doubt.message, reading.doubt.severity) == (message, Severity.ERROR)


@given(st.lists(st.booleans(), min_size=3), st.sampled_from([" ", ",", ", ", " | "]))
def test_a_row_of_marks_is_counted(marks: list[bool], between: str) -> None:
    reading = read_result(between.join("+" if mark else "-" for mark in marks))
    if len(reading.value.text) <= 300:
        assert (reading.value.number, reading.value.total) == (sum(marks), len(marks))


@given(st.integers(0, 999), st.integers(0, 59))
def test_minutes_and_seconds_are_seconds(minutes: int, seconds: int) -> None:
    spelled = read_result(f"{minutes} min {seconds} sec").value
    assert spelled.number == read_result(f"{minutes}:{seconds:02}").value.number == minutes * 60 + seconds

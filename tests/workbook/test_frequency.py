from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.findings import Severity
from iepdocs.workbook.frequency import read_frequency
from iepdocs.workbook.reading import Reading


def said(sessions: float | None = None, minutes: float | None = None, per: str | None = None) -> dict[str, Any]:
    parts = {"sessions": sessions, "minutes": minutes, "per": per}
    return {key: value for key, value in parts.items() if value is not None}


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2 x 30 min weekly", said(2, 30, "week")),
        ("2 \u00d7 30 min weekly", said(2, 30, "week")),
        ("2x30 min/wk", said(2, 30, "week")),
        ("2x/week 30 min", said(2, 30, "week")),
        ("30 min x 5 Times = 150 min Weekly", said(5, 30, "week")),
        ("30 minutes, 2 times per week", said(2, 30, "week")),
        ("30 min, 3 days a week", said(3, 30, "week")),
        ("30 minutes a day, 5 days a week", said(5, 30, "week")),
        ("30 min per session, 2 sessions per week", said(2, 30, "week")),
        ("twice a week for 30 minutes", said(2, 30, "week")),
        ("two 30-minute sessions per week", said(2, 30, "week")),
        ("2 30-minute sessions per week", said(2, 30, "week")),
        ("4 sessions of 30 minutes a month", said(4, 30, "month")),
        ("150 min weekly in 5 sessions", said(5, 30, "week")),
        ("5 sessions weekly, 150 min total", said(5, 30, "week")),
        ("2 times per 6-day cycle, 30 min", said(2, 30, "cycle")),
        ("2 x 30 min weekly in small group", said(2, 30, "week")),
        ("1 hour daily as needed", said(1, 60, "day")),
        ("1 hr 30 min daily", said(1, 90, "day")),
        ("1.5 hrs weekly", said(1, 90, "week")),
        ("half an hour weekly", said(1, 30, "week")),
        ("60 min/week", said(1, 60, "week")),
        ("monthly 30 minutes", said(1, 30, "month")),
        ("300 min Yearly", said(1, 300, "year")),
        ("1,200 minutes per school year", said(1, 1200, "year")),
        ("30 min 1:1 each reporting period", said(1, 30, "reporting period")),
        ("2x weekly", said(2, per="week")),
        ("5 x week", said(5, per="week")),
        ("daily", said(per="day")),
    ],
)
def test_a_frequency_is_read_and_its_wording_kept(written: str, parts: dict[str, Any]) -> None:
    assert read_frequency(written) == Reading(written, parts=parts)


@pytest.mark.parametrize(
    "written",
    [
        "2-3 times a week", "30 min every other week", "up to 30 min weekly", "30",
        "2 x 30 min weekly in group of 3",
        "2 x 30 min weekly and 1 x 60 min monthly", "360 min monthly (90 min weekly)", "30 min weekly for 36 weeks",
        "2 or 3 times a week", "30 min weekly " * 100,
    ],
)  # fmt: skip
def test_what_is_not_clear_is_printed_as_written_with_a_note(written: str) -> None:
    reading = read_frequency(written)
    assert (reading.value, reading.parts) == (written, {})
    assert reading.doubt
    assert reading.doubt.severity is Severity.NOTE

    assert reading.doubt.message.endswith("could not be read as sessions and minutes; it is printed as written.")


@pytest.mark.parametrize("written", ["as needed", "every other week", "at the start of every unit"])
def test_a_wording_without_figures_needs_no_note(written: str) -> None:
    assert read_frequency(written) == Reading(written)


@pytest.mark.parametrize("written", ["biweekly", "bi-weekly 30 min", "30 min bimonthly"])
def test_biweekly_means_two_things(written: str) -> None:
    reading = read_frequency(written)
    assert (reading.value, reading.parts) == (written, {})
    assert reading.doubt
    assert reading.doubt.severity is Severity.WARNING


def test_minutes_may_be_each_sessions_or_all_together() -> None:
    reading = read_frequency("60 min/week, 2 sessions")
    assert reading.parts == {}
    assert reading.doubt
    assert reading.doubt.mend == "Write 2 x 60 min, or 60 min in 2 sessions."


def test_a_wrong_total_is_warned_about() -> None:
    reading = read_frequency("30 min x 5 Times = 160 min Weekly")
    assert reading.parts == said(5, 30, "week")
    assert reading.doubt
    assert (reading.doubt.rule, reading.doubt.severity) == ("frequency-total", Severity.WARNING)
    assert reading.doubt.message == "5 times 30 minutes are 150 minutes, not 160."


def test_a_frequency_without_a_period_is_noted() -> None:
    reading = read_frequency("2 x 30 min")
    assert reading.parts == said(2, 30)
    assert reading.doubt
    assert reading.doubt.severity is Severity.NOTE


@given(
    st.integers(1, 40),
    st.integers(1, 500),
    st.sampled_from(["day", "week", "month", "quarter", "trimester", "semester", "reporting period", "year", "cycle"]),
)
def test_whatever_the_figures_they_are_read(sessions: int, minutes: int, per: str) -> None:
    for written in (
        f"{sessions} x {minutes} min per {per}",
        f"{minutes} min x {sessions} times = {sessions * minutes} min each {per}",
        f"{sessions} times a {per} for {minutes} minutes",
        f"{minutes} minutes, {sessions} sessions every {per}",
    ):
        assert read_frequency(written) == Reading(written, parts=said(sessions, minutes, per))

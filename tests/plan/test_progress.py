"""How a goal goes, worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.plan import Least, in_another_unit, progress_of
from tests.plan.test_scale import LEVELS, result

if TYPE_CHECKING:
    from iepdocs.plan import Progress

START = dt.date(2026, 9, 7)
END = START + dt.timedelta(weeks=30)


def goal(baseline: str = "40", target: str = "100", measure_type: str = "rate", **columns: Any) -> dict[str, Any]:
    """Return a goal that rises by two a week, over thirty weeks."""
    return {
        "measure_type": measure_type,
        "baseline_value": result(baseline) if baseline else None,
        "baseline_date": START,
        "target_value": result(target) if target else None,
        "target_date": END,
        **columns,
    }


def rows(*written: Any, phase: str = "", first: int = 1, days: int = 7) -> list[dict[str, Any]]:
    """Return measurements from the first week after the baseline on, one every so many days."""
    return [
        {"date": START + dt.timedelta(weeks=first, days=number * days), "value": result(str(one)), "phase": phase}
        for number, one in enumerate(written)
    ]


def progress(*written: Any, **columns: Any) -> Progress:
    return progress_of(goal(**columns), rows(*written))


def test_figures_of_a_goal_that_goes_well() -> None:
    found = progress(42, 45, 46, 50, 51, 54, 57, 60)
    assert [one.value for one in found.points] == [42, 45, 46, 50, 51, 54, 57, 60]
    assert found.latest
    assert (found.latest.value, found.latest.day) == (60, START + dt.timedelta(weeks=8))
    assert found.best == found.latest
    assert found.percent == pytest.approx(100 * 20 / 60)
    assert found.aim
    assert found.aim.slope == 2
    assert found.trend
    assert found.trend.slope == pytest.approx(2.5)
    assert found.direction == "increase"
    assert (found.rating, found.rule) == ("on track", "last four points")


@pytest.mark.parametrize(
    ("written", "rating", "rule"),
    [
        ((42, 44, 46, 48, 50, 52), "on track", "last four points"),  # on the line itself
        ((42, 44, 45, 40, 41, 41), "insufficient", "last four points"),
        ((60, 60, 47, 49, 49, 53), "too little data", "too little data"),  # around the line, and too few for a trend
        ((41, 43, 47, 47, 51, 51, 55, 57), "on track", "trend"),
        ((50, 50, 51, 51, 51, 51, 54, 54), "insufficient", "trend"),
        ((50, 55, 60), "too little data", "too little data"),
        ((50,), "too little data", "too little data"),
        ((42, 44, 100), "met", "criterion"),
    ],
)
def test_the_rating_comes_with_its_rule(written: tuple[int, ...], rating: str, rule: str) -> None:
    found = progress(*written)
    assert (found.rating, found.rule) == (rating, rule)


def test_six_points_in_less_than_three_weeks_are_too_few() -> None:
    found = progress_of(goal(), rows(90, 90, 90, 90, 90, 90, days=4))
    assert found.rating == "too little data"
    assert progress_of(goal(), rows(90, 90, 90, 90, 90, 90, days=5)).rating == "on track"


def test_what_must_be_measured_is_a_setting() -> None:
    assert progress_of(goal(), rows(90, 90, 90, 90), least=Least(points=4)).rating == "on track"


@pytest.mark.parametrize("written", [(), ("many",), ("1:30", "2:00")])
def test_without_a_number_there_is_no_rating(written: tuple[str, ...]) -> None:
    found = progress(*written)
    assert (found.rating, found.rule, found.latest, found.trend, found.percent) == (None, None, None, None, None)
    assert in_another_unit(goal(), rows(*written))[1] == list(range(len(written)))


def test_without_a_target_there_are_figures_and_no_rating() -> None:
    found = progress(42, 44, 46, 48, 50, 52, target="")
    assert found.rating is None
    assert found.latest
    assert found.trend


def test_without_a_baseline_there_is_a_trend_and_no_aim_line() -> None:
    found = progress(42, 44, 46, 48, 50, 52, baseline="")
    assert (found.aim, found.percent, found.rating) == (None, None, "too little data")
    assert found.trend
    assert progress(42, 100, baseline="").rating == "met"


def test_a_baseline_without_a_date_is_of_the_plans_start() -> None:
    found = progress_of(goal(baseline_date=None), rows(42, 44), started=START)
    assert found.aim
    assert found.aim.day == START
    assert progress_of(goal(baseline_date=None), rows(42, 44)).aim is None


def test_a_phase_named_baseline_is_the_baseline() -> None:
    before = [{**row, "date": row["date"] - dt.timedelta(weeks=4)} for row in rows(38, 40, 47, phase="Baseline")]
    found = progress_of(goal(baseline="", baseline_date=None), [*before, *rows(42, 44)])
    assert found.baseline
    assert (found.baseline.value, found.baseline.day) == (40, START - dt.timedelta(weeks=1))
    assert len(found.points) == 2


def test_what_was_measured_up_to_the_baselines_day_is_no_point() -> None:
    assert len(progress_of(goal(), rows(30, 40, 42, first=-1)).points) == 1


def test_less_may_be_better() -> None:
    found = progress(19, 18, 16, 15, 13, 12, baseline="20", target="2", measure_type="count")
    assert found.direction == "decrease"
    assert found.best
    assert found.best.value == 12
    assert found.percent == pytest.approx(100 * 8 / 18)
    assert found.rating == "on track"
    assert progress(20, 21, 20, 22, 21, 20, baseline="20", target="2", measure_type="count").rating == "insufficient"


def test_no_count_is_foreseen_below_nothing() -> None:
    found = progress(19, 17, 15, 13, 11, 9, 7, 5, baseline="20", target="2", measure_type="count")
    assert found.projected == 0
    assert found.expected == START + dt.timedelta(weeks=9, days=4)


@pytest.mark.parametrize(
    ("written", "rating"), [((90, 92, 90, 95, 90, 91), "on track"), ((90, 88, 85, 80, 80, 79), "insufficient")]
)
def test_a_goal_may_be_to_keep_a_level(written: tuple[int, ...], rating: str) -> None:
    found = progress(*written, baseline="95", target="90", measure_type="percent", direction="maintain")
    assert (found.rating, found.rule) == (rating, "last four points")
    assert found.expected is None


def test_the_day_is_foreseen_on_which_the_trend_reaches_the_target() -> None:
    found = progress(43, 46, 49, 52, 55, 58, 61, 64)
    assert found.expected == START + dt.timedelta(weeks=20)
    assert found.projected == 130


def test_with_too_little_nothing_is_foreseen() -> None:
    found = progress(43, 46, 49, 52, 55, 58, 61)
    assert (found.expected, found.projected) == (None, None)


def test_a_trend_that_leads_nowhere_has_no_day() -> None:
    assert progress(43, 43, 43, 43, 43, 43, 43, 43).expected is None
    assert progress(60, 58, 56, 54, 52, 50, 48, 46).expected is None
    assert progress(*(43 + 0.001 * week for week in range(8))).expected is None


@pytest.mark.parametrize(
    ("criterion", "written", "is_met"),
    [
        ({}, (99, 100), True),
        ({}, (99, 99), False),
        ({}, (100, 44), False),  # without a criterion the last one counts
        ({"criterion_times": 3}, (100, 90, 100, 90, 90, 100), True),
        ({"criterion_times": 3, "consecutive": True}, (100, 90, 100, 100, 90), False),
        ({"criterion_times": 3, "consecutive": True}, (90, 100, 101, 100), True),
        ({"criterion_times": 3, "consecutive": True}, (90, 100, 101, 100, 80), False),  # and lost since
        ({"criterion_times": 3, "criterion_of": 4}, (100, 90, 100, 100), True),
        ({"criterion_times": 3, "criterion_of": 4}, (100, 90, 90, 100, 100, 90), False),
        ({"criterion_times": 3, "criterion_of": 4, "consecutive": True}, (100, 90, 100, 100), True),
        ({"criterion_times": 3, "criterion_of": 4}, (100, 100, 100), True),  # whatever the fourth is
        ({"criterion_times": 3, "criterion_of": 4}, (100, 100), False),
        ({"criterion_times": 3, "criterion_of": 4}, (100, 100, 100, 50, 50, 50), False),
    ],
)
def test_a_goal_is_met_as_often_as_it_says(criterion: dict[str, Any], written: tuple[int, ...], is_met: bool) -> None:  # noqa: FBT001
    assert (progress(*written, **criterion).rating == "met") is is_met


@pytest.mark.parametrize(
    ("together", "values"),
    [(None, [50]), ("median", [50]), ("mean", [60]), ("last", [90]), ("all", [40, 50, 90])],
)
def test_several_results_of_a_day_count_as_the_goal_says(together: str | None, values: list[float]) -> None:
    day = [{**row, "date": START + dt.timedelta(days=9)} for row in rows(40, 50, 90)]
    assert [one.value for one in progress_of(goal(same_day=together), day).points] == values


def test_results_after_the_end_of_a_period_do_not_count() -> None:
    found = progress_of(goal(), rows(42, 44, 100), until=START + dt.timedelta(weeks=2))
    assert [one.value for one in found.points] == [42, 44]
    assert found.rating == "too little data"


def test_after_the_target_date_a_goal_that_is_not_met_was_not_reached() -> None:
    found = progress_of(goal(), rows(42, 44, 46), until=END + dt.timedelta(days=1))
    assert (found.rating, found.rule) == ("insufficient", "target date")


def test_a_goal_not_introduced_says_so() -> None:
    absent = [{"date": START + dt.timedelta(weeks=1), "not_measured": "not introduced"}]
    assert progress_of(goal(), absent).rating == "not introduced"
    absent[0]["not_measured"] = "absent"
    assert progress_of(goal(), absent).rating is None


def test_correct_and_total_are_a_result() -> None:
    row = {"date": START + dt.timedelta(weeks=1), "correct": 7, "total": 10}
    found = progress_of(goal(baseline="1 of 5", target="4 of 5", measure_type="trials correct"), [row])
    assert [one.value for one in found.points] == [3.5]


def test_the_level_of_prompts_is_a_result() -> None:
    row = {"date": START + dt.timedelta(weeks=1), "prompt_level": "with reminders"}
    found = progress_of(goal("with help", "on own", "prompt level", scale=LEVELS), [row])
    assert [one.value for one in found.points] == [3]
    assert found.percent == 50


def test_the_trend_is_of_the_last_phase_where_it_has_enough() -> None:
    old, new = rows(60, 55, 50, 45, phase="flash cards"), rows(*range(42, 58, 2), phase="repeated reading", first=5)
    found = progress_of(goal(), [*old, *new])
    assert found.changes == ((new[0]["date"], "repeated reading"),)
    assert found.trend
    assert found.trend.slope == 2
    short = progress_of(goal(), [*old, *new[:3]])
    assert short.trend
    assert short.trend.slope < 0


def test_yes_and_no_are_rated_by_the_last_four() -> None:
    columns = {"baseline": "no", "target": "yes", "measure_type": "yes/no", "criterion_times": 9, "criterion_of": 10}
    assert progress("no", "no", "yes", "yes", "yes", "yes", **columns).rating == "on track"
    assert progress("yes", "no", "no", "no", "no", "no", **columns).rating == "insufficient"
    mixed = progress("yes", "no", "no", "yes", "no", "no", "yes", "no", **columns)
    assert (mixed.rating, mixed.projected) == ("too little data", None)


ANY = st.one_of(
    st.integers(-5, 500).map(str), st.sampled_from(["4 of 5", "80 %", "1:30", "yes", "on own", "n/a", "0 of 5"])
)


@given(
    st.lists(st.tuples(st.integers(-10, 400), ANY), max_size=25),
    ANY,
    ANY,
    st.sampled_from(["percent", "trials correct", "count", "rate", "duration", "rubric", "yes/no", "score", None]),
    st.sampled_from(["increase", "decrease", "maintain", None]),
)
def test_whatever_was_measured_there_is_an_answer(
    measured: list[tuple[int, str]], baseline: str, target: str, measure_type: str, direction: str | None
) -> None:
    days = [{"date": START + dt.timedelta(days), "value": result(one)} for days, one in measured]
    found = progress_of(goal(baseline, target, measure_type, direction=direction, scale=LEVELS), days)
    assert len(found.points) <= len(measured)
    assert (found.rating is None) is (found.rule is None)
    for value in (found.projected,):
        most = found.scale.most
        assert value is None or most is None or value <= most

"""Results as teachers write them, as numbers of one scale."""

from __future__ import annotations

from typing import Any

import pytest

from iepdocs.measurement import Measurement
from iepdocs.plan.scale import scale_of
from iepdocs.workbook.results import read_result


def result(text: str) -> Measurement:
    value = read_result(text).value
    assert isinstance(value, Measurement)
    return value


def goal(measure_type: str | None = None, target: str = "", **columns: Any) -> dict[str, Any]:
    return {"measure_type": measure_type, "target_value": result(target) if target else None, **columns}


LEVELS = ["not yet", "with help", "with reminders", "on own"]


@pytest.mark.parametrize(
    ("of", "written", "number"),
    [
        (goal("percent", "80 %"), "70 %", 70),
        (goal("percent", "80 %"), "7 of 10", 70),
        (goal("percent", "80"), "70", 70),
        (goal("percent", "80 %"), "1:30", None),
        (goal("trials correct", "4 of 5"), "3 of 5", 3),
        (goal("trials correct", "4 of 5"), "7 of 10", 3.5),
        (goal("trials correct", "4 of 5"), "60 %", 3),
        (goal("trials correct", "4 of 5"), "+ + - + -", 3),
        (goal("count", "3"), "12", 12),
        (goal("score", "30"), "25 of 40", 25),
        (goal("duration", "20:00"), "12:30", 750),
        (goal("duration", "20:00"), "12", None),  # minutes or seconds?
        (goal("duration", "20", measure_unit="minutes"), "12", 720),
        (goal("duration", "20", measure_unit="minutes"), "12:30", 750),
        (goal("latency", "30"), "45", 45),
        (goal("rubric", "on own", scale=LEVELS), "With Help", 2),
        (goal("rubric", "on own", scale=LEVELS), "3", 3),
        (goal("rubric", "on own", scale=LEVELS), "5", None),
        (goal("rubric", "on own", scale=LEVELS), "alone", None),
        (goal("prompt level", "3"), "2", 2),
        (goal("yes/no", "yes"), "No", 0),
        (goal("yes/no", "yes"), "5 of 5", 1),
        (goal("yes/no", "yes"), "4 of 5", 0),
        (goal("yes/no", "yes"), "perhaps", None),
        (goal(None, "80 %"), "70", 70),
        (goal(None, "4 of 5"), "7 of 10", 3.5),
        (goal(None, "2:00"), "1:30", 90),
        (goal(None, "yes"), "no", 0),
        (goal(None, "on own", scale=LEVELS), "with help", 2),
        (goal(None, "30"), "25", 25),
        (goal("count", "3"), "many", None),
    ],
)
def test_a_result_is_a_number_of_its_goals_scale(of: dict[str, Any], written: str, number: float | None) -> None:
    assert scale_of(of, []).number(result(written)) == number


@pytest.mark.parametrize(
    ("unit", "minutes", "number"),
    [
        ("words per minute", 2, 32),
        ("words per minute", None, 64),
        ("incidents per hour", 20, 192),
        ("", 0, 64),
    ],
)
def test_a_rate_is_reckoned_by_the_time_observed(unit: str, minutes: float | None, number: float) -> None:
    assert scale_of(goal("rate", "90", measure_unit=unit), []).number(result("64"), minutes) == number


def test_the_number_of_trials_is_the_targets_else_that_of_the_first_result() -> None:
    assert scale_of(goal("trials correct", "8 of 10"), [result("3 of 5")]).total == 10
    assert scale_of(goal("trials correct", "8"), [result("3 of 10")]).total == 10
    assert scale_of(goal("trials correct", "8"), [result("3")]).total is None


@pytest.mark.parametrize(
    ("of", "bounds"),
    [
        (goal("percent", "80"), (0, 100)),
        (goal("trials correct", "4 of 5"), (0, 5)),
        (goal("rubric", "on own", scale=LEVELS), (1, 4)),
        (goal("count", "3"), (0, None)),
        (goal("rate", "3"), (0, None)),
        (goal("score", "3"), (None, None)),
        (goal("latency", "30"), (0, None)),
    ],
)
def test_a_scale_has_bounds(of: dict[str, Any], bounds: tuple[float | None, float | None]) -> None:
    scale = scale_of(of, [])
    assert (scale.least, scale.most) == bounds

"""How a goal goes: from its measurements to figures, a trend and a rating, each with the rule that gave it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Literal

from iepdocs.measurement import Measurement
from iepdocs.plan.scale import Scale, scale_of
from iepdocs.plan.trend import Line, between, least_squares, theil_sen
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Rating = Literal["met", "on track", "insufficient", "too little data", "not introduced"]
Rule = Literal["criterion", "last four points", "trend", "target date", "too little data", "no line", "not introduced"]
Direction = Literal["increase", "decrease", "maintain", "maintain at most"]

LAST_POINTS = 4
KEPT = ("maintain", "maintain at most")
"""The directions of goals that are to stay where they are."""
_LOW = ("decrease", "maintain at most")
_BASELINE = "baseline"
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Point:
    """A result on the goal's scale: its day, its value, and the phase of teaching in which it was measured."""

    day: dt.date
    value: float
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Least:
    """How much must be measured before a rule says anything, after the baseline.

    The figures are those of the National Center on Response to Intervention, Progress Monitoring Brief #3: Making
    Instructional Decisions (2013): six points over three weeks for the last four points, eight over four weeks for the
    trend.
    """

    points: int = 6
    weeks: float = 3
    trend_points: int = 8
    trend_weeks: float = 4


class Course:
    """Where some points go: lines through them, each reckoned when it is first asked for.

    Args:
        points: days and values, in the order of days.
        suffices: whether they are enough to look ahead.
    """

    def __init__(self, points: Sequence[tuple[dt.date, float]], *, suffices: bool) -> None:
        self._points = points
        self.suffices = suffices

    @cached_property
    def trend(self) -> Line | None:
        """The Theil-Sen line; None if all points are of one day."""
        return theil_sen(self._points)

    @cached_property
    def least_squares(self) -> Line | None:
        """The line of least squares; None if all points are of one day."""
        return least_squares(self._points)

    def on(self, day: dt.date | None, scale: Scale) -> float | None:
        """Return the value of the trend on a day, within what is possible; None if there are too few points."""
        return _within(self.trend.at(day), scale) if self.suffices and day and self.trend else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How a goal or objective goes, as far as its numbers tell.

    Attributes:
        scale: what the numbers mean.
        direction: whether they should rise, fall, or stay where they are, at least or at most.
        points: what counts of the results after the baseline, by day.
        baseline: the value from which the goal starts, and its day.
        target: the value that meets the goal.
        target_date: the day by which it should.
        latest: the last point.
        best: the best point.
        percent: how much of the way from the baseline to the target the last point has gone, in percent; None of a goal
            that is to stay where it is.
        aim: the line from the baseline to the target.
        course: where the points go since the last change of phase, if they suffice, else all of them; None where there
            are too few for any rule.
        changes: the days on which a phase of teaching begins, and its name.
        changed: the day from which an amendment has changed the goal, if one has.
        rating: how it goes; None where the goal has no numbers to go by.
        is_reached: whether the last point is as good as the target.
        met_on: the day on which the criterion was met first, if the last points do not keep it.
        rule: the rule that gave the rating.
        times: how often the target must be reached, of how many measurements; the second None for any.
    """

    scale: Scale
    direction: Direction
    points: tuple[Point, ...] = ()
    baseline: Point | None = None
    target: float | None = None
    target_date: dt.date | None = None
    latest: Point | None = None
    best: Point | None = None
    percent: float | None = None
    aim: Line | None = None
    course: Course | None = None
    changes: tuple[tuple[dt.date, str], ...] = ()
    changed: dt.date | None = None
    rating: Rating | None = None
    rule: Rule | None = None
    is_reached: bool = False
    times: tuple[int, int | None] = (1, None)
    met_on: dt.date | None = None

    @property
    def trend(self) -> Line | None:
        """The Theil-Sen line of the course."""
        return self.course.trend if self.course else None

    @property
    def least_squares(self) -> Line | None:
        """The line of least squares of the same points."""
        return self.course.least_squares if self.course and self.course.trend else None

    @property
    def projected(self) -> float | None:
        """The value of the trend on the target date, within what is possible; None if too little is measured."""
        return self.course.on(self.target_date, self.scale) if self.course else None

    @property
    def expected(self) -> dt.date | None:
        """The day on which the trend reaches the target; None if it does not, or too little is measured."""
        line = self.course.trend if self.course and self.course.suffices else None
        return _expected(line, self.target, self.direction, self.points) if line else None

    @property
    def is_sufficient(self) -> bool | None:
        """Whether it is enough to reach the goal in time (34 CFR 300.320(a)(3)); None if that cannot be said."""
        answers = {"met": True, "on track": True, "insufficient": False}
        return answers.get(self.rating or "")


def progress_of(
    goal: Mapping[str, Any],
    measurements: Iterable[Mapping[str, Any]],
    *,
    started: dt.date | None = None,
    until: dt.date | None = None,
    changed: dt.date | None = None,
    least: Least | None = None,
) -> Progress:
    """Work out how a goal or objective goes.

    Args:
        goal: its columns, as on the sheets Goals and Objectives.
        measurements: the columns of its rows of Progress, in the order in which they stand.
        started: the start of its plan, which stands for a baseline date that is not given.
        until: the last day that counts, such as the end of a reporting period.
        changed: the day from which an amendment has changed the goal, if one has.
        least: how much must be measured before a rule says anything.
    """
    least = least or Least()
    rows = [row for row in measurements if _counts(row, until)]
    results = [_result(row) for row in rows]
    scale = scale_of(goal, results)
    every = _points(goal, rows, results, scale)
    target = scale.number(goal.get("target_value"))
    baseline = _baseline(goal, every, scale, started)
    points = tuple(one for one in every if not _is_baseline(one, baseline, goal))
    direction = _direction(goal, baseline, target)
    target_date = goal.get("target_date")
    aim = _aim(baseline, target, target_date, scale)
    recent = _recent(points, least)
    suffices = _spans(recent, least.trend_points, least.trend_weeks) and scale.kind != "yes/no"
    course = Course(recent, suffices=suffices) if _spans(recent, least.points, least.weeks) else None
    gainsaid = _is_gainsaid(baseline, target, direction)
    met_on, is_kept = (None, False) if gainsaid else _met(points, goal, target, direction)
    rating, rule = (
        (None, None)
        if gainsaid
        else ("met", "criterion")
        if is_kept
        else _rated(rows, points, aim, goal, direction, target, course, scale, until, least)
    )
    latest = points[-1] if points else None
    return Progress(
        scale=scale,
        direction=direction,
        points=points,
        baseline=baseline,
        target=target,
        target_date=target_date,
        latest=latest,
        best=_best(points, direction),
        percent=None if direction in KEPT else _percent(baseline, target, latest),
        aim=aim,
        course=course,
        changes=tuple(_changes(every)),
        changed=changed,
        rating=rating,
        rule=rule,
        is_reached=bool(latest and target is not None and not gainsaid and _reaches(latest.value, target, direction)),
        times=_times(goal),
        met_on=None if is_kept else met_on,
    )


def _counts(row: Mapping[str, Any], until: dt.date | None) -> bool:
    day = row.get("date")
    return isinstance(day, dt.date) and (until is None or day <= until)


def _result(row: Mapping[str, Any]) -> Measurement | None:
    """Return what was measured: the value, else how many were correct of how many, else the level of prompts."""
    value = row.get("value")
    if isinstance(value, Measurement):
        return value
    correct, total = row.get("correct"), row.get("total")
    if isinstance(correct, int | float):
        number, of = float(correct), float(total) if total else None
        return Measurement(f"{correct}", number, of, "trials" if of else "")
    level = row.get("prompt_level")
    return Measurement(str(level)) if level and not row.get("not_measured") else None


def in_another_unit(goal: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> tuple[Scale, list[int]]:
    """Return a goal's scale, and which of its measurements, counted from 0, are no numbers on it."""
    results = [(row, _result(row)) for row in rows]
    scale = scale_of(goal, [result for _, result in results])
    odd = [
        number
        for number, (row, result) in enumerate(results)
        if result is not None and scale.number(result, row.get("observation_minutes")) is None
    ]
    return scale, odd


def _points(
    goal: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], results: Sequence[Measurement | None], scale: Scale
) -> list[Point]:
    """Return the points, those of one day put together as the goal says."""
    days: dict[dt.date, list[Point]] = defaultdict(list)
    for row, result in zip(rows, results, strict=True):
        value = scale.number(result, row.get("observation_minutes"))
        if value is not None:
            days[row["date"]].append(Point(row["date"], value, row.get("phase") or ""))
    together = goal.get("same_day") or "median"
    return [one for day in sorted(days) for one in _of_a_day(days[day], together)]


def _of_a_day(points: list[Point], together: str) -> list[Point]:
    if together == "all" or len(points) == 1:
        return points
    values = [one.value for one in points]
    value = values[-1] if together == "last" else fmean(values) if together == "mean" else median(values)
    return [Point(points[0].day, value, points[-1].phase)]


def _baseline(goal: Mapping[str, Any], points: list[Point], scale: Scale, started: dt.date | None) -> Point | None:
    """Return the baseline: the goal's, else the median of what was measured in a phase of that name."""
    before = [one for one in points if _is_of_baseline(one)]
    day = goal.get("baseline_date") or (before[-1].day if before else started)
    value = scale.number(goal.get("baseline_value"))
    if value is None and before:
        value = median(one.value for one in before)
    return Point(day, value, _BASELINE) if value is not None and day else None


def _is_baseline(point: Point, baseline: Point | None, goal: Mapping[str, Any]) -> bool:
    is_before = bool(baseline and goal.get("baseline_date") and point.day <= baseline.day)
    return is_before or _is_of_baseline(point)


def _is_of_baseline(point: Point) -> bool:
    return point.phase != "" and fold(point.phase) == _BASELINE


def _direction(goal: Mapping[str, Any], baseline: Point | None, target: float | None) -> Direction:
    if goal.get("direction"):
        direction: Direction = goal["direction"]
        return direction
    if baseline is None or target is None or baseline.value < target:
        return "increase"
    return "decrease" if baseline.value > target else "maintain"


def _aim(baseline: Point | None, target: float | None, day: dt.date | None, scale: Scale) -> Line | None:
    """Return the aim line; of yes and no it is level, since nothing lies between them."""
    if baseline is None or target is None or day is None or day <= baseline.day:
        return None
    if scale.kind == "yes/no":
        return Line(baseline.day, target, 0.0)
    return between((baseline.day, baseline.value), (day, target))


def _recent(points: tuple[Point, ...], least: Least) -> list[tuple[dt.date, float]]:
    """Return the points of the trend: those since the last change of phase, if they suffice for one, else all."""
    every = [(one.day, one.value) for one in points]
    phases = [one.phase and fold(one.phase) for one in points]
    first = len(points)
    while first and phases[first - 1] == phases[-1]:
        first -= 1
    last = every[first:]
    return last if _spans(last, least.trend_points, least.trend_weeks) else every


def _spans(points: Sequence[tuple[dt.date, float]], least: int, weeks: float) -> bool:
    return len(points) >= least and (points[-1][0] - points[0][0]).days >= weeks * _WEEK


def _within(value: float, scale: Scale) -> float:
    low, high = scale.least, scale.most
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def _best(points: tuple[Point, ...], direction: Direction) -> Point | None:
    if not points:
        return None
    if direction in _LOW:
        return min(points, key=lambda one: one.value)
    return max(points, key=lambda one: one.value)


def _percent(baseline: Point | None, target: float | None, latest: Point | None) -> float | None:
    if baseline is None or target is None or latest is None or target == baseline.value:
        return None
    return 100 * (latest.value - baseline.value) / (target - baseline.value)


def _expected(trend: Line, target: float | None, direction: Direction, points: tuple[Point, ...]) -> dt.date | None:
    """Return the day on which the trend reaches the target, if it goes there and has not passed it."""
    rises = trend.slope > 0 if direction == "increase" else trend.slope < 0
    if target is None or direction in KEPT or not rises:
        return None
    days = trend.days_to(target)
    if days is None or not days < _FARTHEST:
        return None
    day = trend.day + dt.timedelta(days=round(days))
    return day if day > points[-1].day else None


_FARTHEST = 3 * 365
"""Nobody foresees more days than that."""


def _changes(points: list[Point]) -> Iterable[tuple[dt.date, str]]:
    for before, point in pairwise(points):
        if point.phase and fold(point.phase) != fold(before.phase):
            yield point.day, point.phase


def _times(goal: Mapping[str, Any]) -> tuple[int, int | None]:
    """Return how often the target must be reached, and of how many measurements that follow one another.

    `3 of 4` are three of four that follow one another, whether or not the goal says so: of any four it would be of no
    meaning. Three that must be consecutive, of no number, are three of three.
    """
    times, of = goal.get("criterion_times") or 1, goal.get("criterion_of")
    if of and of >= times:
        return times, of
    return times, times if goal.get("consecutive") else None


def _rated(
    rows: Sequence[Mapping[str, Any]],
    points: tuple[Point, ...],
    aim: Line | None,
    goal: Mapping[str, Any],
    direction: Direction,
    target: float | None,
    course: Course | None,
    scale: Scale,
    until: dt.date | None,
    least: Least,
) -> tuple[Rating | None, Rule | None]:
    if not points:
        reasons = {row.get("not_measured") for row in rows}
        return ("not introduced", "not introduced") if reasons == {"not introduced"} else (None, None)
    if target is None:
        return None, None
    target_date = goal.get("target_date")
    if target_date and until and until > target_date and points[-1].day <= target_date:
        return "insufficient", "target date"
    if not _spans([(one.day, one.value) for one in points], least.points, least.weeks):
        return "too little data", "too little data"
    line = Line(points[0].day, target, 0.0) if direction in KEPT else aim
    if line is None:
        return "too little data", "no line"
    last = [_reaches(one.value, line.at(one.day), direction) for one in points[-LAST_POINTS:]]
    if all(last) or not any(last):
        return ("on track" if last[0] else "insufficient"), "last four points"
    projected = course.on(target_date, scale) if course else None
    if projected is not None:
        return ("on track" if _reaches(projected, target, direction) else "insufficient"), "trend"
    return "too little data", "too little data"


def _is_gainsaid(baseline: Point | None, target: float | None, direction: Direction) -> bool:
    """Tell whether the target lies on the other side of the baseline than the numbers are to go."""
    if baseline is None or target is None or direction in KEPT:
        return False
    return baseline.value > target if direction == "increase" else baseline.value < target


def _reaches(value: float, target: float, direction: Direction) -> bool:
    """Tell whether a value is as good as another, but for what numbers lose in reckoning."""
    slack = 1e-9 * max(1.0, abs(target))
    return value <= target + slack if direction in _LOW else value >= target - slack


def _met(
    points: Sequence[Point], goal: Mapping[str, Any], target: float | None, direction: Direction
) -> tuple[dt.date | None, bool]:
    """Return the day on which the criterion of a goal was met first, and whether the last points keep it.

    Of a goal that says no criterion it is the last point that counts; times that need not follow one another stay. One
    that is to stay where it is is never met before its time.
    """
    if target is None or direction in KEPT or not points:
        return None, False
    hits = [_reaches(one.value, target, direction) for one in points]
    least, of = _times(goal)
    if not goal.get("criterion_times") and not goal.get("criterion_of"):
        return None, hits[-1]
    windows = (hits[: last + 1] if of is None else hits[max(last + 1 - of, 0) : last + 1] for last in range(len(hits)))
    met = [sum(window) >= least for window in windows]
    first = next((point.day for point, is_met in zip(points, met, strict=True) if is_met), None)
    return first, met[-1]

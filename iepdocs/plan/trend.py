"""Straight lines through measurements in time."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_DAYS = 7
_MOST_POINTS = 1000
"""Of more, the last so many count: half a million slopes lie between them already."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line in time.

    Attributes:
        day: the day from which it is reckoned.
        start: its value on that day.
        slope: by how much it rises in a week.
    """

    day: dt.date
    start: float
    slope: float

    def at(self, day: dt.date) -> float:
        """Return its value on a day."""
        return self.start + self.slope * (day - self.day).days / _DAYS

    def days_to(self, value: float) -> float | None:
        """Return after how many days from its first one it has a value; None if it never rises or falls."""
        return (value - self.start) / self.slope * _DAYS if self.slope else None


def between(first: tuple[dt.date, float], last: tuple[dt.date, float]) -> Line | None:
    """Return the line through two points; None if they are of one day."""
    (day, start), (end, value) = first, last
    days = (end - day).days
    return Line(day, start, (value - start) / days * _DAYS) if days else None


def theil_sen(points: Sequence[tuple[dt.date, float]]) -> Line | None:
    """Return the Theil-Sen line: the median of the slopes between all points of different days, through the medians.

    It hardly heeds single odd results (Theil 1950; Sen, Journal of the American Statistical Association 63, 1968).
    None if all points are of one day.

    Args:
        points: days and values, in the order of days.
    """
    points = points[-_MOST_POINTS:]
    if not points:
        return None
    first = points[0][0]
    after = [((day - first).days, value) for day, value in points]
    slopes = [
        (late - early) / (later - day)
        for index, (day, early) in enumerate(after, 1)
        for later, late in after[index:]
        if later != day
    ]
    if not slopes:
        return None
    slope = median(slopes)
    middle = median(days for days, _ in after)
    return Line(first, median(value for _, value in points) - slope * middle, slope * _DAYS)


def least_squares(points: Sequence[tuple[dt.date, float]]) -> Line | None:
    """Return the line of least squares; None if all points are of one day.

    Args:
        points: days and values.
    """
    if len({day for day, _ in points}) <= 1:
        return None
    first = points[0][0]
    days = [(day - first).days for day, _ in points]
    mean, mean_day = fmean(value for _, value in points), fmean(days)
    above = sum((day - mean_day) * (value - mean) for day, (_, value) in zip(days, points, strict=True))
    slope = above / sum((day - mean_day) ** 2 for day in days)
    return Line(first, mean - slope * mean_day, slope * _DAYS)

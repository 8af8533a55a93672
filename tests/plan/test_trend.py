"""Lines through measurements, held against scipy's."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from iepdocs.plan.trend import between, least_squares, theil_sen

DAY = dt.date(2026, 9, 1)
POINTS = st.lists(st.tuples(st.integers(0, 300), st.floats(-1000, 1000)), min_size=2, max_size=40).map(
    lambda points: [(DAY + dt.timedelta(days), value) for days, value in sorted(points)]
)


def weekly(*values: float) -> list[tuple[dt.date, float]]:
    return [(DAY + dt.timedelta(weeks=week), value) for week, value in enumerate(values)]


def days_of(points: list[tuple[dt.date, float]]) -> list[int]:
    return [(day - points[0][0]).days for day, _ in points]


@given(POINTS)
def test_the_theil_sen_line_is_scipys(points: list[tuple[dt.date, float]]) -> None:
    line = theil_sen(points)
    if len({day for day, _ in points}) == 1:
        assert line is None
        return
    assert line
    expected = stats.theilslopes([value for _, value in points], days_of(points), method="separate")
    assert line.slope == pytest.approx(expected.slope * 7)
    assert line.start == pytest.approx(expected.intercept, abs=1e-6)


@given(POINTS)
def test_the_line_of_least_squares_is_scipys(points: list[tuple[dt.date, float]]) -> None:
    line = least_squares(points)
    if len({day for day, _ in points}) == 1:
        assert line is None
        return
    assert line
    expected = stats.linregress(days_of(points), [value for _, value in points])
    assert line.slope == pytest.approx(expected.slope * 7, abs=1e-6)
    assert line.start == pytest.approx(expected.intercept, abs=1e-4)


def test_one_odd_result_hardly_moves_the_theil_sen_line() -> None:
    points = weekly(10, 12, 14, 16, 18, 20, 22, 90)
    theil, least = theil_sen(points), least_squares(points)
    assert theil
    assert least
    assert theil.slope == 2
    assert least.slope > 6


def test_a_line_tells_its_value_on_a_day_and_when_it_has_one() -> None:
    line = between((DAY, 40), (DAY + dt.timedelta(weeks=10), 90))
    assert line
    assert line.slope == 5
    assert line.at(DAY + dt.timedelta(weeks=4)) == 60
    assert line.days_to(75) == 49


def test_there_is_no_line_through_one_day() -> None:
    assert between((DAY, 40), (DAY, 90)) is None
    assert theil_sen([]) is None
    assert least_squares([(DAY, 1), (DAY, 2)]) is None


def test_a_level_line_never_has_another_value() -> None:
    line = theil_sen(weekly(5, 5, 5))
    assert line
    assert line.days_to(6) is None


def test_of_very_many_points_the_last_count() -> None:
    old = [(DAY, 100.0)] * 5000
    line = theil_sen([*old, *[(day + dt.timedelta(days=1), value) for day, value in weekly(*range(1000))]])
    assert line
    assert line.slope == 1

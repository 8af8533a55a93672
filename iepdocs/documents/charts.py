"""The chart of a goal: its results, the line to the target, the trend and the phases of teaching."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from iepdocs.docx import Axis, Chart, Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iepdocs.plan import Progress
    from iepdocs.plan.trend import Line as Trend

_LONGEST = 45
_LONGEST_PHASE = 24
_MOST_PHASES = 100
"""Of more phases the last ones are shown: Word draws no more than 255 lines."""
_DAY = 86_400
"""The seconds of a day: Excel's lengths of time are parts of one."""
_TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
_STEPS = (1, 2, 5, 10)
_LINES = 5
"""About so many lines across the chart are easy to read."""
_HIGH = 0.7
"""Where the lowest result is higher than that part of the highest, the axis does not begin at 0."""


def chart_of(progress: Progress, names: Mapping[str, str], *, is_english: bool) -> Chart | None:
    """Return the chart of a goal; None where nothing has been measured.

    Args:
        progress: how the goal goes.
        names: the words of the document's language: `text`, the chart in words; `results`, `aim`, `trend` and
            `changed`, what the lines are called; `unit`, what is measured.
        is_english: whether days print with the month first.
    """
    if not progress.points:
        return None
    axis = _axis(progress, _short(names["unit"]))
    part = _DAY if progress.scale.kind == "seconds" else 1
    lines = [Line(names["results"], "data", tuple((one.day, one.value / part) for one in progress.points))]
    if progress.aim and progress.target_date:
        ends = (progress.aim.day, progress.target_date)
        lines.append(Line(names["aim"], "aim", tuple((day, progress.aim.at(day) / part) for day in ends)))
    if progress.trend:
        first, last = _ends(progress, progress.trend, axis, part)
        lines.append(
            Line(names["trend"], "trend", tuple((day, progress.trend.at(day) / part) for day in (first, last)))
        )
    if progress.changed:
        lines.append(Line(names["changed"], "phase", ((progress.changed, axis.least), (progress.changed, axis.most))))
    lines += [Line(name, "phase", ((day, axis.least), (day, axis.most))) for day, name in phases_of(progress)]
    return Chart(names["text"], tuple(lines), axis, "m/d" if is_english else "d/m")


def phases_of(progress: Progress) -> list[tuple[dt.date, str]]:
    """Return the days on which a phase of teaching begins, and as much of its name as there is room for in a chart."""
    return [(day, _short(name, _LONGEST_PHASE)) for day, name in progress.changes[-_MOST_PHASES:]]


def _short(text: str, longest: int = _LONGEST) -> str:
    """Return a text as long as there is room for beside a chart."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _ends(progress: Progress, trend: Trend, axis: Axis, part: int) -> tuple[dt.date, dt.date]:
    """Return from when to when the trend is drawn: foreseen only where it can be, and no farther than the axis goes."""
    last = progress.points[-1].day
    if progress.projected is None or not progress.target_date or progress.target_date <= last:
        return trend.day, last
    days = [(progress.target_date - trend.day).days]
    for bound in (axis.least, axis.most):
        reached = trend.days_to(bound * part)
        if reached is not None and reached > (last - trend.day).days:
            days.append(math.floor(reached))
    return trend.day, max(last, trend.day + dt.timedelta(days=min(days)))


def _axis(progress: Progress, unit: str) -> Axis:
    scale = progress.scale
    points = [*progress.points, *([progress.baseline] if progress.baseline else [])]
    values = [*(one.value for one in points), *([progress.target] if progress.target is not None else [])]
    if scale.kind in ("levels", "yes/no"):
        return Axis(scale.least or 0.0, scale.most or 1.0, 1.0, unit, "0")
    low, high = min(values), max(values)
    low = low if low < 0 or low > _HIGH * high else 0.0
    if scale.kind == "seconds":
        step = float(next((one for one in _TIMES if (high - low) / one <= _LINES), _TIMES[-1]))
        least, most = _rounded(low, high, step)
        return Axis(least / _DAY, most / _DAY, step / _DAY, unit, "[m]:ss")
    step = _step(high - low)
    least, most = _rounded(low, high, step)
    return Axis(least, min(most, scale.most) if scale.most and scale.most >= high else most, step, unit)


def _step(span: float) -> float:
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / _LINES))
    return next(one * power for one in _STEPS if one * power * _LINES >= span * (1 - 1e-9))


def _rounded(low: float, high: float, step: float) -> tuple[float, float]:
    least = math.floor(low / step) * step
    return least, max(math.ceil(high / step) * step, least + step)

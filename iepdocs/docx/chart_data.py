"""The data of a chart in the series and axes of one that a district drew: where each number goes, and what fits it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iepdocs.docx.charts import Column, columns_of_line, days_apart, numbers, serial, series_name
from iepdocs.docx.wordml import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iepdocs.docx.charts import Chart, Line

_MOST_STEPS = 25
"""An axis with more lines than that has them too close together."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]')


@dataclass(slots=True)
class Series:
    """A series of the template.

    Attributes:
        number: its number among all, as they are written.
        order: where it stands among them.
        name: what it is called.
        by_date: whether each of its points has a day of its own, as in a scatter chart.
        phases: whether it is drawn upright, all on one day.
        formats: the formats of its days and of its values.
        group: the number of the group that it is in: the lines, or the columns.
    """

    number: int
    order: int
    name: str
    by_date: bool
    phases: bool
    formats: tuple[str, str]
    group: int


@dataclass(slots=True)
class Axis:
    """An axis of the template, with what is written there that may not suit other data.

    Attributes:
        number: its number among all.
        days: whether it is one of days.
        number_format: the format of its labels.
        linked: whether that follows the format of the data, as XML has it.
        bounds: its `min`, `max` and `majorUnit`, where they do not follow from the data.
    """

    number: int
    days: bool
    number_format: str
    linked: str
    bounds: dict[str, float] = field(default_factory=dict)


def columns_of(given: Sequence[tuple[Series, Line]], chart: Chart) -> tuple[list[Column], dict[str, str]]:
    """Return the columns of the workbook, and the XML of the names and numbers of the series, by their signs.

    Args:
        given: the series, each with the line that it shows.
        chart: what they are of.
    """
    put: dict[str, str] = {}
    columns: list[Column] = []
    days, rows = _rows([line for series, line in given if not series.by_date])
    if rows:
        columns.append(Column("", days, dates=True))
    for series, line in given:
        x_format, y_format = series.formats
        x_format = x_format if _fits(x_format, chart.date_format) else chart.date_format
        y_format = y_format if _fits(y_format, chart.axis.number_format) else chart.axis.number_format
        if series.by_date:
            columns.extend(columns_of_line(line))
            x_name, y_name, x_column = "xVal", "yVal", len(columns) - 2
        else:
            columns.append(Column(line.name, rows.pop(0)))
            x_name, y_name, x_column = "cat", "val", 0
        y_column = len(columns) - 1
        put[f"tx{series.number}"] = series_name(line.name, y_column)
        put[f"values{series.number}"] = (
            f"<c:{x_name}>{numbers(x_column, columns[x_column].values, x_format)}</c:{x_name}>"
            f"<c:{y_name}>{numbers(y_column, columns[y_column].values, y_format)}</c:{y_name}>"
        )
    return columns, put


def _rows(lines: Sequence[Line]) -> tuple[list[int], list[list[float | None]]]:
    """Return the days on which any of some lines has a point, and the values of each line on these.

    What is measured twice in a day has two places; a line that is straight has values all the way.
    """
    at: list[dict[tuple[int, int], float]] = []
    for line in lines:
        own: dict[tuple[int, int], float] = {}
        seen: dict[int, int] = {}
        for day, value in line.points:
            number = serial(day)
            own[number, seen.setdefault(number, 0)] = value
            seen[number] += 1
        at.append(own)
    keys = sorted({key for own in at for key in own})
    values = [
        [own.get(key) for key in keys] if line.look == "data" else _straight(own, [day for day, _ in keys])
        for line, own in zip(lines, at, strict=True)
    ]
    return [day for day, _ in keys], values


def _straight(points: Mapping[tuple[int, int], float], days: Sequence[int]) -> list[float | None]:
    """Return the values on some days, in order, of what is straight from point to point; None before and after it."""
    known = sorted((day, value) for (day, _), value in points.items())
    found: list[float | None] = []
    at = 0
    for day in days:
        while at + 1 < len(known) and known[at + 1][0] <= day:
            at += 1
        (first, low), (last, high) = known[at], known[min(at + 1, len(known) - 1)]
        if day == first:
            found.append(low)
        elif first < day < last:
            found.append(low + (high - low) * (day - first) / (last - first))
        else:
            found.append(None)
    return found


def blanks(own: str, columns: Sequence[Column]) -> str:
    """Return how blank cells are shown: none as 0, and those amid what was measured do not break its line."""
    blank = [[value is None for value in column.values] for column in columns]
    amid = any("T" in "".join("T" if one else "F" for one in column).strip("T") for column in blank)
    return "span" if any(map(any, blank)) and (amid or own == "zero") else own


def _fits(own: str, wanted: str) -> bool:
    """Tell whether a number format of the template is of the sort that other data need."""
    return bool(own) and _sort(own) == _sort(wanted)


def _sort(number_format: str) -> str:
    bare = _QUOTED.sub("", number_format.replace("General", "0")).casefold()
    return "%" if "%" in bare else "date" if re.search("[dmyhs]", bare) else "number"


def fitted(axis: Axis, chart: Chart, lines: Sequence[Line]) -> dict[str, str]:
    """Return what stands in an axis for its format and bounds: the template's own, as long as they suit the data."""
    wanted = chart.date_format if axis.days else chart.axis.number_format
    number_format = axis.number_format if _fits(axis.number_format, wanted) else wanted
    written = f"<c:numFmt formatCode={quoted(number_format)} sourceLinked={quoted(axis.linked)}/>"
    put = {f"format{axis.number}": written}
    points = [
        serial(day) if axis.days else value
        for line in lines
        for day, value in line.points
        if axis.days or line.look != "phase"  # which goes as high as there is room
    ]
    bounds = dict(axis.bounds)
    if points:
        values = sorted(points)
        low, high = values[0], max(values[-1], values[0] + 1) if axis.days else values[-1]
        least, most = (low, high) if axis.days else (min(low, chart.axis.least), max(high, chart.axis.most))
        apart = high < bounds.get("min", high) or low > bounds.get("max", low)
        if "min" in bounds and (apart or low < bounds["min"]):
            bounds["min"] = least
        if "max" in bounds and (apart or high > bounds["max"]):
            bounds["max"] = most
        span = bounds.get("max", most) - bounds.get("min", least)
        if span > bounds.get("majorUnit", span) * _MOST_STEPS:
            bounds["majorUnit"] = days_apart(int(span)) if axis.days else chart.axis.step
    return put | {f"{name}{axis.number}": f'<c:{name} val="{value!r}"/>' for name, value in bounds.items()}

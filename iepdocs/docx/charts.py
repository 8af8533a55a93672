"""Charts of measurements in time, as Word's own: DrawingML with the data in a workbook inside, for 'Edit data'."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Literal

from iepdocs.docx.package import Package, entries_of
from iepdocs.docx.wordml import NOT_XML, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Look = Literal["data", "aim", "trend", "phase"]
HEIGHT = 1_371_600
"""The height of a chart, in EMU, where nothing else is asked for: an inch and a half."""
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = dt.date(1899, 12, 30)
"""The day from which Excel counts."""
_INK, _GREY, _LIGHT = "1F3864", "595959", "D9D9D9"
_LINES = {
    "data": f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></a:ln>',
    "aim": f'<a:ln w="19050"><a:solidFill><a:srgbClr val="{_GREY}"/></a:solidFill><a:prstDash val="dash"/></a:ln>',
    "trend": f'<a:ln w="28575"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></a:ln>',
    "phase": f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{_GREY}"/></a:solidFill><a:prstDash val="sysDot"/></a:ln>',
}
"""How each kind of line is drawn: told apart by dashes, width and markers, in black and white too."""
_MARKER = (
    '<c:marker><c:symbol val="circle"/><c:size val="6"/><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
    f'<a:ln w="15875"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></a:ln></c:spPr></c:marker>'
)
_NO_MARKER = '<c:marker><c:symbol val="none"/></c:marker>'
_SMALL = (
    '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}"/></a:pPr>'
    '<a:endParaRPr lang="en-US"/></a:p></c:txPr>'
)
_ON_ONE_LINE = _SMALL.format(size=800).replace("<a:bodyPr/>", '<a:bodyPr wrap="none"/>')
_AXIS_LINE = f'<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="{_GREY}"/></a:solidFill></a:ln></c:spPr>'
_GRID = (
    f'<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{_LIGHT}"/></a:solidFill></a:ln></c:spPr>'
    "</c:majorGridlines>"
)
_OF_THE_WIDTH = ((b"pgSz", b"w"), (b"pgMar", b"left"), (b"pgMar", b"right"))
_USUAL_WIDTH = (12240, 1440, 1440)
_LEAST_WIDTH = 1440
_TWENTIETH = 635
"""EMU in a twentieth of a point, in which Word gives the sizes of pages."""
_DAYS_APART = (1, 2, 7, 14, 28, 56, 91, 182, 364)
_MOST_LABELS, _FEWER_LABELS = 10, 6
_NARROW = 4 * 914_400
"""A chart narrower than four inches has its legend below."""
_USUAL_ROOM = 6 * 914_400
"""About as wide is a chart of which nothing else is said."""
_OF_THE_PLOT = {True: 0.75, False: 0.65}
"""How much of a chart's width its lines have: where the legend is below, and where it is beside them."""
_LETTER = 55_000
"""About the width of a letter in a label, in EMU."""
_MOST_POINTS = 2000
_CREATED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart: its name in the legend, how it looks, and its points, days and values."""

    name: str
    look: Look
    points: tuple[tuple[dt.date, float], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis of values: from where to where, how far apart its lines are, its title, and Excel's number format."""

    least: float
    most: float
    step: float
    title: str = ""
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of measurements in time.

    Attributes:
        text: the same in words, for who cannot see it.
        lines: what it shows.
        axis: the axis of values.
        date_format: how days print on their axis, as Excel writes formats.
        width: its width in EMU; None for the width of the text.
        height: its height in EMU; None for an inch and a half.
    """

    text: str
    lines: tuple[Line, ...]
    axis: Axis
    date_format: str = "m/d"
    width: int | None = None
    height: int | None = None

    def __str__(self) -> str:
        """Return the same in words."""
        return self.text


NOTHING = Chart("", (), Axis(0.0, 1.0, 1.0))
"""A chart that shows nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook in a chart: its header, and its numbers; None for a blank cell."""

    header: str
    values: Sequence[float | None]
    dates: bool = False


@dataclass(slots=True)
class Drawn:
    """The parts of one chart, by their names in the package."""

    name: str
    parts: dict[str, bytes] = field(default_factory=dict)


def drawn(chart: Chart, name: str) -> Drawn:
    """Return the parts of a chart: its DrawingML, the workbook inside, and what relates them.

    Args:
        chart: what it shows.
        name: the name of the chart's parts, of its own in the document.
    """
    lines = shown(chart.lines)
    rels = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_R}/package" '
        f'Target="../embeddings/{name}.xlsx"/></Relationships>'
    )
    columns = [column for line in lines for column in columns_of_line(line)]
    return Drawn(
        f"word/charts/{name}.xml",
        {
            f"word/charts/{name}.xml": _chart_space(chart, lines).encode(),
            f"word/charts/_rels/{name}.xml.rels": rels.encode(),
            f"word/embeddings/{name}.xlsx": workbook(columns),
        },
    )


def shown(lines: Iterable[Line]) -> list[Line]:
    """Return the lines of a chart with the points that it can show: of too many the last ones, and no infinite ones."""
    return [
        Line(one.name, one.look, tuple(point for point in one.points if math.isfinite(point[1]))[-_MOST_POINTS:])
        for one in lines
    ]


def columns_of_line(line: Line) -> tuple[Column, Column]:
    """Return the columns of a line's days and of its values.

    A single point has a blank one after it: LibreOffice draws none that is alone in the first of several lines.
    """
    days: list[float | None] = [serial(day) for day, _ in line.points]
    values: list[float | None] = [value for _, value in line.points]
    if len(days) == 1:
        days, values = days * 2, [*values, None]
    return Column("", days, dates=True), Column(line.name, values)


def frame(chart: Chart, relationship: str, number: int, room: int, prefix: str) -> str:
    """Return a run with a chart in line with the text.

    Args:
        chart: what it shows.
        relationship: the id of the relationship to its part.
        number: the drawing's id, of its own in the document.
        room: the width of the text, in EMU.
        prefix: what names of WordprocessingML begin with in the part, such as `w:`.
    """
    size = f'cx="{chart.width or room}" cy="{chart.height or HEIGHT}"'
    return (
        f'<{prefix}r><{prefix}drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{number}" name="Chart {number}" descr={quoted(_plain(chart.text))}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}">'
        f'<c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relationship}"/></a:graphicData></a:graphic></wp:inline>'
        f"</{prefix}drawing></{prefix}r>"
    )


def text_width(body: bytes) -> int:
    """Return the width of the text of a document's last section, in EMU: the page's without its margins."""
    section = body[max(body.rfind(b"<w:sectPr"), 0) :]
    found = [re.search(rb"<w:%s\b[^>]*\bw:%s=\"(\d{1,6})\"" % one, section) for one in _OF_THE_WIDTH]
    page, left, right = (int(one[1]) if one else usual for one, usual in zip(found, _USUAL_WIDTH, strict=True))
    return max(page - left - right, _LEAST_WIDTH) * _TWENTIETH


def serial(day: dt.date) -> int:
    """Return the number by which Excel knows a day."""
    return (day - _EPOCH).days


def days_apart(days: int, most: int = _MOST_LABELS) -> int:
    """Return how many days apart the dates on an axis stand that shows so many days, so that there are not too many."""
    return next((step for step in _DAYS_APART if days / step <= most), _DAYS_APART[-1])


def _plain(text: str) -> str:
    return NOT_XML.sub("", text)


def _chart_space(chart: Chart, lines: Sequence[Line]) -> str:
    days = [serial(day) for line in lines for day, _ in line.points] or [0, 1]
    first, last = min(days), max(*days, min(days) + 1)
    axis, is_narrow = chart.axis, bool(chart.width and chart.width < _NARROW)
    room = (chart.width or _USUAL_ROOM) * _OF_THE_PLOT[is_narrow]
    sides = _sides(lines, first, room / (last - first), room)
    series = "".join(_series(line, index, chart, sides.get(index)) for index, line in enumerate(lines))
    place, most = ("b", _FEWER_LABELS) if is_narrow else ("r", _MOST_LABELS)
    title = _title(axis.title) if axis.title else ""
    legend = "".join(
        f'<c:legendEntry><c:idx val="{index}"/><c:delete val="1"/></c:legendEntry>'
        for index, line in enumerate(lines)
        if line.look == "phase"
    )
    return (
        f'{_HEAD}<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{_R}"><c:date1904 val="0"/>'
        f'<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{series}'
        f'<c:axId val="111111111"/><c:axId val="222222222"/></c:scatterChart>'
        f'<c:valAx><c:axId val="111111111"/><c:scaling><c:orientation val="minMax"/><c:max val="{last}"/>'
        f'<c:min val="{first}"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>'
        f'<c:numFmt formatCode={quoted(chart.date_format)} sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_AXIS_LINE}{_SMALL.format(size=800)}'
        f'<c:crossAx val="222222222"/><c:crosses val="min"/><c:crossBetween val="midCat"/>'
        f'<c:majorUnit val="{days_apart(last - first, most)}"/></c:valAx>'
        f'<c:valAx><c:axId val="222222222"/><c:scaling><c:orientation val="minMax"/><c:max val="{axis.most!r}"/>'
        f'<c:min val="{axis.least!r}"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>{_GRID}{title}'
        f'<c:numFmt formatCode={quoted(axis.number_format)} sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_AXIS_LINE}{_SMALL.format(size=800)}'
        f'<c:crossAx val="111111111"/><c:crosses val="min"/><c:crossBetween val="midCat"/>'
        f'<c:majorUnit val="{axis.step!r}"/></c:valAx>'
        f'<c:spPr><a:noFill/></c:spPr></c:plotArea><c:legend><c:legendPos val="{place}"/>{legend}<c:overlay val="0"/>'
        f'{_SMALL.format(size=800)}</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_SMALL.format(size=900)}"
        f'<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )  # fmt: skip


def _title(text: str) -> str:
    return (
        '<c:title><c:tx><c:rich><a:bodyPr rot="-5400000" vert="horz"/><a:lstStyle/><a:p><a:pPr>'
        '<a:defRPr sz="800" b="0"/></a:pPr><a:r><a:rPr lang="en-US" sz="800" b="0"/>'
        f"<a:t>{escape(_plain(text))}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title>'
    )


def _sides(lines: Sequence[Line], first: int, day: float, room: float) -> dict[int, str]:
    """Return on which side of a phase's line its name stands, of those that have room beside each other, by index.

    Args:
        lines: those of the chart.
        first: the first day of its axis, as a number.
        day: the width of a day.
        room: the width of all days; beyond the last one a name stands on the left.
    """
    sides: dict[int, str] = {}
    phases = [
        (serial(line.points[-1][0]), index) for index, line in enumerate(lines) if line.look == "phase" and line.points
    ]
    free = room
    for at, index in sorted(phases, reverse=True):
        place, width = (at - first) * day, len(lines[index].name) * _LETTER
        if place + width <= free:
            sides[index], free = "r", place
        elif not sides and place >= width:
            sides[index], free = "l", place - width
    return sides


def _series(line: Line, index: int, chart: Chart, side: str | None) -> str:
    days, values = columns_of_line(line)
    label = _label(len(line.points) - 1, side) if side else ""
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{series_name(line.name, 2 * index + 1)}'
        f"<c:spPr>{_LINES[line.look]}</c:spPr>{_MARKER if line.look == 'data' else _NO_MARKER}{label}<c:xVal>"
        f"{numbers(2 * index, days.values, chart.date_format)}</c:xVal><c:yVal>"
        f"{numbers(2 * index + 1, values.values, chart.axis.number_format)}"
        '</c:yVal><c:smooth val="0"/></c:ser>'
    )


def _label(index: int, side: str) -> str:
    """Return the label of one point, on one side of it, which shows the name of its line."""
    return (
        f'<c:dLbls><c:dLbl><c:idx val="{index}"/><c:spPr><a:noFill/></c:spPr>{_ON_ONE_LINE}'
        f'<c:dLblPos val="{side}"/><c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/>'
        '<c:showSerName val="1"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbl>'
        '<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )


def series_name(name: str, column: int) -> str:
    """Return the name of a series, which the header of a column has."""
    return (
        f"<c:tx><c:strRef><c:f>Sheet1!${letters(column)}$1</c:f>"
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(_plain(name))}</c:v></c:pt></c:strCache>'
        "</c:strRef></c:tx>"
    )


def numbers(column: int, values: Sequence[float | None], number_format: str) -> str:
    """Return the numbers of a series, which a column has below its header."""
    letter, last = letters(column), max(len(values), 1) + 1
    points = "".join(
        f'<c:pt idx="{index}"><c:v>{one!r}</c:v></c:pt>' for index, one in enumerate(values) if one is not None
    )
    return (
        f"<c:numRef><c:f>Sheet1!${letter}$2:${letter}${last}</c:f><c:numCache>"
        f"<c:formatCode>{escape(_plain(number_format))}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def letters(index: int) -> str:
    """Return the letters of a column that is counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def workbook(columns: Sequence[Column]) -> bytes:
    """Return a workbook of columns, each below its header."""
    rows: dict[int, list[str]] = {}
    for index, column in enumerate(columns):
        letter, style = letters(index), ' s="1"' if column.dates else ""
        if column.header:
            rows.setdefault(1, []).append(_text(f"{letter}1", column.header))
        for number, value in enumerate(column.values, start=2):
            if value is not None:
                rows.setdefault(number, []).append(f'<c r="{letter}{number}"{style}><v>{value!r}</v></c>')
    data = "".join(f'<row r="{number}">{"".join(cells)}</row>' for number, cells in sorted(rows.items()))
    sheet = f'{_HEAD}<worksheet xmlns="{_S}"><sheetData>{data}</sheetData></worksheet>'
    return _empty_workbook().written({_SHEET: sheet.encode()})


@cache
def _empty_workbook() -> Package:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**_OF_EVERY_WORKBOOK, _SHEET: ""}.items():
            archive.writestr(zipfile.ZipInfo(name, _CREATED), content, zipfile.ZIP_DEFLATED)
    return Package(out.getvalue(), entries_of(out.getvalue()))


def _text(address: str, text: str) -> str:
    kept = escape(_plain(text))
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


_SHEET = "xl/worksheets/sheet1.xml"
_OF_EVERY_WORKBOOK = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK_TYPE}.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_R}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_HEAD}<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_R}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_R}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'{_HEAD}<styleSheet xmlns="{_S}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
        '<patternFill patternType="gray125"/></fill>'
        '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}

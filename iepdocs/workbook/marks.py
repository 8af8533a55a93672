"""Cells of a worksheet marked with a fill: in the sheet's part, and in the styles (ECMA-376 part 1, 18.3 and 18.8)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iepdocs.findings import Severity
from iepdocs.workbook.cells import column_of
from iepdocs.workbook.package import (
    DECLARATION,
    LAST_COLUMN,
    TRUE,
    Part,
    address_of,
    before,
    new_parser,
    parse,
    prefixed,
    spot_of,
    whole,
    with_attributes,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from iepdocs.workbook.annotate import Book
    from iepdocs.workbook.package import Spot

COLORS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C", Severity.NOTE: "FFDDEBF7"}
"""Light red, yellow and blue; the worst severity first."""
_MOST_FORMATS = 64_000
"""Excel opens no workbook with more cell formats than about so many."""
_MOST_STEPS = 10_000_000
"""So much work is put into merged cells, which a hostile file may have without end."""

_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
_GRAY = b'<fill><patternFill patternType="gray125"/></fill>'
FILL = b'<fill><patternFill patternType="solid"><fgColor rgb="%s"/><bgColor indexed="64"/></patternFill></fill>'
_BLANK = (
    b'<styleSheet xmlns="%s">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Styles:
    """The cell formats of a workbook, to which new ones are added.

    `fills` has the number of the fill of each severity. Excel keeps the first two fills for itself.
    """

    def __init__(self, book: Book) -> None:
        self._package = book.package
        self._name = book.related(book.name, "styles")
        if not self._name:
            blank = DECLARATION + _BLANK % book.namespace.encode()
            self._name, _ = book.add(book.name, "styles", "xl/styles{}.xml", blank)
        self._part = Part(book.package.read(self._name))
        self._lists = {name: self._part.root.first(name) for name in ("fonts", "fills", "cellXfs")}
        self._added: dict[str, list[bytes]] = {name: [] for name in self._lists}
        self._marks: dict[tuple[int, Severity], int] = {}
        for name, fewest, content in (("fonts", 1, b"<font/>"), ("fills", 2, _GRAY), ("cellXfs", 1, b"<xf/>")):
            while self._count(name) < fewest:
                self.add(name, content)
        self.fills = {severity: self.add("fills", FILL % color.encode()) for severity, color in COLORS.items()}

    def _count(self, name: str) -> int:
        there = self._lists[name]
        return (len(there.children) if there else 0) + len(self._added[name])

    def add(self, name: str, content: bytes) -> int:
        """Add a font, fill or format, written without prefixes, and return its number."""
        self._added[name].append(prefixed(content, self._part.root.prefix))
        return self._count(name) - 1

    def marked(self, base: int, severity: Severity) -> int:
        """Return the format that is like another one but for the fill of a severity."""
        if (base, severity) not in self._marks:
            if self._count("cellXfs") >= _MOST_FORMATS:
                return base
            changes = {"fillId": str(self.fills[severity]), "applyFill": "1"}
            there = self._lists["cellXfs"]
            formats = there.children if there else []
            data, old = (self._part.data, formats[base if base < len(formats) else 0]) if formats else (b"<xf/>", None)
            tag, inner = with_attributes(data, old.start if old else 0, changes)
            self._added["cellXfs"].append(tag + data[inner : old.end] if old else prefixed(tag, self._part.root.prefix))
            self._marks[base, severity] = self._count("cellXfs") - 1
        return self._marks[base, severity]

    def finish(self) -> None:
        """Put what was added into the part."""
        prefix = self._part.root.prefix
        for name, there in self._lists.items():
            content, count = b"".join(self._added[name]), str(self._count(name))
            if there:
                self._part.extend(there.start, there.close, content, count=count)
            else:
                at = before(self._part.root, _ORDER[_ORDER.index(name) + 1 :])
                tag = prefix + name.encode()
                self._part.insert(at, b'<%s count="%s">%s</%s>' % (tag, count.encode(), content, tag))
        self._package.write(self._name, self._part.result())


def merged_homes(part: Part, spots: Collection[Spot]) -> dict[Spot, Spot]:
    """Return the top left cell for those cells that are merged into one."""
    columns: dict[int, list[int]] = {}
    for row, column in spots:
        columns.setdefault(row, []).append(column)
    homes: dict[Spot, Spot] = {}
    steps = 0
    for merged in part.root.all("mergeCells", "mergeCell"):
        first, _, last = merged.attributes.get("ref", "").partition(":")
        start, stop = spot_of(first), spot_of(last)
        if start and stop:
            for row in range(start[0], stop[0] + 1):
                noted = columns.get(row, ())
                steps += 1 + len(noted)
                if steps > _MOST_STEPS:
                    return homes
                homes.update({(row, column): start for column in noted if start[1] <= column <= stop[1]})
    return homes


@dataclass(slots=True, eq=False)
class _Row:
    """A row as written: where its tags start, its format, and its cells in order."""

    start: int
    attributes: dict[str, str]
    columns: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    formats: list[int] = field(default_factory=list)
    close: int = 0


class _Grid:
    """The numbers and offsets of all rows of a sheet as written, and those rows that are wanted.

    A row or cell without an address follows the one before (18.3.1.4, 18.3.1.73).
    """

    def __init__(self, part: Part, wanted: Collection[int]) -> None:
        self.numbers: list[int] = []
        self.offsets: list[int] = []
        self.rows: dict[int, _Row] = {}
        self._wanted = wanted
        self._row: _Row | None = None
        self._number = self._column = 0
        self._unnumbered = False
        self._parser = new_parser()
        self._row_name, self._cell_name = f"{part.root.namespace} row", f"{part.root.namespace} c"
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        parse(self._parser, part.data)
        if not all(row.close for row in self.rows.values()):
            raise ValueError("a row within a row")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._cell_name:
            if self._row or self._unnumbered:
                self._cell(attributes)
        elif name == self._row_name:
            stated = whole(attributes.get("r"))
            self._number, self._column, self._unnumbered = stated or self._number + 1, 0, not stated
            self.numbers.append(self._number)
            self.offsets.append(self._parser.CurrentByteIndex)
            self._open(attributes)

    def _open(self, attributes: dict[str, str]) -> None:
        self._row = None
        if self._number in self._wanted and self._number not in self.rows:
            self._row = self.rows[self._number] = _Row(self.offsets[-1], attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r", "")
        letters = address.rstrip("0123456789")
        stated = whole(address[len(letters) :])
        if self._unnumbered and stated not in {0, self._number}:
            if self._row:
                del self.rows[self._number]
            self._number = self.numbers[-1] = stated
            self._open({})
        self._unnumbered = False
        self._column = column_of(letters[:4].upper()) if letters else self._column + 1
        if self._row:
            self._row.columns.append(self._column)
            self._row.offsets.append(self._parser.CurrentByteIndex)
            self._row.formats.append(whole(attributes.get("s")))

    def _end(self, name: str) -> None:
        if self._row and name == self._row_name:
            self._row.close = self._parser.CurrentByteIndex
            self._row = None


def mark(part: Part, marks: Mapping[Spot, Severity], styles: Styles) -> None:
    """Give cells of a worksheet the fill of their severity. A cell that is not there is put in, its row too."""
    data = part.root.first("sheetData")
    if data is None:
        raise ValueError("a worksheet without cells")
    by_row: dict[int, dict[int, Severity]] = {}
    for number, column in sorted(marks):
        by_row.setdefault(number, {})[column] = marks[number, column]
    grid = _Grid(part, by_row)
    looks = _column_formats(part)

    def blank(row: int, column: int, base: int | None) -> bytes:
        style = styles.marked(looks.get(column, 0) if base is None else base, marks[row, column])
        return b'<%sc r="%s" s="%d"/>' % (data.prefix, address_of(row, column).encode(), style)

    below = []
    for number, columns in by_row.items():
        row = grid.rows.get(number)
        if row:
            base = whole(row.attributes.get("s")) if row.attributes.get("customFormat") in TRUE else None
            new = {column: blank(number, column, base) for column in columns.keys() - {*row.columns}}
            _mark_row(part, row, columns, new, styles)
            continue
        cells = b"".join(blank(number, column, None) for column in columns)
        content = b'<%srow r="%d">%s</%srow>' % (data.prefix, number, cells, data.prefix)
        after = bisect_right(grid.numbers, number)
        if after < len(grid.numbers):
            part.insert(grid.offsets[after], content)
        else:
            below.append(content)
    if below:
        part.extend(data.start, data.close, b"".join(below))


def _column_formats(part: Part) -> dict[int, int]:
    """Return the formats of columns, which blank cells have that their row gives none (18.3.1.13: in order)."""
    looks: dict[int, int] = {}
    done = 0
    for columns in part.root.all("cols", "col"):
        first, last, style = (whole(columns.attributes.get(key)) for key in ("min", "max", "style"))
        last = min(last, LAST_COLUMN)
        looks.update(dict.fromkeys(range(max(first, done + 1), last + 1), style))
        done = max(done, last)
    return looks


def _mark_row(part: Part, row: _Row, marks: Mapping[int, Severity], new: Mapping[int, bytes], styles: Styles) -> None:
    last = []
    for column, content in sorted(new.items()):
        after = bisect_right(row.columns, column)
        if after < len(row.columns):
            part.insert(row.offsets[after], content)
        else:
            last.append(content)
    if new:
        part.extend(row.start, row.close, b"".join(last), spans=None)
    for column, start, base in zip(row.columns, row.offsets, row.formats, strict=True):
        if column in marks:
            part.retag(start, s=str(styles.marked(base, marks[column])))

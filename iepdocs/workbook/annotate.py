"""A copy of a workbook with its problems marked in the cells, told in comments and listed on a first sheet.

The package is mended, not loaded and saved: what is not concerned stays as it is, down to the byte. The parts and
elements are those of SpreadsheetML (ECMA-376 part 1, 18; comments as VML: part 4, 19.4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING

from iepdocs.workbook.comments import Comments
from iepdocs.workbook.marks import COLORS, FILL, Styles, mark, merged_homes
from iepdocs.workbook.package import (
    DECLARATION,
    TRUE,
    Package,
    Part,
    address_of,
    in_attribute,
    spot_of,
    text_cell,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iepdocs.findings import Severity
    from iepdocs.workbook.package import Spot

MOST_COMMENTS = 5_000
"""As many cells of a workbook get a comment, those with the worst problems first."""
MOST_LISTED = 50_000
"""As many problems are listed; a line below says how many more there are."""
_LONGEST_VALUE = 120
"""Characters of a value in the list: enough to know it."""
_LINE, _HIGHEST, _NARROW = 15, 409, 1.15
"""Points of a line and of the highest row in Excel; how many letters stand in a digit's width."""
_NO_ID = 65_535
"""Ids of sheets are below (18.2.19, and what Excel takes)."""
_RANK = {severity: rank for rank, severity in enumerate(COLORS)}
_HEADERS = {"Severity": 11, "Sheet": 18, "Cell": 9, "Column": 24, "Value": 26, "Problem": 60, "What to do": 60}
_TYPES = {
    kind: f"application/vnd.openxmlformats-officedocument.{name}"
    for kind, name in {
        "worksheet": "spreadsheetml.worksheet+xml",
        "comments": "spreadsheetml.comments+xml",
        "styles": "spreadsheetml.styles+xml",
        "vmlDrawing": "vmlDrawing",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Note:
    """A problem to be told in a workbook.

    Attributes:
        sheet: the sheet's name as the workbook writes it; '' for the workbook as a whole.
        cell: its address, such as B7; None for a problem of the sheet or of a missing column.
        header: the column's title.
        severity: how bad it is.
        message: what is wrong.
        mend: what to do.
        value: the cell's content as shown.
    """

    sheet: str
    cell: str | None
    header: str
    severity: Severity
    message: str
    mend: str
    value: str = ""


def annotate(package: bytes, notes: Sequence[Note]) -> bytes:
    """Return a copy of a workbook with notes in it.

    A noted cell gets a fill of its worst severity (the top left one of merged cells does); a comment that tells its
    notes, below what a comment there says already, for the 5,000 worst cells (cells with a threaded comment get
    none); and a row with a link on a new first sheet, `Problems`, which lists up to 50,000 notes in their order. A
    note on no cell of a worksheet is only listed. A row that gets a new cell loses its `spans`, a hint that would be
    wrong. All else stays as it is.

    Args:
        package: an .xlsx or .xlsm, whose size is no danger.
        notes: what to tell.

    Raises:
        ValueError: where the package is damaged, or has a document type declaration.
    """
    book = Book(Package(package))
    styles = Styles(book)
    comments = Comments(book)
    told = _worst_cells(notes)
    noted: dict[str, dict[Spot, list[Note]]] = {}
    for note in notes:
        spot = spot_of(note.cell)
        if spot and note.sheet in book.worksheets:
            noted.setdefault(note.sheet, {}).setdefault(spot, []).append(note)
    for title, name in book.sheets:
        if title not in noted and not book.may_be_selected(name):
            continue
        part = Part(book.package.read(name), closed="sheetData")
        for view in part.root.all("sheetViews", "sheetView"):
            if view.attributes.get("tabSelected") in TRUE:
                part.retag(view.start, tabSelected="0")
        if title in noted:
            cells = _by_home(noted[title], merged_homes(part, noted[title].keys()))
            mark(part, {spot: min(there, key=_rank).severity for spot, there in cells.items()}, styles)
            chosen = {spot: [note for note in there if (title, note.cell) in told] for spot, there in cells.items()}
            comments.add(name, part, {spot: there for spot, there in chosen.items() if there})
        if part.is_changed:
            book.package.write(name, part.result())
    book.insert_first(_problems(notes, book, styles))
    styles.finish()
    return book.package.save()


def _rank(note: Note) -> int:
    return _RANK[note.severity]


def _worst_cells(notes: Sequence[Note]) -> set[tuple[str, str | None]]:
    worst = dict.fromkeys((note.sheet, note.cell) for note in sorted(notes, key=_rank) if note.cell)
    return set(islice(worst, MOST_COMMENTS))


def _by_home(notes: Mapping[Spot, list[Note]], homes: Mapping[Spot, Spot]) -> dict[Spot, list[Note]]:
    cells: dict[Spot, list[Note]] = {}
    for spot, there in notes.items():
        cells.setdefault(homes.get(spot, spot), []).extend(there)
    return cells


class Book:
    """A package's workbook part: its sheets, and the namespaces it is written in."""

    def __init__(self, package: Package) -> None:
        self.package = package
        main = [rel.target for rel in package.relations("").values() if rel.kind == "officeDocument"]
        self.name = main[0] if main else ""
        self.part = Part(package.read(self.name))
        self.namespace = self.part.root.namespace
        self.relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        if self.namespace.startswith("http://purl.oclc.org/"):
            self.relation = "http://purl.oclc.org/ooxml/officeDocument/relationships"
        relations = package.relations(self.name)
        self.titles: list[str] = []
        self.sheets: list[tuple[str, str]] = []
        self.worksheets: set[str] = set()
        for sheet in self.part.root.all("sheets", "sheet"):
            title = sheet.attributes.get("name", "")
            relation = relations.get(sheet.relation)
            if relation and relation.target and title not in self.titles:
                self.sheets.append((title, relation.target))
                self.worksheets |= {title} if relation.kind == "worksheet" else set()
            self.titles.append(title)

    def may_be_selected(self, name: str) -> bool:
        """Tell whether a sheet's part speaks of being selected, without parsing it."""
        data = self.package.read(name)
        return b"tabSelected" in data or b"t\0a\0b\0S\0e\0l\0e\0c\0t\0e\0d" in data

    def related(self, source: str, kind: str) -> str:
        """Return the first part that another one is related to in a way, '' if there is none."""
        found = [rel.target for rel in self.package.relations(source).values() if rel.kind == kind]
        return next(filter(None, found), "")

    def add(self, source: str, kind: str, pattern: str, data: bytes) -> tuple[str, str]:
        """Add a part that another one is related to, and return its name and the id of the relationship."""
        name = self.package.add(pattern, _TYPES[kind], data)
        return name, self.package.relate(source, f"{self.relation}/{kind}", name)

    def insert_first(self, sheet: bytes) -> None:
        """Add a sheet before all others, open the workbook on it, and count the others anew."""
        root = self.part.root
        sheets = list(root.all("sheets", "sheet"))
        if not sheets:
            raise ValueError("a workbook without sheets")
        _, identity = self.add(self.name, "worksheet", "xl/worksheets/problems{}.xml", sheet)
        taken = {whole(each.attributes.get("sheetId")) for each in sheets}
        new = next(each for each in (max(taken) + 1, *range(1, len(taken) + 2)) if each not in taken and each < _NO_ID)
        folded = {title.casefold() for title in self.titles}
        names = ("Problems" if number == 1 else f"Problems {number}" for number in range(1, len(folded) + 2))
        title = next(name for name in names if name.casefold() not in folded)
        row = '<{}sheet xmlns:r="{}" name="{}" sheetId="{}" r:id="{}"/>'
        row = row.format(sheets[0].prefix.decode("latin-1"), self.relation, title, new, identity)
        self.part.insert(sheets[0].start, row.encode("latin-1"))
        for view in root.all("bookViews", "workbookView"):
            self.part.retag(view.start, **{key: "0" for key in ("activeTab", "firstSheet") if key in view.attributes})
        for name in root.all("definedNames", "definedName"):
            if "localSheetId" in name.attributes:
                self.part.retag(name.start, localSheetId=str(int(name.attributes["localSheetId"]) + 1))
        self.package.write(self.name, self.part.result())


def _problems(notes: Sequence[Note], book: Book, styles: Styles) -> bytes:
    """Return the sheet that lists the notes."""
    font = b'<font>%s<name val="Calibri"/><family val="2"/></font>'
    xf = b'<xf numFmtId="0" fontId="%d" fillId="%d" applyFont="1" applyFill="1" applyAlignment="1" quotePrefix="1">'
    xf += b'<alignment vertical="top"%s/></xf>'
    wrapped = b' wrapText="1"'
    bold = styles.add("fonts", font % b'<b/><sz val="11"/>')
    large = styles.add("fonts", font % b'<b/><sz val="14"/>')
    blue = styles.add("fonts", font % b'<u/><sz val="11"/><color rgb="FF0563C1"/>')
    gray = styles.add("fills", FILL % b"FFD9D9D9")
    title = styles.add("cellXfs", xf % (large, 0, b""))
    header = styles.add("cellXfs", xf % (bold, gray, wrapped))
    text = styles.add("cellXfs", xf % (0, 0, wrapped))
    link = styles.add("cellXfs", xf % (blue, 0, wrapped))
    severity = {each: styles.add("cellXfs", xf % (0, fill, b"")) for each, fill in styles.fills.items()}
    rows = [_row(1, [(_total(notes), title)]), _row(2, [(each, header) for each in _HEADERS])]
    links = []
    for number, note in enumerate(notes[:MOST_LISTED], start=3):
        is_there = note.sheet in book.worksheets and (note.cell is None or spot_of(note.cell) is not None)
        column = "C" if note.cell else "B"
        if is_there:
            target = "'{}'!{}".format(note.sheet.replace("'", "''"), note.cell or "A1")
            links.append(b'<hyperlink ref="%s%d" location="%s"/>' % (column.encode(), number, in_attribute(target)))
        cells = [
            (note.severity.capitalize(), severity[note.severity]),
            (note.sheet, link if is_there and column == "B" else text),
            (note.cell or "", link if is_there and column == "C" else text),
            *((each, text) for each in (note.header, _short(note.value), note.message, note.mend)),
        ]
        rows.append(_row(number, cells))
    end = len(rows)
    if len(notes) > MOST_LISTED:
        more = f"{len(notes) - MOST_LISTED:,} more are not listed."
        rows.append(_row(end + 1, [("", text)] * 5 + [(more, text)]))
    widths = enumerate(_HEADERS.values(), start=1)
    return b"".join(
        [
            DECLARATION,
            b'<worksheet xmlns="%s"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' % book.namespace.encode(),
            b'<sheetViews><sheetView tabSelected="1" workbookViewId="0">',
            b'<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>',
            b'<selection pane="bottomLeft" activeCell="A3" sqref="A3"/></sheetView></sheetViews>',
            b'<sheetFormatPr defaultRowHeight="15"/><cols>',
            *(b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (each, each, width) for each, width in widths),
            b"</cols><sheetData>",
            *rows,
            b'</sheetData><autoFilter ref="A2:G%d"/>' % end,
            b"<hyperlinks>%s</hyperlinks>" % b"".join(links) if links else b"",
            b'<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>',
            b'<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>',
        ]
    )


def _row(number: int, cells: Sequence[tuple[str, int]]) -> bytes:
    """Return a row, with the height that its wrapped texts need: not every program works it out on opening."""
    lines = 1
    for (text, _), width in zip(cells[1:], list(_HEADERS.values())[1:], strict=False):
        lines = max(lines, sum(max(1, ceil(len(line) / width / _NARROW)) for line in text.split("\n")))
    height = b' ht="%d"' % min(_LINE * lines + 1, _HIGHEST) if lines > 1 else b""
    written = [text_cell(address_of(number, column), *cell) for column, cell in enumerate(cells, start=1)]
    return b'<row r="%d"%s>%s</row>' % (number, height, b"".join(written))


def _total(notes: Sequence[Note]) -> str:
    counts = Counter(note.severity for note in notes)
    words = [f"{counts[each]:,} {each}{'s' * (counts[each] > 1)}" for each in COLORS if counts[each]]
    return f"Problems: {', '.join(words)}" if words else "No problems were found."


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"

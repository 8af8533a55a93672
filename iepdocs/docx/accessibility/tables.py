"""Tables without a header row, or with one that is of no use; merged cells, and tables in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.docx.accessibility.breach import shortened
from iepdocs.docx.accessibility.rows import Holds, cells_of, columns, content_rows, holds, is_merged_down, look, width
from iepdocs.docx.places import text_of
from iepdocs.docx.wordml import above, kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from iepdocs.docx.accessibility.breach import Part
    from iepdocs.docx.accessibility.rows import Row
    from iepdocs.docx.slots import Fault


def tables(part: Part) -> Iterator[Fault]:
    """Yield the breaches of tables; those at the edge of a page only arrange text."""
    for table in (one for one in part.elements if kind(one) == "tbl"):
        rows = content_rows(table)
        if not part.flows or not rows:
            continue
        if above(table, "tc") is not None:
            message = "This table stands in a cell of another one: read row by row, the two get mixed up."
            mend = "Cut it out, and paste it above or below the other table."
            yield part.fault("a11y-nested-table", table, message, mend, _text_of_row(rows[0]))
        headers = [row for row in rows if row.is_header]
        if headers:
            yield from _headers(part, rows, headers)
        elif (fault := _without_header(part, table, rows)) is not None:
            yield fault
        if headers or any(row.repeats for row in rows):
            yield from _merged(part, rows)


def _headers(part: Part, rows: Sequence[Row], headers: Sequence[Row]) -> Iterator[Fault]:
    """Yield what is wrong with rows that are marked as headers."""
    stray = next((row for row, at in zip(headers, rows, strict=False) if row is not at), None)
    if stray is not None:
        yield part.fault(
            "a11y-header-row",
            stray.element,
            "This row is marked as a header row, but stands below one that is not: Word takes no notice of the mark.",
            "Select all rows down to this one, and choose Repeat Header Rows on the table's tab Layout; or move "
            "what is above it out of the table.",
            _text_of_row(stray),
        )
    for cell in (cell for row in headers for cell in row.cells):
        if holds(cell) is Holds.NOTHING:
            message = "A cell of the header row is empty: nothing says what is in its column."
            yield part.fault("a11y-header-empty", cell, message, "Write what the column holds.")
            break


def _merged(part: Part, rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a breach at the first merged cell, but for a cell as wide as its table.

    A cell may take several columns of Word's grid and yet be merged with none: where rows are cut at different places.
    """
    most = max(len(cells_of(row.element)) for row in rows)
    for row in rows:
        beside = len(cells_of(row.element)) < most and len(row.cells) > 1
        for cell in row.cells:
            if is_merged_down(cell) or (beside and width(cell) > 1):
                message = (
                    "This cell is merged with others: a screen reader takes it for one of the wrong column or row."
                )
                mend = "Choose Split Cells on the table's tab Layout, and write into each cell what belongs there."
                yield part.fault("a11y-merged-cells", cell, message, mend, _text_of_row(row))
                return


def _without_header(part: Part, table: etree._Element, rows: Sequence[Row]) -> Fault | None:
    """Return what is wrong with a table that has no header row.

    One that only arranges text needs none. In one of labels, each with its value beside it, the first column is the
    header: there Word's box First Column is to be ticked, and Header Row not.
    """
    wide = columns(rows)
    rows = [row for row in rows if len(row.cells) > 1]
    if wide < 2 or not rows:  # noqa: PLR2004
        return None
    by_column = look(table, "firstColumn") and not look(table, "firstRow")
    first, below = rows[0], rows[1:]
    mend = (
        "Select the first row, and choose Repeat Header Rows on the table's tab Layout. If the first column is the "
        "header, tick First Column and untick Header Row on the tab Table Design. If the table only arranges text, "
        "untick both there."
    )
    text = _text_of_row(first)
    if set(first.holds) == {Holds.WORDS} and not first.repeats and below and not by_column:
        filled = any(set(row.holds) != {Holds.WORDS} for row in below)
        if filled or look(table, "firstRow"):
            message = "The first row of this table is not marked as its header row."
            return part.fault("a11y-header-row", first.element, message, mend, text)
        return None
    nameless = next((row for row in rows if row.repeats and row.holds[0] is not Holds.WORDS), None)
    if nameless is not None and not (by_column and wide == 2):  # noqa: PLR2004
        message = "This table repeats rows, and no header row says what is in its columns."
        mend = (
            "Insert a row at the top that names the columns, and choose Repeat Header Rows on the table's tab Layout."
        )
        return part.fault("a11y-header-row", nameless.element, message, mend, _text_of_row(nameless))
    labels = all(len(row.cells) == 2 and row.holds[0] is Holds.WORDS for row in rows)  # noqa: PLR2004
    if labels and not by_column and (below or first.repeats):
        message = "The labels in the first column of this table are not marked as its header."
        mend = "Click into the table, and on the tab Table Design tick First Column and untick Header Row."
        return part.fault("a11y-first-column", first.element, message, mend, text)
    return None


def _text_of_row(row: Row) -> str:
    texts = [text_of(one) for cell in row.cells for one in cell.iter() if kind(one) == "p"]
    return shortened(" | ".join(text for text in texts if text.strip()))

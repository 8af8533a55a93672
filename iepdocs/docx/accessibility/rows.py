"""What a table of a Word document is for: its rows without those of control tags, and what its cells hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from iepdocs.docx.places import text_of
from iepdocs.docx.tags import Tag, find_tags
from iepdocs.docx.wordml import above, attribute, child, is_on, kind, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

_TO_FILL_IN = re.compile(r"_{3,}|\.{5,}|[☐-☒□✓✔]")
"""What stands on a form for what is to be written: a line, a box."""
_HOLDS_VALUES = {"fldSimple", "instrText", "sdt", "ffData", "drawing", "pict"}
_BITS = {"firstRow": 0x20, "firstColumn": 0x80, "noHBand": 0x200}
"""The boxes of Word's tab Table Design as bits (ISO/IEC 29500-4, 14.7.6)."""


class Holds(Enum):
    """What a cell holds: nothing, words alone, or what differs from document to document."""

    NOTHING = auto()
    WORDS = auto()
    VALUES = auto()


@dataclass(slots=True)
class Row:
    """A row of a table that is there in a finished document.

    Attributes:
        element: the row.
        number: which of the table's rows it is, from 1, control rows counted.
        repeats: whether it stands in a loop over rows.
        cells: its cells; those of control tags and the lower ones of merged cells are not among them.
    """

    element: etree._Element
    number: int
    repeats: bool
    cells: list[etree._Element] = field(default_factory=list)

    @property
    def is_header(self) -> bool:
        """Whether it is marked as a header row ('Repeat Header Rows')."""
        properties = child(self.element, "trPr")
        return properties is not None and is_on(child(properties, "tblHeader"))

    @property
    def holds(self) -> list[Holds]:
        """What its cells hold."""
        return list(map(holds, self.cells))


def content_rows(table: etree._Element) -> list[Row]:
    """Return the rows of a table that hold more than control tags; those of tables within it are not among them."""
    found: list[Row] = []
    loops = 0
    rows = [one for one in table.iter() if kind(one) == "tr" and above(one, "tbl") is table]
    for number, element in enumerate(rows, 1):
        tags = tags_of(element)
        if _is_control(element, tags):
            loops += sum(tag.word == "for" for tag in tags) - sum(tag.word == "endfor" for tag in tags)
            continue
        row = Row(element, number, repeats=loops > 0 or _in_repeating_section(element))
        row.cells = [one for one in cells_of(element) if not _continues(one) and not (tags and _is_control_cell(one))]
        found.append(row)
    return found


def cells_of(row: etree._Element) -> list[etree._Element]:
    """Return the cells of a row; content controls may stand around them."""
    return [one for one in row.iter() if kind(one) == "tc" and above(one, "tr") is row]


def is_merged_down(cell: etree._Element) -> bool:
    """Tell whether a cell is merged with others above or below."""
    properties = child(cell, "tcPr")
    return properties is not None and child(properties, "vMerge") is not None


def width(cell: etree._Element) -> int:
    """Return how many columns of its table a cell takes."""
    span = value(cell, "tcPr", "gridSpan") or "1"
    return int(span) if span.isdigit() else 1


def columns(rows: Iterable[Row]) -> int:
    """Return how many columns a table of such rows has."""
    return max((sum(map(width, cells_of(row.element))) for row in rows), default=0)


def holds(cell: etree._Element) -> Holds:
    """Return what a cell holds."""
    text = "\n".join(map(text_of, _paragraphs(cell)))
    if any(kind(one) in _HOLDS_VALUES for one in cell.iter()) or any(tag.opener == "{{" for tag in tags_of(cell)):
        return Holds.VALUES
    plain = _without_tags(text)
    if _TO_FILL_IN.search(plain):
        return Holds.VALUES
    return Holds.WORDS if plain.strip() else Holds.NOTHING


def look(table: etree._Element, name: str) -> bool:
    """Tell whether a box such as `firstRow` is ticked on Word's tab Table Design."""
    properties = child(table, "tblPr")
    said = child(properties, "tblLook") if properties is not None else None
    if said is None:
        return False
    box = attribute(said, name)
    if box is not None:
        return box not in ("0", "false", "off")
    bits = attribute(said, "val") or ""
    return bool(int(bits, 16) & _BITS[name]) if re.fullmatch(r"[0-9A-Fa-f]{1,8}", bits) else False


def _paragraphs(element: etree._Element) -> list[etree._Element]:
    return [one for one in element.iter() if kind(one) == "p"]


def tags_of(element: etree._Element) -> list[Tag]:
    """Return the tags in the paragraphs of an element."""
    return [tag for one in _paragraphs(element) for tag in find_tags(text_of(one)) if isinstance(tag, Tag)]


def _without_tags(text: str) -> str:
    for tag in reversed([one for one in find_tags(text) if isinstance(one, Tag)]):
        text = text[: tag.start] + text[tag.end :]
    return text


def _is_control(row: etree._Element, tags: list[Tag]) -> bool:
    """Tell whether a row goes with its control tags: it stands for one, or holds nothing else."""
    if not tags or any(tag.opener == "{{" for tag in tags):
        return False
    if any(tag.scope == "tr" for tag in tags):
        return True
    holds_more = any(kind(one) in _HOLDS_VALUES for one in row.iter())
    rest = _without_tags("\n".join(map(text_of, _paragraphs(row))))
    return not rest.strip() and not holds_more


def _is_control_cell(cell: etree._Element) -> bool:
    """Tell whether a cell stands for a control tag, such as `{%tc endfor %}`."""
    return any(tag.scope == "tc" and tag.opener != "{{" for tag in tags_of(cell))


def _continues(cell: etree._Element) -> bool:
    properties = child(cell, "tcPr")
    merged = child(properties, "vMerge") if properties is not None else None
    return merged is not None and attribute(merged, "val") in (None, "continue")


def _in_repeating_section(row: etree._Element) -> bool:
    """Tell whether a row stands in a content control that repeats."""
    for one in row.iterancestors():
        if kind(one) == "tbl":
            break
        properties = child(one, "sdtPr")
        if properties is not None and any(str(part.tag).endswith("}repeatingSection") for part in properties):
            return True
    return False

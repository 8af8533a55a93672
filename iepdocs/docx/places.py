"""Where in a template something is, in the words of whoever looks for it in Word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iepdocs.docx.package import resolved
from iepdocs.docx.wordml import above, attribute, is_instruction, kind, own, value
from iepdocs.findings import TemplatePlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

    from iepdocs.docx.package import Package

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
HAS_TEXT = {
    **{f"{_WORD}{name}+xml": words for name, words in (
        ("document.main", "body"), ("header", "header"), ("footer", "footer"), ("footnotes", "footnotes"),
        ("endnotes", "endnotes"), ("comments", "comments"),
    )},
    "application/vnd.ms-word.document.macroEnabled.main+xml": "body",
    "application/vnd.openxmlformats-officedocument.drawingml.chart+xml": "chart",
    "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml": "diagram",
    "application/vnd.ms-office.drawingml.diagramDrawing+xml": "diagram",
    "application/vnd.openxmlformats-package.core-properties+xml": "document properties",
    "application/vnd.openxmlformats-officedocument.extended-properties+xml": "document properties",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml": "document properties",
}  # fmt: skip
"""The parts in which tags may stand, by content type, and what a person calls them."""
_TEXTS = {"t": None, "tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-", "a:t": None, "m:t": None}
_HEADING = re.compile(r"(?:heading|title|überschrift|encabezado|titre)\s*\d*", re.IGNORECASE)
_KINDS = {"default": "", "first": "first-page ", "even": "even-page "}
_LONGEST = 60
_NOTES = {"footnote", "endnote", "comment"}


BEGINS_PIECE, ENDS_PIECE = "iepdocs-piece", "iepdocs-piece-end"
"""The marks before and after what a piece has put into a tree, with the piece's name."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a paragraph is in its part; `order` counts the paragraphs of a part from its beginning."""

    part: str
    heading: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    order: int = 0

    def place(self, template: str, paragraph: str | None = None) -> TemplatePlace:
        """Return the place of a paragraph's text in a template of that name."""
        where = (self.part, self.heading, self.table, self.row, self.column)
        return TemplatePlace(template, *where, paragraph, self.order)


def texts_of(paragraph: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield the elements that hold a paragraph's own text, each with what it shows."""
    for element in own(paragraph):
        if (name := kind(element)) in _TEXTS:
            yield element, _TEXTS[name] or element.text or ""


def text_of(paragraph: etree._Element) -> str:
    """Return a paragraph's own text."""
    return "".join(text for _, text in texts_of(paragraph))


def marked(text: str, start: int, end: int) -> str:
    """Return a text with a stretch of it between » and «, shortened around it."""
    before, after = text[:start], text[end:]
    before = f"…{before[-_LONGEST:]}" if len(before) > _LONGEST else before
    after = f"{after[:_LONGEST]}…" if len(after) > _LONGEST else after
    return f"{before}»{text[start:end]}«{after}"


def spots(root: etree._Element, part: str, headings: Mapping[str, bool]) -> Iterator[tuple[etree._Element, Spot]]:
    """Yield every paragraph of a part with its place.

    Args:
        root: the part's tree.
        part: the part as a person calls it.
        headings: which paragraph styles, by id, are those of headings.
    """
    heading: str | None = None
    tables: dict[etree._Element, int] = {}
    numbers: dict[etree._Element, int] = {}
    notes: dict[etree._Element, int] = {}
    outer: list[str] = []
    order = 0
    for element in root.iter():
        if is_instruction(element, BEGINS_PIECE):
            outer.append(part)
            part = f"piece '{element.text}'"
        elif is_instruction(element, ENDS_PIECE):
            part = outer.pop()
        name = kind(element)
        if name in _NOTES and attribute(element, "type") is None:
            notes[element] = len(notes) + 1
        if name not in ("p", "a:p"):
            continue
        note = next((one for one in element.iterancestors() if one in notes), None)
        where = f"{kind(note)} {notes[note]}" if note is not None else part
        if any(kind(one) == "txbxContent" for one in element.iterancestors()):
            where += ", text box"
        order += 1
        style = value(element, "pPr", "pStyle")
        cells = [one for one in element.iterancestors() if kind(one) == "tc"]
        if not cells and (headings.get(style or "") or value(element, "pPr", "outlineLvl") is not None):
            heading = " ".join(text_of(element).split())[:_LONGEST] or heading
        if not cells:
            yield element, Spot(where, heading, order=order)
            continue
        row = above(cells[-1], "tr")
        table = above(cells[-1], "tbl")
        if row is None or table is None:
            yield element, Spot(where, heading, order=order)
            continue
        number = tables.setdefault(table, len(tables) + 1)
        _number(row, table, numbers)
        _number(cells[-1], row, numbers)
        yield element, Spot(where, heading, number, numbers[row], numbers[cells[-1]], order)


def _number(element: etree._Element, within: etree._Element, numbers: dict[etree._Element, int]) -> None:
    """Number all rows of a table, or cells of a row, unless one of them is already; controls may stand around them."""
    if element not in numbers:
        name, around = kind(element), kind(within)
        found = [one for one in within.iter() if kind(one) == name and above(one, around) is within]
        numbers.update({one: number for number, one in enumerate(found, 1)})


def heading_styles(styles: etree._Element | None) -> dict[str, bool]:
    """Return which paragraph styles are those of headings, by id."""
    found: dict[str, bool] = {}
    for style in styles if styles is not None else ():
        if kind(style) == "style" and attribute(style, "type") == "paragraph":
            identity, name = attribute(style, "styleId") or "", value(style, "name") or ""
            found[identity] = bool(_HEADING.fullmatch(name)) or value(style, "pPr", "outlineLvl") is not None
    return found


def part_names(package: Package, body: etree._Element | None) -> dict[str, str]:
    """Return what a person calls each part, by its name in the package; those of no name are missing."""
    found = {package.main: "body"}
    section = 0
    relationships = package.relationships.get(package.main, {})
    for element in body.iter() if body is not None else ():
        name = kind(element)
        if name in ("headerReference", "footerReference"):
            relationship = relationships.get(attribute(element, "id") or "")
            target = resolved(package.main, relationship.target) if relationship else None
            if target:
                which = _KINDS.get(attribute(element, "type") or "default", "")
                found.setdefault(target, f"{which}{name.removesuffix('Reference')} of section {section}")
        elif name == "sectPr" and above(element, "sectPrChange") is None:
            section += 1
    return found

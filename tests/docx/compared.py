"""What of two documents is compared: texts and structure, not how they are written down."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from docxtpl import DocxTemplate
from lxml import etree

from tests.support import WORD_NAMESPACES, W

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Text(NamedTuple):
    """Text of a paragraph in one look: `look` are the properties of its runs."""

    text: str
    look: frozenset[tuple[str, str]]


class Paragraph(NamedTuple):
    style: str
    content: tuple[Any, ...]
    """Text, and what stands between: the blocks of a text box, a picture."""


class Cell(NamedTuple):
    span: str
    merged: str | None
    fill: str | None
    blocks: tuple[Any, ...]


class Table(NamedTuple):
    rows: tuple[tuple[Cell, ...], ...]


class Control(NamedTuple):
    blocks: tuple[Any, ...]


EMPTY = Paragraph("", ())
_CHARACTERS = {"tab": "\t", "noBreakHyphen": "\u2011"}


def structure_of(document: bytes) -> dict[str, Any]:
    """Return the blocks of each part with text, and the properties."""
    found: dict[str, Any] = {}
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        for path in archive.namelist():
            if path.startswith(("word/header", "word/footer", "word/footnotes")):
                found[path] = tuple(_blocks(etree.fromstring(archive.read(path))))
        found["body"] = tuple(_blocks(etree.fromstring(archive.read("word/document.xml"))[0]))
        properties = etree.fromstring(archive.read("docProps/core.xml"))
        found["properties"] = {
            etree.QName(node).localname: node.text
            for node in properties
            if node.text and etree.QName(node).localname in {"title", "description"}
        }
    return found


def without_empty(block: Any) -> Any:
    """Return blocks without empty paragraphs and rows: of what holds only control tags docxtpl leaves these behind."""
    if isinstance(block, dict):
        return {name: without_empty(part) for name, part in block.items()}
    if not isinstance(block, tuple):
        return block
    if hasattr(block, "_fields"):
        return type(block)(*map(without_empty, block))
    return tuple(
        left for left in map(without_empty, block) if not (isinstance(left, Paragraph) and not left.content) and left
        and not (isinstance(left, tuple) and all(isinstance(one, Cell) and not one.blocks for one in left))
    )  # fmt: skip


def _blocks(parent: etree._Element | None) -> Iterator[Any]:
    """Yield paragraphs and tables; a table without rows is none, as is a row without cells."""
    for node in [] if parent is None else parent:
        if node.tag == f"{W}p":
            style = node.find(f"{W}pPr/{W}pStyle")
            yield Paragraph("" if style is None else str(style.get(f"{W}val")), tuple(_joined(_inline(node))))
        elif node.tag == f"{W}tbl":
            rows = [tuple(map(_cell, found.iterfind(f"{W}tc"))) for found in node.iterfind(f"{W}tr")]
            if any(rows):
                yield Table(tuple(filter(None, rows)))
        elif node.tag == f"{W}sdt":
            yield Control(tuple(_blocks(node.find(f"{W}sdtContent"))))
        elif node.tag == f"{W}footnote":
            yield node.get(f"{W}id"), tuple(_blocks(node))


def _cell(node: etree._Element) -> Cell:
    span, merged, fill = (node.find(f"{W}tcPr/{W}{name}") for name in ("gridSpan", "vMerge", "shd"))
    blocks = list(_blocks(node))
    if not blocks or isinstance(blocks[-1], Table):
        blocks.append(EMPTY)  # what a valid cell ends with, and docxtpl may leave out
    return Cell(
        "1" if span is None else str(span.get(f"{W}val")),
        None if merged is None else merged.get(f"{W}val", "continue"),
        None if fill is None else fill.get(f"{W}fill"),
        tuple(blocks),
    )


def _inline(parent: etree._Element | None) -> Iterator[Any]:
    for node in [] if parent is None else parent:
        if node.tag == f"{W}r":
            properties = node.find(f"{W}rPr")
            look = frozenset(
                (etree.QName(of).localname, str(sorted(set(of.attrib.values()) - {"clear"})))  # docxtpl's shd lacks it
                for of in ([] if properties is None else properties)
            )
            for piece in node:
                yield from _piece(piece, look)
        elif node.tag == f"{W}hyperlink":
            yield "link", node.get(f"{{{WORD_NAMESPACES['r']}}}id"), tuple(_joined(_inline(node)))
        elif node.tag == f"{W}sdt":
            yield Control(tuple(_joined(_inline(node.find(f"{W}sdtContent")))))


def _piece(node: etree._Element, look: frozenset[tuple[str, str]]) -> Iterator[Any]:
    """Yield what a run's child says: text as Word shows it, so without the spaces that it does not preserve."""
    name = etree.QName(node).localname
    if name == "t":
        kept = node.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        yield Text(node.text or "" if kept else (node.text or "").strip(" \t\n\r"), look)
    elif name == "br":
        yield Text("\f" if node.get(f"{W}type") == "page" else "\n", look)
    elif name in _CHARACTERS:
        yield Text(_CHARACTERS[name], look)
    elif name == "instrText":
        yield "field", unquote(node.text or "")  # an address is escaped for a URL, which docxtpl does not do
    else:
        for found in node.iter(
            f"{W}txbxContent", f"{{{WORD_NAMESPACES['wp']}}}docPr", f"{{{WORD_NAMESPACES['wp']}}}extent"
        ):
            if found.tag == f"{W}txbxContent":
                yield tuple(_blocks(found))
            else:
                yield found.get("descr"), found.get("title"), found.get("cx"), found.get("cy")


def _joined(pieces: Iterator[Any]) -> Iterator[Any]:
    """Join texts of one look, however many runs they are in."""
    held: Text | None = None
    for piece in pieces:
        if isinstance(piece, Text):
            if held and (held.look == piece.look or not piece.text):
                held = Text(held.text + piece.text, held.look)
            else:
                if held and held.text:
                    yield held
                held = piece
        else:
            if held and held.text:
                yield held
            held = None
            yield piece
    if held and held.text:
        yield held


class Invalid(Exception):  # noqa: N818  (docxtpl's, not ours)
    """What docxtpl makes is no Word document."""


class Reference(DocxTemplate):  # type: ignore[misc]
    """docxtpl, which does not mend XML that it broke by cutting it off."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml)
        return super().fix_tables(xml)


def by_docxtpl(template: bytes, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the structure that docxtpl makes.

    Raises:
        Exception: whatever docxtpl raises, and Invalid where text stands outside of `w:t` or a run in one.
    """
    reference = Reference(io.BytesIO(template))
    reference.render(dict(context), autoescape=True)
    finished = io.BytesIO()
    reference.save(finished)
    with zipfile.ZipFile(finished) as archive:
        for path in archive.namelist():
            if path.startswith("word/") and path.endswith(".xml"):
                _must_be_valid(etree.fromstring(archive.read(path)))
    return structure_of(finished.getvalue())


def _must_be_valid(root: etree._Element) -> None:
    for node in root.iter(f"{W}*"):
        texts = [child.tail for child in node]
        if node.tag in {f"{W}t", f"{W}instrText"}:
            if len(node):
                raise Invalid
        else:
            texts.append(node.text)
        if any(text and text.strip() for text in texts):
            raise Invalid

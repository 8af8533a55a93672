"""WordprocessingML as a tree: its names, and the few questions that are asked of it everywhere."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold (XML 1.0, 2.2)."""
_WORDPROCESSING = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
}
"""The namespace of ISO/IEC 29500's transitional form and that of its strict form."""
_PREFIXES = {
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a:",
    "http://purl.oclc.org/ooxml/drawingml/main": "a:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp:",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp:",
    "urn:schemas-microsoft-com:vml": "v:",
    "urn:schemas-microsoft-com:office:office": "o:",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14:",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
    **dict.fromkeys(_WORDPROCESSING, ""),
}
TEXTS = ("t", "a:t", "m:t")
"""The elements that hold text."""
LEVELS = {"r": 1, "p": 2, "tc": 3, "tr": 4}
"""What stands around a text, from the run to the row."""
_IN_ATTRIBUTES = {ord("\n"): "&#10;", ord("\r"): "&#13;", ord("\t"): "&#9;"}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@cache
def quoted(text: str) -> str:
    """Return a text as the value of an attribute, with its quotes."""
    # what `xml.sax.saxutils` does, which loads half of the web first
    return f'"{escape(text).translate(_IN_ATTRIBUTES)}"'


@lru_cache(maxsize=4096)  # a file from outside may have any number of names
def short(name: Hashable) -> str:
    """Return a qualified name in short: `p` for WordprocessingML's, `a:t` for DrawingML's, `?` for all else."""
    if not isinstance(name, str):
        return "?"
    namespace, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    prefix = _PREFIXES.get(namespace)
    return "?" if prefix is None else prefix + local


def kind(element: etree._Element) -> str:
    """Return an element's name in short."""
    return short(element.tag)  # type: ignore[arg-type]


def attribute(element: etree._Element, name: str) -> str | None:
    """Return an attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return an element's first child of a name in short."""
    return next((one for one in element if kind(one) == name), None)


def value(element: etree._Element, *path: str) -> str | None:
    """Return the `val` at the end of a path of children, or None."""
    found: etree._Element | None = element
    for name in path:
        found = child(found, name) if found is not None else None
    return attribute(found, "val") if found is not None else None


def is_on(element: etree._Element | None) -> bool:
    """Tell whether a property that is on or off, such as `b`, is there and on."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off", "none")


def above(element: etree._Element, name: str) -> etree._Element | None:
    """Return the nearest ancestor of a name in short."""
    return next((one for one in element.iterancestors() if kind(one) == name), None)


def qualified(like: etree._Element, local: str) -> str:
    """Return the name of an element in the namespace of another one."""
    return f"{{{etree.QName(like).namespace}}}{local}"


def prefixed(like: etree._Element, local: str) -> str:
    """Return a name as it is written beside another element of the same namespace: `w:p`."""
    return f"{like.prefix}:{local}" if like.prefix else local


def own(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield what is in a paragraph, in order, but not what is in paragraphs within it, or was deleted or moved."""
    for element in paragraph:
        name = kind(element)
        if name in ("p", "a:p", "del", "moveFrom", "txbxContent"):
            continue
        yield element
        yield from own(element)


def texts(element: etree._Element) -> list[etree._Element]:
    """Return the elements of a paragraph's own text."""
    return [one for one in own(element) if kind(one) in TEXTS]


def without_section(paragraph: etree._Element) -> str:
    """Return a paragraph's properties for its copies: a section ends in one paragraph only."""
    properties = child(paragraph, "pPr")
    if properties is None:
        return ""
    section = child(properties, "sectPr")
    if section is None:
        return written(properties)
    at = properties.index(section)
    properties.remove(section)
    found = written(properties)
    properties.insert(at, section)
    return found


def is_instruction(node: etree._Element, name: str | None = None) -> bool:
    """Tell whether a node is a processing instruction, of a name; tokens that stand for an element are some."""
    instruction = isinstance(node, etree._ProcessingInstruction)  # noqa: SLF001  (lxml has no other name for it)
    return instruction and name in (None, getattr(node, "target", None))


def instructions(element: etree._Element) -> list[etree._Element]:
    """Return the tokens among an element's children: they are processing instructions."""
    return [one for one in element if is_instruction(one)]


def written(element: etree._Element) -> str:
    """Return an element's XML as it stands within a part whose namespaces are known there."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    root = element.getroottree().getroot()
    for prefix, uri in element.nsmap.items():
        if root.nsmap.get(prefix) == uri:
            text = text.replace(f' xmlns:{prefix}="{uri}"' if prefix else f' xmlns="{uri}"', "", 1)
    return text


def remove(element: etree._Element) -> None:
    """Take an element out of its parent; the text after it stays."""
    parent = element.getparent()
    assert parent is not None  # noqa: S101
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
        element.tail = None
    parent.remove(element)

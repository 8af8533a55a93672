"""Pictures, charts, shapes and text boxes: what they show in words, and whether they stand in line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iepdocs.docx.accessibility.breach import shortened
from iepdocs.docx.places import text_of
from iepdocs.docx.wordml import attribute, child, kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from iepdocs.docx.accessibility.breach import Part
    from iepdocs.docx.slots import Fault


_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|webp)", re.IGNORECASE)
_WRITE_ALT_TEXT = (
    "Right-click it, View Alt Text, and write what it shows; if it only decorates, tick Mark as decorative."
)


def alt_texts(part: Part) -> Iterator[Fault]:
    """Yield what has no alt text, or none that says anything."""
    for name, alt, element in _pictures(part):
        if not alt.strip():
            yield part.fault(
                "a11y-alt-text",
                element,
                f"'{name}' has no alt text: a screen reader can only say that there is something.",
                _WRITE_ALT_TEXT,
            )
        elif _FILE_NAME.fullmatch(alt.strip()):
            yield part.fault(
                "a11y-alt-text-file-name",
                element,
                f"The alt text of '{name}' is the name of a file, '{alt.strip()}', and says nothing of what it shows.",
                _WRITE_ALT_TEXT,
            )


def _pictures(part: Part) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield the name and alt text of what is to have one: pictures, charts, shapes, but not those that hold text."""
    for element in part.elements:
        name = kind(element)
        if name in ("wp:inline", "wp:anchor"):
            properties = child(element, "wp:docPr")
            if properties is None or _is_decorative(element) or _has_text(element) or properties.get("hidden") == "1":
                continue
            alt = properties.get("descr") or properties.get("title") or ""
            yield properties.get("name") or "A picture", alt, element
        elif _is_vml_object(element) and not _has_text(element):
            yield element.get("id") or "A picture", element.get("alt") or element.get("title") or "", element


def _is_vml_object(element: etree._Element) -> bool:
    """Tell whether an element is a picture or shape in VML that is no part of another, no line across, no word art."""
    name, parent = kind(element), element.getparent()
    if not name.startswith("v:") or name == "v:shapetype" or parent is None or kind(parent) not in ("pict", "object"):
        return False
    return attribute(element, "hr") is None and child(element, "v:textpath") is None


def _is_decorative(element: etree._Element) -> bool:
    properties = child(element, "wp:docPr")
    inside = properties.iter() if properties is not None else ()
    return any(str(one.tag).endswith("}decorative") and one.get("val") in ("1", "true") for one in inside)


def _has_text(element: etree._Element) -> bool:
    """Tell whether a shape is a text box: what it says is read."""
    return any(kind(one) == "txbxContent" and any(map(text_of, _paragraphs(one))) for one in element.iter())


def _paragraphs(element: etree._Element) -> list[etree._Element]:
    return [one for one in element.iter() if kind(one) == "p"]


def floating(part: Part) -> Iterator[Fault]:
    """Yield what floats on the page and is not read in its place."""
    if not part.flows:
        return
    for element in part.elements:
        what = _floats(element)
        if what:
            yield part.fault(
                "a11y-floating",
                element,
                f"This {what} floats on the page: a screen reader comes to it at another place, or not at all.",
                "Click it, and under Layout Options beside it choose In Line with Text."
                if what != "frame"
                else "Double-click the frame's border, Remove Frame.",
                shortened(" ".join(map(text_of, _paragraphs(element)))) or None,
            )


def _floats(element: etree._Element) -> str:
    """Return what floats, as a person calls it, if an element does."""
    name = kind(element)
    what = "text box" if _has_text(element) else "picture or shape"
    if name == "wp:anchor" and not _is_decorative(element):
        return what
    if _is_vml_object(element) and re.search(r"position:\s*absolute", element.get("style") or ""):
        return what
    frame = _frame(element) if name == "p" else None
    if frame is None or attribute(frame, "dropCap"):
        return ""
    before = element.getprevious()
    return "frame" if before is None or _frame(before) is None else ""


def _frame(paragraph: etree._Element) -> etree._Element | None:
    properties = child(paragraph, "pPr")
    return child(properties, "framePr") if properties is not None else None

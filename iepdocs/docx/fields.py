"""The fields that Word computes: those whose content a template changes are marked to be computed anew.

`w:dirty` on the field itself (ISO/IEC 29500-1, 17.16.18) has Word do so when it opens the document, without asking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iepdocs.docx.structure import in_loops
from iepdocs.docx.wordml import above, attribute, instructions, kind, qualified

if TYPE_CHECKING:
    from lxml import etree

    from iepdocs.docx.slots import Slots

_WHOLE_PART = {"TOC", "INDEX", "TOA", "STYLEREF", "PAGEREF", "NUMPAGES", "SECTIONPAGES", "NUMCHARS", "NUMWORDS"}
"""What looks at the whole document."""
_REFERS = {"REF", "NOTEREF"}
_STAYS = {"HYPERLINK", "MERGEFIELD", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "DDE", "DDEAUTO", "IMPORT", "DATABASE"}
"""What computing anew would do no good, or would fetch something from elsewhere as soon as the document is opened."""
_PROPERTIES = {"DOCPROPERTY", "TITLE", "SUBJECT", "AUTHOR", "COMMENTS", "KEYWORDS"}
_WORD = re.compile(r'\s*(=|[\w]+)\s*"?([\w.]*)')


@dataclass(slots=True)
class _Field:
    begin: etree._Element
    code: str = ""
    in_loop: bool = False


def mark_changed_fields(root: etree._Element, slots: Slots, *, properties: bool) -> None:
    """Mark the fields of a part whose content the tags change.

    Args:
        root: the part's tree, its tags in order.
        slots: its tags.
        properties: whether the document's properties have tags.
    """
    fields: list[_Field] = []
    open_fields: list[_Field] = []
    changed = _changed_bookmarks(root, slots)
    for element, blocks in in_loops(root, slots):
        name = kind(element)
        role = attribute(element, "fldCharType") if name == "fldChar" else None
        if role == "begin":
            open_fields.append(_Field(element, in_loop=bool(blocks)))
            fields.append(open_fields[-1])
        elif role == "end" and open_fields:
            open_fields.pop()
        elif name == "instrText" and open_fields:
            open_fields[-1].code += element.text or ""
        elif name == "fldSimple":
            fields.append(_Field(element, attribute(element, "instr") or "", bool(blocks)))
    for one in fields:
        if _is_changed(one, changed, slots, properties=properties):
            one.begin.set(qualified(one.begin, "dirty"), "true")


def _changed_bookmarks(root: etree._Element, slots: Slots) -> set[str]:
    """Return the names of bookmarks around tags or in loops."""
    changed: set[str] = set()
    opened: dict[str, str] = {}
    for element, blocks in in_loops(root, slots):
        name = kind(element)
        if name == "bookmarkStart":
            opened[attribute(element, "id") or ""] = attribute(element, "name") or ""
        elif name == "bookmarkEnd":
            opened.pop(attribute(element, "id") or "", None)
        if opened and (blocks or slots.mark in (element.text or "") or (name == "p" and instructions(element))):
            changed |= set(opened.values())
    return changed


def _is_changed(one: _Field, bookmarks: set[str], slots: Slots, *, properties: bool) -> bool:
    found = _WORD.match(one.code)
    word, argument = (found.group(1).upper(), found.group(2)) if found else ("", "")
    tagged = slots.mark in one.code
    return (
        word in _WHOLE_PART
        or (tagged and word not in _STAYS)
        or (word == "SEQ" and one.in_loop)
        or (word in _REFERS and argument in bookmarks)
        or (word == "=" and _in_tagged_table(one.begin, slots))
        or (word in _PROPERTIES and properties)
    )


def _in_tagged_table(element: etree._Element, slots: Slots) -> bool:
    table = above(element, "tbl")
    return table is not None and any(slots.mark in (one.text or "") for one in table.iter())

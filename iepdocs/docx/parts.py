"""From a part's tree with its tags in order to its XML between them, ready to be compiled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.compile import Part
from iepdocs.docx.copies import tell_apart
from iepdocs.docx.fields import mark_changed_fields
from iepdocs.docx.frames import frame_values
from iepdocs.docx.repair import MARK, as_marks, mark_endangered
from iepdocs.docx.structure import read_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iepdocs.docx.slots import Slots

_ROW_OR_CELL = re.compile(r"<(/?)(?:[\w.-]+:)?(tr|tc)(?=[\s>])")


def make_part(
    name: str,
    tree: etree._Element,
    slots: Slots,
    lists: Mapping[str, tuple[str, str]],
    first: int,
    *,
    tagged_properties: bool,
) -> Part:
    """Return a part ready to be compiled, from its tree with the tags in order.

    Args:
        name: its name in the package.
        tree: its tree; it is changed.
        slots: its tags.
        lists: the numbering and level that a paragraph style has, by its id.
        first: the number of its first tag among those of the template.
        tagged_properties: whether the document's properties have tags.
    """
    mark_changed_fields(tree, slots, properties=tagged_properties)
    fallbacks = mark_endangered(tree, slots)
    copied = tell_apart(tree, slots, lists)
    frame_values(tree, slots)
    xml = as_marks(etree.tostring(tree.getroottree(), encoding="unicode"))  # with what is beside the root
    mark = slots.mark
    pieces = re.split(rf"<\?iepdocs {mark}(\d+){mark}\?>|{mark}(\d+){mark}", xml)
    literals = [_unprotected(literal) for literal in pieces[::3]]
    order = [int(one or other) for one, other in zip(pieces[1::3], pieces[2::3], strict=True)]
    blocks = read_blocks(order, slots)
    part = Part(name, declaration(tree), slots, order, literals, copied, fallbacks, first, blocks)
    part.has_marks = any(MARK in text for text in literals)
    part.widens = _widens(part)
    return part


def declaration(root: etree._Element) -> str:
    """Return the XML declaration of a part as it is written."""
    standalone = ' standalone="yes"' if root.getroottree().docinfo.standalone else ""
    return f'<?xml version="1.0" encoding="UTF-8"{standalone}?>\n'


def _unprotected(literal: str) -> str:
    """Return a text of the template with the braces that docxtpl has one write as `{_{` and `{_%`."""
    if "_" not in literal:
        return literal
    for written, meant in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
        literal = literal.replace(written, meant)
    return literal


def _widens(part: Part) -> bool:
    """Tell whether a part's tags may add cells to a row: those for cells, or loops from cell to cell."""
    return any(slot.tag.scope == "tc" for slot in part.slots.tags) or any(
        _has_bare_cells("".join(part.literals[block.tags[0] + 1 : block.tags[-1] + 1]))
        for block in part.blocks.blocks
        if block.word == "for"
    )


def _has_bare_cells(xml: str) -> bool:
    """Tell whether a stretch of XML has the beginning or end of a cell whose row is not in it."""
    rows = 0
    for found in _ROW_OR_CELL.finditer(xml):
        closing, name = found.groups()
        if name == "tr":
            rows += -1 if closing else 1
        elif rows <= 0:
            return True
    return False

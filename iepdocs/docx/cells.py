"""docxtpl's tags for table cells: their width, colour, and merging with others of a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.elements import instruction, remove_with_run
from iepdocs.docx.slots import Slot
from iepdocs.docx.tags import Tag
from iepdocs.docx.wordml import above, attribute, child, kind, qualified, remove

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iepdocs.docx.slots import Slots

_CELL_ORDER = (
    "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection",
    "tcFitText", "vAlign", "hideMark",
)  # fmt: skip
"""The order of what a cell's properties hold (ISO/IEC 29500-1, CT_TcPr)."""


def cell_tags(root: etree._Element, slots: Slots) -> None:
    """Carry out the tags for cells: as properties of the cell, in their place among the others."""
    for text in [one for one in root.iter() if kind(one) == "t"]:
        for number in slots.numbers(text.text):
            slot = slots.tags[number]
            if slot.tag.word not in _TAGS:
                continue
            cell = above(text, "tc")
            token = slots.token(number)
            before, _, after = (text.text or "").partition(token)
            text.text = (before + after).strip(" ") if text in slots.unkept else before + after
            if cell is None:
                slots.faults.append(
                    slot.fault(
                        f"'{slot.tag.text}' stands in no table cell.",
                        "Move it into the cell that it is for, or delete it.",
                        "template-structure",
                    )
                )
                continue
            _TAGS[slot.tag.word](cell, text, slot, slots)
            if not text.text:
                remove_with_run(text)


def _colspan(cell: etree._Element, _text: etree._Element, slot: Slot, slots: Slots) -> None:
    _set_property(cell, "gridSpan", {"val": slots.add(_value_of(slot, _argument(slot), "1"))})


def _cellbg(cell: etree._Element, _text: etree._Element, slot: Slot, slots: Slots) -> None:
    fill = slots.add(_value_of(slot, _argument(slot), "auto"))
    _set_property(cell, "shd", {"val": "clear", "color": "auto", "fill": fill})


def _vm(cell: etree._Element, text: etree._Element, slot: Slot, slots: Slots) -> None:
    """Merge a cell of a loop with those below: the first has the text."""
    merged = slots.add(_value_of(slot, "'restart' if loop.first else 'continue'", "restart"))
    _set_property(cell, "vMerge", {"val": merged})
    first = next(one for one in cell.iter() if kind(one) == "t")
    first.text = slots.add(_statement_of(slot, "if loop.first")) + (first.text or "")
    text.text = (text.text or "") + slots.add(_statement_of(slot, "endif"))


def _hm(cell: etree._Element, _text: etree._Element, slot: Slot, slots: Slots) -> None:
    """Merge a cell of a loop with those beside: there is one, as wide as all."""
    properties = child(cell, "tcPr")
    span = child(properties, "gridSpan") if properties is not None else None
    width = attribute(span, "val") if span is not None else "1"
    _set_property(cell, "gridSpan", {"val": slots.add(_value_of(slot, f"{width} * loop.length", width or "1"))})
    cell.addprevious(instruction(slots.add(_statement_of(slot, "if loop.first"))))
    after = instruction(slots.add(_statement_of(slot, "endif")))
    after.tail, cell.tail = cell.tail, None
    cell.addnext(after)


_TAGS: dict[str, Callable[[etree._Element, etree._Element, Slot, Slots], None]] = {
    "colspan": _colspan,
    "cellbg": _cellbg,
    "vm": _vm,
    "hm": _hm,
}


def _argument(slot: Slot) -> str:
    return slot.tag.source[len(slot.tag.word) :].strip()


def _value_of(slot: Slot, source: str, standing: str) -> Slot:
    tag = Tag(slot.tag.start, slot.tag.end, "{{", "", source, slot.tag.text)
    return Slot(tag, slot.spot, slot.paragraph, form="attribute", standing=standing)


def _statement_of(slot: Slot, source: str) -> Slot:
    tag = Tag(slot.tag.start, slot.tag.end, "{%", "", source, slot.tag.text)
    return Slot(tag, slot.spot, slot.paragraph)


def _set_property(cell: etree._Element, name: str, values: Mapping[str, str]) -> None:
    """Set a property of a cell, in its place among the others."""
    properties = child(cell, "tcPr")
    if properties is None:
        properties = etree.Element(qualified(cell, "tcPr"), nsmap=cell.nsmap)
        cell.insert(0, properties)
    present = child(properties, name)
    if present is not None:
        remove(present)
    made = etree.Element(qualified(cell, name), nsmap=cell.nsmap)
    for key, content in values.items():
        made.set(qualified(cell, key), content)
    rank = _CELL_ORDER.index(name)
    at = sum(1 for one in properties if kind(one) in _CELL_ORDER[:rank])
    properties.insert(at, made)

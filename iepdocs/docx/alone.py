"""Control tags that are alone in their paragraph or table row: they stand for it, and leave no empty line behind."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.slots import MIDDLE, OPENS, block_word
from iepdocs.docx.wordml import TEXTS, above, kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iepdocs.docx.slots import Slots


def let_alone_stand(root: etree._Element, slots: Slots) -> None:
    """Let control tags that are alone in their paragraphs, or rows, stand for these: they leave no empty line."""
    order = _control_tags(root, slots)
    groups = _groups(order, slots)
    holder = {number: text for text in root.iter() if kind(text) == "t" for number in slots.numbers(text.text)}
    for scope in ("tr", "p"):
        alone: dict[int, etree._Element] = {}
        fit: dict[etree._Element, bool] = {}
        for number in order:
            element = above(holder[number], scope)
            tag = slots.tags[number].tag
            if element is not None and not tag.scope and element not in fit:
                fit[element] = _only_controls(element, scope, slots)
            if element is not None and (tag.scope == scope or (not tag.scope and fit[element])):
                alone[number] = element
        _drop_unfit(alone, groups, slots)
        for number in alone:
            slot = slots.tags[number]
            tag = slot.tag
            if not tag.scope:
                slot.tag = replace(tag, scope=scope)


def _drop_unfit(alone: dict[int, etree._Element], groups: Mapping[int, Sequence[int]], slots: Slots) -> None:
    """Drop the tags that stand with others, of their block or in their paragraph, which are not alone or not beside."""
    needing: dict[int, list[int]] = {}
    within = {element: _control_tags(element, slots) for element in dict.fromkeys(alone.values())}
    for number, element in alone.items():
        for other in (*groups[number], *within[element]):
            needing.setdefault(other, []).append(number)
    unfit = [other for other in needing if other not in alone]
    unfit += [
        number
        for number, element in alone.items()
        if any(other in alone and not _beside(element, alone[other]) for other in groups[number])
    ]
    while unfit:
        number = unfit.pop()
        alone.pop(number, None)
        unfit += needing.pop(number, ())


def _control_tags(element: etree._Element, slots: Slots) -> list[int]:
    return [
        number
        for text in element.iter()
        if kind(text) == "t"
        for number in slots.numbers(text.text)
        if slots.tags[number].tag.opener != "{{"
    ]


def _groups(order: Sequence[int], slots: Slots) -> dict[int, list[int]]:
    """Return for each control tag those of its block: the `for`, its `else` and `endfor`."""
    groups: dict[int, list[int]] = {}
    opened: list[tuple[str, list[int]]] = []
    for number in order:
        tag = slots.tags[number].tag
        word = block_word(tag)
        if opened and opened[-1][0] == "raw" and word != "endraw":
            groups[number] = [number, -1]  # it is text
        elif word in OPENS:
            opened.append((word, [number]))
            groups[number] = opened[-1][1]
        elif word in MIDDLE and opened:
            opened[-1][1].append(number)
            groups[number] = opened[-1][1]
        elif word.startswith("end") and opened and opened[-1][0] == word[3:]:
            group = opened.pop()[1]
            group.append(number)
            groups[number] = group
        else:
            groups[number] = [number] if word not in MIDDLE and not word.startswith("end") else [number, -1]
    for _, group in opened:
        group.append(-1)  # never closed
    return groups


_NO_CONTENT = {
    "tr", "tc", "p", "r", "t", "proofErr", "lastRenderedPageBreak", "ins", "smartTag", "bookmarkStart", "bookmarkEnd",
    "commentRangeStart", "commentRangeEnd", "permStart", "permEnd", "moveToRangeStart", "moveToRangeEnd",
}  # fmt: skip
"""What may go with control tags: beside them and the properties of elements, anything else is content."""


def _only_controls(element: etree._Element, scope: str, slots: Slots) -> bool:
    """Tell whether a paragraph or row holds control tags and nothing else."""
    content = "".join(one.text or "" for one in element.iter() if kind(one) in TEXTS)
    numbers = slots.numbers(content)
    if not numbers or any(slots.tags[number].tag.opener == "{{" for number in numbers):
        return False
    if any(slots.tags[number].tag.scope not in ("", scope) or slots.tags[number].tag.trims_before
           or slots.tags[number].tag.trims_after for number in numbers):  # fmt: skip
        return False
    if re.sub(f"{slots.mark}\\d+{slots.mark}", "", content).strip():
        return False
    return all(kind(one) in _NO_CONTENT for one in _without_properties(element))


def _without_properties(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    for one in element.iterchildren(etree.Element):
        if not kind(one).endswith("Pr"):
            yield from _without_properties(one)


def _beside(one: etree._Element, other: etree._Element) -> bool:
    return one.getparent() is other.getparent()

"""Tags that stand for a row, cell, paragraph or run: what goes with the element, and what must not."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.frames import frame
from iepdocs.docx.slots import MIDDLE, OPENS, STANDS_FOR, Fault
from iepdocs.docx.wordml import (
    LEVELS,
    TEXTS,
    above,
    attribute,
    child,
    is_instruction,
    kind,
    own,
    qualified,
    remove,
    texts,
    without_section,
)
from iepdocs.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iepdocs.docx.slots import Slot, Slots
    from iepdocs.docx.tags import Tag

SCOPES = ("tr", "tc", "p", "r")
"""The elements that a tag may stand for, in the order in which they are replaced."""
_STAYS = {"drawing", "pict", "object", "footnoteReference", "endnoteReference", "commentReference", "ruby"}
"""What is in a run and more than text: it stays when the paragraph of a control tag goes."""
_RANGES = {"bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd"}


def instruction(token: str) -> etree._Element:
    """Return a token as a node of its own, where no text may stand."""
    return etree.ProcessingInstruction("iepdocs", token)


def stand_for(root: etree._Element, scope: str, slots: Slots) -> None:
    """Put the tags that stand for a row, cell, paragraph or run in its place."""
    elements: dict[etree._Element, list[int]] = {}
    for text in [one for one in root.iter() if kind(one) == "t"]:
        numbers = slots.numbers(text.text)
        if not any(slots.tags[number].tag.scope == scope for number in numbers):
            continue
        element = above(text, scope)
        if element is None:
            for number in numbers:
                if slots.tags[number].tag.scope == scope:
                    slots.faults.append(_nowhere(slots.tags[number], scope))
            continue
        elements.setdefault(element, []).extend(number for number in numbers if slots.tags[number].tag.scope == scope)
    for element, numbers in elements.items():
        if element.getparent() is None:
            continue
        if scope == "p":  # what else controls there goes with it
            numbers = _controls(element, slots, numbers)  # noqa: PLW2901
        _replace_element(element, scope, numbers, slots)


def _controls(paragraph: etree._Element, slots: Slots, numbers: Sequence[int]) -> list[int]:
    """Return the tags that stand for a paragraph and those of its control tags that have no scope of their own."""
    found = [number for text in texts(paragraph) for number in slots.numbers(text.text)]
    return [number for number in found if number in numbers or slots.tags[number].tag.opener == "{%"]


def _nowhere(slot: Slot, scope: str) -> Fault:
    what = STANDS_FOR[scope]
    return slot.fault(
        f"'{slot.tag.text}' stands for a {what}, but there is none around it.",
        f"Move it into a {what}, or write it without the '{scope}'.",
        "template-structure",
    )


def _replace_element(element: etree._Element, scope: str, numbers: Sequence[int], slots: Slots) -> None:
    tags = [slots.tags[number].tag for number in numbers]
    if len(tags) > 1 and _pairs_up(tags):
        _wrap(element, numbers, slots)
        return
    if tags[0].opener != "{#":
        slots.faults += _lost(element, scope, slots.tags[numbers[0]], slots)
    token = slots.token(numbers[0])
    text = next(one for one in element.iter() if kind(one) == "t" and token in (one.text or ""))
    before, after = _kept(element, text, tags) if scope == "p" else ([], [])
    for number in numbers:
        slot = slots.tags[number]
        if slot.tag.opener == "{{":
            chain = [one for one in text.iterancestors() if kind(one) in LEVELS]
            slot.form, slot.level = "text", LEVELS[scope]
            frame(slot, chain)
    parent = element.getparent()
    if scope == "p" and parent is not None:
        slots.properties.setdefault(parent, without_section(element))
    for one in before:
        element.addprevious(one)
    for number in numbers:
        element.addprevious(instruction(slots.token(number)))
    for one in reversed(after):
        element.addnext(one)
    remove(element)


def _lost(element: etree._Element, scope: str, slot: Slot, slots: Slots) -> Iterator[Fault]:
    """Yield a doubt for text that goes with the element which a tag stands for, as docxtpl has it."""
    texts = " ".join("".join(_going(one)) for one in element.iter() if kind(one) == "p")
    values = [slots.tags[number].tag for number in slots.numbers(texts)]
    said = re.sub(f"{slots.mark}\\d+{slots.mark}", " ", texts).split()
    lost = " ".join([*said, *(tag.text for tag in values if tag.opener == "{{" and tag.scope != scope)])
    if lost:
        what = STANDS_FOR[scope]
        yield slot.fault(
            f"'{slot.tag.text}' stands for its whole {what}: '{lost[:60]}' beside it is not printed.",
            f"Put the tag into a {what} of its own.",
            "template-text-lost",
            Severity.WARNING,
        )


def _going(paragraph: etree._Element) -> Iterator[str]:
    """Yield the texts of a paragraph that go with it: not those of a text box, which stays."""
    for one in paragraph.iterchildren(etree.Element):
        if kind(one) in TEXTS:
            yield one.text or ""
        elif not stays(one) and kind(one) not in ("p", "del", "moveFrom"):
            yield from _going(one)


def _pairs_up(tags: Sequence[Tag]) -> bool:
    """Tell whether the tags of one element open and close each other: then it is that element which they repeat."""
    open_words: list[str] = []
    for tag in tags:
        if tag.word in OPENS:
            open_words.append(tag.word)
        elif not tag.word.startswith("end") or not open_words or open_words.pop() != tag.word[3:]:
            return False
    return not open_words


def _wrap(element: etree._Element, numbers: Sequence[int], slots: Slots) -> None:
    """Put tags that open and close each other around the element in which they are."""
    for number in numbers:
        token = slots.token(number)
        for text in [one for one in element.iter() if kind(one) == "t" and token in (one.text or "")]:
            text.text = (text.text or "").replace(token, "")
            if not text.text:
                remove_with_run(text)
    opening: list[int] = []
    still_open: list[int] = []
    closed_by: dict[int, int] = {}
    for number in numbers:
        if slots.tags[number].tag.word in OPENS:
            opening.append(number)
            still_open.append(number)
            element.addprevious(instruction(slots.token(number)))
        else:
            closed_by[still_open.pop()] = number
    last = element
    while (after := last.getnext()) is not None and is_instruction(after):
        last = after
    for number in reversed(opening):
        made = instruction(slots.token(closed_by[number]))
        last.addnext(made)
        last = made


def _kept(
    element: etree._Element, text: etree._Element, tags: Sequence[Tag]
) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return what of a paragraph must not be lost with its tag, as elements to stand before and after that.

    A page break, picture or text box stays on its side of the tag, but within the loop that it ends; a section ends
    before a block that begins, and within a loop.
    """
    before, after = _pieces(element, text)
    ranges = [copy.deepcopy(one) for one in element if kind(one) in _RANGES]
    if tags[-1].word == "endfor":
        before, after = before + after, []
    made = [[_paragraph_of(element, side)] if side else [] for side in (before, after)]
    properties = child(element, "pPr")
    section = child(properties, "sectPr") if properties is not None else None
    if section is not None:
        outer = made[0 if tags[0].word in OPENS or tags[-1].word == "endfor" else 1]
        if not outer:
            outer.append(_paragraph_of(element, []))
        _end_section(outer[0], section)
    if tags[-1].word.startswith("end") or tags[-1].word in MIDDLE:
        return made[0], [*made[1], *ranges]
    return [*ranges, *made[0]], made[1]


def _pieces(paragraph: etree._Element, text: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return copies of what stays of a paragraph, before and after the text of its tag."""
    before: list[etree._Element] = []
    after: list[etree._Element] = []
    side = before
    for piece in paragraph:
        if piece is not text.getparent():
            if kind(piece) not in ("pPr", *_RANGES) and any(stays(one) for one in piece.iter()):
                side.append(_without_text(piece))
            if text in list(piece.iter()):
                side = after
            continue
        at = piece.index(text)
        for kept, where in ((piece[:at], before), (piece[at:], after)):
            staying = [one for one in kept if stays(one)]
            if staying:
                where.append(_only(piece, staying))
        side = after
    return before, after


def stays(element: etree._Element) -> bool:
    """Tell whether an element of a run stays when the paragraph of a control tag goes."""
    name = kind(element)
    if name == "br":
        return attribute(element, "type") in ("page", "column")
    if name == "?":
        return etree.QName(element).localname == "AlternateContent" if isinstance(element.tag, str) else False
    return name in _STAYS


def _only(run: etree._Element, pieces: Sequence[etree._Element]) -> etree._Element:
    made = copy.deepcopy(run)
    for one in list(made):
        if kind(one) != "rPr":
            made.remove(one)
    for one in pieces:
        made.append(copy.deepcopy(one))
    return made


def _without_text(piece: etree._Element) -> etree._Element:
    made = copy.deepcopy(piece)
    for text in [one for one in own(made) if kind(one) in TEXTS]:
        remove(text)
    if kind(made) == "r":
        for one in [one for one in made if kind(one) in ("t", "tab", "cr") or (kind(one) == "br" and not stays(one))]:
            made.remove(one)
    return made


def _paragraph_of(paragraph: etree._Element, pieces: Sequence[etree._Element]) -> etree._Element:
    """Return a paragraph like another, without its section break, that holds some pieces."""
    made = etree.Element(paragraph.tag, nsmap=paragraph.nsmap)
    properties = child(paragraph, "pPr")
    if properties is not None:
        copied = copy.deepcopy(properties)
        section = child(copied, "sectPr")
        if section is not None:
            copied.remove(section)
        made.append(copied)
    for one in pieces:
        made.append(one)
    return made


def _end_section(paragraph: etree._Element, section: etree._Element) -> None:
    properties = child(paragraph, "pPr")
    if properties is None:
        properties = etree.Element(qualified(paragraph, "pPr"), nsmap=paragraph.nsmap)
        paragraph.insert(0, properties)
    change = child(properties, "pPrChange")
    if change is not None:
        change.addprevious(copy.deepcopy(section))
    else:
        properties.append(copy.deepcopy(section))


def remove_with_run(text: etree._Element) -> None:
    """Take out a text that a tag has left empty, and its run if nothing else is in that."""
    run = text.getparent()
    if run is None:
        return
    remove(text)
    if kind(run) in ("r", "a:r", "m:r") and all(kind(one) in ("rPr", "a:rPr", "m:rPr") for one in run):
        remove(run)

"""Tags that take the space beside them: `{%-` joins a paragraph with the one before, `-%}` with the one after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.docx.wordml import TEXTS, above, attribute, kind, own, remove, texts

if TYPE_CHECKING:
    from lxml import etree

    from iepdocs.docx.slots import Slot, Slots


_SPACES = {"br", "tab", "cr"}


def trims(root: etree._Element, slots: Slots) -> None:
    """Take the space beside a tag that asks for it, and join its paragraph with the one before or after, as docxtpl."""
    if not any(slot.tag.trims_before or slot.tag.trims_after for slot in slots.tags):
        return
    holders = {number: one for one in root.iter() if kind(one) in TEXTS for number in slots.numbers(one.text)}
    for number, slot in enumerate(slots.tags):
        if number in holders and (slot.tag.trims_before or slot.tag.trims_after):
            token, text = slots.token(number), holders[number]
            _strip(text, token, before=slot.tag.trims_before, after=slot.tag.trims_after)
            if slot.tag.opener == "{%" and not slot.tag.scope:
                _join(text, token, slot)
                _without_breaks(text, token, slot)


def _strip(text: etree._Element, token: str, *, before: bool, after: bool) -> None:
    """Take the space beside a token in its own text: what another run begins or ends with stays, as in docxtpl."""
    head, _, tail = (text.text or "").partition(token)
    text.text = (head.rstrip() if before else head) + token + (tail.lstrip() if after else tail)


def _without_breaks(text: etree._Element, token: str, slot: Slot) -> None:
    """Take out the line breaks and tabs between a token and the text before or after it."""
    paragraph = above(text, "p")
    if paragraph is None:
        return
    elements = list(own(paragraph))
    at = elements.index(text)
    head, _, tail = (text.text or "").partition(token)
    sides = (
        reversed(elements[:at]) if slot.tag.trims_before and not head else (),
        elements[at + 1 :] if slot.tag.trims_after and not tail else (),
    )
    for side in sides:
        for one in side:
            if kind(one) in TEXTS:
                break
            if kind(one) in _SPACES and attribute(one, "type") in (None, "textWrapping"):
                remove(one)


def _join(text: etree._Element, token: str, slot: Slot) -> None:
    paragraph = above(text, "p")
    if paragraph is None:
        return
    whole = "".join(one.text or "" for one in texts(paragraph))
    before, _, after = whole.partition(token)
    if slot.tag.trims_before and not before.strip():
        previous = paragraph.getprevious()
        if previous is not None and kind(previous) == "p" and texts(previous):
            _append(previous, paragraph)
            paragraph = previous
    if slot.tag.trims_after and not after.strip():
        following = paragraph.getnext()
        if following is not None and kind(following) == "p" and texts(following):
            _append(paragraph, following)


def _append(paragraph: etree._Element, other: etree._Element) -> None:
    for piece in list(other):
        if kind(piece) != "pPr":
            paragraph.append(piece)
    remove(other)

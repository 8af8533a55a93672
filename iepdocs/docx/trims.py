"""Tags that take the space beside them: `{%-` joins a paragraph with the one before, `-%}` with the one after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.docx.wordml import TEXTS, above, kind, remove, texts

if TYPE_CHECKING:
    from lxml import etree

    from iepdocs.docx.slots import Slot, Slots


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


def _strip(text: etree._Element, token: str, *, before: bool, after: bool) -> None:
    """Take the space beside a token, in its own text and in those beside it."""
    paragraph = next((one for one in text.iterancestors() if kind(one) in ("p", "a:p")), None)
    pieces = texts(paragraph) if paragraph is not None else [text]
    at = pieces.index(text)
    head, _, tail = (text.text or "").partition(token)
    if before:
        head = head.rstrip()
        for one in reversed(pieces[:at] if not head else []):
            one.text = (one.text or "").rstrip()
            if one.text:
                break
    if after:
        tail = tail.lstrip()
        for one in pieces[at + 1 :] if not tail else []:
            one.text = (one.text or "").lstrip()
            if one.text:
                break
    text.text = head + token + tail


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

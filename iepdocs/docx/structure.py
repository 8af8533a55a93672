"""How the blocks of a part lie in one another, and in its XML: what is opened, closed, crossed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.slots import MIDDLE, OPENS, STANDS_FOR, Fault, block_word, meant_word
from iepdocs.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iepdocs.docx.slots import Slot, Slots

REPEATS = {"for", "macro", "call", "block"}
"""The blocks whose content may be in the document more than once."""
_ELEMENT = re.compile(r"<!--.*?-->|<\?.*?\?>|<(/?)([^\s/>!?]+)[^>]*?(/?)>", re.DOTALL)
_MOST_NESTED = 20
"""Python takes twenty loops in each other, and no template needs half of them."""
_WHAT = {**STANDS_FOR, "tbl": "table", "hyperlink": "link"}
_BELONGS = {"else": {"if", "for"}, "elif": {"if"}}


@dataclass(slots=True)
class Block:
    """A block of a part: the tags that open, divide and close it, by their place in the order of tags."""

    word: str
    tags: list[int]
    closed: bool = False


@dataclass(slots=True)
class Blocks:
    """The blocks of a part.

    Attributes:
        faults: what is wrong with them.
        raw: the tags that are text because they stand between raw and endraw.
        strays: the tags that divide or close no block, by their place in the order of tags.
        missing: the blocks that nothing closes, the inner ones first, by the place in that order where they must end.
    """

    blocks: list[Block] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    raw: set[int] = field(default_factory=set)
    strays: set[int] = field(default_factory=set)
    missing: dict[int, list[str]] = field(default_factory=dict)


def read_blocks(order: Sequence[int], slots: Slots) -> Blocks:
    """Match the tags that open and close a block.

    Args:
        order: the numbers of the tags as they are written.
        slots: what the numbers stand for.
    """
    found = Blocks()
    stack: list[Block] = []
    for at, number in enumerate(order):
        if number >= len(slots.tags):  # a copied value
            continue
        slot = slots.tags[number]
        word = block_word(slot.tag)
        if stack and stack[-1].word == "raw" and word != "endraw":
            found.raw.add(number)
        elif word in OPENS:
            stack.append(Block(word, [at]))
            found.blocks.append(stack[-1])
            if len(stack) == _MOST_NESTED:
                found.faults.append(_too_deep(slot))
        elif word in MIDDLE:
            _divide(word, at, order, slots, stack, found)
        elif word.startswith("end"):
            _close(word[3:], at, order, slots, stack, found)
    for block in stack:
        found.faults.append(_open(slots.tags[order[block.tags[0]]], None))
    found.missing[len(order)] = [block.word for block in reversed(stack)]
    return found


def _divide(word: str, at: int, order: Sequence[int], slots: Slots, stack: list[Block], found: Blocks) -> None:
    slot = slots.tags[order[at]]
    if stack and stack[-1].word in _BELONGS[word]:
        last = slots.tags[order[stack[-1].tags[-1]]]
        if last.tag.word == "else":
            found.faults.append(_after_else(slot, last))
        stack[-1].tags.append(at)
    else:
        found.strays.add(at)
        found.faults.append(_stray(slot, slots.tags[order[stack[-1].tags[0]]] if stack else None))


def _close(word: str, at: int, order: Sequence[int], slots: Slots, stack: list[Block], found: Blocks) -> None:
    slot = slots.tags[order[at]]
    if not any(block.word == word for block in stack):
        found.strays.add(at)
        found.faults.append(_stray(slot, slots.tags[order[stack[-1].tags[0]]] if stack else None))
        return
    while stack[-1].word != word:
        found.missing.setdefault(at, []).append(stack[-1].word)
        found.faults.append(_open(slots.tags[order[stack.pop().tags[0]]], slot))
    block = stack.pop()
    block.tags.append(at)
    block.closed = True


def _too_deep(slot: Slot) -> Fault:
    return slot.fault(
        f"'{slot.tag.text}' stands in too many others: blocks may be {_MOST_NESTED - 1} deep.",
        "Put conditions together with and, or or elif.",
        "template-structure",
    )


def _open(slot: Slot, closer: Slot | None) -> Fault:
    scope = slot.tag.scope
    end = f"{{%{scope} end{meant_word(slot.tag)} %}}"
    if closer is None:
        message = f"'{slot.tag.text}' is not closed: no '{end}' for it follows."
        where = STANDS_FOR.get(scope, "")
        mend = f"Write '{end}' where it ends{f', in a {where} of its own' if where else ''}."
    else:
        message = (
            f"'{slot.tag.text}' is not closed before '{closer.tag.text}' closes what is around it"
            f" ({_where(closer, slot)})."
        )
        mend = f"Write '{end}' before '{closer.tag.text}', or move it there."
    return slot.fault(message, mend, "template-syntax")


def _stray(slot: Slot, opener: Slot | None) -> Fault:
    word = meant_word(slot.tag).removeprefix("end")
    opening = " or ".join(sorted(_BELONGS.get(word, {word})))
    message = f"'{slot.tag.text}' has no '{{% {opening} … %}}' before it."
    if opener is not None:
        message = f"{message[:-1]}; what is open there is '{opener.tag.text}' ({_where(opener, slot)})."
    return slot.fault(message, "Delete it, or write the beginning that it is for.", "template-syntax")


def _after_else(slot: Slot, other: Slot) -> Fault:
    return slot.fault(
        f"'{slot.tag.text}' comes after '{other.tag.text}', which is for all that is left ({_where(other, slot)}).",
        "Delete one of the two, or move the 'else' behind it.",
        "template-syntax",
    )


def _where(slot: Slot, seen_from: Slot) -> str:
    """Say where another tag is, as shortly as it can be found from here."""
    spot = slot.spot
    cell = ", ".join(f"{word} {number}" for word in ("table", "row", "column") if (number := getattr(spot, word)))
    where = [spot.part] if spot.part != seen_from.spot.part else []
    return ", ".join([*where, *([cell] if cell else []), f'"{slot.paragraph}"'])


def unbalanced(literals: Sequence[str], order: Sequence[int], blocks: Blocks, slots: Slots) -> Iterator[Fault]:
    """Yield a fault for each block that takes half of something with it: a warning if the document is whole anyway.

    Args:
        literals: the XML between the tags: the one before each, and the last.
        order: the numbers of the tags.
        blocks: their blocks.
        slots: what the numbers stand for.
    """
    within: list[tuple[int, int]] = []
    for block in sorted(blocks.blocks, key=lambda one: one.tags[-1] - one.tags[0]):
        if not block.closed:
            continue
        for begin, end in zip(block.tags, block.tags[1:], strict=False):
            closes, opens = _net(literals, begin, end, within)
            if not closes and not opens:
                continue
            names = [_WHAT.get(name.rpartition(":")[2], name) for name in closes or opens]
            opener, closer = slots.tags[order[begin]], slots.tags[order[end]]
            if closes != opens[::-1]:
                yield _half(opener, closer)
            elif "table cell" in names or "table row" in names:
                yield _crossing(opener, closer, "row" if "table row" in names else "cell")
        within.append((block.tags[0], block.tags[-1]))


def _net(
    literals: Sequence[str], begin: int, end: int, within: Sequence[tuple[int, int]]
) -> tuple[list[str], list[str]]:
    """Return what elements a stretch closes that it did not open, and what it opens without closing."""
    stretches = []
    at = begin + 1
    while at <= end:
        stretches.append(literals[at])
        inner = next((last for first, last in within if first == at and last < end), None)
        at = at + 1 if inner is None else inner + 1
    closes: list[str] = []
    opens: list[str] = []
    for found in _ELEMENT.finditer("x".join(stretches)):  # a tag in an attribute is amid an element's own
        closing, name, alone = found.groups()
        if not name or alone:
            continue
        if not closing:
            opens.append(name)
        elif opens:
            opens.pop()
        else:
            closes.append(name)
    return closes, opens


def _half(opener: Slot, closer: Slot) -> Fault:
    return opener.fault(
        f"'{opener.tag.text}' and '{closer.tag.text}' do not stand in the same kind of place"
        f" ({_where(closer, opener)}): what is between is half of something, and Word could not open the document.",
        "Put both in paragraphs of their own ({%p … %}), or both in table rows of their own ({%tr … %}).",
        "template-structure",
    )


def _crossing(opener: Slot, closer: Slot, what: str) -> Fault:
    form = "tr" if what == "row" else "tc"
    return opener.fault(
        f"'{opener.tag.text}' begins in one table {what} and '{closer.tag.text}' is in another"
        f" ({_where(closer, opener)}).",
        f"To repeat a whole {what}, put each alone in a {what} of its own and write {{%{form} … %}}.",
        "template-structure",
        Severity.WARNING,
    )


def in_loops(root: etree._Element, slots: Slots) -> Iterator[tuple[etree._Element, tuple[int, ...]]]:
    """Yield every element as it is written, with the blocks around it that may be repeated, by their tags' numbers."""
    stack: list[tuple[str, int]] = []
    for event, element in etree.iterwalk(root, events=("start", "pi")):
        if event == "start":
            yield element, tuple(number for word, number in stack if word in REPEATS)
        contents = [element.text] if event == "pi" else [*map(str, element.attrib.values()), element.text]
        for content in contents:
            for number in slots.numbers(content):
                word = block_word(slots.tags[number].tag)
                if stack and stack[-1][0] == "raw" and word != "endraw":
                    continue
                if word in OPENS:
                    stack.append((word, number))
                elif word == "else" and stack:  # of a loop: written once at most
                    stack[-1] = ("if", number)
                elif word.startswith("end") and stack:
                    stack.pop()

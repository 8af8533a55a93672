"""A part's tree with its tags brought into order: each in one place, and each that stands for an element instead of it.

The tree is changed only in runs, paragraphs, rows and cells that have tags. A tag is left in it as a token, and
`Slots` knows what each token stands for.
"""

from __future__ import annotations

import copy
import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import accumulate, chain
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

from iepdocs.docx.alone import let_alone_stand
from iepdocs.docx.cells import cell_tags
from iepdocs.docx.elements import SCOPES, remove_with_run, stand_for
from iepdocs.docx.places import BEGINS_PIECE, ENDS_PIECE, Spot, marked, spots
from iepdocs.docx.slots import Fault, Slot, Slots
from iepdocs.docx.tags import CLOSERS, OPENER, Tag, Unclosed, find_tags
from iepdocs.docx.trims import trims
from iepdocs.docx.wordml import SPACE, TEXTS, attribute, child, is_instruction, kind, own, qualified, remove, texts
from iepdocs.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_PROTECTED = re.compile(r"\{_[{%]|[}%]_\}")
"""docxtpl's way to write braces that are text."""
_HALF_A_TAG = re.compile(r"\{\s+[{%]|\{?[^\W\d][\w.]*\s*\}\}|\{%?\s*[^\W\d]\w*\.[\w.]*\s*\}|[\w'\")\].]+\s*%\}(?!_)")
"""Braces apart, a name before braces that no tag ends with, a name with a point in single braces."""
_ALTERNATIVE = {"descr", "title", "alt"}
"""The attributes in which Word keeps what it calls alternative text."""
_VANISHES = {"proofErr", "lastRenderedPageBreak", "br", "tab", "cr", "noBreakHyphen", "softHyphen"}
"""What may stand between the pieces of a tag and goes with them."""
_MOST_JOINED = 200


def has_braces(content: bytes) -> bool:
    """Tell whether a part may have tags, or what is left of one: cheaply, and rather yes than no."""
    return b"{" in content or b"}}" in content or b"%}" in content or b"%7B" in content or b"&#" in content


def normalize(
    root: etree._Element, part: str, headings: Mapping[str, bool], links: Mapping[str, str] | None = None
) -> Slots:
    """Bring the tags of a part's tree into order.

    Args:
        root: the tree; it is changed.
        part: the part as a person calls it.
        headings: which paragraph styles are those of headings.
        links: the addresses of the part's links that have tags, by relationship id.

    Returns:
        what the tokens that were left in the tree stand for.
    """
    # Each step leaves tags to the next: those of a cell's look, then those that join text, then those alone in a
    # paragraph or row; at last those that stand for an element, rows first, which take their cells with them.
    slots = Slots(_unused(root))
    _join_broken(root)
    at: dict[etree._Element, Spot] = {}
    for paragraph, spot in list(spots(root, part, headings)):
        at[paragraph] = spot
        _paragraph_tags(paragraph, spot, slots)
    for mark in [one for one in root.iter() if is_instruction(one, BEGINS_PIECE) or is_instruction(one, ENDS_PIECE)]:
        remove(mark)
    _other_text(root, Spot(part), slots)
    _attributes(root, at, Spot(part), slots, links or {})
    _charts(root, slots)
    if not slots.tags:
        return slots
    cell_tags(root, slots)
    trims(root, slots)
    let_alone_stand(root, slots)
    for scope in SCOPES:
        stand_for(root, scope, slots)
    return slots


def _unused(root: etree._Element) -> str:
    """Return a character that the part has not, of those that Unicode leaves to private use."""
    text = etree.tostring(root, encoding="unicode")
    private = chain(range(0xE000, 0xF8FF), range(0xF0000, 0xFFFFE))
    return next(sign for sign in map(chr, private) if sign not in text)


def _join_broken(root: etree._Element) -> None:
    """Join paragraphs between which a tag is broken, as where Enter was pressed in it."""
    for paragraph in [one for one in root.iter() if kind(one) == "p"]:
        while paragraph.getparent() is not None:
            text = _text(paragraph)
            tags = list(find_tags(text))
            if not tags or not isinstance(tags[-1], Unclosed):
                break
            following = _up_to_end(paragraph, text[tags[-1].start + 2 :], tags[-1].opener)
            if not following:
                break
            for one in following:
                for piece in list(one):
                    if kind(piece) != "pPr":
                        paragraph.append(piece)
                remove(one)


def _up_to_end(paragraph: etree._Element, begun: str, opener: str) -> list[etree._Element]:
    """Return the paragraphs into which an open tag goes on; none if nothing closes it before another tag begins."""
    following: list[etree._Element] = []
    after = paragraph.getnext()
    while after is not None and kind(after) == "p" and len(following) < _MOST_JOINED:
        following.append(after)
        begun += _text(after)
        end = begun.find(CLOSERS[opener])
        other = OPENER.search(begun) if opener != "{#" else None
        if other and not 0 <= end < other.start():
            return []
        if end >= 0:
            return following
        after = after.getnext()
    return []


def _text(paragraph: etree._Element) -> str:
    return "".join(one.text or "" for one in texts(paragraph))


def _paragraph_tags(paragraph: etree._Element, spot: Spot, slots: Slots) -> None:
    """Put a token in the place of each tag of a paragraph."""
    elements = list(own(paragraph))
    _replace([one for one in elements if kind(one) in TEXTS], elements, spot, slots)
    codes = [one for one in elements if kind(one) == "instrText"]
    if codes:
        _replace(codes, elements, spot, slots)
    for run in [one for one in elements if kind(one) == "r"]:
        _split_off(run, slots)


def _replace(pieces: Sequence[etree._Element], elements: Sequence[etree._Element], spot: Spot, slots: Slots) -> None:
    whole = "".join(one.text or "" for one in pieces)
    if "}" in whole or "{" in whole:
        slots.faults += _doubts(whole, spot)
    if not OPENER.search(whole) and not _PROTECTED.search(whole):
        return
    starts = list(accumulate((len(one.text or "") for one in pieces), initial=0))
    tokens = []
    for found in find_tags(whole):
        if isinstance(found, Unclosed):
            slots.faults.append(_unclosed(found, whole, spot))
        else:
            tokens.append((found, slots.add(Slot(found, spot, marked(whole, found.start, found.end)))))
    taken = [(tag.start, tag.end) for tag, _ in tokens]
    stretches = [(tag.start, tag.end, token) for tag, token in tokens]
    stretches += [
        (one.start(), one.end(), one.group().replace("_", ""))
        for one in _PROTECTED.finditer(whole)
        if not any(start < one.end() and one.start() < end for start, end in taken)
    ]
    touched: list[etree._Element] = []
    places = {element: number for number, element in enumerate(elements)}
    for start, end, token in sorted(stretches, reverse=True):
        first = bisect_right(starts, start) - 1
        last = bisect_left(starts, end) - 1
        if pieces[first].get(SPACE) is None:
            slots.unkept.add(pieces[first])
        _put(pieces[first : last + 1], token, start - starts[first], end - starts[last])
        if first != last:
            _clear(elements[places[pieces[first]] + 1 : places[pieces[last]]])
            touched += pieces[first + 1 : last + 1]
    for one in touched:
        if not one.text:
            remove_with_run(one)


def _doubts(whole: str, spot: Spot) -> Iterator[Fault]:
    """Yield what looks like a tag that has lost a brace, and would be printed as it is."""
    bare = whole
    for one in find_tags(whole):
        if isinstance(one, Tag):
            bare = bare[: one.start] + "\0" * (one.end - one.start) + bare[one.end :]
    for found in _HALF_A_TAG.finditer(bare):
        yield Fault(
            f"'{found.group()}' looks like a tag that has lost a brace; it will be printed as it is.",
            "Write two braces on each side, {{ … }} or {% … %}, with nothing between them; or delete it.",
            "template-braces",
            spot,
            marked(whole, found.start(), found.end()),
            Severity.WARNING,
        )


def _put(pieces: Sequence[etree._Element], token: str, start: int, end: int) -> None:
    """Put a token where a tag is, from a place in the first text to one in the last: it looks like its first sign."""
    head, tail = pieces[0], pieces[-1]
    rest = (tail.text or "")[end:]
    for one in pieces[1:]:
        one.text = ""
    head.text = (head.text or "")[:start] + token
    tail.text = (tail.text or "") + rest
    head.set(SPACE, "preserve")
    if rest != rest.strip():
        tail.set(SPACE, "preserve")


def _unclosed(one: Unclosed, whole: str, spot: Spot) -> Fault:
    closer = CLOSERS[one.opener]
    return Fault(
        f"'{one.opener}' opens a tag that nothing closes in this paragraph.",
        f"Close it with '{closer}', or delete it. Retype the whole tag if it looks right: Word may have broken it.",
        "template-syntax",
        spot,
        marked(whole, one.start, one.start + 2),
    )


def _clear(elements: Iterable[etree._Element]) -> None:
    """Take out what Word has put between the pieces of a tag."""
    for element in elements:
        if kind(element) in _VANISHES and attribute(element, "type") is None and element.getparent() is not None:
            remove(element)


def _split_off(run: etree._Element, slots: Slots) -> None:
    """Give each tag that stands for a run a run of its own; the text beside it keeps the formatting."""
    for text in [one for one in run if kind(one) == "t"]:
        numbers = [number for number in slots.numbers(text.text) if slots.tags[number].tag.scope == "r"]
        for number in numbers:
            token = slots.token(number)
            before, _, after = (text.text or "").partition(token)
            at = run.index(text)
            rest = list(run)[at + 1 :]
            tagged = _like(run, token)
            run.addnext(tagged)
            if after or rest:
                remainder = _like(run, after)
                for one in rest:
                    remainder.append(one)
                tagged.addnext(remainder)
            text.text = before
            if not before:
                remove_with_run(text)
            if not (after or rest):
                break
            run = remainder
            text = next(one for one in run if kind(one) == "t")  # noqa: PLW2901


def _like(run: etree._Element, text: str) -> etree._Element:
    """Return a run of a text, formatted as another one."""
    made = etree.SubElement(run, run.tag)
    run.remove(made)
    properties = child(run, "rPr")
    if properties is not None:
        made.append(copy.deepcopy(properties))
    written_text = etree.SubElement(made, qualified(run, "t"))
    written_text.text = text
    written_text.set(SPACE, "preserve")
    return made


def _other_text(root: etree._Element, elsewhere: Spot, slots: Slots) -> None:
    """Put tokens in the place of tags in text that is in no paragraph: properties, and what else there is."""
    for element in root.iter(etree.Element):
        if element.text and OPENER.search(element.text) and kind(element) not in (*TEXTS, "instrText", "delText"):
            element.text = _tokens(element.text, elsewhere, slots, "plain")


def _attributes(
    root: etree._Element,
    at: Mapping[etree._Element, Spot],
    elsewhere: Spot,
    slots: Slots,
    links: Mapping[str, str],
) -> None:
    for element in root.iter(etree.Element):
        for key, content in element.attrib.items():
            if OPENER.search(str(content)):
                spot = next((at[one] for one in element.iterancestors() if one in at), elsewhere)
                if str(key) in _ALTERNATIVE:
                    spot = replace(spot, part=f"{spot.part}, alternative text")
                element.set(key, _tokens(str(content), spot, slots, "attribute"))
            elif links and content in links and "relationships}" in str(key):
                spot = next((at[one] for one in element.iterancestors() if one in at), elsewhere)
                element.set(key, _link(str(content), links[str(content)], spot, slots))


def _charts(root: etree._Element, slots: Slots) -> None:
    """Put a token in the place of the relationship of each chart whose alternative text has values.

    It stands for these values: for one that is alone, and else for a list of all.
    """
    for chart in [one for one in root.iter("{*}chart") if str(one.tag).endswith("/chart}chart")]:
        drawing = next((one for one in chart.iterancestors() if kind(one) in ("wp:inline", "wp:anchor")), None)
        properties = child(drawing, "wp:docPr") if drawing is not None else None
        if properties is None:
            continue
        text = (properties.get("descr") or properties.get("title") or "").strip()
        told = [number for number in slots.numbers(text) if slots.tags[number].tag.opener == "{{"]
        for key, identity in chart.attrib.items() if told else ():
            if str(key).endswith("relationships}id"):
                slot = slots.tags[told[0]]
                tag = slot.tag
                if text != slots.token(told[0]):
                    tag = replace(tag, source=f"[{', '.join(slots.tags[number].tag.source for number in told)}]")
                chart.set(key, slots.add(Slot(tag, slot.spot, slot.paragraph, form=f"chart {identity}")))


def _tokens(text: str, spot: Spot, slots: Slots, form: str) -> str:
    pieces: list[str] = []
    begun = 0
    for one in find_tags(text):
        if isinstance(one, Unclosed):
            slots.faults.append(_unclosed(one, text, spot))
            continue
        paragraph = marked(text, one.start, one.end)
        pieces += [text[begun : one.start], slots.add(Slot(one, spot, paragraph, form=form))]
        begun = one.end
    return "".join([*pieces, text[begun:]])


def link_target(target: str) -> str | None:
    """Return the address of a link as it was typed, if it has tags: Word writes braces and spaces as %7B and %20."""
    typed = unquote(target)
    return typed if OPENER.search(typed) else None


def _link(identity: str, address: str, spot: Spot, slots: Slots) -> str:
    """Return the token of a link's relationship: a value made of the address's texts and values in turn."""
    pieces: list[str] = []
    begun = 0
    for one in find_tags(address):
        if isinstance(one, Unclosed):
            slots.faults.append(_unclosed(one, address, spot))
        elif one.opener == "{{":
            pieces += [_constant(address[begun : one.start]), one.source]
            begun = one.end
        else:
            slots.faults.append(
                Fault(
                    "A link's address can hold values in '{{ … }}' only.",
                    "Write the condition inside the value: {{ 'a' if met else 'b' }}.",
                    "template-syntax",
                    spot,
                    marked(address, one.start, one.end),
                )
            )
    source = f"[{', '.join([*pieces, _constant(address[begun:])])}]"
    tag = Tag(0, 0, "{{", "", source, address)
    return slots.add(Slot(tag, spot, f"»{address}«", form=f"link {identity}"))


def _constant(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

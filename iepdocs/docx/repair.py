"""What a control tag may leave invalid: cells, notes and controls without a paragraph, tables without rows.

Where that can happen a mark is left in the part when it is compiled, a control character that no text can have;
when the part is rendered, one pass over the marks looks at what is before each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.slots import MIDDLE, OPENS, block_word
from iepdocs.docx.wordml import is_instruction, kind, prefixed, without_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iepdocs.docx.slots import Slots

_HOLDS_PARAGRAPHS = {"tc", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent", "body", "docPartBody"}
MARK = "\x01"
"""What begins a mark. `p3;` wants the third paragraph if nothing is there, or a table, and `e3;` only if nothing is;
`<;` and `tbl;` are around what may go."""
_LAST = re.compile(r"<(/?)(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*?)?(/?)>\s*$")
_RANGE = re.compile(r"<(?:[\w.-]+:)?(?:bookmark|comment|perm|customXml|move|proofErr)\w*(?:\s[^<>]*)?/>\s*$")
_REMARKS = {"-->": "<!--", "?>": "<?"}
_MARK_PI = re.compile(r"<\?iepdocs-mark ([^?]*)\?>")
_NEEDS = {"tbl": "tr", "tr": "tc"}


def mark_endangered(root: etree._Element, slots: Slots) -> list[str]:
    """Leave marks in what control tags may empty; return the paragraphs that are to stand in for what is gone."""
    fallbacks: list[str] = []
    levels: dict[int, dict[etree._Element, None]] = {}
    for one in root.iter(etree.ProcessingInstruction):
        if slots.numbers(one.text) and (parent := one.getparent()) is not None:
            levels.setdefault(_depth(parent), {})[parent] = None
    may_go: set[etree._Element] = set()
    for level in range(max(levels, default=0), 0, -1):  # what is emptied may leave what is around it empty
        for parent in levels.get(level, ()):
            gone = _marked(parent, slots, fallbacks, may_go)
            if gone is not None and (above := gone.getparent()) is not None:
                may_go.add(gone)
                levels.setdefault(_depth(above), {})[above] = None
    return fallbacks


def _marked(
    parent: etree._Element, slots: Slots, fallbacks: list[str], may_go: set[etree._Element]
) -> etree._Element | None:
    """Leave marks in an element that may be emptied; return what goes then, if it cannot stay."""
    name = kind(parent)
    if name in _HOLDS_PARAGRAPHS or (name == "sdtContent" and _is_of_paragraphs(parent)):
        wanted = _wanted(parent, slots, may_go)
        if wanted:
            mark = _mark(f"{wanted}{len(fallbacks)}")
            fallbacks.append(_fallback(parent, slots))
            section = parent[-1] if len(parent) and kind(parent[-1]) == "sectPr" else None
            if section is not None:
                section.addprevious(mark)
            else:
                parent.append(mark)
    elif name in _NEEDS and not _has_static(parent, slots, may_go, _NEEDS[name]):
        parent.addprevious(_mark("<"))
        parent.append(_mark(name))
        return parent
    elif name == "sdtContent" and not _has_static(parent, slots, may_go):
        control = parent.getparent()
        if control is not None:
            control.addprevious(_mark("<"))
            parent.append(_mark("sdt"))
        return control
    return None


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors()) + 1


def as_marks(xml: str) -> str:
    """Return a part's XML with its marks as they stand in what is rendered."""
    return _MARK_PI.sub(lambda found: f"{MARK}{found.group(1)};", xml)


def repaired(xml: str, fallbacks: Sequence[str]) -> str:
    """Return a rendered part without its marks, and with what they stand for made valid."""
    first, *rest = xml.split(MARK)
    pieces = [first]
    begun: list[int] = []
    for one in rest:
        sign, _, after = one.partition(";")
        if sign == "<":
            begun.append(len(pieces))
        elif sign[0] in "pe":
            if _wants_paragraph(pieces, after_table=sign[0] == "p"):
                pieces.append(fallbacks[int(sign[1:])])
        elif _is_empty(pieces, sign):
            del pieces[begun.pop() :]
            after = after[after.index(f"{sign}>") + len(sign) + 1 :]
        else:
            begun.pop()
        pieces.append(after)
    return "".join(pieces)


def _mark(text: str) -> etree._Element:
    return etree.ProcessingInstruction("iepdocs-mark", text)


def _last(pieces: Sequence[str]) -> tuple[str, str, str]:
    """Return the last tag that is written, apart from bookmarks, remarks and the like."""
    for piece in reversed(pieces):
        left = piece.rstrip()
        while (at := _no_content_at(left)) >= 0:
            left = left[:at].rstrip()
        if left:
            tag = _LAST.match(left, max(left.rfind("<"), 0))
            return (tag.group(1), tag.group(2), tag.group(3)) if tag else ("/", "", "")
    return "", "", ""


def _no_content_at(xml: str) -> int:
    """Return where the last thing in some XML begins if it is no content; else -1."""
    for end, beginning in _REMARKS.items():
        if xml.endswith(end):
            return xml.rfind(beginning)
    at = max(xml.rfind("<"), 0)
    return at if _RANGE.match(xml, at) else -1


def _wants_paragraph(pieces: Sequence[str], *, after_table: bool) -> bool:
    closing, name, alone = _last(pieces)
    if alone:
        return name in ("tcPr", "tblPr", "annotationRef")
    return not closing or name == "tcPr" or (after_table and name == "tbl")


def _is_empty(pieces: Sequence[str], name: str) -> bool:
    closing, last, alone = _last(pieces)
    if name == "sdt":
        return last == "sdtContent" and not closing
    return not (closing and last in (_NEEDS[name], "sdt", "customXml")) and not (alone and last == _NEEDS[name])


def _is_of_paragraphs(content: etree._Element) -> bool:
    """Tell whether a content control holds paragraphs and not rows, cells or runs."""
    above = content.getparent()
    holder = above.getparent() if above is not None else None
    return holder is not None and kind(holder) in (*_HOLDS_PARAGRAPHS, "sdtContent")


def _depths(parent: etree._Element, slots: Slots) -> list[tuple[etree._Element, int]]:
    """Return an element's children, each with the number of blocks that it stands in."""
    found = []
    depth = 0
    for one in parent:
        if is_instruction(one):
            for number in slots.numbers(one.text):
                word = block_word(slots.tags[number].tag)
                depth += 1 if word in OPENS else -1 if word.startswith("end") and word not in MIDDLE else 0
        elif isinstance(one.tag, str):
            found.append((one, depth))
    return found


def _wanted(parent: etree._Element, slots: Slots, may_go: set[etree._Element]) -> str:
    """Return what a holder of paragraphs may want: `p` one after a table too, `e` one only if it is empty."""
    blocks = [(one, depth) for one, depth in _depths(parent, slots) if kind(one) in ("p", "tbl", "sdt", "customXml")]
    instructions = [parent.index(one) for one in parent if is_instruction(one) and slots.numbers(one.text)]
    static = {one for one, depth in blocks if depth == 0 and one not in may_go}
    if not instructions:
        return "" if static else "e"
    last = blocks[-1][0] if blocks else None
    if last is None or parent.index(last) < max(instructions) or kind(last) not in ("p", "tbl"):
        return "p"
    return "" if last in static else "e" if blocks[-1][1] == 0 else "p"


def _has_static(parent: etree._Element, slots: Slots, may_go: set[etree._Element], *names: str) -> bool:
    """Tell whether an element holds something that is always there: of these names, or controls that may hold such."""
    static = (one for one, depth in _depths(parent, slots) if depth == 0 and one not in may_go)
    return any(not names or kind(one) in (*names, "sdt", "customXml") for one in static)


def _fallback(parent: etree._Element, slots: Slots) -> str:
    """Return an empty paragraph that looks like the first of a container, but is no item of a list."""
    first = next((one for one in parent if kind(one) == "p"), None)
    inside = (without_section(first) if first is not None else "") or slots.properties.get(parent, "")
    inside = re.sub(r"<((?:[\w.-]+:)?numPr)\b(?:[^>]*/>|.*?</\1>)", "", inside, flags=re.DOTALL)
    name = prefixed(parent, "p")
    return f"<{name}>{inside}</{name}>"

"""What must not be twice in a document though a loop repeats it: ids, the names of bookmarks, the count of a list.

When a part is compiled, a token is put in the place of each such value within a loop. When it is rendered, the first
round keeps the value of the template and every further one gets its own, the same wherever that round refers to it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.package import PackageError, parse
from iepdocs.docx.structure import in_loops
from iepdocs.docx.wordml import above, attribute, child, kind, prefixed, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iepdocs.docx.slots import Slots

_SHAPES = {
    "v:shape",
    "v:rect",
    "v:oval",
    "v:line",
    "v:group",
    "v:roundrect",
    "v:polyline",
    "v:curve",
    "v:arc",
    "v:image",
}
_REVISIONS = {
    "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tcPrChange",
    "trPrChange", "tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
    "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart",
    "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
}  # fmt: skip
ID_OF = {
    "wp:docPr": "drawing",
    "bookmarkStart": "bookmark",
    "bookmarkEnd": "bookmark",
    "commentRangeStart": "comment",
    "commentRangeEnd": "comment",
    "commentReference": "comment",
    "permStart": "permission",
    "permEnd": "permission",
    **dict.fromkeys(_SHAPES, "shape"),
    **dict.fromkeys(_REVISIONS, "revision"),
}
_LONGEST_BOOKMARK = 40
_ID_IN_BYTES = {
    "drawing": rb'<(?:\w+:)?docPr\b[^>]*?\sid="(\d+)"',
    "bookmark": rb'<(?:\w+:)?bookmarkStart\b[^>]*?:id="(\d+)"',
    "comment": rb'<(?:\w+:)?comment(?:Reference)?\b[^>]*?:id="(\d+)"',
    "permission": rb'<(?:\w+:)?permStart\b[^>]*?:id="(\d+)"',
    "revision": rb'<(?:\w+:)?(?:%s)\b[^>]*?:id="(\d+)"' % "|".join(sorted(_REVISIONS)).encode(),
    "control": rb'<(?:\w+:)?id\b[^>]*?:val="(-?\d+)"',
}
_BOOKMARK_IN_BYTES = re.compile(rb'<(?:\w+:)?bookmarkStart\b[^>]*?:name="([^"]+)"')
_NUMBER_IN_BYTES = re.compile(rb'<(?:\w+:)?num\b[^>]*?:numId="(\d+)"')


@dataclass(frozen=True, slots=True)
class Copied:
    """What a token stands for: a value that is another in each round of a block.

    Attributes:
        block: the block, by the number of the tag that opens it.
        group: what kind of value it is: `bookmark`, `name`, `reference`, `numbering`, …
        original: the value in the template.
        around: for a list by style what to write before and after the number.
        shared: whether the original is used outside of the block as well, so that no round may have it.
    """

    block: int
    group: str
    original: str
    around: tuple[str, str] = ("", "")
    shared: bool = False


@dataclass(slots=True)
class Taken:
    """The ids, names of bookmarks and numberings that a template has, which copies must not have."""

    largest: dict[str, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    numberings: int = 0

    def look(self, content: bytes) -> None:
        """Take note of those of a part, whichever way its XML is written."""
        with suppress(PackageError):  # what is no XML stays as it is
            content = etree.tostring(parse(content), encoding="utf-8")
        for group, pattern in _ID_IN_BYTES.items():
            found = [int(number) for number in re.findall(pattern, content)]
            self.largest[group] = max([self.largest.get(group, 0), *(one for one in found if one < 1 << 30)])
        self.names |= {name.decode("utf-8", "replace") for name in _BOOKMARK_IN_BYTES.findall(content)}
        self.numberings = max([self.numberings, *map(int, _NUMBER_IN_BYTES.findall(content))])


def tell_apart(root: etree._Element, slots: Slots, lists: Mapping[str, tuple[str, str]]) -> list[Copied]:
    """Put tokens in the place of what each round of a loop must have its own.

    Args:
        root: a part's tree, its tags brought into order.
        slots: its tags.
        lists: the numbering and level that a paragraph style has, by its id.

    Returns:
        what the tokens stand for, which are numbered on from those of the tags.
    """
    looped = list(in_loops(root, slots))
    if not any(blocks for _, blocks in looped):
        return []
    copied = _Copies(slots)
    for element, blocks in looped:
        if blocks and kind(element) == "bookmarkStart":
            copied.bookmarks.setdefault(attribute(element, "name") or "", []).append(blocks[-1])
    for element, blocks in looped:
        if blocks:
            _ids(element, blocks, copied)
    _lists(looped, lists, copied)
    return copied.found


class _Copies:
    def __init__(self, slots: Slots) -> None:
        self.mark = slots.mark
        self.first = len(slots.tags)
        self.found: list[Copied] = []
        self.bookmarks: dict[str, list[int]] = {}

    def token(self, copied: Copied) -> str:
        self.found.append(copied)
        return f"{self.mark}{self.first + len(self.found) - 1}{self.mark}"

    def set(self, element: etree._Element, name: str, block: int, group: str) -> None:
        for key, content in element.attrib.items():
            if str(key).rpartition("}")[2] == name and self.mark not in str(content):
                element.set(key, self.token(Copied(block, group, str(content))))


def _ids(element: etree._Element, blocks: Sequence[int], copied: _Copies) -> None:
    name = kind(element)
    for key in [key for key in map(str, element.attrib) if key.endswith(_PARAGRAPH_IDS) and "office/word/20" in key]:
        del element.attrib[key]
    if name in ID_OF:
        copied.set(element, "id", blocks[-1], ID_OF[name])
    if name == "bookmarkStart":
        copied.set(element, "name", blocks[-1], "name")
    elif name in _SHAPES:
        copied.set(element, "spid", blocks[-1], "shape")
    elif name == "o:OLEObject":
        copied.set(element, "ShapeID", blocks[-1], "shape")
    elif name == "id" and above(element, "sdtPr") is element.getparent():
        copied.set(element, "val", blocks[-1], "control")
    elif name in _REFERRING:
        _refer(element, blocks, copied)


_PARAGRAPH_IDS = ("}paraId", "}textId")
"""Word's own ids of paragraphs: it makes new ones where there are none."""
_REFERRING = {"hyperlink": "anchor", "fldSimple": "instr", "instrText": ""}
"""What refers to bookmarks, and the attribute in which it does."""


def _refer(element: etree._Element, blocks: Sequence[int], copied: _Copies) -> None:
    where = _REFERRING[kind(element)]
    if not where:
        element.text = _references(element.text or "", blocks, copied)
    for key, content in element.attrib.items():
        if where and str(key).rpartition("}")[2] == where:
            element.set(key, _references(str(content), blocks, copied))


def _references(code: str, blocks: Sequence[int], copied: _Copies) -> str:
    """Return a field's code with the bookmarks of its loops as those of its round."""

    def reference(found: re.Match[str]) -> str:
        owner = next((one for one in copied.bookmarks[found.group()] if one in blocks), None)
        return found.group() if owner is None else copied.token(Copied(owner, "name", found.group()))

    known = "|".join(sorted(map(re.escape, filter(None, copied.bookmarks)), key=len, reverse=True))
    return re.sub(rf"(?<![\w]){f'(?:{known})'}(?![\w])", reference, code) if known else code


@dataclass(slots=True)
class _Use:
    element: etree._Element
    blocks: tuple[int, ...]
    list: str
    level: str
    by_style: bool


def _lists(
    looped: Sequence[tuple[etree._Element, tuple[int, ...]]],
    styles: Mapping[str, tuple[str, str]],
    copied: _Copies,
) -> None:
    """Let a numbered list begin anew in each round of the loop that holds the whole of it.

    That is the innermost loop that begins with something else and has more than one paragraph of the list, or one that
    an inner loop repeats.
    """
    uses: list[_Use] = []
    begins: dict[int, str] = {}
    for element, blocks in looped:
        if kind(element) != "p":
            continue
        numbered = _list_of(element, styles)
        for block in blocks:
            begins.setdefault(block, numbered[0] if numbered else "")
        if numbered:
            uses.append(_Use(element, blocks, *numbered))
    for numbering in dict.fromkeys(use.list for use in uses):
        same = [use for use in uses if use.list == numbering]
        for use in same:
            restarting = _restarting(use, same, begins)
            if restarting is not None:
                outside = any(restarting not in other.blocks for other in same)
                _restart(use, restarting, copied, shared=outside)


def _list_of(paragraph: etree._Element, styles: Mapping[str, tuple[str, str]]) -> tuple[str, str, bool] | None:
    properties = child(paragraph, "pPr")
    direct = child(properties, "numPr") if properties is not None else None
    if direct is not None and (number := value(direct, "numId")) is not None:
        return (number, value(direct, "ilvl") or "0", False) if number != "0" else None
    style = value(paragraph, "pPr", "pStyle")
    return (*styles[style], True) if style is not None and style in styles else None


def _restarting(use: _Use, same: Sequence[_Use], begins: Mapping[int, str]) -> int | None:
    for depth in range(len(use.blocks) - 1, -1, -1):
        block = use.blocks[depth]
        inside = [other for other in same if block in other.blocks]
        repeated = any(other.blocks[-1] != block for other in inside)
        if begins[block] != use.list and (len(inside) > 1 or repeated):
            return block
    return None


def _restart(use: _Use, block: int, copied: _Copies, *, shared: bool) -> None:
    if not use.by_style:
        number = next(one for one in use.element.iter() if kind(one) == "numId")
        for key, content in number.attrib.items():
            number.set(key, copied.token(Copied(block, "numbering", str(content), shared=shared)))
        return
    properties = child(use.element, "pPr")
    assert properties is not None  # noqa: S101  (it has the style)
    name = prefixed(properties, "numPr")
    val = f"{properties.prefix}:val" if properties.prefix else "val"
    level, number_tag = prefixed(properties, "ilvl"), prefixed(properties, "numId")
    around = (f'<{name}><{level} {val}="{use.level}"/><{number_tag} {val}="', f'"/></{name}>')
    token = copied.token(Copied(block, "numbering", use.list, around, shared))
    before = {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl"}
    at = sum(1 for one in properties if kind(one) in before)
    properties.insert(at, etree.ProcessingInstruction("iepdocs", token))


def numbered_styles(styles: etree._Element | None) -> dict[str, tuple[str, str]]:
    """Return the numbering and level that paragraph styles have, of their own or from the style they are based on."""
    own: dict[str, tuple[str | None, str | None, str | None]] = {}
    for style in styles if styles is not None else ():
        if kind(style) == "style" and attribute(style, "type") == "paragraph":
            numbering = value(style, "pPr", "numPr", "numId"), value(style, "pPr", "numPr", "ilvl")
            own[attribute(style, "styleId") or ""] = (*numbering, value(style, "basedOn"))
    found = {}
    for name, (number, level, based) in own.items():
        seen = {name}
        while (number is None or level is None) and based in own and based not in seen:
            seen.add(based)
            above_number, above_level, based = own[based]  # noqa: PLW2901
            number, level = number or above_number, level or above_level  # noqa: PLW2901
        if number and number != "0":
            found[name] = (number, level or "0")
    return found


class Round:
    """One round of a block: what it has of its own, the same wherever it is asked for."""

    __slots__ = ("copies", "own")

    def __init__(self, copies: Copies) -> None:
        self.copies = copies
        self.own: dict[tuple[str, str], str] = {}

    def value(self, copied: Copied) -> str:
        """Return what stands for a value of the template in this round."""
        key = (copied.group, copied.original)
        if key not in self.own:
            self.own[key] = self.copies.next(copied)
        return self.own[key]


class Copies:
    """What the copies in one document have got: its new ids, names and numberings.

    Attributes:
        numberings: the new numberings, each with the one that it is a copy of.
        comments: the ids of new comments, each with that of the one it is a copy of.
    """

    def __init__(self, taken: Taken) -> None:
        self._largest = dict(taken.largest)
        self._names = set(taken.names)
        self._numbering = taken.numberings
        self._used: set[tuple[str, str]] = set()
        self._last: dict[str, int] = {}
        self.numberings: list[tuple[str, str]] = []
        self.comments: list[tuple[str, str]] = []

    def next(self, copied: Copied) -> str:
        """Return the template's own value the first time that it is asked for, and then new ones."""
        group, original = copied.group, copied.original
        if (group, original) not in self._used and not copied.shared:
            self._used.add((group, original))
            return original
        if group == "name":
            return self._name(original)
        if group == "numbering":
            self._numbering += 1
            self.numberings.append((str(self._numbering), original))
            return str(self._numbering)
        number = self.new(group)
        if group == "comment":
            self.comments.append((str(number), original))
        return f"{original}_{number}" if group == "shape" else str(number)

    def new(self, group: str) -> int:
        """Return an id of a group that nothing has yet."""
        self._largest[group] = self._largest.get(group, 0) + 1
        return self._largest[group]

    def _name(self, original: str) -> str:
        number = self._last.get(original, 0) + 1
        while (name := f"{original[: _LONGEST_BOOKMARK - len(str(number)) - 1]}_{number}") in self._names:
            number += 1
        self._last[original] = number
        self._names.add(name)
        return name


_GROUP_OF = {**{name.rpartition(":")[2]: group for name, group in ID_OF.items()}, "OLEObject": "shape", "id": "control"}
_WITH_ID = re.compile(rf"<(?:\w+:)?({'|'.join(_GROUP_OF)})\s[^<>]*>")
_ID = re.compile(r'(?<=\s)((?:(?!r:)\w+:)?(?:id|spid|ShapeID|val)=")([^"]*)')
_BOOKMARK = re.compile(r'(<(?:\w+:)?bookmarkStart\s(?:[^<>]*?\s)?(?:\w+:)?name=")([^"]+)')
_REFERENCE = re.compile(r'(\s(?:\w+:)?(?:anchor|instr)=")([^"]*)|(<(?:\w+:)?instrText\b[^<>]*>)([^<]*)')


def told_again(xml: str, copies: Copies) -> str:
    """Return markup that a document has already with ids and names of bookmarks of its own, to be put in once more."""
    turn = Round(copies)

    def own(group: str, original: str) -> str:
        return turn.value(Copied(-1, group, original, shared=True))

    def with_id(found: re.Match[str]) -> str:
        group = _GROUP_OF[found.group(1)]
        return _ID.sub(lambda one: one.group(1) + own(group, one.group(2)), found.group())

    names = {name for _, name in _BOOKMARK.findall(xml)}
    if names:
        known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

        def renamed(found: re.Match[str]) -> str:
            before, code = filter(lambda one: one is not None, found.groups())
            return before + known.sub(lambda name: own("name", name.group()), code)

        xml = _REFERENCE.sub(renamed, _BOOKMARK.sub(renamed, xml))
    return _WITH_ID.sub(with_id, xml)


def with_numberings(content: str, made: Iterable[tuple[str, str]]) -> str:
    """Return a numbering part with further numberings, each like another one but counting from its start."""
    added = []
    for number, original in made:
        found = re.search(
            rf'<((?:\w+:)?)num\s[^>]*?numId="{re.escape(original)}"[^>]*?>(.*?)</\1num>', content, re.DOTALL
        )
        if not found:
            continue
        prefix, inside = found.groups()
        abstract = re.search(rf"<{prefix}abstractNumId\b[^>]*?/>", inside)
        own = re.findall(rf'(<{prefix}lvlOverride\s[^>]*?ilvl="(\d)".*?</{prefix}lvlOverride>)', inside, re.DOTALL)
        overrides = {level: text for text, level in own}
        for level in map(str, range(9)):
            start = _start(content, prefix, abstract.group() if abstract else "", level)
            if level not in overrides:
                overrides[level] = (
                    f'<{prefix}lvlOverride {prefix}ilvl="{level}"><{prefix}startOverride {prefix}val="{start}"/>'
                    f"</{prefix}lvlOverride>"
                )
            elif "startOverride" not in overrides[level]:
                overrides[level] = overrides[level].replace(">", f'><{prefix}startOverride {prefix}val="{start}"/>', 1)
        written = "".join(overrides[level] for level in sorted(overrides))
        added.append(
            f'<{prefix}num {prefix}numId="{number}">{abstract.group() if abstract else ""}{written}</{prefix}num>'
        )
    end = re.search(r"<(?:\w+:)?numIdMacAtCleanup\b|</(?:\w+:)?numbering>", content)
    return content[: end.start()] + "".join(added) + content[end.start() :] if end else content


def _start(content: str, prefix: str, abstract: str, level: str) -> str:
    """Return the number that a level of a numbering starts from."""
    number = re.search(r'val="(\d+)"', abstract)
    found = number and re.search(
        rf'<{prefix}abstractNum\s[^>]*?abstractNumId="{number.group(1)}".*?</{prefix}abstractNum>', content, re.DOTALL
    )
    one = found and re.search(
        rf'<{prefix}lvl\s[^>]*?ilvl="{level}"[^>]*?>(?:(?!</{prefix}lvl>).)*?<{prefix}start\s[^>]*?val="(\d+)"',
        found.group(),
        re.DOTALL,
    )
    return one.group(1) if one else "1"


def with_comments(content: str, made: Iterable[tuple[str, str]]) -> str:
    """Return a comments part with copies of comments, each under its own id."""
    for number, original in made:
        found = re.search(
            rf'<((?:\w+:)?)comment\s[^>]*?:id="{re.escape(original)}"[^>]*?>.*?</\1comment>', content, re.DOTALL
        )
        if found:
            copy = re.sub(r'\s[\w]+:(?:paraId|textId|durableId)="[^"]*"', "", found.group())
            copy = re.sub(r'(<[^>]*?:id=")[^"]*"', rf'\g<1>{number}"', copy, count=1)
            content = content.replace(found.group(), found.group() + copy, 1)
    return content

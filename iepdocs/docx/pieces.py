"""Pieces: Word files that a template takes in with `{% include 'signature_block' %}`, put into its trees at opening.

A piece takes on the template's look: a style of the same name is the template's, one that is missing comes along, and
so do numberings, pictures and links. What cannot come along is said.
"""

from __future__ import annotations

import copy
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.copies import ID_OF, Copies, Taken
from iepdocs.docx.elements import stays
from iepdocs.docx.package import (
    CONTENT_TYPES,
    PackageError,
    parse,
    read_package,
    rels_of,
    resolved,
    with_overrides,
    with_relationships,
    with_types,
)
from iepdocs.docx.places import BEGINS_PIECE, ENDS_PIECE
from iepdocs.docx.run import Added
from iepdocs.docx.tags import Tag, find_tags
from iepdocs.docx.wordml import above, attribute, child, kind, qualified, remove, texts, value
from iepdocs.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from iepdocs.docx.package import Package

_INCLUDE = re.compile(r"""include\s+(['"])([^'"]+)\1(?:\s+with\s+context)?""")
_MOST_NESTED = 8
_MOST_PIECES = 200
_STYLE_OF = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
_OTHER_PARTS = {"footnoteReference": "a footnote", "endnoteReference": "an endnote", "altChunk": "another file"}
_COMMENTS = {"commentRangeStart", "commentRangeEnd", "commentReference"}
_NUMBERING_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class _Refused(Exception):  # noqa: N818  (it becomes a finding)
    """Why a piece cannot be taken in, and the mend."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.why = message, mend


class Pieces:
    """Takes the pieces that a template names into its trees.

    Args:
        package: the template; `package` has afterwards what the pieces brought along.
        folders: where pieces are looked for, first one first.
        held: pieces that were read before, as packages by their names; they are not looked for.

    Attributes:
        refused: why an include was left as it was, with the mend, by the words of its tag.
        taken: whether a tree has taken in a piece, by the name of its part.
        held: the pieces that were taken in, as packages by their names.
    """

    def __init__(self, package: Package, folders: Sequence[Path], held: Mapping[str, Package] | None = None) -> None:
        self.package = package
        self.held = dict(held or {})
        self.refused: dict[str, tuple[str, str]] = {}
        self.taken: set[str] = set()
        self._folders = folders
        self._changed: dict[str, bytes] = {}
        self._copies: Copies | None = None
        self._names: set[str] = set()
        self._count = 0
        self._numbering = _Numbering(self, package)
        self._styles = _Styles(self, package, self._numbering)

    def take_into(self, trees: Mapping[str, etree._Element]) -> None:
        """Put pieces in the place of the paragraphs that name them; `package` is extended by what they bring."""
        for name, tree in trees.items():
            self._into(name, tree, ())
        self._styles.keep()
        self._numbering.keep()
        if self._changed:
            self.package = self.package.extended(self._changed)

    def _into(self, part: str, tree: etree._Element, within: tuple[str, ...]) -> None:
        for paragraph in [one for one in tree.iter() if kind(one) == "p"]:
            text = "".join(one.text or "" for one in texts(paragraph))
            if "include" not in text or paragraph.getparent() is None:
                continue
            tags = [one for one in find_tags(text) if isinstance(one, Tag) and one.word == "include"]
            try:
                if tags and len(tags[0].text) == len(text.strip()):
                    self._replace(part, paragraph, tags[0].source, within)
            except _Refused as refused:
                self.refused[tags[0].source] = refused.why

    def _replace(self, part: str, paragraph: etree._Element, source: str, within: tuple[str, ...]) -> None:
        named = _INCLUDE.fullmatch(source)
        if not named:
            raise _Refused(
                "A piece is named between quotes: a name that is worked out cannot be followed.",
                "Write {% include 'its name' %}, and choose between pieces with {%p if … %} around them.",
            )
        name = named.group(2).removesuffix(".docx")
        self._count += 1
        if name in within or len(within) >= _MOST_NESTED or self._count > _MOST_PIECES:
            raise _Refused(f"The piece '{name}' takes in itself, or too many others.", "Delete one of these tags.")
        content = self._content(part, name)
        holder = etree.Element(qualified(paragraph, "body"), nsmap=paragraph.nsmap)
        for one in content:
            holder.append(one)
        self._into(part, holder, (*within, name))
        paragraph.addprevious(etree.ProcessingInstruction(BEGINS_PIECE, name))
        for one in list(holder):
            paragraph.addprevious(one)
        paragraph.addprevious(etree.ProcessingInstruction(ENDS_PIECE, name))
        self.taken.add(part)
        _take_out(paragraph, needed=bool(content) and kind(content[-1]) != "p")

    def _content(self, part: str, name: str) -> list[etree._Element]:
        try:
            piece = self.held[name] if name in self.held else read_package(self._path(name))
            root = parse(piece.part(piece.main))
        except PackageError as error:
            raise _Refused(f"The piece '{name}' cannot be read: {error.message}", error.mend) from None
        body = child(root, "body")
        content = [one for one in (body if body is not None else ()) if kind(one) != "sectPr"]
        _without_sections_and_comments(content)
        for element in (one for top in content for one in top.iter(etree.Element)):
            if kind(element) in _OTHER_PARTS:
                what = _OTHER_PARTS[kind(element)]
                raise _Refused(f"The piece '{name}' has {what}, which cannot come along.", f"Delete {what} in it.")
        self.held[name] = piece
        self._relate(part, name, piece, content)
        self._styles.come_along(piece, content)
        self._numbering.come_along(piece, content)
        self._tell_apart(content)
        return content

    def _path(self, name: str) -> Path:
        known = {path.stem: path for folder in reversed(self._folders) for path in sorted(folder.glob("*.docx"))}
        if name not in known:
            mend = did_you_mean(name, known, f"Put {name}.docx into the folder 'pieces' beside the template.")
            raise _Refused(f"There is no piece '{name}'.", mend)
        return known[name]

    # --- what comes along

    def _relate(self, part: str, name: str, piece: Package, content: Iterable[etree._Element]) -> None:
        """Give the pictures and links of a piece relationships of the template's part."""
        own = piece.relationships.get(piece.main, {})
        for element in (one for top in content for one in top.iter(etree.Element)):
            for key, identity in list(element.attrib.items()):
                if "relationships}" not in str(key):
                    continue
                one = own.get(str(identity))
                if one is None or not (one.type.endswith(("/image", "/hyperlink"))):
                    what = one.type.rpartition("/")[2] if one else "part"
                    raise _Refused(
                        f"The piece '{name}' has a {what}, which cannot come along.",
                        "Leave text, tables, pictures and links in it.",
                    )
                target = one.target
                if not one.external:
                    target = self._picture(piece, resolved(piece.main, one.target) or "")
                element.set(key, self._related(part, one.type, target, external=one.external))

    def _picture(self, piece: Package, name: str) -> str:
        if name not in piece.entries:
            raise _Refused("A picture of the piece is missing in its file.", "Open it in Word and save it again.")
        data = piece.part(name)
        ending = name.rpartition(".")[2]
        made = f"word/media/piece-{sha256(data).hexdigest()[:16]}.{ending}"
        self.change(made, data)
        self.change(CONTENT_TYPES, with_types(self.part(CONTENT_TYPES), [(ending, piece.content_types[name])]))
        return f"/{made}"

    def _related(self, part: str, kind_of: str, target: str, *, external: bool) -> str:
        rels = rels_of(part)
        content = self.part(rels)
        known = re.findall(rb'Id="rId(\d+)"', content)
        identity = f"rId{max(map(int, known), default=0) + 1}"
        self.change(rels, with_relationships(content, [Added(identity, kind_of, target, external)], []))
        return identity

    def _tell_apart(self, content: Iterable[etree._Element]) -> None:
        """Give what a piece has ids of its own."""
        if self._copies is None:
            taken = Taken()
            for name in self.package.entries:
                if name.endswith(".xml"):
                    taken.look(self.package.part(name))
            self._copies, self._names = Copies(taken), set(taken.names)
        made: dict[tuple[str, str], str] = {}
        renamed: dict[str, str] = {}
        elements = [one for top in content for one in top.iter(etree.Element)]
        for element in elements:
            group = "control" if kind(element) == "id" and above(element, "sdtPr") is not None else ""
            group = group or ID_OF.get(kind(element), "")
            name = "val" if group == "control" else "id"
            for key, identity in list(element.attrib.items()) if group else ():
                if str(key).rpartition("}")[2] == name:
                    known = (group, str(identity))
                    if known not in made:
                        number = self._copies.new(group)
                        made[known] = f"{identity}_{number}" if group == "shape" else str(number)
                    element.set(key, made[known])
            if kind(element) == "bookmarkStart" and (own := attribute(element, "name")) is not None:
                renamed[own] = self._unused(own)
        _rename_bookmarks(elements, renamed)

    def _unused(self, name: str) -> str:
        number = 1
        made = name
        while made in self._names:
            made = f"{name[:34]}_p{number}"
            number += 1
        self._names.add(made)
        return made

    # --- the template's parts, as changed so far

    def part(self, name: str) -> bytes:
        """Return a part as it is with what has come along; nothing where there is none."""
        if name in self._changed:
            return self._changed[name]
        return self.package.part(name) if name in self.package.entries else b""

    def change(self, name: str, content: bytes) -> None:
        """Take note of what a part has become."""
        self._changed[name] = content

    def add_numbering(self, content: bytes) -> None:
        """Give the template a numbering part."""
        main = self.package.main
        name = f"{main.rpartition('/')[0]}/numbering.xml".lstrip("/")
        kind_of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
        self._related(main, kind_of, "numbering.xml", external=False)
        self.change(name, content)
        self.change(CONTENT_TYPES, with_overrides(self.part(CONTENT_TYPES), {name: _NUMBERING_TYPE}))


class _Styles:
    """The template's styles, and those that pieces bring."""

    def __init__(self, pieces: Pieces, package: Package, numbering: _Numbering) -> None:
        self._pieces = pieces
        self._numbering = numbering
        self.name = package.related("styles")
        self._root: etree._Element | None = None
        self._added = False

    def come_along(self, piece: Package, content: Sequence[etree._Element]) -> None:
        """Let a piece use the template's styles of the same names, and bring those that are missing."""
        name = piece.related("styles")
        if name is None or self.name is None:
            return
        theirs = {attribute(one, "styleId") or "": one for one in parse(piece.part(name)) if kind(one) == "style"}
        for element in (one for top in content for one in top.iter(etree.Element)):
            if kind(element) in _STYLE_OF:
                _set_val(element, self._mine(attribute(element, "val") or "", theirs, piece))

    def _mine(self, identity: str, theirs: Mapping[str, etree._Element], piece: Package) -> str:
        if self._root is None:
            self._root = parse(self._pieces.part(self.name or ""))
        style = theirs.get(identity)
        own = [one for one in self._root if kind(one) == "style"]
        if style is None:
            return identity
        meant = (attribute(style, "type"), (value(style, "name") or "").casefold())
        for one in own:
            if (attribute(one, "type"), (value(one, "name") or "").casefold()) == meant:
                return attribute(one, "styleId") or identity
        known = {attribute(one, "styleId") for one in own}
        made = identity
        while made in known:
            made += "P"
        added = copy.deepcopy(style)
        _set(added, "styleId", made)
        self._root.append(added)
        self._added = True
        for below in [one for one in added if kind(one) in ("basedOn", "link", "next")]:
            _set_val(below, self._mine(attribute(below, "val") or "", theirs, piece))
        self._numbering.come_along(piece, [added])
        return made

    def keep(self) -> None:
        """Write down what has been added."""
        if self._added and self._root is not None and self.name is not None:
            self._pieces.change(self.name, _as_bytes(self._root))


class _Numbering:
    """The template's numberings, and those that pieces bring."""

    def __init__(self, pieces: Pieces, package: Package) -> None:
        self._pieces = pieces
        self._name = package.related("numbering")
        self._root: etree._Element | None = None
        self._made: dict[tuple[bytes, str], str] = {}

    def come_along(self, piece: Package, content: Iterable[etree._Element]) -> None:
        """Give the lists of a piece numberings in the template that look as in the piece."""
        name = piece.related("numbering")
        used = [one for top in content for one in top.iter(etree.Element) if kind(one) == "numId"]
        if name is None or not used:
            return
        source = piece.part(name)
        theirs = parse(source)
        for element in used:
            number = attribute(element, "val") or "0"
            found = next((one for one in theirs if kind(one) == "num" and attribute(one, "numId") == number), None)
            if found is not None:
                _set_val(element, self._mine(source, theirs, number, found))

    def _mine(self, source: bytes, theirs: etree._Element, number: str, num: etree._Element) -> str:
        if (source, number) in self._made:
            return self._made[source, number]
        if self._root is None:
            content = self._pieces.part(self._name) if self._name else b""
            self._root = parse(content) if content else etree.Element(f"{{{_W}}}numbering", nsmap={"w": _W})
        abstract_id = value(num, "abstractNumId")
        abstract = next(
            (one for one in theirs if kind(one) == "abstractNum" and attribute(one, "abstractNumId") == abstract_id),
            None,
        )
        if abstract is None:
            return number
        new_abstract, new_number = (
            str(max([int(attribute(one, key) or 0) for one in self._root if kind(one) == name], default=0) + 1)
            for name, key in (("abstractNum", "abstractNumId"), ("num", "numId"))
        )
        abstract, num = copy.deepcopy(abstract), copy.deepcopy(num)
        _set(abstract, "abstractNumId", new_abstract)
        for one in [one for one in abstract if kind(one) in ("nsid", "tmpl", "styleLink", "numStyleLink")]:
            abstract.remove(one)  # by these Word would take it for the template's own
        _set(num, "numId", new_number)
        _set_val(next(one for one in num if kind(one) == "abstractNumId"), new_abstract)
        abstracts = [one for one in self._root if kind(one) in ("numPicBullet", "abstractNum")]
        self._root.insert(len(abstracts), abstract)
        nums = [one for one in self._root if kind(one) == "num"]
        (nums[-1] if nums else abstract).addnext(num)
        self._made[source, number] = new_number
        return new_number

    def keep(self) -> None:
        """Write down what has been added."""
        if not self._made or self._root is None:
            return
        if self._name:
            self._pieces.change(self._name, _as_bytes(self._root))
        else:
            self._pieces.add_numbering(_as_bytes(self._root))


def _take_out(paragraph: etree._Element, *, needed: bool) -> None:
    """Take out the paragraph that named a piece; one that ends a section, or must end a cell, stays as an empty one."""
    following = paragraph.getnext()
    last = needed and (following is None or kind(following) == "sectPr")
    properties = child(paragraph, "pPr")
    if not last and (properties is None or child(properties, "sectPr") is None):
        remove(paragraph)
        return
    for one in list(paragraph):
        if kind(one) != "pPr" and not any(stays(below) for below in one.iter(etree.Element)):
            paragraph.remove(one)


def _without_sections_and_comments(content: Iterable[etree._Element]) -> None:
    for top in content:
        for element in [one for one in top.iter(etree.Element) if kind(one) in _COMMENTS or kind(one) == "sectPr"]:
            parent = element.getparent()
            if parent is not None:
                remove(element)


def _rename_bookmarks(elements: Iterable[etree._Element], renamed: Mapping[str, str]) -> None:
    changed = {old: new for old, new in renamed.items() if old != new}
    if not changed:
        return
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, changed))})(?!\w)")
    for element in elements:
        if kind(element) == "instrText":
            element.text = pattern.sub(lambda found: changed[found.group()], element.text or "")
        for name in {"bookmarkStart": ["name"], "hyperlink": ["anchor"], "fldSimple": ["instr"]}.get(kind(element), ()):
            for key, content in list(element.attrib.items()):
                if str(key).rpartition("}")[2] == name:
                    element.set(key, pattern.sub(lambda found: changed[found.group()], str(content)))


def _set(element: etree._Element, name: str, content: str) -> None:
    key = next((key for key in element.attrib if str(key).rpartition("}")[2] == name), qualified(element, name))
    element.set(key, content)


def _set_val(element: etree._Element, content: str) -> None:
    _set(element, "val", content)


def _as_bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)

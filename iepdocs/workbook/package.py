"""An Office file as a package of parts (ECMA-376 part 2), mended at single places: all else stays byte for byte."""

from __future__ import annotations

import lzma
import posixpath
import re
import zlib
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from itertools import chain, count
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from iepdocs.workbook.cells import column_of, letters_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_MOST_ELEMENTS = 500_000
"""As many elements of a part are kept: far more than any real one has outside its rows."""
_TAG = re.compile(rb"<([^\s/>]+)(?:\s+[^\s=/>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_ATTRIBUTE = re.compile(rb"\s+([^\s=/>]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ENCODING = re.compile(r"\A(<\?xml[^>]*?encoding\s*=\s*)(\"[^\">]*\"|'[^'>]*')")
_NOT_IN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DAMAGED = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, lzma.LZMAError, zlib.error)
_LONGEST_TEXT = 32_767
"""Characters that a cell of Excel holds."""
_CONTENT_TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
Spot = tuple[int, int]
"""A cell by the numbers of its row and column."""
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
TRUE = {"1", "true"}
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def in_attribute(text: str) -> bytes:
    """Return a text as it stands between double quotes, in ASCII, which is right in a part of any encoding."""
    plain = escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)).replace("\n", "&#10;").replace("\t", "&#9;")
    return plain.encode("ascii", "xmlcharrefreplace")


def in_text(text: str) -> bytes:
    """Return a text as it stands in a `t` element, in ASCII (ST_Xstring, ECMA-376 part 1, 22.9.2.19).

    What XML cannot hold becomes the replacement character; `_x000D_` that was typed is kept from being undone.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", lines))
    return escape(plain, quote=False).encode("ascii", "xmlcharrefreplace")


def in_utf8(data: bytes) -> bytes:
    """Return a part of XML that is in UTF-16 in UTF-8, and any other as it is."""
    encodings = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
    if data[:2] not in encodings:
        return data
    return _ENCODING.sub(r'\1"UTF-8"', data.decode(encodings[data[:2]])).encode()


def with_attributes(data: bytes, start: int, changes: Mapping[str, str | None]) -> tuple[bytes, int]:
    """Return the start tag at an offset with attributes set (or left out where None), and where the old one ends."""
    tag = _TAG.match(data, start)
    if tag is None:
        raise ValueError("not in an encoding that can be mended")

    missing = dict(changes)

    def changed(attribute: re.Match[bytes]) -> bytes:
        name = attribute[1].decode("latin-1")
        return _attribute(name, missing.pop(name)) if name in missing else attribute[0]

    name_end = tag.end(1)
    rest = _ATTRIBUTE.sub(changed, data[name_end : tag.end()])
    new = b"".join(_attribute(name, value) for name, value in missing.items())
    return tag[0][: name_end - start] + new + rest, tag.end()


def _attribute(name: str, value: str | None) -> bytes:
    return b"" if value is None else b' %s="%s"' % (name.encode(), in_attribute(value))


def _name(tag: bytes) -> bytes:
    return re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0]


def prefixed(content: bytes, prefix: bytes) -> bytes:
    """Return XML that was written without prefixes with one at each element."""
    return re.sub(rb"<(/?)(?=\w)", rb"<\1" + prefix, content) if prefix else content


def text_cell(address: str, text: str, style: int) -> bytes:
    """Return a cell of a text (18.3.1.53: `is`), whatever it looks like."""
    if not text:
        return b'<c r="%s" s="%d"/>' % (address.encode(), style)
    return b'<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
        address.encode(),
        style,
        in_text(text[:_LONGEST_TEXT]),
    )


def address_of(row: int, column: int) -> str:
    """Return the address of a cell by the numbers of its row and column: `B7`."""
    return f"{letters_of(column)}{row}"


def spot_of(address: str | None) -> Spot | None:
    """Return the numbers of the row and column of an address such as B7; None where there is no such cell."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", address or "")
    if not found:
        return None
    row, column = int(found[2]), column_of(found[1])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


def whole(text: str | None) -> int:
    """Return a number as an attribute has it, 0 where it has none."""
    return int(text) if text and text.isdecimal() and len(text) < len("1048576000") else 0


@dataclass(slots=True, eq=False)
class Element:
    """An element and where it stands: its tag from `start` to `inner`, its end tag from `close` to `end`.

    `raw` is its name as written, `attributes` are named as expat does: those of a namespace with it before a space.
    """

    name: str
    namespace: str
    attributes: dict[str, str]
    raw: bytes
    start: int
    inner: int
    close: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)

    @property
    def prefix(self) -> bytes:
        """The prefix as written, with its colon."""
        return self.raw[: self.raw.find(b":") + 1]

    @property
    def relation(self) -> str:
        """The id of the relationship it names (`r:id`)."""
        return next((value for name, value in self.attributes.items() if name.endswith("/relationships id")), "")

    def all(self, *path: str) -> Iterator[Element]:
        """Yield the elements of a path below this one, in its namespace."""
        for child in self.children:
            if child.name == path[0] and child.namespace == self.namespace:
                if len(path) == 1:
                    yield child
                else:
                    yield from child.all(*path[1:])

    def first(self, *path: str) -> Element | None:
        """Return the first element of a path."""
        return next(self.all(*path), None)


class Part:
    """A part of XML, and changes to it at single places.

    Args:
        data: its bytes.
        closed: the name of an element whose content is passed over.

    Raises:
        ValueError: where it is not well-formed, has a document type declaration or an absurd number of elements.
    """

    def __init__(self, data: bytes, closed: str = "") -> None:
        self.data = in_utf8(data)
        self.root = _parsed(self.data, closed)
        if self.root.close == self.root.inner == self.root.end:
            root, end = self.root, self.root.end
            self.data = self.data[: end - 2] + b"></%s>" % root.raw + self.data[end:]
            self.root = _parsed(self.data, closed)
        self._changes: list[tuple[int, int, bytes]] = []

    def replace(self, start: int, end: int, content: bytes) -> None:
        """Put content in place of what stands between two offsets."""
        self._changes.append((start, end, content))

    def insert(self, at: int, content: bytes) -> None:
        """Put content at an offset, after what was put there before."""
        self._changes.append((at, at, content))

    def retag(self, start: int, **attributes: str | None) -> None:
        """Set attributes of the tag at an offset."""
        tag, end = with_attributes(self.data, start, attributes)
        self._changes.append((start, end, tag))

    def extend(self, start: int, close: int, content: bytes, **attributes: str | None) -> None:
        """Put content before the end tag of an element, which may be an empty one without, and set its attributes."""
        tag, end = with_attributes(self.data, start, attributes)
        if tag.endswith(b"/>"):
            self._changes.append((start, end, tag[:-2] + b">" + content + b"</%s>" % _name(tag)))
        else:
            self._changes.append((start, end, tag))
            self._changes.append((close, close, content))

    @property
    def is_changed(self) -> bool:
        """Whether there are changes."""
        return bool(self._changes)

    def result(self) -> bytes:
        """Return the part with its changes."""
        pieces, position = [], 0
        for start, end, content in sorted(self._changes, key=lambda change: change[:2]):
            pieces += [self.data[position:start], content]
            position = end
        return b"".join([*pieces, self.data[position:]])


def new_parser() -> Any:
    """Return a parser that tells namespaces and refuses a document type declaration."""
    parser = ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise ValueError("a document type declaration")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _parsed(data: bytes, closed: str) -> Element:
    parser = new_parser()
    top = Element("", "", {}, b"", 0, 0)
    path = [top]
    elements = 0
    passing = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements, passing
        elements += 1
        offset = parser.CurrentByteIndex
        tag = _TAG.match(data, offset)
        if tag is None or elements > _MOST_ELEMENTS:
            raise ValueError("too many elements, or an encoding that cannot be mended")
        namespace, _, local = name.rpartition(" ")
        element = Element(local, namespace, attributes, tag[1], offset, tag.end())
        path[-1].children.append(element)
        path.append(element)
        if local == closed:
            passing = name
            parser.StartElementHandler = None

    def end(name: str) -> None:
        nonlocal passing
        if passing:
            if name != passing:
                return
            passing = ""
            parser.StartElementHandler = start
        element = path.pop()
        if data[element.inner - 2 : element.inner] == b"/>":
            element.close = element.end = element.inner
        else:
            element.close = parser.CurrentByteIndex
            element.end = data.index(b">", element.close) + 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parse(parser, data)
    if len(path) != 1:
        raise ValueError("an element within itself")
    return top.children[0]


def parse(parser: Any, data: bytes) -> None:
    """Run a parser over a part.

    Raises:
        ValueError: where the part is not well-formed.
    """
    try:
        parser.Parse(data, True)  # noqa: FBT003  (expat takes no keywords)
    except ExpatError as error:
        raise ValueError("not well-formed XML") from error


def before(root: Element, followers: Collection[str]) -> int:
    """Return where an element goes that stands before certain others, which may be in an `mc:AlternateContent`."""
    for child in root.children:
        inside = [each.name for choice in child.children for each in choice.children]
        if child.name in followers or (child.name == "AlternateContent" and not {*inside}.isdisjoint(followers)):
            return child.start
    return root.close


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: the last word of its type, and the part it leads to ('' outside the package)."""

    kind: str
    target: str


class Package:
    """The parts of a package, some of them replaced or new.

    Names are compared regardless of case, as OPC has it. Parts that are not touched are neither parsed nor kept.

    Raises:
        ValueError: here and in its methods, where the package is damaged.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(data))
        except _DAMAGED as error:
            raise ValueError("no package") from error
        self._infos = {_key(info.filename): info for info in self._zip.infolist()}
        self._written: dict[str, bytes] = {}
        self._overrides: list[bytes] = []

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._infos

    def names(self, ending: str) -> list[str]:
        """Return the names of the parts that end so."""
        return [name for name in self._infos if name.endswith(ending)]

    def read(self, name: str) -> bytes:
        """Return a part as it stands now."""
        key = _key(name)
        if key in self._written:
            return self._written[key]
        try:
            return self._zip.read(self._infos[key])
        except (KeyError, *_DAMAGED) as error:
            raise ValueError("a part is missing or damaged") from error

    def write(self, name: str, data: bytes) -> None:
        """Replace a part, or add one whose type is known by its extension."""
        self._written[_key(name)] = data
        if name not in self:
            self._infos[_key(name)] = ZipInfo(name)
            self._infos[_key(name)].compress_type = ZIP_DEFLATED

    def add(self, pattern: str, content_type: str, data: bytes) -> str:
        """Add a part under the first free name, `xl/comments{}.xml` with no number or one, and return the name."""
        numbers: Iterator[object] = chain([""], count(1))
        name = next(name for number in numbers if (name := pattern.format(number)) not in self)
        self.write(name, data)
        self._overrides.append(b"/" + name.encode() + b'" ContentType="' + content_type.encode())
        return name

    def relations(self, source: str) -> dict[str, Relation]:
        """Return the relationships of a part ('' for the package) by their ids."""
        name = _relations_of(source)
        if name not in self:
            return {}
        found = {}
        for element in Part(self.read(name)).root.all("Relationship"):
            of = element.attributes
            base = posixpath.join("/", posixpath.dirname(source))
            target = posixpath.normpath(posixpath.join(base, of.get("Target", "").replace("\\", "/"))).lstrip("/")
            outside = of.get("TargetMode") == "External" or target not in self
            found[of.get("Id", "")] = Relation(of.get("Type", "").rpartition("/")[2], "" if outside else target)
        return found

    def relate(self, source: str, kind: str, target: str) -> str:
        """Add a relationship of a type to a part, and return its id."""
        name = _relations_of(source)
        if name not in self:
            self.write(name, DECLARATION + b'<Relationships xmlns="%s"/>' % _RELATIONS.encode())
        taken = self.relations(source)
        new = next(identity for number in range(1, len(taken) + 2) if (identity := f"rId{number}") not in taken)
        part = Part(self.read(name))
        row = b'<%sRelationship Id="%s" Type="%s" Target="/%s"/>'
        part.extend(
            part.root.start,
            part.root.close,
            row % (part.root.prefix, new.encode(), kind.encode(), in_attribute(target)),
        )
        self.write(name, part.result())
        return new

    def save(self) -> bytes:
        """Return the package: old parts in their order, each compressed as it was, then the new ones."""
        types = Part(self.read(_CONTENT_TYPES))
        rows = [b'<%sOverride PartName="%s"/>' % (types.root.prefix, override) for override in self._overrides]
        types.extend(types.root.start, types.root.close, b"".join(rows))
        self.write(_CONTENT_TYPES, types.result())
        stream = BytesIO()
        with ZipFile(stream, "w") as target:
            for key, old in self._infos.items():
                info = ZipInfo(old.filename, old.date_time)
                info.compress_type, info.external_attr = old.compress_type, old.external_attr
                target.writestr(info, self.read(key))
        return stream.getvalue()


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _relations_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")

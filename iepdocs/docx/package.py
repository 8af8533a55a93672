"""A Word file as a package of parts (OPC, ISO/IEC 29500-2): read with its bounds, and written again part by part.

What is not changed is written as the bytes it was, compressed as it was.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

from iepdocs.archive import problem_with
from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from iepdocs.docx.run import Added

CONTENT_TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MAIN_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
_AS_DOCUMENT = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": _MAIN,
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": _MAIN_MACROS,
}
"""The types of a template's main part, and those of the documents that Word makes from it."""

_OFFICE_DOCUMENT = ("/officeDocument/2006/relationships/officeDocument", "/relationships/officeDocument")
_LINKS = ("/hyperlink",)
_DATA_SOURCES = ("/mailMergeSource", "/mailMergeHeaderSource", "/recipientData")
_FETCHES = re.compile(r"\s*(?:(?!file:)[a-z][a-z0-9+.-]+:|file:(?://(?!/)|/{4,}|[\\]{2})|[\\/]{2})", re.IGNORECASE)
"""What is not on this computer's own disks. A drive letter is no scheme: it has one letter."""
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0[DE]\0|\0<\0!\0[DE]")

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_NAME_IS_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8
LEVEL = 3
"""zlib's: half the time of its usual 6, and files of a lean template up to a twentieth larger."""
_MOST_PARTS = 10_000
_NEW_PARTS_DATE = (0, 0x21)
"""1980-01-01 as DOS has it: a new part has the same bytes whenever it is made."""


class PackageError(Exception):
    """A file that is no Word document, or none that is safe to open: a message and a mend."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message, self.mend = message, mend

    def told(self, path: Path) -> IepdocsError:
        """Return it as the error of a template."""
        return IepdocsError(Finding(self.message, self.mend, FilePlace(path.name), rule="template-unreadable"))


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship of a part: its id, type, target as written, and whether that is outside the package."""

    id: str
    type: str
    target: str
    external: bool


@dataclass(slots=True)
class _Entry:
    """One part in the archive, ready to be written again: its headers in two halves, and its compressed bytes."""

    info: zipfile.ZipInfo
    name: bytes
    flags: int
    date: tuple[int, int]
    packed: bytes


@dataclass
class Package:
    """The parts of a Word file.

    Attributes:
        data: the whole file.
        entries: the parts as they lie in it, by name.
        content_types: the content type of each part, by its name.
        main: the name of the main part.
        relationships: the relationships of each part that has some, by its name ('' is the package's own).
        converted: the content types part of a document, where the file is a Word template.
    """

    data: bytes
    entries: dict[str, _Entry]
    content_types: dict[str, str] = field(default_factory=dict)
    main: str = ""
    relationships: dict[str, dict[str, Relationship]] = field(default_factory=dict)
    converted: bytes | None = None

    def __post_init__(self) -> None:
        self._comment = self.data[len(self.data) - len(_comment(self.data)) :]
        self._spans = {name: self._written(entry, None) for name, entry in self.entries.items()}

    def part(self, name: str) -> bytes:
        """Return a part's bytes.

        Raises:
            PackageError: where they are damaged.
        """
        entry = self.entries[name]
        try:
            if entry.info.compress_type == _STORED:
                return entry.packed
            unpacker = zlib.decompressobj(-15)
            content = unpacker.decompress(entry.packed, entry.info.file_size + 1)
        except zlib.error:
            raise _damaged() from None
        if len(content) != entry.info.file_size or zlib.crc32(content) != entry.info.CRC:
            raise _damaged()
        return content

    def related(self, kind: str) -> str | None:
        """Return the name of the main part's `styles`, `numbering` or the like, or None where there is no such part."""
        for one in self.relationships.get(self.main, {}).values():
            if one.type.endswith(f"/{kind}") and not one.external:
                name = resolved(self.main, one.target)
                return name if name in self.entries else None
        return None

    def has_macros(self) -> bool:
        """Tell whether it is a document with macros, whose file must be named .docm."""
        return "macroEnabled" in self.content_types[self.main]

    def written(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the file with some parts changed or added, and every other one as it was."""
        pieces: list[bytes] = []
        central: list[bytes] = []
        offset = 0
        spans = self._spans
        new = [name for name in changed if name not in spans]
        for name in [*spans, *new]:
            content = changed.get(name)
            if content is None:
                body, head = spans[name]
            else:
                body, head = self._written(self.entries.get(name) or _new_entry(name), content)
            pieces.append(body)
            central.append(head[:42] + offset.to_bytes(4, "little") + head[46:])
            offset += len(body)
        directory = b"".join(central)
        count = len(central)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), offset, len(self._comment))
        return b"".join([*pieces, directory, end, self._comment])

    def extended(self, changed: Mapping[str, bytes]) -> Package:
        """Return the package with some parts changed or added."""
        return package_of(self.written(changed))

    def _written(self, entry: _Entry, content: bytes | None) -> tuple[bytes, bytes]:
        """Return a part's local header with its bytes, and its entry in the central directory."""
        info = entry.info
        if content is None:
            packed, method, crc, size = entry.packed, info.compress_type, info.CRC, info.file_size
        else:
            method, crc, size = info.compress_type, zlib.crc32(content), len(content)
            packed = content if method == _STORED else _deflated(content)
        time, date = entry.date
        name = entry.name
        local = _LOCAL.pack(b"PK\3\4", 20, entry.flags, method, time, date, crc, len(packed), size, len(name), 0)
        made_by = info.create_system << 8 | info.create_version
        central = _CENTRAL.pack(
            b"PK\1\2", made_by, 20, entry.flags, method, time, date, crc, len(packed), size,
            len(name), 0, 0, 0, info.internal_attr, info.external_attr, 0,
        )  # fmt: skip
        return b"".join([local, name, packed]), central + name


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _new_entry(name: str) -> _Entry:
    info = zipfile.ZipInfo(name)
    info.compress_type = _STORED if name.endswith((".png", ".jpeg", ".jpg", ".gif")) else _DEFLATED
    return _Entry(info, name.encode(), _NAME_IS_UTF8 if not name.isascii() else 0, _NEW_PARTS_DATE, b"")


def read_package(path: Path) -> Package:
    """Read a Word file.

    Raises:
        PackageError: where it is none, is damaged, or holds what no template needs: parts with names outside the
            package, entities, parts or pictures to be fetched from elsewhere, far more than its size lets expect.
    """
    problem = problem_with(path, "a Word document (.docx)")
    if problem:
        raise PackageError(*problem)
    try:
        return package_of(path.read_bytes())
    except OSError as error:
        raise PackageError(f"This file cannot be opened: {error.strerror}.", "Close it, and try again.") from None


def package_of(data: bytes) -> Package:
    """Return a Word file's package from its bytes.

    Raises:
        PackageError: as `read_package`.
    """
    try:
        package = Package(data, entries_of(data))
        _read_types(package)
        _read_relationships(package)
    except (zipfile.BadZipFile, struct.error, IndexError, ValueError, etree.LxmlError):
        raise _damaged() from None
    return package


def parse(content: bytes) -> etree._Element:
    """Return the tree of a part's XML; nothing is fetched and no entity resolved.

    Raises:
        PackageError: where it is no XML, or defines entities.
    """
    if _defines_entities(content):
        raise PackageError("This file defines entities, which no Word document does.", "Do not use it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _damaged() from None
    if root.getroottree().docinfo.doctype:
        raise PackageError("This file defines entities, which no Word document does.", "Do not use it.")
    return root


def _defines_entities(content: bytes) -> bool:
    return b"!" in content and _DOCTYPE.search(content) is not None  # the sign is rare, and found 30 times as fast


def entries_of(data: bytes) -> dict[str, _Entry]:
    """Return the parts of an archive as they lie in it, by name."""
    entries: dict[str, _Entry] = {}
    seen: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if len(archive.infolist()) > _MOST_PARTS:
            raise PackageError("This file holds far more parts than a Word document has.", "Do not use it.")
        for info in archive.infolist():
            if info.flag_bits & 1 or info.compress_type not in (_STORED, _DEFLATED):
                raise PackageError(
                    "This file is packed in a way that Word documents are not.", "Open it in Word and save it again."
                )
            if info.filename.lower() in seen:  # to Word, capitals make no other name
                raise PackageError("This file holds two parts of one name.", "Open it in Word and save it again.")
            seen.add(info.filename.lower())
            start = info.header_offset
            signature, *_, name_length, extra_length = _LOCAL.unpack_from(data, start)
            if signature != b"PK\3\4":
                raise _damaged()
            begun = start + _LOCAL.size + name_length + extra_length
            packed = data[begun : begun + info.compress_size]
            utf8 = info.flag_bits & _NAME_IS_UTF8
            name = info.orig_filename.encode("utf-8" if utf8 else "cp437")
            time, date = struct.unpack_from("<2H", data, start + 10)
            entries[info.filename] = _Entry(info, name, utf8, (time, date), packed)
    return entries


def _read_types(package: Package) -> None:
    if CONTENT_TYPES not in package.entries:
        raise _no_document()
    root = parse(package.part(CONTENT_TYPES))
    by_ending: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for element in root.iterchildren("{*}Default", "{*}Override"):
        content_type = element.get("ContentType", "")
        if etree.QName(element).localname == "Default":
            by_ending[element.get("Extension", "").lower()] = content_type
        else:
            by_name[unquote(element.get("PartName", "")).lower()] = content_type
    for name in package.entries:
        ending = name.rpartition(".")[2].lower()
        package.content_types[name] = by_name.get(f"/{name}".lower()) or by_ending.get(ending, "")


def _read_relationships(package: Package) -> None:
    for name in package.entries:
        content = package.part(name)
        if name.endswith((".xml", ".rels", ".vml")) and _defines_entities(content):
            raise PackageError("This file defines entities, which no Word document does.", "Do not use it.")
        if name.endswith(".rels"):
            package.relationships[source_of(name)] = _relationships(name, parse(content))
    mains = [
        resolved("", relationship.target)
        for relationship in package.relationships.get("", {}).values()
        if relationship.type.endswith(_OFFICE_DOCUMENT)
    ]
    if not mains or mains[0] not in package.entries:
        raise _no_document()
    package.main = mains[0]
    main_type = package.content_types[package.main]
    if main_type in _AS_DOCUMENT:
        content = _plain(package.part(CONTENT_TYPES))
        package.converted = content.replace(main_type.encode(), _AS_DOCUMENT[main_type].encode())
        package.content_types[package.main] = _AS_DOCUMENT[main_type]
    elif main_type not in _AS_DOCUMENT.values():
        raise _no_document()


def _relationships(name: str, root: etree._Element) -> dict[str, Relationship]:
    found = {}
    for element in root.iterchildren("{*}Relationship"):
        target = element.get("Target", "")
        external = element.get("TargetMode") == "External"
        relationship = Relationship(element.get("Id", ""), element.get("Type", ""), target, external)
        if external:
            _hold_off(relationship)
        elif resolved(source_of(name), target) is None:
            raise PackageError("This file points to parts outside itself.", "Ask whoever sent it for a clean copy.")
        found[relationship.id] = relationship
    return found


def _hold_off(relationship: Relationship) -> None:
    """Refuse what Word would fetch from elsewhere when it opens the document: links are only followed on a click."""
    kind = relationship.type
    if kind.endswith(_LINKS) or kind.endswith(_DATA_SOURCES) or not _FETCHES.match(relationship.target):
        return
    what = {
        "image": "a picture that is not in it but would be fetched from elsewhere",
        "attachedTemplate": "a Word template that would be fetched from elsewhere",
    }.get(kind.rpartition("/")[2], "something that is not in it but would be fetched from elsewhere")
    raise PackageError(
        f"This file asks for {what} whenever it is opened.",
        "In Word, open File, Info, 'Edit Links to Files' and break the links, or insert the picture itself.",
    )


def source_of(rels: str) -> str:
    """Return the part whose relationships a part holds: `word/_rels/document.xml.rels` is `word/document.xml`'s."""
    folder, _, name = rels.rpartition("_rels/")
    return folder + name.removesuffix(".rels")


def rels_of(part: str) -> str:
    """Return the name of the part that holds a part's relationships."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def resolved(part: str, target: str) -> str | None:
    """Return the name of the part that a relationship's target means, or None if it lies outside the package."""
    target = unquote(target.partition("#")[0])
    if "\\" in target or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target):
        return None
    path = target if target.startswith("/") else posixpath.join("/", posixpath.dirname(part), target)
    depth = 0
    for step in path.split("/"):
        depth += -1 if step == ".." else 0 if step in ("", ".") else 1
        if depth < 0:
            return None
    return posixpath.normpath(path).lstrip("/")


def _plain(content: bytes) -> bytes:
    """Return content types as they can be searched: in UTF-8, without remarks and numbered characters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or re.search(rb"<!--|&#|encoding=.(?![Uu][Tt][Ff]-8)", content):
        root = parse(content)
        etree.strip_elements(root, etree.Comment, with_tail=False)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return content


def with_types(content: bytes, endings: Iterable[tuple[str, str]]) -> bytes:
    """Return a content types part that knows some endings, each with its content type."""
    content = _plain(content)
    missing = [
        f'<Default Extension="{ending}" ContentType="{kind}"/>'.encode()
        for ending, kind in sorted(set(endings))
        if not re.search(rb'Extension="%s"' % ending.encode(), content, re.IGNORECASE)
    ]
    first = re.search(rb"<(?:\w+:)?Types\b[^>]*>", content)
    if not missing or not first:
        return content
    return content[: first.end()] + b"".join(missing) + content[first.end() :]


def with_overrides(content: bytes, types: Mapping[str, str]) -> bytes:
    """Return a content types part that knows the types of more parts, by name."""
    content = _plain(content)
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items()).encode()
    end = re.search(rb"</(?:\w+:)?Types\s*>", content)
    return content[: end.start()] + overrides + content[end.start() :] if end else content


def with_relationships(content: bytes, added: Iterable[Added], unused: Iterable[str]) -> bytes:
    """Return a relationships part with others added or aimed elsewhere, and without some.

    Args:
        content: the part as it is, or nothing.
        added: the relationships that it is to have.
        unused: the ids of those that it is to lose.
    """
    root = (
        parse(content) if content else etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap={None: _RELATIONSHIPS})
    )
    own = {element.get("Id"): element for element in root.iterchildren("{*}Relationship")}
    for identity in unused:
        root.remove(own[identity])
    for one in added:
        element = own.get(one.id)
        if element is None:
            element = etree.SubElement(root, f"{{{etree.QName(root).namespace}}}Relationship", Id=one.id, Type=one.type)
        element.set("Target", one.target)
        if one.external:
            element.set("TargetMode", "External")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _comment(data: bytes) -> bytes:
    at = data.rfind(b"PK\5\6")
    return data[at + _END.size :] if at >= 0 else b""


def _damaged() -> PackageError:
    return PackageError(
        "This is not a Word document (.docx), or it is damaged.", "Open it in Word, and save it as a Word document."
    )


def _no_document() -> PackageError:
    return PackageError(
        "This is not a Word document: it is another kind of Office file.",
        "Name a Word document or template (.docx, .dotx, .docm).",
    )

"""What the tests share: rows for small workbooks, raw workbooks and documents, and what comes out."""

from __future__ import annotations

import datetime as dt
import io
import os
import posixpath
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn
from xml.sax.saxutils import escape, quoteattr

import docx
import openpyxl
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from iepdocs.findings import IepdocsError
from iepdocs.pdf.office import find_office

MakeWorkbook = Callable[..., Path]
MakeTemplate = Callable[..., Path]

TODAY = dt.date(2026, 11, 25)

Rows = list[list[Any]]

_VALIDATOR = OpenXmlValidator()

STUDENTS: Rows = [
    ["Student ID", "Last Name", "First Name", "Date of Birth", "Grade", "School", "Case Manager"],
    ["00042", "Reyes", "Ana", dt.date(2016, 5, 14), "4", "Alder Creek", "Dana Whitfield"],
    ["00107", "Okafor", "Ben", dt.date(2014, 2, 1), "6", "Alder Creek", "Dana Whitfield"],
]
GOALS: Rows = [
    ["Student ID", "Goal Number", "Area", "Baseline", "Goal", "Measurement Method"],
    ["00042", "1", "Reading", "41 words a minute", "Ana will read 90 words a minute.", "weekly probe"],
    ["00107", "1", "Writing", "2 sentences", "Ben will write a paragraph.", "work samples"],
]
PROGRESS: Rows = [
    ["Student ID", "Goal Number", "Date", "Value"],
    ["00042", "1", dt.date(2026, 9, 14), 43],
    ["00042", "1", dt.date(2026, 10, 12), 52],
    ["00107", "1", dt.date(2026, 9, 14), "3 of 5"],
]
"""Three sheets are enough for progress reports."""


def progress_sheets(**changed: Rows) -> dict[str, Rows]:
    """Return the three sheets, with some replaced or added."""
    return {"Students": STUDENTS, "Goals": GOALS, "Progress": PROGRESS, **changed}


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Write an .xlsx: a title and its rows, header first, for each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        worksheet = book.create_sheet(title)
        for row in rows:
            worksheet.append(list(row))
    book.save(path)
    return path


def text_of(document: Path | bytes) -> str:
    """Return the paragraphs of a document's body, tables included, a line each."""
    opened = docx.Document(io.BytesIO(document) if isinstance(document, bytes) else str(document))
    return "\n".join(
        "".join(
            node.text or "" if node.tag.endswith("}t") else "\n" if node.tag.endswith("}br") else "\t"
            for node in paragraph.iter()
            if node.tag.endswith(("}t", "}br", "}tab"))
        )
        for paragraph in opened.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    )


TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def raw_workbook(
    sheets: Mapping[str, str],
    *,
    formats: Sequence[str] = (),
    strings: Sequence[str] = (),
    properties: str = "",
    styles: str | None = None,
    namespace: str = TRANSITIONAL,
) -> bytes:
    """Return an .xlsx whose sheets are written as XML, to be nasty in ways that openpyxl does not write.

    Args:
        sheets: by title, the rows (`<row r="1"><c r="A1">…`), or a whole part if it begins with `<?xml` or a worksheet.
        formats: number formats; the first is that of cells with s="1", and so on.
        strings: shared strings as XML, `<t>Reyes</t>`.
        properties: what stands before the sheets in the workbook part.
        styles: the styles part, in the place of one with `formats`.
        namespace: STRICT makes it a Strict workbook.
    """
    relations = _STRICT_RELATIONS if namespace == STRICT else _RELATIONS
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for number, code in enumerate(formats, 164)
    )
    xfs = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>' for number in range(164, 164 + len(formats))
    )
    plain = (
        f'<styleSheet xmlns="{namespace}"><numFmts count="{len(formats)}">{codes}</numFmts>'
        '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{1 + len(formats)}"><xf numFmtId="0"/>{xfs}</cellXfs></styleSheet>'
    )
    titles = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(sheets, 1)
    )
    kinds = [f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/worksheet" Target="{kind}"/>'
        for number, kind in enumerate(kinds, 1)
    )
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            + "".join(f'<Override PartName="/xl/{kind}" ContentType="{_TYPES}.worksheet+xml"/>' for kind in kinds)
            + f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{namespace}" xmlns:r="{relations}">{properties}<sheets>{titles}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{targets}'
            f'<Relationship Id="rId101" Type="{relations}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId102" Type="{relations}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            "</Relationships>"
        ),
        "xl/styles.xml": plain if styles is None else styles,
        "xl/sharedStrings.xml": (
            f'<sst xmlns="{namespace}">' + "".join(f"<si>{item}</si>" for item in strings) + "</sst>"
        ),
    }
    for kind, rows in zip(kinds, sheets.values(), strict=True):
        whole = rows.startswith(("<?xml", "<worksheet", "<x:worksheet"))
        parts[f"xl/{kind}"] = (
            rows if whole else f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return packed(parts)


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
WORD_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": f"{_OFFICE}/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
}
"""The namespaces that `raw_document` declares in every part."""
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in WORD_NAMESPACES.items())
_CORE_NAMES = {"title": "dc", "subject": "dc", "creator": "dc", "description": "dc", "identifier": "dc"}
_CORE_NAMES |= {"language": "dc", "keywords": "cp", "category": "cp", "contentStatus": "cp"}


def run(text: str, properties: str = "") -> str:
    """Return a run with one `w:t`; `properties` is what stands in its `w:rPr`."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(*runs: str, properties: str = "") -> str:
    """Return a paragraph of runs, both as XML."""
    look = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{look}{''.join(runs)}</w:p>"


def lines(*texts: str) -> str:
    """Return a paragraph for each text, of one run."""
    return "".join(para(run(text)) for text in texts)


def cell(*blocks: str, properties: str = "") -> str:
    """Return a table cell of blocks, as XML; one without blocks has an empty paragraph."""
    look = f'<w:tcPr><w:tcW w:w="1000" w:type="dxa"/>{properties}</w:tcPr>'
    return f"<w:tc>{look}{''.join(blocks) or para()}</w:tc>"


def row(*cells: str) -> str:
    """Return a table row; a cell that is no XML yet is its text."""
    return f"<w:tr>{''.join(text if text.startswith('<w:tc>') else cell(lines(text)) for text in cells)}</w:tr>"


def table(*rows: str, columns: int = 2) -> str:
    """Return a table of rows."""
    grid = '<w:gridCol w:w="1000"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def text_box(blocks: str, ids: tuple[str, str] = ("1", "s1")) -> str:
    """Return the run that Word writes for a text box: as DrawingML, and as VML for programs before 2010."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        f'<wp:extent cx="900000" cy="300000"/><wp:docPr id="{ids[0]}" name="Text Box {ids[0]}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/>'
        f"<wps:txbx><w:txbxContent>{blocks}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f'<mc:Fallback><w:pict><v:shape id="{ids[1]}" style="width:70pt;height:20pt"><v:textbox>'
        f"<w:txbxContent>{blocks}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def drawing(description: str) -> str:
    """Return a run with a picture; `description` is its alternative text, as XML."""
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/>'
        f'<wp:docPr id="1" name="Picture 1" descr="{description}"/><a:graphic><a:graphicData uri="x"/></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def field(instruction: str) -> str:
    """Return the runs of a complex field, whose stored result is `here`."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>here</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def hyperlink(*runs: str) -> str:
    """Return a hyperlink of runs, whose address is the relationship rId9."""
    return f'<w:hyperlink r:id="rId9">{"".join(runs)}</w:hyperlink>'


def content_control(content: str) -> str:
    """Return a content control around blocks or runs; its title is no name."""
    return f'<w:sdt><w:sdtPr><w:alias w:val="A place"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'


def section_break(number: int) -> str:
    """Return the paragraph that ends the section whose header is `headers[number - 1]`."""
    return para(properties=f'<w:sectPr><w:headerReference w:type="default" r:id="header{number}"/></w:sectPr>')


def raw_document(
    body: str,
    *,
    headers: Sequence[str] = (),
    footers: Sequence[str] = (),
    footnotes: Sequence[str] = (),
    endnotes: Sequence[str] = (),
    comments: Sequence[str] = (),
    properties: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    parts: Mapping[str, tuple[str, str, str | bytes]] | None = None,
    main: str = "document",
) -> bytes:
    """Return a .docx that is written as XML, to hold what python-docx does not write.

    Args:
        body: the blocks of the body, without its last `w:sectPr`.
        headers: the blocks of each; the last is that of the last section, `section_break` uses the others.
        footers: likewise.
        footnotes: the blocks of footnotes 1, 2 …; so endnotes, and comments 0, 1 ….
        endnotes: see there.
        comments: see there.
        properties: core properties by their element's name, such as `title` or `keywords`.
        links: addresses of hyperlinks by relationship id.
        parts: further parts, by path under word/: the relationship's id, the last of its type, and the content;
            their content type is found by path.
        main: what the main part is by its content type: `document`, or `template`.
    """
    references = "".join(
        f'<w:{kind}Reference w:type="default" r:id="{kind}{len(given)}"/>'
        for kind, given in (("header", headers), ("footer", footers))
        if given
    )
    content: dict[str, str | bytes] = {
        "document.xml": f"<w:document {_DECLARED}><w:body>{body}<w:sectPr>{references}</w:sectPr></w:body></w:document>"
    }
    overrides = {"document.xml": f"{_WORD_TYPES}.{main}.main+xml"}
    relations: list[tuple[str, str, str]] = []
    for kind, element, given in (("header", "hdr", headers), ("footer", "ftr", footers)):
        for number, blocks in enumerate(given, 1):
            content[f"{kind}{number}.xml"] = f"<w:{element} {_DECLARED}>{blocks}</w:{element}>"
            overrides[f"{kind}{number}.xml"] = f"{_WORD_TYPES}.{kind}+xml"
            relations.append((f"{kind}{number}", kind, f"{kind}{number}.xml"))
    for kind, given in (("footnote", footnotes), ("endnote", endnotes), ("comment", comments)):
        if not given:
            continue
        author = ' w:author="Dana Whitfield" w:initials="DW"' if kind == "comment" else ""
        notes = "".join(
            f'<w:{kind} w:id="{number}"{author}>{blocks}</w:{kind}>'
            for number, blocks in enumerate(given, 0 if kind == "comment" else 1)
        )
        content[f"{kind}s.xml"] = f"<w:{kind}s {_DECLARED}>{notes}</w:{kind}s>"
        overrides[f"{kind}s.xml"] = f"{_WORD_TYPES}.{kind}s+xml"
        relations.append((f"{kind}s", f"{kind}s", f"{kind}s.xml"))
    for path, (relation, kind, part) in (parts or {}).items():
        content[path] = part
        relations.append((relation, kind, path))
        if path.endswith(".xml") and kind == "chart":
            overrides[path] = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
        elif path.endswith(".xml"):
            overrides[path] = f"{_WORD_TYPES}.{kind}+xml"
    related = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{path}"/>' for name, kind, path in relations
    ) + "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/hyperlink" Target={quoteattr(url)} TargetMode="External"/>'
        for name, url in (links or {}).items()
    )
    core = "".join(
        f"<{_CORE_NAMES[name]}:{name}>{escape(value)}</{_CORE_NAMES[name]}:{name}>"
        for name, value in (properties or {}).items()
    )
    package: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
            + "".join(f'<Override PartName="/word/{path}" ContentType="{kind}"/>' for path, kind in overrides.items())
            + "</Types>"
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE_RELATIONS}">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{_PACKAGE_RELATIONS}/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
        "docProps/core.xml": f"<cp:coreProperties {_DECLARED}>{core}</cp:coreProperties>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{related}</Relationships>',
    }
    return packed({**package, **{f"word/{path}": part for path, part in content.items()}})


def part_of(document: bytes, path: str = "word/document.xml") -> etree._Element:
    """Return a part of a document, read strictly."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return etree.fromstring(archive.read(path))


def parts_of(document: bytes) -> dict[str, bytes]:
    """Return the parts of a document, by name."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, str | bytes], stored: Container[str] = ()) -> bytes:
    """Return a package of parts, deflated but for those that are to be stored."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else None)
    return stream.getvalue()


@lru_cache(maxsize=64)
def problems_of(document: bytes) -> set[str]:
    """Return what is wrong with a document: what a validator says, and what Word minds beyond that.

    A loop may say a template's own fault several times over, and elsewhere: so places and values are not told.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.docx"
        path.write_bytes(document)
        errors = _VALIDATOR.validate(path).errors
        if any("Part:" in error.description for error in errors):  # it may remember another document's parts for these
            errors = OpenXmlValidator().validate(path).errors
    values = re.compile(r"(?<=value) '[^']*'|(?<=id) \d+; first seen in \S+")
    found = {values.sub("", f"{error.part_uri}: {error.description}") for error in errors}
    parts = parts_of(document)
    trees = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    for name, tree in trees.items():
        faults = (*_misplaced(tree), *_crossed_fields(tree), *_unrelated(name, tree, trees))
        found |= {f"{name}: {fault}" for fault in faults}
    return found | set(_untyped(parts, trees["[Content_Types].xml"])) | set(_wrong_ids(trees))


_HOLDS_TEXT = {f"{W}{name}" for name in ("t", "instrText", "delText", "delInstrText")}
_BLOCKS = {f"{W}{name}" for name in ("p", "tbl", "sdt", "customXml")}
_HOLDS_BLOCKS = {f"{W}{name}" for name in ("tc", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent")}
_ROWS_AND_CELLS = {f"{W}{name}" for name in ("tr", "tc", "sdt", "customXml")}


def _misplaced(tree: etree._Element) -> Iterator[str]:
    for node in tree.iter(f"{W}*"):
        name = etree.QName(node).localname
        inside = [one.tag for one in node if isinstance(one.tag, str)]
        if node.tag in _HOLDS_TEXT and inside:
            yield f"an element in w:{name}"
        if node.tag not in _HOLDS_TEXT and any(
            (text or "").strip() for text in (node.text, *(one.tail for one in node))
        ):
            yield f"text in w:{name}"
        if node.tag in _HOLDS_BLOCKS and not _BLOCKS.intersection(inside):
            yield f"no paragraph in w:{name}"
        if name == "tc" and [one for one in inside if one in _BLOCKS][-1:] == [f"{W}tbl"]:
            yield "a cell ends with a table"
        if name in ("tbl", "tr") and not _ROWS_AND_CELLS.intersection(inside):
            yield f"nothing in w:{name}"
        if name == "sdtContent" and not inside:
            yield "an empty content control"


def _crossed_fields(tree: etree._Element) -> Iterator[str]:
    open_fields: list[str | None] = []
    for node in tree.iter(f"{W}fldChar"):
        role = node.get(f"{W}fldCharType")
        if role != "begin" and (not open_fields or open_fields.pop() not in ("begin", role == "end" and "separate")):
            yield "fields cross"
        if role != "end":
            open_fields.append(role)
    if open_fields:
        yield "a field without an end"


def _unrelated(name: str, tree: etree._Element, trees: Mapping[str, etree._Element]) -> Iterator[str]:
    folder, _, last = name.rpartition("/")
    own = trees.get(f"{folder}/_rels/{last}.rels".lstrip("/"))
    relations = {one.get("Id"): one for one in own} if own is not None else {}
    if own is not None and len(relations) != len(own):
        yield "a relationship's id twice"
    for one in relations.values():
        target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
        if one.get("TargetMode") != "External" and target.endswith((".xml", ".rels")) and target not in trees:
            yield f"no part {target}"
    for node in tree.iter(etree.Element):
        for key, value in node.attrib.items():
            if str(key).startswith(f"{{{WORD_NAMESPACES['r']}}}") and value and value not in relations:
                yield "no relationship of that id"


def _untyped(parts: Mapping[str, bytes], types: etree._Element) -> Iterator[str]:
    endings = {node.get("Extension", "").lower() for node in types.iterfind("{*}Default")}
    overrides = {node.get("PartName", "")[1:] for node in types.iterfind("{*}Override")}
    yield from (f"{name} has a content type and is not there" for name in overrides - parts.keys())
    for name in parts.keys() - overrides:
        if name.rpartition(".")[2].lower() not in endings:
            yield f"{name} has no content type"


_IDS = {
    **{f"{W}{name}": (name, f"{W}id") for name in (
        "bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "comment", "commentRangeStart", "commentRangeEnd",
        "commentReference")},
    **{f"{W}{name}": (name, f"{W}val") for name in ("numId", "abstractNumId")},
    **{f"{{{WORD_NAMESPACES['v']}}}{name}": ("shape", "id") for name in ("shape", "rect", "oval", "group", "line")},
    f"{{{WORD_NAMESPACES['wp']}}}docPr": ("drawing", "id"),
    f"{W}num": ("num", f"{W}numId"),
    f"{W}abstractNum": ("abstractNum", f"{W}abstractNumId"),
}  # fmt: skip
_PAIRS = (
    ("bookmarkStart", "bookmarkEnd"),
    ("bookmarkEnd", "bookmarkStart"),
    ("permStart", "permEnd"),
    ("commentRangeStart", "commentRangeEnd"),
    ("commentReference", "comment"),
    ("numId", "num"),
    ("abstractNumId", "abstractNum"),
)


def _wrong_ids(trees: Mapping[str, etree._Element]) -> Iterator[str]:
    ids: dict[str, list[str]] = {}
    for name, tree in trees.items():
        for node in tree.iter(etree.Element) if name.startswith("word/") else ():
            kind, key = _IDS.get(str(node.tag), ("", ""))
            if str(node.tag) == f"{W}id" and next(node.iterancestors()).tag == f"{W}sdtPr":
                kind, key = "control", f"{W}val"
            if kind and (kind == "shape" or not _told_twice(node)):
                ids.setdefault(kind, []).append(str(node.get(key)))
            if kind == "bookmarkStart" and not _told_twice(node):
                ids.setdefault("bookmark's name", []).append(str(node.get(f"{W}name")))
    for kind, given in ids.items():
        if kind not in ("numId", "abstractNumId") and len(given) != len(set(given)):
            yield f"a {kind} twice"
    for one, other in _PAIRS:
        if {*ids.get(one, ())} - {*ids.get(other, ())} - {"0" if one == "numId" else ""}:
            yield f"a {one} without a {other}"


def _told_twice(node: etree._Element) -> bool:
    """Tell whether a node stands in what an `mc:Choice` holds too, under the same ids."""
    return any(True for _ in node.iterancestors(f"{{{WORD_NAMESPACES['mc']}}}Fallback"))


def need_libreoffice() -> None:
    """Skip a test where LibreOffice is missing, and fail it under CI."""
    try:
        find_office()
    except IepdocsError:
        _lack("LibreOffice is not installed")


def need_printing() -> tuple[str, str]:
    """Return LibreOffice and poppler's pdftotext; skip a test where one is missing, and fail it under CI."""
    soffice, pdftotext = shutil.which("soffice"), shutil.which("pdftotext")
    if not (soffice and pdftotext):
        _lack("LibreOffice and poppler are not installed")
    return soffice, pdftotext


def _lack(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)

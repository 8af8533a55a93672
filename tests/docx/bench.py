"""Where in a document a text may stand, and where templates are rendered and looked at."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import pytest

from iepdocs.docx import Template
from iepdocs.findings import IepdocsError
from tests.support import (
    WORD_NAMESPACES,
    W,
    cell,
    content_control,
    drawing,
    hyperlink,
    packed,
    para,
    part_of,
    parts_of,
    problems_of,
    raw_document,
    row,
    section_break,
    table,
    text_box,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lxml import etree

    from iepdocs.findings import Finding

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
A = f"{{{WORD_NAMESPACES['a']}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Bench:
    """Where templates are rendered, and looked at: none may come out with a problem that it did not go in with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, template: bytes) -> Template:
        path = self.folder / "letter.docx"
        path.write_bytes(template)
        return Template(path)

    def render(self, template: bytes, **context: Any) -> bytes:
        return self.told(template, **context)[0]

    def told(self, template: bytes, **context: Any) -> tuple[bytes, list[Finding]]:
        made, findings = self.load(template).render_with_findings(context)
        assert problems_of(made) <= problems_of(template)
        return made, findings

    def refused(self, template: bytes, **context: Any) -> list[Finding]:
        with pytest.raises(IepdocsError) as raised:
            self.load(template).render(context)
        return list(raised.value.findings)


def paragraphs(document: bytes, path: str = "word/document.xml") -> list[str]:
    """Return the texts of a part's paragraphs, but for empty ones; a page break as a form feed."""
    return [text for node in part_of(document, path).iter(f"{W}p") if (text := text_in(node))]


def text_in(paragraph: etree._Element) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    return "".join(
        node.text or "" if node.tag == f"{W}t" else "\f" if node.get(f"{W}type") == "page" else signs[str(node.tag)]
        for node in paragraph.iter(f"{W}t", *signs)
        if next(node.iterancestors(f"{W}p")) is paragraph and next(node.iterancestors()).tag == f"{W}r"
    )


class Place(NamedTuple):
    """Where paragraphs stand in a document: its part, and what makes a document of paragraphs there."""

    part: str
    around: Callable[[str], bytes]
    twice: bool = False

    def said(self, document: bytes) -> list[str]:
        """Return the texts of the paragraphs that stand there; what is told twice must be the same both times."""
        found = paragraphs(document, f"word/{self.part}.xml")
        if not self.twice:
            return found
        half = len(found) // 2
        assert found[:half] == found[half:]
        return found[:half]


def footnoted(kind: str = "footnote") -> str:
    return para(f'<w:r><w:{kind}Reference w:id="1"/></w:r>')


COMMENTED = para(
    '<w:commentRangeStart w:id="0"/><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
)
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LINKS = {"rId9": "https://example.org/"}
BLOCKS = {
    "body": Place("document", raw_document),
    "header": Place("header1", lambda blocks: raw_document(para(), headers=[blocks])),
    "header of section 2": Place("header2", lambda blocks: raw_document(section_break(1), headers=[para(), blocks])),
    "footer": Place("footer1", lambda blocks: raw_document(para(), footers=[blocks])),
    "footnote": Place("footnotes", lambda blocks: raw_document(footnoted(), footnotes=[blocks])),
    "endnote": Place("endnotes", lambda blocks: raw_document(footnoted("endnote"), endnotes=[blocks])),
    "comment": Place("comments", lambda blocks: raw_document(COMMENTED, comments=[blocks])),
    "cell": Place("document", lambda blocks: raw_document(table(row(cell(blocks))))),
    "nested table": Place("document", lambda blocks: raw_document(table(row(cell(table(row(cell(blocks))), para()))))),
    "content control": Place("document", lambda blocks: raw_document(content_control(blocks))),
    "content control in a cell": Place(
        "document", lambda blocks: raw_document(table(row(cell(content_control(blocks), para()))))
    ),
    "cell in a footer": Place(
        "footer1", lambda blocks: raw_document(para(), footers=[table(row(cell(blocks))) + para()])
    ),
    "cell in a footnote": Place(
        "footnotes", lambda blocks: raw_document(footnoted(), footnotes=[table(row(cell(blocks))) + para()])
    ),
    "text box": Place("document", lambda blocks: raw_document(para(text_box(blocks))), twice=True),
    "text box in a header": Place(
        "header1", lambda blocks: raw_document(para(), headers=[para(text_box(blocks))]), twice=True
    ),
    "text box in a cell": Place(
        "document", lambda blocks: raw_document(table(row(cell(para(text_box(blocks)))))), twice=True
    ),
}
AMONG_RUNS: dict[str, Callable[[str], str]] = {
    "hyperlink": hyperlink,
    "content control around runs": content_control,
    "insertion": lambda runs: f'<w:ins w:id="1" w:author="Dana Whitfield">{runs}</w:ins>',
    "moved text": lambda runs: f'<w:moveTo w:id="1" w:author="Dana Whitfield">{runs}</w:moveTo>',
    "field's result": lambda runs: f'<w:fldSimple w:instr=" TITLE ">{runs}</w:fldSimple>',
    "smart tag": lambda runs: f'<w:smartTag w:uri="urn:x" w:element="y">{runs}</w:smartTag>',
    "custom XML": lambda runs: f'<w:customXml w:uri="urn:x" w:element="y">{runs}</w:customXml>',
    "direction": lambda runs: f'<w:dir w:val="ltr">{runs}</w:dir>',
}
"""What may stand around runs in a paragraph."""


def around_runs(paragraphs: str, around: Callable[[str], str]) -> bytes:
    """Return a document of paragraphs whose runs stand in something."""
    return raw_document(
        re.sub(r"(?<=<w:p>).*?(?=</w:p>)", lambda found: around(found.group()), paragraphs), links=LINKS
    )


PLACES = BLOCKS | {
    name: Place("document", lambda blocks, around=around: around_runs(blocks, around))  # type: ignore[misc]
    for name, around in AMONG_RUNS.items()
}
in_blocks = pytest.mark.parametrize("place", BLOCKS.values(), ids=BLOCKS)
everywhere = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)

CHART = (
    '<c:chartSpace xmlns:c="{c}" xmlns:a="{a}"><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr b="1"/>'
    "<a:t>{{}}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea/></c:chart></c:chartSpace>"
).format(**WORD_NAMESPACES)
DIAGRAM = (
    '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="{a}"><dgm:ptLst>'
    '<dgm:pt modelId="1"><dgm:t><a:bodyPr/><a:p><a:r><a:t>{{}}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>'
    "<dgm:cxnLst/></dgm:dataModel>"
).format(**WORD_NAMESPACES)
WATERMARK = '<w:r><w:pict><v:shape id="s1" style="width:9pt"><v:textpath string={}/></v:shape></w:pict></w:r>'
CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="x" pid="2" '
    'name="About"><vt:lpwstr>{}</vt:lpwstr></property></Properties>'
)
COMPANY = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Company>{}</Company></Properties>"
)


def with_part(document: bytes, path: str, content: str, content_type: str) -> bytes:
    """Return a document with a part that nothing relates to."""
    parts = parts_of(document)
    override = f'<Override PartName="/{path}" ContentType="{content_type}"/></Types>'.encode()
    types = parts["[Content_Types].xml"].replace(f'<Override PartName="/{path}"'.encode(), b'<Override PartName="/x"')
    return packed(parts | {"[Content_Types].xml": types.replace(b"</Types>", override), path: content.encode()})


class Words(NamedTuple):
    """Where a text stands that is no paragraph of Word's: what makes a document of it, and what it says there."""

    around: Callable[[str], bytes]
    part: str
    path: str
    attribute: str = ""

    def said(self, document: bytes) -> str:
        [found] = part_of(document, self.part).iterfind(f".//{self.path}", WORD_NAMESPACES | {"m": MATH})
        if self.path == "a:p":
            return "".join("\n" if one.tag == f"{A}br" else one.text or "" for one in found.iter(f"{A}t", f"{A}br"))
        return str(found.get(self.attribute) if self.attribute else found.text or "")


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
WORDS = {
    "alternative text": Words(
        lambda text: raw_document(para(drawing(escape(text, {'"': "&quot;"})))),
        "word/document.xml", "wp:docPr", "descr",
    ),
    "watermark": Words(
        lambda text: raw_document(para(), headers=[para(WATERMARK.format(quoteattr(text)))]),
        "word/header1.xml", "{urn:schemas-microsoft-com:vml}textpath", "string",
    ),
    "equation": Words(
        lambda text: raw_document(
            para(f'<m:oMath xmlns:m="{MATH}"><m:r><m:t xml:space="preserve">{escape(text)}</m:t></m:r></m:oMath>')
        ),
        "word/document.xml", "m:t",
    ),
    "title": Words(lambda text: raw_document(para(), properties={"title": text}), "docProps/core.xml", "dc:title"),
    "keywords": Words(
        lambda text: raw_document(para(), properties={"keywords": text}), "docProps/core.xml", "cp:keywords"
    ),
    "company": Words(
        lambda text: with_part(raw_document(para()), "docProps/app.xml", COMPANY.format(escape(text)),
                               f"{_OPEN_XML}.extended-properties+xml"),
        "docProps/app.xml", "{*}Company",
    ),
    "custom property": Words(
        lambda text: with_part(raw_document(para()), "docProps/custom.xml", CUSTOM.format(escape(text)),
                               f"{_OPEN_XML}.custom-properties+xml"),
        "docProps/custom.xml", "{*}lpwstr",
    ),
    "chart's title": Words(
        lambda text: raw_document(
            para(), parts={"charts/chart1.xml": ("rId1", "chart", CHART.format(escape(text)))}
        ),
        "word/charts/chart1.xml", "a:p",
    ),
    "diagram": Words(
        lambda text: with_part(raw_document(para()), "word/diagrams/data1.xml", DIAGRAM.format(escape(text)),
                               f"{_OPEN_XML}.drawingml.diagramData+xml"),
        "word/diagrams/data1.xml", "a:p",
    ),
}  # fmt: skip
in_words = pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)


def address_of(document: bytes) -> list[str]:
    """Return where the links of a document's body lead."""
    body, relations = part_of(document), part_of(document, "word/_rels/document.xml.rels")
    targets = {one.get("Id"): one.get("Target") for one in relations}
    return [str(targets[one.get(f"{{{WORD_NAMESPACES['r']}}}id")]) for one in body.iter(f"{W}hyperlink")]

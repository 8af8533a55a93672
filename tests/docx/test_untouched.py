"""What a template's author made and no tag is in comes out as it went in; what is not safe to open is refused."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import subprocess
import sys
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from iepdocs.docx import Template
from iepdocs.findings import FilePlace, IepdocsError
from tests.docx.bench import CHART, COMMENTED, MATH, PICTURE, footnoted
from tests.support import (
    W,
    cell,
    content_control,
    drawing,
    field,
    hyperlink,
    lines,
    packed,
    para,
    part_of,
    parts_of,
    raw_document,
    row,
    run,
    section_break,
    table,
    text_box,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.docx.bench import Bench

_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT, TEMPLATE = f"{_TYPES}.document.main+xml", f"{_TYPES}.template.main+xml"
MACRO_DOCUMENT = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACRO_TEMPLATE = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"


class Packed(NamedTuple):
    """A part as it lies in the archive."""

    name: str
    method: int
    date: tuple[int, ...]
    content: bytes


def packed_parts(document: bytes) -> list[Packed]:
    """Return the parts of a document in their order, with their bytes as they are compressed."""
    found = []
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            name_length, extra_length = struct.unpack_from("<2H", document, info.header_offset + 26)
            start = info.header_offset + 30 + name_length + extra_length
            content = document[start : start + info.compress_size]
            found.append(Packed(info.filename, info.compress_type, info.date_time, content))
    return found


def everything(text: str, main: str = MACRO_DOCUMENT, *, tagged: str = "word/document.xml") -> bytes:
    """Return a package of all that Word puts into one, and of what nobody knows; one part says a text.

    The parts are compressed in several ways, as several programs do.
    """
    noise = random.Random(7).randbytes  # noqa: S311

    def said(path: str) -> str:
        return text if path == tagged else "x"

    written = raw_document(
        lines("a heading") + footnoted() + footnoted("endnote") + COMMENTED + lines(said("word/document.xml")),
        headers=[lines(said("word/header1.xml"))],
        footnotes=[lines(said("word/footnotes.xml"))],
        endnotes=[lines(said("word/endnotes.xml"))],
        comments=[lines(said("word/comments.xml"))],
        properties={"title": "A plan"},
        parts={
            "styles.xml": ("rId1", "styles", f'<w:styles xmlns:w="{W[1:-1]}"/>'),
            "settings.xml": (
                "rId2",
                "settings",
                f'<w:settings xmlns:w="{W[1:-1]}"><w:zoom w:percent="90"/></w:settings>',
            ),
            "fontTable.xml": ("rId3", "fontTable", f'<w:fonts xmlns:w="{W[1:-1]}"/>'),
            "numbering.xml": ("rId4", "numbering", f'<w:numbering xmlns:w="{W[1:-1]}"/>'),
            "charts/chart1.xml": ("rId5", "chart", CHART.format(said("word/charts/chart1.xml"))),
            "media/image1.png": ("rId6", "image", PICTURE),
            "vbaProject.bin": ("rId7", "vbaProject", noise(3000)),
        },
    )
    parts: dict[str, bytes] = parts_of(written) | {
        "customXml/item1.xml": b'<?xml version="1.0"?>\r\n<!-- ours --><plan xmlns="urn:x"><n>1</n></plan>',
        "customXml/_rels/item1.xml.rels": f'<Relationships xmlns="{PACKAGE}"/>'.encode(),
        "word/fonts/font1.odttf": noise(5000),
        "word/glossary/document.xml": f'<w:glossaryDocument xmlns:w="{W[1:-1]}"/>'.encode("utf-16"),
        "word/embeddings/oleObject1.bin": noise(100) + bytes(4000),
        "word/unknown/thing.xml": b"<thing xmlns='urn:y' a='1'   b='2'>\n\t<!-- {{ no tag of ours }} --></thing>",
        "word/media/Bild 1 é.png": PICTURE,
        "docProps/thumbnail.jpeg": noise(500),
        "word/empty.bin": b"",
    }
    endings = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>'
        for ending, kind in (("bin", "application/vnd.ms-office.vbaProject"), ("odttf", f"{_TYPES}.odttf"),
                             ("jpeg", "image/jpeg"))
    )  # fmt: skip
    types = parts.pop("[Content_Types].xml").decode().replace(DOCUMENT, main).replace("</Types>", f"{endings}</Types>")
    parts = {"_rels/.rels": parts.pop("_rels/.rels"), **parts, "[Content_Types].xml": types.encode()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = b"made by hand"
        for number, (name, content) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, (2024, 2, 29, number % 24, 30, 58))
            info.compress_type = zipfile.ZIP_STORED if name.endswith((".png", ".jpeg")) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content, compresslevel=1 + number % 9)
    return stream.getvalue()


PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TAGGED = {
    "body": "word/document.xml",
    "header": "word/header1.xml",
    "footnote": "word/footnotes.xml",
    "endnote": "word/endnotes.xml",
    "comment": "word/comments.xml",
    "chart": "word/charts/chart1.xml",
}


@pytest.mark.parametrize("tagged", TAGGED.values(), ids=TAGGED)
def test_every_part_without_tags_is_the_same_bytes(bench: Bench, tagged: str) -> None:
    template = everything("{{ n }}", tagged=tagged)
    before, after = packed_parts(template), packed_parts(bench.load(template).render({"n": "Ana"}))
    assert [part.name for part in after] == [part.name for part in before]
    assert [(part.method, part.date) for part in after] == [(part.method, part.date) for part in before]
    assert [part.name for part, other in zip(after, before, strict=True) if part != other] == [tagged]


@pytest.mark.parametrize("make", [everything, lambda text: raw_document(lines(text))])
def test_the_archive_itself_stays_as_it_was(bench: Bench, make: Callable[[str], bytes]) -> None:
    template = make("{{ n }}")
    made = bench.load(template).render({"n": "{{ n }}"})
    one, other = (zipfile.ZipFile(io.BytesIO(package)) for package in (made, template))
    assert one.comment == other.comment
    for part, was in zip(one.infolist(), other.infolist(), strict=True):
        assert (part.external_attr, part.internal_attr) == (was.external_attr, was.internal_attr)
        assert (part.create_system, part.create_version) == (was.create_system, was.create_version)


@pytest.mark.parametrize("main", [DOCUMENT, MACRO_DOCUMENT])
def test_a_template_without_a_tag_comes_back_byte_for_byte(bench: Bench, main: str) -> None:
    template = everything("no tag {x} %} at all", main)
    assert bench.load(template).render({"x": 1}) == template


@pytest.mark.parametrize(
    ("main", "becomes", "ending"), [(TEMPLATE, DOCUMENT, ".docx"), (MACRO_TEMPLATE, MACRO_DOCUMENT, ".docm")]
)
@pytest.mark.parametrize("text", ["{{ n }}", "no tag at all"])
def test_of_a_word_template_only_the_type_becomes_another(
    bench: Bench, text: str, main: str, becomes: str, ending: str
) -> None:
    template = bench.load(everything(text, main))
    made, expected = template.render({"n": "{{ n }}"}), everything(text, becomes)
    assert template.ending == ending
    assert parts_of(made)["[Content_Types].xml"] == parts_of(expected)["[Content_Types].xml"]
    changed = {one.name for one, other in zip(packed_parts(made), packed_parts(expected), strict=True) if one != other}
    assert changed <= {"[Content_Types].xml", *(["word/document.xml"] if "{" in text else [])}


def test_parts_packed_by_a_streaming_program_are_read_and_written(bench: Bench) -> None:
    parts = parts_of(raw_document(lines("{{ n }}"), headers=[lines("x")]))
    stream = _Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(content)
    made = parts_of(bench.load(stream.written()).render({"n": "Ana"}))
    assert {name for name in parts if parts[name] != made[name]} == {"word/document.xml"}


class _Unseekable(io.RawIOBase):
    """A stream to which sizes can only be written after the content."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, content: Any) -> int:
        self._pieces.append(bytes(content))
        return len(self._pieces[-1])

    def written(self) -> bytes:
        return b"".join(self._pieces)


def test_folders_in_the_archive_stay(bench: Bench) -> None:
    template = packed({"word/": b"", "docProps/": b"", **parts_of(raw_document(lines("{{ n }}")))})
    made = packed_parts(bench.load(template).render({"n": "Ana"}))
    assert [part.name for part in made] == [part.name for part in packed_parts(template)]


# What a value must extend is extended, and nothing else is touched


def test_a_picture_adds_its_part_its_relationship_and_its_type(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PICTURE + b"\0")
    template = everything("{{ 'logo.png'|image }}")
    made = bench.load(template).render({})
    before, after = parts_of(template), parts_of(made)
    [new] = after.keys() - before.keys()
    assert [*before, new] == [part.name for part in packed_parts(made)]
    rels = "word/_rels/document.xml.rels"
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml", rels}
    were, are = ([dict(one.attrib) for one in etree.fromstring(parts[rels])] for parts in (before, after))
    assert are[: len(were)] == were
    assert [one["Target"] for one in are[len(were) :]] == [new.removeprefix("word/")]
    known = b'<Default Extension="png" ContentType="image/png"/>'
    parts = parts_of(raw_document(lines("{{ 'logo.png'|image }}")))
    types = parts["[Content_Types].xml"].replace(known, b"")
    made = bench.load(packed(parts | {"[Content_Types].xml": types})).render({})
    assert parts_of(made)["[Content_Types].xml"] == types.replace(b"<Default", known + b"<Default", 1)


def test_the_same_picture_is_in_the_document_once(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PICTURE)
    template = raw_document(lines(*["{{ 'logo.png'|image }}"] * 3), headers=[lines("{{ 'logo.png'|image }}")])
    made = bench.render(template)
    assert len([name for name in parts_of(made) if name.startswith("word/media/")]) == 1


# Within a part that has tags, everything else is the same XML

WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
AUTHOR = 'w:author="Dana Whitfield" w:date="2026-11-25T00:00:00Z"'
STATIC = {
    "unknown namespaces": (
        '<w:p xmlns:q="urn:q" q:a="1"><q:outer q:b="2"><w:r><w:t>x</w:t></w:r><q:inner xmlns="urn:z"><z/></q:inner>'
        "</q:outer><w:r><q:in/><w:t>y</w:t></w:r></w:p>"
    ),
    "alternate content": (
        '<w:p><w:r><mc:AlternateContent><mc:Choice xmlns:w99="urn:w99" Requires="w99"><w99:new/></mc:Choice>'
        "<mc:Fallback><w:t>old</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p><mc:AlternateContent>"
        '<mc:Choice Requires="wps"><w:p/></mc:Choice><mc:Fallback><w:p/></mc:Fallback></mc:AlternateContent>'
    ),
    "tracked changes": (
        f'<w:p><w:pPr><w:rPr><w:ins w:id="1" {AUTHOR}/></w:rPr><w:pPrChange w:id="2" {AUTHOR}><w:pPr/></w:pPrChange>'
        f'</w:pPr><w:ins w:id="3" {AUTHOR}>{run("new")}</w:ins><w:del w:id="4" {AUTHOR}><w:r><w:delText '
        f'xml:space="preserve"> old </w:delText></w:r></w:del><w:moveFromRangeStart w:id="5" {AUTHOR} w:name="m"/>'
        f'<w:moveFrom w:id="6" {AUTHOR}>{run("moved")}</w:moveFrom><w:moveFromRangeEnd w:id="5"/><w:r><w:rPr><w:b/>'
        f'<w:rPrChange w:id="7" {AUTHOR}><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr><w:t>x</w:t></w:r></w:p>'
    ),
    "a tag that was deleted": (
        f'<w:p><w:del w:id="4" {AUTHOR}><w:r><w:delText>{{{{ old }}}}</w:delText></w:r></w:del></w:p>'
    ),
    "sections": section_break(1) + para(properties='<w:sectPr w:rsidR="00AA"><w:type w:val="continuous"/></w:sectPr>'),
    "numbering": para(run("x"), properties='<w:numPr><w:ilvl w:val="3"/><w:numId w:val="7"/></w:numPr>'),
    "content controls": (
        '<w:sdt><w:sdtPr><w:id w:val="5"/><w:lock w:val="sdtLocked"/><w:placeholder><w:docPart w:val="D"/>'
        '</w:placeholder><w:showingPlcHdr/><w:dataBinding w:xpath="/x" w:storeItemID="{A-B}"/><w:date><w:dateFormat '
        'w:val="M/d/yyyy"/></w:date></w:sdtPr><w:sdtEndPr><w:rPr><w:b/></w:rPr></w:sdtEndPr><w:sdtContent><w:p/>'
        "</w:sdtContent></w:sdt>"
    ),
    "custom XML": f'<w:customXml w:uri="urn:x" w:element="e"><w:customXmlPr><w:attr w:name="a" w:val="{{1}}"/>'
    f"</w:customXmlPr>{lines('x')}</w:customXml>",
    "fields": para(field(" PAGE "), field(' HYPERLINK "https://example.org" '), field(" DATE \\@ &quot;M/d&quot; ")),
    "fields in fields": para(field(" IF 1 = 1 &quot;a&quot; &quot;b&quot; ").replace("here", "a"), run("x")),
    "notes and comments": footnoted() + footnoted("endnote") + COMMENTED,
    "bookmarks": '<w:bookmarkStart w:id="1" w:name="q"/>' + para('<w:bookmarkEnd w:id="1"/>', run("x")),
    "pictures and text boxes": para(drawing("a &amp; b &lt; &quot;c&quot;&#10;d"), text_box(lines("x", "y"))),
    "object": para(
        '<w:object w:dxaOrig="1"><v:shape id="o1" style="width:1pt"/><o:OLEObject xmlns:o="urn:schemas-microsoft-com:'
        'office:office" Type="Embed" ProgID="Excel.Sheet.12" ShapeID="o1" r:id="rId1"/></w:object>'
    ).replace("<w:p>", "<w:p><w:r>").replace("</w:p>", "</w:r></w:p>"),
    "equation": para(f'<m:oMath xmlns:m="{MATH}"><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den/></m:f></m:oMath>'),
    "ruby": para(
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>a</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>b</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r>"
    ),
    "merged cells": table(
        row(cell(lines("x"), properties='<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>')), row(cell(), "y")
    ),
    "nested tables": table(row(cell(table(row("x", "y")), para()), "z")),
    "characters": para(run("{x} { % } é \u2028 \xa0 \U0001f600 «»“”„ &<>\"'"), run("  spaces  "), run("")),
    "spaces and line ends": "<w:p>\n\t<w:r >\n  <w:t>a\n b</w:t>\r\n</w:r>\n</w:p>\n",
    "comments": "<!-- {{ a comment }} --><w:p><w:r><!-- x --><w:t>y</w:t></w:r></w:p>",
    "instructions": "<?word {{ do }}?><w:p><?word do {{ this }}?><w:r><?word?><w:t>y</w:t></w:r></w:p>",
    "character data": "<w:p><w:r><w:t><![CDATA[a < b & c]]>&#233;&#x1F600;</w:t></w:r></w:p>",
    "text that is cut": para(run("a"), '<w:proofErr w:type="spellStart"/>', run("b"), "<w:lastRenderedPageBreak/>"),
    "empty runs": para("<w:r/>", "<w:r><w:rPr/></w:r>", "<w:r><w:t/></w:r>", "<w:r><w:t></w:t></w:r>"),
    "symbols": para(
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:noBreakHyphen/><w:softHyphen/><w:tab/><w:ptab '
        'w:relativeTo="margin" w:alignment="right" w:leader="none"/><w:cr/><w:br w:clear="all"/></w:r>'
    ),
    "frames": para(run("x"), properties='<w:framePr w:w="100" w:hSpace="9"/><w:divId w:val="7"/>'),
    "imported chunk": '<w:altChunk r:id="rId1"/><w:subDoc r:id="rId1"/>',
    "Word's own ids": f'<w:p xmlns:w14="{WORD_2010}" w14:paraId="1A" w14:textId="7" w:rsidR="2"/>',
}  # fmt: skip


def canonical(part: bytes) -> bytes:
    return etree.tostring(etree.fromstring(part).getroottree(), method="c14n", with_comments=True)


@pytest.mark.parametrize("around", ["tag", "loop", "row", "cut tag"])
@pytest.mark.parametrize("static", STATIC.values(), ids=STATIC)
def test_what_is_beside_a_tag_is_the_same_xml(bench: Bench, static: str, around: str) -> None:
    def document(tag: str, opened: str = "", closed: str = "") -> bytes:
        if around == "loop":
            tag = opened + lines(tag) + closed
        elif around == "row":
            tag = table(opened + row(tag) + closed, row(cell(static, para()))) + para()
        elif around == "cut tag":
            tag = para(*map(run, tag)) if "{" in tag else lines(tag)
        else:
            tag = lines(f"a {tag} z")
        notes = {"headers": [para()], "comments": [para()], "footnotes": [para()], "endnotes": [para()]}
        return raw_document(static + tag + static, **notes)  # type: ignore[arg-type]

    control = {
        "loop": (lines("{%p for x in 'a' %}"), lines("{%p endfor %}")),
        "row": (row("{%tr for x in 'a' %}"), row("{%tr endfor %}")),
    }.get(around, ())
    made, expected = bench.load(document("{{ n }}", *control)).render({"n": "Ana & Bo"}), document("Ana & Bo")
    assert canonical(parts_of(made)["word/document.xml"]) == canonical(parts_of(expected)["word/document.xml"])


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n',
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        "<?xml version='1.0'?><!-- by hand --><?mso-application progid=\"Word.Document\"?>",
        "\ufeff",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_may_begin_in_any_way(bench: Bench, head: str, encoding: str) -> None:
    if encoding == "utf-16":
        head = head.replace("UTF-8", "UTF-16").replace("\ufeff", "")
    parts = parts_of(raw_document(lines("é {{ n }}")))
    text = head + parts["word/document.xml"].decode() + "<!-- the end -->"
    made = parts_of(bench.load(packed(parts | {"word/document.xml": text.encode(encoding)})).render({"n": "Ana"}))
    expected = text.replace("{{ n }}", "Ana").encode(encoding)
    assert canonical(made["word/document.xml"]) == canonical(expected)
    one, other = (etree.fromstring(part).getroottree().docinfo for part in (made["word/document.xml"], expected))
    assert bool(one.standalone) == bool(other.standalone)


def test_a_document_of_the_strict_form_or_with_other_prefixes_stays_what_it_is(bench: Bench) -> None:
    rows = table(row("{%tr if n %}"), row("a"), row("{%tr endif %}"))
    parts = parts_of(raw_document(lines("{{ n }}") + rows + para()))

    def renamed(*pairs: tuple[str, str]) -> dict[str, bytes]:
        found = dict(parts)
        for old, new in pairs:
            found = {name: re.sub(old.encode(), new.encode(), part) for name, part in found.items()}
        return found

    for form in (
        renamed((W[1:-1], "http://purl.oclc.org/ooxml/wordprocessingml/main"),
                (_RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships")),
        renamed(('xmlns:w=("[^"]*")', "xmlns=\\1 xmlns:w=\\1"), ("<(/?)w:", "<\\1")),
        renamed(("xmlns:w=", "xmlns:ns0="), (r"\bw:", "ns0:")),
    ):  # fmt: skip
        made = parts_of(bench.load(packed(form)).render({"n": "one\ntwo"}))
        root = etree.fromstring(made["word/document.xml"])
        namespace = etree.QName(root).namespace
        assert {etree.QName(node).namespace for node in root.iter(etree.Element)} == {namespace}
        assert [node.text for node in root.iter(f"{{{namespace}}}t")] == ["one", "two", "a"]
        assert {name for name in form if form[name] != made[name]} == {"word/document.xml"}


# The same bytes, whenever and wherever


ALWAYS_THE_SAME = """
import hashlib, sys
from iepdocs.docx import Template
template = Template(sys.argv[1])
context = {"goals": [{"area": area, "parts": ["x", "y"]} for area in "abc"], "n": "Ana", "logo": sys.argv[2]}
for _ in range(2):
    made, findings = template.render_with_findings(context)
    print(hashlib.sha256(made).hexdigest(), [str(finding) for finding in findings], sorted(template.paths))
print(hashlib.sha256(template.blank()).hexdigest(), template.warnings)
"""


def test_the_same_template_and_data_make_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PICTURE)
    blocks = (
        lines("{%p for goal in goals %}", "{{ goal.area }} {{ unknown }} {{ goal.unknown }} {{ logo|image }}")
        + para('<w:bookmarkStart w:id="1" w:name="q"/>', text_box(lines("{{ goal.area }}")),
               '<w:bookmarkEnd w:id="1"/>', field(" REF q "), hyperlink(run("x")))
        + table(row("{%tr for part in goal.parts %}"), row("{{ part }}"), row("{%tr endfor %}")) + para()
        + content_control(lines("{{ goal.area }}")) + COMMENTED + lines("{%p endfor %}")
    )  # fmt: skip
    (tmp_path / "letter.docx").write_bytes(
        raw_document(
            blocks, headers=[lines("{{ n }} {{ other }}")], footers=[lines("{{ another }}")],
            comments=[lines("{{ n }}")], links={"rId9": "https://example.org/{{ goal.area }}"},
        )
    )  # fmt: skip
    said = {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", ALWAYS_THE_SAME, tmp_path / "letter.docx", tmp_path / "logo.png"],
            env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("0", "1", "2", "77")
    }  # fmt: skip
    [only] = said
    first, second, _ = only.splitlines()
    assert first == second


def test_one_rendering_leaves_nothing_for_the_next(bench: Bench) -> None:
    blocks = lines("{%p for g in goals %}") + para(text_box(lines("{{ g }}"))) + COMMENTED + lines("{%p endfor %}")
    template = bench.load(raw_document(blocks, comments=[lines("c")]))
    first = template.render({"goals": "abc"})
    for goals in ("", "abcdefgh"):
        template.render({"goals": goals})
    assert template.render({"goals": "abc"}) == first
    assert Template(template.path).render({"goals": "abc"}) == first


# What is not safe to open, or no Word document, is refused with a sentence

PLAIN = raw_document(lines("{{ n }}"), headers=[lines("h")])


def with_part(name: str, content: bytes) -> bytes:
    return packed(parts_of(PLAIN) | {name: content})


def changed(name: str, old: bytes, new: bytes) -> bytes:
    parts = parts_of(PLAIN)
    assert old in parts[name]
    return packed(parts | {name: parts[name].replace(old, new)})


def related(kind: str, target: str, part: str = "word/document.xml", mode: str = "External") -> bytes:
    """Return a template with one more relationship of a part."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    one = f'<Relationship Id="rId77" Type="{_RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    own = parts_of(PLAIN).get(rels, f'<Relationships xmlns="{PACKAGE}"></Relationships>'.encode())
    return packed(parts_of(PLAIN) | {rels: own.replace(b"</Relationships>", f"{one}</Relationships>".encode())})


def renamed(name: str, old: str = "word/header1.xml") -> bytes:
    return packed({name if part == old else part: content for part, content in parts_of(PLAIN).items()})


def twice(name: str) -> bytes:
    stream = io.BytesIO(PLAIN)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")  # that there is one of that name
        archive.writestr(name, b"<w/>")
    return stream.getvalue()


def compressed(method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, part in parts_of(PLAIN).items():
            archive.writestr(name, part)
    return stream.getvalue()


def flagged() -> bytes:
    """Return a template whose parts say that they are encrypted, as zip programs do it."""
    changed = bytearray(PLAIN)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = -1
        while (place := PLAIN.find(mark, place + 1)) >= 0:
            changed[place + at] |= 1
    return bytes(changed)


def lying(size: int) -> bytes:
    """Return a template whose body says that it is of another size."""
    name = b"word/document.xml"
    central = PLAIN.rindex(name) - 46
    changed = bytearray(PLAIN)
    struct.pack_into("<L", changed, central + 24, size)
    struct.pack_into("<L", changed, PLAIN.index(name) - 30 + 22, size)
    return bytes(changed)


def document_of(body: bytes, encoding: str = "utf-8") -> bytes:
    own = parts_of(PLAIN)["word/document.xml"].decode()
    return with_part("word/document.xml", (body.decode() + own).encode(encoding))


BILLION = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9)
) + b"]>"  # fmt: skip
WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OUTSIDE = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)


def damaged() -> bytes:
    start = PLAIN.index(b"word/document.xml") + len("word/document.xml")
    return PLAIN[: start + 20] + bytes([PLAIN[start + 20] ^ 0xFF]) + PLAIN[start + 21 :]


REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a text": lambda: b"Dear parents, {{ n }}",
    "a web page": lambda: b"<html><body>{{ n }}</body></html>",
    "rich text": lambda: b"{\\rtf1 {{ n }}}",
    "a PDF": lambda: b"%PDF-1.7\n" + bytes(100),
    "Word 97, or with a password": lambda: OLD_WORD,
    "an empty archive": lambda: packed({}),
    "another archive": lambda: packed({"readme.txt": b"x"}),
    "a workbook": lambda: changed(
        "[Content_Types].xml",
        DOCUMENT.encode(),
        WORKBOOK,
    ),
    "cut off": lambda: PLAIN[: len(PLAIN) // 2],
    "cut off at its end": lambda: PLAIN[:-30],
    "packed with another method": lambda: compressed(zipfile.ZIP_BZIP2),
    "packed with yet another method": lambda: compressed(zipfile.ZIP_LZMA),
    "encrypted by a zip program": flagged,
    "sizes that lie, larger": lambda: lying(1 << 27),
    "sizes that lie, smaller": lambda: lying(10),
    "a damaged part": damaged,
    "no content types": lambda: packed({name: part for name, part in parts_of(PLAIN).items() if name[0] != "["}),
    "no relationships": lambda: packed({name: part for name, part in parts_of(PLAIN).items() if name != "_rels/.rels"}),
    "no body": lambda: packed({name: part for name, part in parts_of(PLAIN).items() if name != "word/document.xml"}),
    "a body that is no XML": lambda: with_part("word/document.xml", b"<w:document {{ n }}"),
    "content types that are no XML": lambda: packed(parts_of(PLAIN) | {"[Content_Types].xml": b"<Types"}),
    "relationships that are no XML": lambda: packed(parts_of(PLAIN) | {"_rels/.rels": b"\0"}),
    "a zip bomb of one part": lambda: with_part("word/media/a.bin", bytes(300 << 20)),
    "a zip bomb of many parts": lambda: packed(
        parts_of(PLAIN) | {f"word/{at}.bin": bytes(1 << 20) for at in range(270)}
    ),
    "far too many parts": lambda: packed(parts_of(PLAIN) | {f"word/{at}": b"" for at in range(10_001)}),
    "a billion laughs": lambda: document_of(BILLION),
    "a billion laughs in UTF-16": lambda: document_of(BILLION, "utf-16"),
    "a billion laughs after a comment": lambda: document_of(b"<!-- x -->\n" + BILLION),
    "an entity of another file": lambda: document_of(OUTSIDE),
    "entities in a part without tags": lambda: with_part(
        "word/header1.xml", OUTSIDE + parts_of(PLAIN)["word/header1.xml"]
    ),
    "entities in the relationships": lambda: packed(
        parts_of(PLAIN) | {"_rels/.rels": BILLION + parts_of(PLAIN)["_rels/.rels"]}
    ),
    "entities in the content types": lambda: packed(
        parts_of(PLAIN) | {"[Content_Types].xml": BILLION + parts_of(PLAIN)["[Content_Types].xml"]}
    ),
    "a template from elsewhere": lambda: related("attachedTemplate", "https://example.org/a.dotm", "word/settings.xml"),
    "a template from a share": lambda: related("attachedTemplate", "\\\\example.org\\a.dotm", "word/settings.xml"),
    "a template from a server's file": lambda: related("attachedTemplate", "file://example.org/a.dotm"),
    "a picture from elsewhere": lambda: related("image", "http://example.org/a.png"),
    "a picture from elsewhere in a header": lambda: related("image", "HTTPS://example.org/a.png", "word/header1.xml"),
    "a picture without scheme": lambda: related("image", "//example.org/a.png"),
    "a picture after a space": lambda: related("image", " http://example.org/a.png"),
    "an object from elsewhere": lambda: related("oleObject", "https://example.org/a.xlsx"),
    "an object by another scheme": lambda: related("oleObject", "mhtml:https://example.org/a!x-usc:b"),
    "a frame from elsewhere": lambda: related("frame", "https://example.org/"),
    "a chunk from elsewhere": lambda: related("aFChunk", "https://example.org/a.html"),
    "a document from elsewhere": lambda: related("subDocument", "ftp://example.org/a.docx"),
    "a film from elsewhere": lambda: related("video", "https://example.org/a.mp4"),
    "an absolute name": lambda: renamed("/word/header1.xml"),
    "a name outside": lambda: renamed("../header1.xml"),
    "a name outside, further in": lambda: renamed("word/../../header1.xml"),
    "a name of another system": lambda: renamed("word\\..\\..\\header1.xml"),
    "a name with a drive": lambda: renamed("C:/header1.xml"),
    "a target outside": lambda: related("image", "../../../etc/passwd", mode="Internal"),
    "a target on the disk": lambda: related("image", "file:///etc/passwd", mode="Internal"),
    "a name twice": lambda: twice("word/document.xml"),
    "a name twice in other letters": lambda: twice("word/Document.xml"),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_is_not_safe_or_no_word_document_is_refused_with_a_sentence(
    bench: Bench, make: Callable[[], bytes]
) -> None:
    [finding] = bench.refused(make())
    assert finding.rule == "template-unreadable"
    assert isinstance(finding.place, FilePlace)
    assert finding.place.path == "letter.docx"
    for said in (finding.message, finding.mend):
        assert re.fullmatch(r"[A-Z'].*[.?]", said)
        assert not re.search(r"Error|Exception|zlib|lxml|XML|None|0x", said)


ALLOWED = {
    "a link": ("hyperlink", "https://example.org/"),
    "a link in another scheme": ("hyperlink", "mailto:office@example.org"),
    "a template of this computer": ("attachedTemplate", "file:///C:/Users/Dana/Normal.dotm"),
    "a template by its name": ("attachedTemplate", "Normal.dotm"),
    "a template on a drive": ("attachedTemplate", "C:\\Templates\\Letter.dotm"),
}


@pytest.mark.parametrize(("kind", "target"), ALLOWED.values(), ids=ALLOWED)
def test_what_word_fetches_from_nowhere_is_allowed(bench: Bench, kind: str, target: str) -> None:
    template = related(kind, target)
    made = parts_of(bench.load(template).render({"n": "Ana"}))
    assert made["word/_rels/document.xml.rels"] == parts_of(template)["word/_rels/document.xml.rels"]


FETCHING = ["INCLUDEPICTURE", "includetext", "LINK Excel.Sheet.12", "DDEAUTO excel", "IMPORT", "DATABASE \\\\d"]


@pytest.mark.parametrize("word", FETCHING)
def test_a_field_that_fetches_something_is_not_computed_because_a_tag_is_in_it(bench: Bench, word: str) -> None:
    code = f' {word} "https://example.org/{{{{ n }}}}" '
    template = raw_document(para(field(code), f"<w:fldSimple w:instr={quoteattr(code)}/>") + lines("{{ n }}"))
    made = part_of(bench.load(template).render({"n": "1"}))
    assert "/1" in str(made.findtext(f".//{W}instrText"))
    assert not made.findall(f".//*[@{W}dirty]")


def test_a_folder_or_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder.docx").mkdir()
    for name in ("folder.docx", "missing.docx", "folder.docx/missing.docx", "a\0b.docx"):
        with pytest.raises(IepdocsError) as raised:
            Template(tmp_path / name)
        assert raised.value.findings[0].rule == "template-unreadable"


@pytest.mark.parametrize("part", range(16))
def test_a_file_that_is_cut_off_anywhere_is_refused_with_a_sentence(bench: Bench, part: int) -> None:
    for length in range(part, len(PLAIN), 16):
        assert [finding.rule for finding in bench.refused(PLAIN[:length])] == ["template-unreadable"]


FULL = everything("{{ n }} {% if n %}a{% endif %}")


def outcome(bench: Bench, template: bytes) -> bytes | None:
    """Return the document, or None where the template is refused as it should be."""
    try:
        return bench.load(template).render({"n": "Ana"})
    except IepdocsError as error:
        return None if all(finding.mend for finding in error.findings) else b""


@given(
    places=st.lists(st.tuples(st.integers(0, len(FULL) - 1), st.integers(0, 255)), min_size=1, max_size=4),
    in_directory=st.booleans(),
)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_refused_or_rendered_but_nothing_else(
    bench: Bench, *, places: list[tuple[int, int]], in_directory: bool
) -> None:
    damaged = bytearray(FULL)
    first = FULL.index(b"PK\1\2") if in_directory else 0
    for place, value in places:
        damaged[first + place % (len(FULL) - first)] = value
    made = outcome(bench, bytes(damaged))
    assert made is None or zipfile.is_zipfile(io.BytesIO(made))


@given(st.sampled_from(sorted(parts_of(PLAIN))), st.binary(max_size=40), st.integers(0, 2000))
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_part_is_refused_or_rendered_but_nothing_else(
    bench: Bench, name: str, inserted: bytes, place: int
) -> None:
    part = parts_of(PLAIN)[name]
    at = place % len(part)
    made = outcome(bench, with_part(name, part[:at] + inserted + part[at:]))
    assert made is None or etree.fromstring(parts_of(made)["word/document.xml"]) is not None

"""What comes out is a document that opens: it has no problem that its template has not, and LibreOffice reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import iepdocs
from iepdocs.docx import Template
from iepdocs.findings import IepdocsError
from iepdocs.pack import load_pack, sample_workbook
from tests.docx.bench import BLOCKS, COMMENTED, PICTURE, footnoted, paragraphs
from tests.docx.generated import CONTEXTS, templates
from tests.support import (
    TODAY,
    W,
    cell,
    content_control,
    drawing,
    field,
    lines,
    packed,
    para,
    part_of,
    parts_of,
    problems_of,
    raw_document,
    row,
    run,
    table,
    text_box,
)

if TYPE_CHECKING:
    from pathlib import Path

KINDS = tuple(load_pack().kinds)
STYLES = (
    f'<w:styles xmlns:w="{W[1:-1]}"><w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/></w:style></w:styles>'
)
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
STYLES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"


class Made(NamedTuple):
    """A template, and a document made of it."""

    template: bytes
    document: bytes


def with_styles(template: bytes) -> bytes:
    """Return a template with the styles that generated ones, and their values, name."""
    parts = parts_of(template)
    override = f'<Override PartName="/word/styles.xml" ContentType="{STYLES_TYPE}"/></Types>'
    relation = f'<Relationship Id="styles" Type="{STYLES_RELATION}" Target="styles.xml"/></Relationships>'
    types, rels = "[Content_Types].xml", "word/_rels/document.xml.rels"
    return packed(
        parts
        | {
            "word/styles.xml": STYLES.encode(),
            types: parts[types].replace(b"</Types>", override.encode()),
            rels: parts[rels].replace(b"</Relationships>", relation.encode()),
        }
    )


def generated(folder: Path, examples: int) -> list[Made]:
    """Return the same generated templates on every run, each rendered; those that are refused are left out."""
    made: list[Made] = []

    @given(templates(), CONTEXTS)
    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )  # fmt: skip
    def make(template: bytes, context: dict[str, Any]) -> None:
        path = folder / "generated.docx"
        path.write_bytes(with_styles(template))
        try:
            document = Template(path).render(context)
        except IepdocsError:
            return
        made.append(Made(path.read_bytes(), document))

    make()
    return made


EVERYTHING = (
    lines("Goals of {{ name }}", "{%p for goal in goals %}", "{{ goal.area }}: {{ goal.text }}")
    + para('<w:bookmarkStart w:id="9" w:name="goal"/>', run("{{ loop.index }}"), '<w:bookmarkEnd w:id="9"/>',
           field(" REF goal "), drawing("{{ goal.area }}"))
    + table(row("Part"), row("{%tr for part in goal.parts %}"), row("{{ part }}"), row("{%tr endfor %}"))
    + table(row("{%tr for part in goal.parts %}"), row("{{ part }}"), row("{%tr endfor %}"))
    + table(row(cell(lines("{%p if goal.parts %}", "has parts", "{%p endif %}"), properties="<w:vMerge/>"), "x"))
    + content_control(lines("{%p if goal.parts %}", "{{ goal.parts|length }} parts", "{%p endif %}"))
    + lines("{%p endfor %}", "{%p if nobody %}", "nobody", "{%p endif %}", "{{ logo|image(width='1in') }}", "The end")
)  # fmt: skip
DATA = {
    "name": "Ana & <Bo>",
    "goals": [
        {"area": "Reading", "text": "90 words\na minute", "parts": ["fluency", "recall"]},
        {"area": "Writing", "text": "a < b", "parts": []},
    ],
    "nobody": [],
}


def by_hand(folder: Path) -> dict[str, Made]:
    """Return templates that hold everything in one place, each rendered."""
    (folder / "logo.png").write_bytes(PICTURE)
    found = {}
    for name, place in BLOCKS.items():
        path = folder / "by_hand.docx"
        path.write_bytes(place.around(EVERYTHING))
        found[name] = Made(path.read_bytes(), Template(path).render({**DATA, "logo": "logo.png"}))
    body = EVERYTHING + COMMENTED + footnoted() + para(text_box(lines("{{ name }}"), ids=("70", "s70")))
    path.write_bytes(
        raw_document(body, headers=[lines("{{ name }}")], comments=[para()], footnotes=[lines("{{ name }}")])
    )
    found["all at once"] = Made(path.read_bytes(), Template(path).render({**DATA, "logo": "logo.png"}))
    return found


def built_in(folder: Path) -> dict[str, Made]:
    """Return the built-in templates, each filled for a student of the sample, and blank."""
    pack = load_pack()
    student = "00107"
    iepdocs.generate(sample_workbook(), folder / "out", students=[student], date=TODAY)
    found = {}
    for kind in KINDS:
        template = pack.template(pack.kinds[kind].template)
        found[f"{kind} blank"] = Made(template.read_bytes(), Template(template).blank())
        for path in sorted((folder / "out" / kind).glob("*.docx"))[:2]:
            found[f"{kind} {path.stem}"] = Made(template.read_bytes(), path.read_bytes())
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    folder = tmp_path_factory.mktemp("made")
    numbered = {f"generated {number}": one for number, one in enumerate(generated(folder, 40))}
    return {**built_in(folder), **by_hand(folder), **numbered}


def test_there_is_something_of_every_sort(made: dict[str, Made]) -> None:
    assert {name.split()[0] for name in made} >= {*KINDS, "generated", "body", "header", "footnote", "comment"}
    assert sum(name.startswith("generated") for name in made) > 25


def test_no_document_has_a_problem_that_its_template_has_not(made: dict[str, Made]) -> None:
    worse = {name: problems_of(one.document) - problems_of(one.template) for name, one in made.items()}
    assert {name: problems for name, problems in worse.items() if problems} == {}


def test_the_built_in_templates_and_their_documents_have_no_problem_at_all(made: dict[str, Made]) -> None:
    own = {name: one for name, one in made.items() if name.startswith(KINDS)}
    assert {name: problems_of(one.template) | problems_of(one.document) for name, one in own.items()} == {
        name: set() for name in own
    }


def test_what_is_wrong_with_a_document_is_found() -> None:
    sound = raw_document(para('<w:bookmarkStart w:id="1" w:name="b"/>', run("x"), '<w:bookmarkEnd w:id="1"/>'))
    for wrong in (
        table(),
        table("<w:tr/>"),
        table("<w:tr><w:tc><w:tcPr/></w:tc></w:tr>"),
        "<w:p>text</w:p>",
        "<w:p><w:r><w:t>x<w:br/></w:t></w:r></w:p>",
        para(drawing("x"), drawing("x")),
        para(run("x"), '<w:bookmarkEnd w:id="1"/>'),
        para('<w:r><w:fldChar w:fldCharType="begin"/></w:r>'),
        para(f'<w:hyperlink r:id="rId77">{run("x")}</w:hyperlink>'),
        para('<w:r><w:commentReference w:id="3"/></w:r>'),
        para(properties='<w:numPr><w:numId w:val="3"/></w:numPr>'),
        content_control(""),
    ):
        assert problems_of(raw_document(wrong)) - problems_of(sound)


def as_libreoffice_shows(documents: dict[str, bytes], folder: Path) -> dict[str, str]:
    """Return the text of documents as LibreOffice shows it; one that it does not open is missing."""
    soffice = shutil.which("soffice")
    if not soffice:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    names = {f"d{number}": name for number, name in enumerate(documents)}
    for short, name in names.items():
        (folder / f"{short}.docx").write_bytes(documents[name])
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(  # noqa: S603
        [soffice, profile, "--headless", "--infilter=MS Word 2007 XML", "--convert-to", "txt:Text (encoded):UTF8",
         "--outdir", folder / "text", *(folder / f"{short}.docx" for short in names)],
        check=False, capture_output=True, timeout=500,
    )  # fmt: skip
    shown = {short: folder / "text" / f"{short}.txt" for short in names}
    return {names[short]: path.read_text("utf-8-sig") for short, path in shown.items() if path.exists()}


def test_libreoffice_opens_every_document(made: dict[str, Made], tmp_path: Path) -> None:
    parts = parts_of(made["body"].document)
    broken = packed(parts | {"word/document.xml": parts["word/document.xml"].replace(b"</w:r>", b"", 1)})
    shown = as_libreoffice_shows({name: one.document for name, one in made.items()} | {"broken": broken}, tmp_path)
    assert shown.keys() == made.keys()
    for name in ("body", "cell", "nested table", "content control", "content control in a cell"):
        words = " ".join(shown[name].split())
        assert all(" ".join(text.split()) in words for text in paragraphs(made[name].document))
        assert "Reading: 90 words a minute" in words


def test_libreoffice_counts_a_list_in_a_loop_anew(tmp_path: Path) -> None:
    numbering = (
        f'<w:numbering xmlns:w="{W[1:-1]}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1">'
        '<w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    items = [para(run(f"item {sign}"), properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
             for sign in "ab"]  # fmt: skip
    path = tmp_path / "letter.docx"
    path.write_bytes(
        raw_document(
            lines("{%p for one in 'xy' %}", "{{ one }}") + "".join(items) + lines("{%p endfor %}"),
            parts={"numbering.xml": ("rId1", "numbering", numbering)},
        )
    )
    made = Template(path).render({})
    assert len(list(part_of(made, "word/numbering.xml").iter(f"{W}num"))) == 2
    shown = as_libreoffice_shows({"letter": made}, tmp_path)["letter"]
    assert [" ".join(line.split()) for line in shown.split("\n")[:6]] == [
        "x", "1. item a", "2. item b", "y", "1. item a", "2. item b",
    ]  # fmt: skip

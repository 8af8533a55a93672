"""Pieces: what a template takes in with `{% include 'signature_block' %}`."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Inches

from iepdocs import IepdocsError, Template
from tests.docx.bench import PICTURE
from tests.docx.compared import structure_of
from tests.docx.test_compatible import told
from tests.support import cell, lines, para, problems_of, raw_document, row, run, section_break, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a template of some blocks, or a piece, and returns its path."""
    (tmp_path / "pieces").mkdir()

    def write(*blocks: str, piece: str = "", **parts: Any) -> Path:
        path = tmp_path / (f"pieces/{piece}.docx" if piece else "letter.docx")
        path.write_bytes(raw_document("".join(blocks), **parts))
        return path

    return write


def body(path: Path, **context: Any) -> str:
    return told(structure_of(Template(path).render(context))["body"])


@pytest.mark.parametrize(
    "tag",
    [
        "{% include 'closing' %}",
        '{% include "closing" %}',
        "{%p include 'closing.docx' %}",
        "{%include “closing”%}",
    ],
)
def test_a_piece_stands_in_the_place_of_its_paragraph(write: Write, tag: str) -> None:
    write(lines("Yours, {{ name }}") + table(row("a", "{{ name }}")), piece="closing")
    assert body(write(lines("first", tag, "last")), name="Ana & Bo") == "first¶Yours, Ana & Bo¶(a|Ana & Bo)¶last"


def test_a_tag_that_word_has_cut_is_one(write: Write) -> None:
    write(lines("Yours"), piece="closing")
    assert body(write(para(*map(run, "{% include 'closing' %}")))) == "Yours"


def test_a_piece_is_repeated_and_chosen_like_all_else(write: Write) -> None:
    write(lines("{{ goal }}", "{%p if last %}", "that is all", "{%p endif %}"), piece="goal")
    template = write(lines("{%p for goal in goals %}", "{% include 'goal' %}", "{%p endfor %}"))
    assert body(template, goals=["a", "b"], last=True) == "a¶that is all¶b¶that is all"


def test_pieces_stand_in_cells_headers_and_pieces(write: Write) -> None:
    write(lines("Ana"), piece="name")
    write(lines("Yours") + table(row(cell(lines("{% include 'name' %}")))), piece="closing")
    path = write(table(row(cell(lines("{% include 'closing' %}")), "b")), headers=[lines("{% include 'name' %}")])
    made = structure_of(Template(path).render({}))
    assert told(made["body"]) == "(Yours¶(Ana)¶|b)"
    assert told(made["word/header1.xml"]) == "Ana"


def test_a_section_break_in_the_paragraph_of_the_tag_is_kept(write: Write) -> None:
    write(lines("Yours"), piece="closing")
    broken = section_break(1).replace("<w:p>", "<w:p>", 1)
    assert "w:sectPr" in broken
    tagged = broken.replace("</w:pPr>", "</w:pPr>" + run("{% include 'closing' %}"), 1)
    made = Template(write(tagged + lines("second"))).render({})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.read("word/document.xml").count(b"<w:sectPr") == 2


@pytest.mark.parametrize(
    ("tag", "message", "mend"),
    [
        ("{% include 'closin' %}", "There is no piece 'closin'.", "Did you mean closing?"),
        ("{% include '../letter' %}", "There is no piece '../letter'.", "Put ../letter.docx into"),
        ("Yours {% include 'closing' %}", "A piece stands alone in its paragraph.", "Put the tag into a paragraph"),
        ("{% include which %}", "A piece is named between quotes", "choose between pieces with {%p if … %}"),
        ("{% include ['a', 'b'] %}", "A piece is named between quotes", "choose between pieces"),
        ("{% include 'round' %}", "The piece 'round' takes in itself", "Delete one of these tags."),
        ("{% include 'damaged' %}", "The piece 'damaged' cannot be read: This is not a Word", "save it as"),
        ("{% include 'noted' %}", "The piece 'noted' has a footnote, which cannot come along.", "Delete a footnote"),
    ],
)  # fmt: skip
def test_a_piece_that_cannot_be_taken_in_is_said(
    write: Write, tmp_path: Path, tag: str, message: str, mend: str
) -> None:
    write(lines("Yours"), piece="closing")
    write(lines("{% include 'round' %}"), piece="round")
    write(para('<w:r><w:footnoteReference w:id="1"/></w:r>'), piece="noted", footnotes=[lines("a")])
    (tmp_path / "pieces" / "damaged.docx").write_bytes(b"PK")
    with pytest.raises(IepdocsError) as raised:
        Template(write(lines("first", tag)))
    [finding] = raised.value.findings
    assert finding.message.startswith(message)
    assert mend in finding.mend
    assert "»{% include" in str(finding.place)


def test_a_fault_in_a_piece_is_located_in_the_piece(write: Write) -> None:
    write(lines("{% if %}"), piece="closing")
    with pytest.raises(IepdocsError) as raised:
        Template(write(lines("first", "{% include 'closing' %}", "{{ }}")))
    places = {str(finding.place) for finding in raised.value.findings}
    assert "letter.docx, piece 'closing': \"»{% if %}«\"" in places
    assert 'letter.docx, body: "»{{ }}«"' in places


def test_pieces_are_looked_for_in_the_folders_given(write: Write, tmp_path: Path) -> None:
    write(lines("beside"), piece="closing")
    (tmp_path / "own").mkdir()
    (tmp_path / "pieces" / "closing.docx").rename(tmp_path / "own" / "closing.docx")
    write(lines("other"), piece="closing")
    template = Template(write(lines("{% include 'closing' %}")), pieces=[tmp_path / "own", tmp_path / "pieces"])
    assert told(structure_of(template.render({}))["body"]) == "beside"


def styled(path: Path) -> None:
    """Write a piece with what comes along: styles, a list, a picture, a link."""
    made = docx.Document()
    made.add_paragraph("{{ name }}", style="Heading 1")
    own = made.styles.add_style("Signature Line", WD_STYLE_TYPE.PARAGRAPH)
    base = made.styles.add_style("Signature Base", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = base
    made.add_paragraph("sign here", style="Signature Line")
    made.add_paragraph("one", style="List Number")
    made.add_paragraph("two", style="List Number")
    made.add_paragraph().add_run().add_picture(io.BytesIO(PICTURE), width=Inches(1))
    made.save(str(path))


def test_styles_lists_and_pictures_come_along_and_the_document_stays_valid(tmp_path: Path) -> None:
    (tmp_path / "pieces").mkdir()
    styled(tmp_path / "pieces" / "closing.docx")
    letter = docx.Document()
    for text in ("{%p for name in names %}", "{% include 'closing' %}", "{%p endfor %}", "{% include 'closing' %}"):
        letter.add_paragraph(text)
    letter.sections[0].header.paragraphs[0].text = "{% include 'closing' %}"
    path = tmp_path / "letter.docx"
    letter.save(str(path))
    content = Template(path).render({"names": ["Ana", "Bo"], "name": "Cy"})
    new = problems_of(content) - problems_of(path.read_bytes())
    assert not [one for one in new if "stylesWithEffects" not in one]  # what Word 2010 had beside the styles
    made = docx.Document(io.BytesIO(content))
    assert [one.text for one in made.paragraphs if one.text] == [
        text for name in ("Ana", "Bo", "Cy") for text in (name, "sign here", "one", "two")
    ]
    assert made.styles["Signature Line"].base_style.name == "Signature Base"
    assert made.paragraphs[0].style.name == "Heading 1"  # type: ignore[union-attr]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml").decode()
        assert len(set(re.findall(r'<wp:docPr id="(\d+)"', body))) == 3
        [picture] = [name for name in archive.namelist() if "/piece-" in name]
        assert archive.read(picture) == PICTURE


def test_a_template_is_as_it_was_in_all_that_no_piece_touches(write: Write) -> None:
    write(lines("Yours"), piece="closing")
    path = write(lines("{% include 'closing' %}"), footers=[lines("as it was")])
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(io.BytesIO(Template(path).render({}))) as after:
        assert before.namelist() == after.namelist()
        assert [name for name in before.namelist() if before.read(name) != after.read(name)] == ["word/document.xml"]

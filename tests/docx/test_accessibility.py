"""What people with a disability cannot read is found in a template: each breach beside the same thing done well."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import docx
import pytest

import iepdocs
from iepdocs.docx.accessibility import RULES, accessibility_findings
from iepdocs.docx.accessibility.looks import contrast
from iepdocs.findings import IepdocsError, Severity
from tests.support import (
    WORD_NAMESPACES,
    cell,
    content_control,
    drawing,
    field,
    hyperlink,
    lines,
    para,
    raw_document,
    row,
    run,
    section_break,
    table,
    text_box,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document

    from iepdocs.findings import Finding

ROOT = Path(__file__).parent.parent.parent
DOCS = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
BUILTIN = sorted((ROOT / "templates" / "docx").rglob("*.docx"))
LANGUAGE = '<w:lang w:val="en-US"/>'


def style(identity: str, name: str, inside: str = "", kind: str = "paragraph", based_on: str = "") -> str:
    default = ' w:default="1"' if identity == "Normal" else ""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="{kind}"{default} w:styleId="{identity}"><w:name w:val="{name}"/>{base}{inside}</w:style>'


STYLES = (
    style("Normal", "Normal")
    + "".join(
        style(f"Heading{n}", f"heading {n}", f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr>') for n in (1, 2, 3)
    )
    + style("Old3", "heading 3")
    + style("Hyperlink", "Hyperlink", '<w:rPr><w:color w:val="0000FF"/><w:u w:val="single"/></w:rPr>', "character")
)


def styles(more: str = "", language: str = LANGUAGE) -> str:
    defaults = f"<w:docDefaults><w:rPrDefault><w:rPr>{language}</w:rPr></w:rPrDefault></w:docDefaults>"
    return f'<w:styles xmlns:w="{WORD_NAMESPACES["w"]}">{defaults}{STYLES}{more}</w:styles>'


def template(
    folder: Path,
    *blocks: str,
    more_styles: str = "",
    language: str = LANGUAGE,
    title: str = "Letter to parents",
    name: str = "letter.docx",
    **given: Sequence[str] | Mapping[str, str],
) -> Path:
    """Write a template with a language and a title, and return its path."""
    path = folder / name
    part = ("styles", "styles", styles(more_styles, language))
    path.write_bytes(
        raw_document("".join(blocks), properties={"title": title}, parts={"styles.xml": part}, **given)  # type: ignore[arg-type]
    )
    return path


def found(folder: Path, *blocks: str, **given: str) -> list[str]:
    """Return the rules that blocks break, in a template that is otherwise right."""
    return [one.rule for one in accessibility_findings(template(folder, *blocks, **given))]


def only(path: Path) -> Finding:
    [finding] = accessibility_findings(path)
    return finding


def heading(level: int, text: str = "Goals") -> str:
    return para(run(text), properties=f'<w:pStyle w:val="Heading{level}"/>')


def marked_row(*cells: str) -> str:
    return row(*cells).replace("<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>")


def ticked(made: str, *, first_row: bool = False, first_column: bool = False, style_id: str = "") -> str:
    """Return a table with boxes of the tab Table Design ticked, and perhaps a style."""
    look = f'<w:tblLook w:firstRow="{int(first_row)}" w:firstColumn="{int(first_column)}" w:noHBand="1"/>'
    chosen = f'<w:tblStyle w:val="{style_id}"/>' if style_id else ""
    return made.replace("<w:tblPr>", f"<w:tblPr>{chosen}").replace("</w:tblPr>", f"{look}</w:tblPr>")


def decorative(made: str) -> str:
    """Return a picture that is marked as decorative."""
    mark = (
        '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
        'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
    )
    return re.sub(r"(<wp:docPr [^>]*)/>", rf"\1>{mark}</wp:docPr>", made)


def floating(made: str) -> str:
    return made.replace("wp:inline", "wp:anchor")


def vml(inside: str = "", attributes: str = "") -> str:
    return f'<w:r><w:pict><v:shape id="s1" {attributes}>{inside}</v:shape></w:pict></w:r>'


# --- the document


def test_a_template_that_can_be_read_has_no_findings(tmp_path: Path) -> None:
    blocks = (
        heading(1, "Progress of {{ student.first_name }}"),
        lines("Dear parents,", "{%p for goal in goals %}"),
        heading(2, "Goal {{ loop.index }}"),
        table(
            row("{%tr if goal.measurements %}"), marked_row("Date", "Result"),
            row("{%tr for m in goal.measurements %}"), row("{{ m.date }}", "{{ m.value }}"), row("{%tr endfor %}"),
            row("{%tr endif %}"),
        ),
        lines("{%p endfor %}"), para(drawing("Seal of the district")),
    )  # fmt: skip
    assert found(tmp_path, *blocks) == []


@pytest.mark.parametrize(
    ("name", "language", "message"),
    [
        ("iep.docx", LANGUAGE, None),
        ("iep.en.docx", LANGUAGE, None),
        ("iep.es.docx", '<w:lang w:val="es-US"/>', None),
        ("iep.zh-Hant.docx", '<w:lang w:val="zh-TW"/>', None),
        ("iep.v2.docx", LANGUAGE, None),
        ("iep.final.docx", LANGUAGE, None),
        ("iep.docx", "", "does not say which language it is in"),
        ("iep.docx", '<w:lang w:eastAsia="zh-CN"/>', "does not say which language it is in"),
        ("iep.es.docx", LANGUAGE, "it is in the language 'es', but its text is marked as 'en-US'"),
        ("iep.hmn.docx", LANGUAGE, "it is in the language 'hmn'"),
    ],
)
def test_the_language_is_said_and_is_that_of_the_file_name(
    tmp_path: Path, name: str, language: str, message: str | None
) -> None:
    findings = accessibility_findings(template(tmp_path, lines("a"), language=language, name=name))
    assert [one.rule for one in findings] == ["a11y-language"] * bool(message)
    assert all(message in one.message for one in findings if message)


def test_the_language_of_the_style_normal_is_that_of_the_document(tmp_path: Path) -> None:
    path = template(tmp_path, lines("a"), name="iep.es.docx")
    spanish = styles().replace(
        '<w:name w:val="Normal"/>', '<w:name w:val="Normal"/><w:rPr><w:lang w:val="es-US"/></w:rPr>'
    )
    part = ("styles", "styles", spanish)
    path.write_bytes(raw_document(lines("a"), properties={"title": "PEI"}, parts={"styles.xml": part}))
    assert accessibility_findings(path) == []


@pytest.mark.parametrize(
    ("title", "broken"),
    [
        ("Individualized Education Program", False),
        ("Report for {{ student.full_name }}", False),
        ("", True),
        (" ", True),
        ("Word Document", True),
        ("iep_2024.docx", True),
    ],
)
def test_the_properties_have_a_title_that_says_something(tmp_path: Path, title: str, *, broken: bool) -> None:
    assert found(tmp_path, lines("a"), title=title) == ["a11y-title"] * broken


# --- headings

BOLD = "<w:b/>"
FOLLOWED = lines("He reads 40 words a minute.")
HEADINGS = {
    "levels in order": ([heading(1), heading(2), heading(3), heading(1)], []),
    "a level is skipped": ([heading(1), heading(3)], ["a11y-heading-skipped"]),
    "the first is not of level 1": ([heading(2), heading(2)], ["a11y-heading-skipped"]),
    "a level without the style": (
        [heading(1), para(run("Goals"), properties='<w:outlineLvl w:val="2"/>')],
        ["a11y-heading-skipped"],
    ),
    "a heading's style without the level": (
        [heading(1), para(run("Goals"), properties='<w:pStyle w:val="Heading3"/><w:outlineLvl w:val="9"/>')],
        [],
    ),
    "an empty heading": ([heading(1), heading(2, " ")], ["a11y-heading-empty"]),
    "a heading that goes with its tag": ([heading(1), heading(3, "{%p if goals %}"), FOLLOWED], []),
    "bold text as a heading": ([para(run("Present Levels", BOLD)), FOLLOWED], ["a11y-heading-faked"]),
    "bold text with a number as a heading": (
        [para(run("Goal {{ goal.goal_number }}", BOLD)), FOLLOWED],
        ["a11y-heading-faked"],
    ),
    "a bold sentence": ([para(run("You have rights.", BOLD)), FOLLOWED], []),
    "a bold value": ([para(run("{{ student.full_name }}", BOLD)), FOLLOWED], []),
    "a bold label with its value": ([para(run("Student: {{ student.full_name }}", BOLD)), FOLLOWED], []),
    "a bold word in a sentence": ([para(run("Reading", BOLD), run(" is his strength")), FOLLOWED], []),
    "a bold line too long for a heading": ([para(run("one " * 13, BOLD)), FOLLOWED], []),
    "a bold line of words too long": ([para(run("x" * 81, BOLD)), FOLLOWED], []),
    "the longest bold heading": ([para(run("one " * 12, BOLD)), FOLLOWED], ["a11y-heading-faked"]),
    "a heading of a name alone": (
        [heading(1), para(run("a"), properties='<w:pStyle w:val="Old3"/>')],
        ["a11y-heading-skipped"],
    ),
    "bold text in a table": ([table(row(cell(para(run("Present Levels", BOLD))))), FOLLOWED], []),
    "bold text that nothing follows": ([para(run("Present Levels", BOLD))], []),
    "two bold lines": (
        [para(run("Maple Valley", BOLD)), para(run("School District", BOLD)), FOLLOWED],
        ["a11y-heading-faked"],
    ),
    "long and without headings": ([lines(*["a"] * 21)], ["a11y-no-headings"]),
    "short and without headings": ([lines(*["a"] * 20)], []),
}


@pytest.mark.parametrize(("blocks", "rules"), HEADINGS.values(), ids=HEADINGS)
def test_headings_are_headings_and_no_level_is_skipped(tmp_path: Path, blocks: list[str], rules: list[str]) -> None:
    assert found(tmp_path, *blocks) == rules


def test_bold_of_a_style_makes_no_heading_and_not_bold_takes_it_away(tmp_path: Path) -> None:
    bold = style("Strong", "Strong", "<w:rPr><w:b/></w:rPr>", "character")
    as_style = para(run("Goals", '<w:rStyle w:val="Strong"/>')) + FOLLOWED
    switched_off = para(run("Goals", '<w:rStyle w:val="Strong"/><w:b w:val="0"/>')) + FOLLOWED
    assert found(tmp_path, as_style, more_styles=bold) == ["a11y-heading-faked"]
    assert found(tmp_path, switched_off, more_styles=bold) == []


# --- tables

LOOP = row("{%tr for s in services %}"), row("{{ s.service }}", "{{ s.minutes }}"), row("{%tr endfor %}")
FACTS = row("Student", "{{ student.full_name }}"), row("Grade", "{{ student.grade }}")
TABLES = {
    "a header row": (table(marked_row("Service", "Minutes"), *LOOP), []),
    "a header row that is not marked": (table(row("Service", "Minutes"), *LOOP), ["a11y-header-row"]),
    "one over blanks to fill in": (table(row("Service", "Minutes"), row("", "")), ["a11y-header-row"]),
    "rows that repeat under none": (table(*LOOP), ["a11y-header-row"]),
    "a control row before the header row": (
        table(row("{%tr if services %}"), marked_row("Service", "Minutes"), *LOOP, row("{%tr endif %}")),
        [],
    ),
    "the header row below another row": (
        table(row("Services", ""), marked_row("Service", "Minutes"), *LOOP),
        ["a11y-header-row"],
    ),
    "two header rows": (table(marked_row("a", "b"), marked_row("c", "d"), *LOOP), []),
    "an empty cell in the header row": (table(marked_row("", "Minutes"), *LOOP), ["a11y-header-empty"]),
    "a control row without tr": (
        table(row("{% if services %}", ""), marked_row("Service", "Minutes"), *LOOP, row("{% endif %}", "")),
        [],
    ),
    "a picture beside a control tag": (
        table(row("{% if a %}", cell(para(drawing("Seal")))), marked_row("Service", "Minutes"), *LOOP),
        ["a11y-header-row"],
    ),
    "a value in the header row": (table(marked_row("{{ period.name }}", "Minutes"), *LOOP), []),
    "labels and values, first column ticked": (ticked(table(*FACTS), first_column=True), []),
    "labels and values": (table(*FACTS), ["a11y-first-column"]),
    "labels and values, both ticked": (
        ticked(table(*FACTS), first_column=True, first_row=True),
        ["a11y-first-column"],
    ),
    "labels and values, repeated": (
        ticked(table(row("{%tr for s in services %}"), *FACTS, row("{%tr endfor %}")), first_column=True),
        [],
    ),
    "labels and values of words alone": (ticked(table(row("Form", "IEP"), *FACTS), first_column=True), []),
    "two pairs beside each other": (
        table(row("Student", "{{ a }}", "Grade", "{{ b }}"), row("School", "{{ c }}", "Age", "{{ d }}"), columns=4),
        [],
    ),
    "labels and values in the same cells": (
        table(row("Name: {{ a }}", "Grade: {{ b }}"), row("School: {{ c }}", "Age: ____")),
        [],
    ),
    "signatures": (table(row("_______", "_______"), row("Parent", "Date")), []),
    "a row alone": (table(row("Maple Valley", "Special Education")), []),
    "a column alone": (table(row("Goals"), row("{{ goals }}"), columns=1), []),
    "words that are only arranged": (ticked(table(row("North", "South"), row("East", "West"))), []),
    "words under ticked Header Row": (
        ticked(table(row("North", "South"), row("East", "West")), first_row=True),
        ["a11y-header-row"],
    ),
    "Header Row ticked as a number": (
        table(row("a", "b"), row("c", "d")).replace("</w:tblPr>", '<w:tblLook w:val="04A0"/></w:tblPr>'),
        ["a11y-header-row"],
    ),
    "cells of a loop over cells": (
        table(marked_row("Area", "{%tc for p in periods %}", "{{ p.name }}", "{%tc endfor %}"), row("a", "b")),
        [],
    ),
    "a row in a content control": (table(content_control(row("Service", "Minutes")), *LOOP), ["a11y-header-row"]),
    "a table in a table": (
        table(row("a", cell(table(row("b", "c")), lines("d")))),
        ["a11y-nested-table"],
    ),
    "cells merged down": (
        table(
            marked_row("Area", "Goal"),
            row(cell(lines("Reading"), properties='<w:vMerge w:val="restart"/>'), "a"),
            row(cell(properties="<w:vMerge/>"), "b"),
        ),
        ["a11y-merged-cells"],
    ),
    "a header over two columns": (
        table(
            marked_row(cell(lines("Results"), properties='<w:gridSpan w:val="2"/>'), "Date"),
            row("a", "b", "c"),
            columns=3,
        ),
        ["a11y-merged-cells"],
    ),
    "a row of one cell as wide as the table": (
        table(
            marked_row("Service", "Minutes"),
            row(cell(lines("No services"), properties='<w:gridSpan w:val="2"/>')),
            row("a", "b"),
        ),
        [],
    ),
    "rows cut at different places": (
        table(
            marked_row(cell(lines("Service"), properties='<w:gridSpan w:val="2"/>'), "Minutes"),
            row("{{ a }}", cell(lines("{{ b }}"), properties='<w:gridSpan w:val="2"/>')),
            columns=3,
        ),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("made", "rules"), TABLES.values(), ids=TABLES)
def test_a_table_of_data_has_a_header_row_and_one_of_facts_a_first_column(
    tmp_path: Path, made: str, rules: list[str]
) -> None:
    assert found(tmp_path, made) == rules


def test_a_header_row_that_is_not_marked_is_said_at_its_place_with_words_menus(tmp_path: Path) -> None:
    controlled = table(row("{%tr if services %}"), row("Service", "Minutes"), *LOOP, row("{%tr endif %}"))
    finding = only(template(tmp_path, lines("a"), heading(1, "Services"), table(row("a")), controlled))
    assert str(finding.place) == (
        'letter.docx, body, under "Services", table 2, row 2, column 1: "Service | Minutes"'
    )  # fmt: skip
    assert finding.severity is Severity.ERROR
    assert "choose Repeat Header Rows on the table's tab Layout" in finding.mend
    assert finding.citation == "WCAG 2.1, 1.3.1; 36 CFR 1194 App. A, E205.4"


def test_a_table_at_the_edge_of_a_page_arranges_text(tmp_path: Path) -> None:
    path = template(tmp_path, lines("a"), headers=[ticked(table(row("a", "b"), row("c", "d")), first_row=True)])
    assert accessibility_findings(path) == []


# --- pictures, charts, shapes

PICTURES = {
    "a picture": (drawing(""), ["a11y-alt-text"]),
    "a picture with alt text": (drawing("Seal"), []),
    "a picture whose alt text is a tag": (drawing("{{ district.name }}"), []),
    "a picture that decorates": (decorative(drawing("")), []),
    "a picture with the name of a file": (drawing("image1.png"), ["a11y-alt-text-file-name"]),
    "a text box": (text_box(lines("Draft")), []),
    "an empty text box": (text_box(lines("")), ["a11y-alt-text"]),
    "a shape in VML": (vml(), ["a11y-alt-text"]),
    "a shape in VML with alt text": (vml(attributes='alt="Seal"'), []),
    "a text box in VML": (vml(f"<v:textbox><w:txbxContent>{lines('Draft')}</w:txbxContent></v:textbox>"), []),
    "a line across in VML": (vml(attributes='xmlns:o="urn:schemas-microsoft-com:office:office" o:hr="t"'), []),
    "word art": (vml('<v:textpath string="Draft"/>'), []),
    "a picture that is marked as not decorative": (
        decorative(drawing("")).replace('val="1"', 'val="0"'),
        ["a11y-alt-text"],
    ),
    "a floating picture": (floating(drawing("Seal")), ["a11y-floating"]),
    "a floating picture that decorates": (decorative(floating(drawing(""))), []),
    "a floating text box": (floating(text_box(lines("Draft"))), ["a11y-floating"]),
    "a floating shape in VML": (vml(attributes='alt="Seal" style="position:absolute"'), ["a11y-floating"]),
}


@pytest.mark.parametrize(("made", "rules"), PICTURES.values(), ids=PICTURES)
def test_a_picture_has_alt_text_and_stands_in_line(tmp_path: Path, made: str, rules: list[str]) -> None:
    assert found(tmp_path, para(made)) == rules


@pytest.mark.parametrize("made", [drawing(""), vml(attributes='id="Picture 1"').replace('id="s1" ', "")])
def test_a_picture_is_called_by_its_name(tmp_path: Path, made: str) -> None:
    finding = only(template(tmp_path, para(run("The seal: "), made)))
    assert finding.message.startswith("'Picture 1' has no alt text")
    assert str(finding.place) == 'letter.docx, body: "The seal:"'


def test_a_picture_is_found_in_every_part_that_is_read(tmp_path: Path) -> None:
    picture = para(drawing(""))
    path = template(
        tmp_path, section_break(1) + para(text_box(picture + lines("a"))), headers=[picture, picture],
        footers=[picture], footnotes=[lines("a"), picture], endnotes=[picture],
    )  # fmt: skip
    places = [one.place.where for one in accessibility_findings(path) if one.rule == "a11y-alt-text"]  # type: ignore[union-attr]
    assert places == [
        "body, text box", "header of section 1", "header of section 2", "footer of section 2", "footnote 2",
        "endnote 1",
    ]  # fmt: skip


def test_a_logo_may_float_at_the_edge_of_a_page(tmp_path: Path) -> None:
    assert accessibility_findings(template(tmp_path, lines("a"), headers=[para(floating(drawing("Seal")))])) == []


def test_a_frame_floats_once_and_an_initial_does_not(tmp_path: Path) -> None:
    frame = '<w:framePr w:w="2000" w:hAnchor="page" w:x="900"/>'
    framed = [para(run(text), properties=frame) for text in ("a", "b")]
    assert found(tmp_path, *framed) == ["a11y-floating"]
    assert found(tmp_path, para(run("A"), properties='<w:framePr w:dropCap="drop"/>')) == []


# --- colours

RED, GREEN, GREY = (f'<w:color w:val="{color}"/>' for color in ("C00000", "006400", "808080"))
COLORS = {
    "one word in red": ([run("Results are "), run("overdue", RED)], ["a11y-color-only"]),
    "one word in red and bold": ([run("Results are "), run("overdue", RED + BOLD)], []),
    "one word in red and underlined": ([run("Results are "), run("overdue", RED + '<w:u w:val="single"/>')], []),
    "red beside green": ([run("Met ", GREEN), run("not met", RED)], ["a11y-color-only"]),
    "a paragraph in red": ([run("Fill this in", RED)], ["a11y-color-only"]),
    "a paragraph in red and italics": ([run("Fill this in", RED + "<w:i/>")], []),
    "a red star": ([run("Name "), run("*", RED)], []),
    "a tag in red that goes": ([run("a"), run("{% if plan %}", RED), run("b{% endif %}")], []),
    "a value in red": ([run("a "), run("{{ plan.end_date }}", RED)], ["a11y-color-only"]),
    "hidden red text": ([run("a "), run("overdue", RED + "<w:vanish/>")], []),
    "grey on white": ([run("Draft", GREY)], ["a11y-contrast"]),
    "grey on white, large": ([run("Draft", GREY + '<w:sz w:val="36"/>')], []),
    "grey on white, large and bold": ([run("Draft.", GREY + '<w:b/><w:sz w:val="28"/>')], []),
    "grey on white, not large enough": ([run("Draft", GREY + '<w:sz w:val="28"/>')], ["a11y-contrast"]),
    "white on black": ([run("a", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>')], []),
    "white on solid black": ([run("a", '<w:color w:val="FFFFFF"/><w:shd w:val="solid" w:fill="auto"/>')], []),
    "black on blue": (
        [run("a", '<w:color w:val="000000"/><w:highlight w:val="blue"/>')],
        ["a11y-contrast"],
    ),
    "on a pattern": ([run("a", '<w:color w:val="FFFFFF"/><w:shd w:val="pct25" w:fill="FFFFFF"/>')], []),
}  # fmt: skip


@pytest.mark.parametrize(("runs", "rules"), COLORS.values(), ids=COLORS)
def test_colour_says_nothing_alone_and_can_be_told_from_its_ground(
    tmp_path: Path, runs: list[str], rules: list[str]
) -> None:
    assert found(tmp_path, para(*runs)) == rules


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("000000", "FFFFFF") == contrast("FFFFFF", "000000") == 21
    assert contrast("767676", "FFFFFF") > 4.5 > contrast("777777", "FFFFFF")
    assert round(contrast("FF0000", "FFFFFF"), 2) == 4.0


WHITE = '<w:color w:val="FFFFFF"/>'
DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'


def test_the_ground_of_text_is_that_of_its_cell_or_paragraph(tmp_path: Path) -> None:
    white = para(run("a", WHITE))
    assert found(tmp_path, table(row(cell(white, properties=DARK), cell(white, properties=DARK)))) == []
    assert found(tmp_path, para(run("a", WHITE), properties=DARK)) == []
    assert found(tmp_path, table(row(cell(white)))) == ["a11y-contrast"]
    assert found(tmp_path, table(row(cell(para(run("{% cellbg color %}a", WHITE)))))) == []


def test_the_first_row_of_a_table_has_the_ground_and_colour_of_its_style(tmp_path: Path) -> None:
    first = f'<w:tblStylePr w:type="firstRow"><w:rPr>{WHITE}</w:rPr><w:tcPr>{DARK}</w:tcPr></w:tblStylePr>'
    grid = style("Grid", "Dark Grid", first, "table")
    made = table(row("{%tr if services %}"), marked_row("Service", "Minutes"), *LOOP, row("{%tr endif %}"))
    assert found(tmp_path, ticked(made, first_row=True, style_id="Grid"), more_styles=grid) == []
    pale = grid.replace("1F3864", "9DC3E6")
    assert found(tmp_path, ticked(made, first_row=True, style_id="Grid"), more_styles=pale) == ["a11y-contrast"] * 2
    assert found(tmp_path, ticked(made, style_id="Grid"), more_styles=pale) == []


def test_the_colour_of_a_style_is_that_of_those_based_on_it(tmp_path: Path) -> None:
    pale = style("Pale", "Pale", f"<w:rPr>{GREY}</w:rPr>") + style("Paler", "Paler", based_on="Pale")
    block = para(run("Draft"), properties='<w:pStyle w:val="Paler"/>')
    path = template(tmp_path, block, more_styles=pale)
    finding = only(path)
    assert finding.message == (
        "This text is too pale: its colour 808080 on FFFFFF has a contrast of 3.94 to 1, and needs 4.5 to 1."
    )
    round_and_round = pale.replace('w:val="Pale"/><w:rPr>', 'w:val="Pale"/><w:basedOn w:val="Paler"/><w:rPr>')
    assert found(tmp_path, block, more_styles=round_and_round) == ["a11y-contrast"]


def test_a_coloured_stretch_of_several_runs_is_marked_whole(tmp_path: Path) -> None:
    finding = only(template(tmp_path, para(run("Results are "), run("over", RED), run("due", RED), run(" now"))))
    assert str(finding.place).endswith('"Results are »overdue« now"')


# --- links and space

LINKS = {
    "an address": ("https://maple-valley.example/rights", ["a11y-link-text"]),
    "an address without its scheme": ("www.maple-valley.example", ["a11y-link-text"]),
    "click here": ("Click here", ["a11y-link-text"]),
    "in Spanish": ("Haga clic aquí.", ["a11y-link-text"]),
    "what it leads to": ("Your rights", []),
    "what it leads to with its address": ("Your rights (www.maple-valley.example)", []),
    "an address of mail": ("office@maple-valley.example", []),
}


@pytest.mark.parametrize(("text", "rules"), LINKS.values(), ids=LINKS)
def test_the_text_of_a_link_says_where_it_leads(tmp_path: Path, text: str, rules: list[str]) -> None:
    look = '<w:rStyle w:val="Hyperlink"/>'
    as_element = hyperlink(run(text[:4], look), run(text[4:], look))
    as_field = field(' HYPERLINK "https://maple-valley.example" ').replace("here", text)
    simple = f'<w:fldSimple w:instr=" HYPERLINK x ">{run(text)}</w:fldSimple>'
    for link in (as_element, as_field, simple):
        assert found(tmp_path, para(run("See "), link, run(" today"))) == rules


def test_a_field_that_is_no_link_may_show_an_address(tmp_path: Path) -> None:
    assert found(tmp_path, para(field(" DOCPROPERTY site ").replace("here", "www.maple-valley.example"))) == []


SPACE = {
    "three empty paragraphs": ([lines("a", "", "", "", "b")], ["a11y-blank-lines"]),
    "two empty paragraphs": ([lines("a", "", "", "b", "", "c")], []),
    "at the end": ([lines("a", "", "", "")], ["a11y-blank-lines"]),
    "a tag between": ([lines("a", "", "{%p if plan %}", "", "", "{%p endif %}", "b")], ["a11y-blank-lines"]),
    "a value between": ([lines("a", "", "", "{{ plan.note }}", "", "b")], []),
    "a line break": ([lines("a", "", ""), para("<w:r><w:br/></w:r>"), lines("b")], ["a11y-blank-lines"]),
    "a table between": ([lines("a", "", ""), table(row("b")), lines("", "c")], []),
    "a page break": ([lines("a", "", ""), para('<w:r><w:br w:type="page"/></w:r>'), lines("b")], []),
    "cells": ([table(row("", "", ""))], []),
}  # fmt: skip


@pytest.mark.parametrize(("blocks", "rules"), SPACE.values(), ids=SPACE)
def test_space_is_not_made_of_empty_paragraphs(tmp_path: Path, blocks: list[str], rules: list[str]) -> None:
    findings = accessibility_findings(template(tmp_path, *blocks))
    assert [one.rule for one in findings] == rules
    assert all(one.severity is Severity.NOTE for one in findings)


# --- all of it


def test_what_a_part_has_again_and_again_is_said_once(tmp_path: Path) -> None:
    overdue = para(run("Results are "), run("overdue", RED))
    assert len(accessibility_findings(template(tmp_path, overdue * 10))) == 10
    finding = only(template(tmp_path, overdue * 12))
    assert finding.message.endswith("This part has the same in 11 more places.")


def test_deleted_text_is_not_read(tmp_path: Path) -> None:
    deleted = f'<w:del w:id="1" w:author="Dana Whitfield">{drawing("")}</w:del>'
    assert found(tmp_path, para(run("a"), deleted)) == []


def test_a_file_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_text("no zip")
    with pytest.raises(IepdocsError) as caught:
        accessibility_findings(tmp_path / "letter.docx")
    assert [one.rule for one in caught.value.findings] == ["template-unreadable"]


def test_a_document_of_python_docx_is_read(tmp_path: Path) -> None:
    document: Document = docx.Document()
    document.add_heading("Services", 1)
    document.add_table(2, 2).cell(0, 0).text = "Service"
    document.core_properties.title = "Services"
    document.save(str(tmp_path / "services.docx"))
    assert accessibility_findings(tmp_path / "services.docx") == []


def test_a_check_asks_for_it_and_tells_it_with_the_rest(tmp_path: Path) -> None:
    path = template(tmp_path, lines("{{ studnet }}"), para(drawing("")), title="", name="iep.docx")
    plain, whole = (
        [
            one.rule
            for one in iepdocs.check_templates([path], accessibility=asked)[path]
            if one.rule != "element-missing"
        ]
        for asked in (False, True)
    )
    assert plain == ["name-unknown"]
    assert whole == ["name-unknown", "a11y-alt-text", "a11y-title"]


def test_a_part_that_no_tag_is_in_and_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = template(tmp_path, lines("a"), headers=[lines("a")], name="iep.docx")
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, b"<w:hdr" if name == "word/header1.xml" else content)
    found = iepdocs.check_templates([path], accessibility=True)[path]
    assert [one.rule for one in found] == ["template-unreadable"]


@pytest.mark.parametrize("path", BUILTIN, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_the_built_in_templates_can_be_read_by_everyone(path: Path) -> None:
    errors = [one for one in accessibility_findings(path) if one.severity is Severity.ERROR]
    assert [f"{one.place}: {one.message}" for one in errors] == []


def test_the_page_of_templates_lists_every_rule_as_it_is() -> None:
    told = re.findall(r"^\| `(a11y-[\w-]+)` \| (\w+) \| ([\d.]*) ?\|", DOCS, re.MULTILINE)
    assert told == [(rule, of.severity.value, of.criterion) for rule, of in RULES.items()]

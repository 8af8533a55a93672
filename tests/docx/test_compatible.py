"""Held against docxtpl itself: what it renders comes out here with the same text and structure.

A template that docxtpl cannot render, or makes an invalid document of, is none of these. Where we part from it on
purpose stands at the end.
"""
# ruff: noqa: RUF001  (Word's quotes)

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, Listing, RichText, RichTextParagraph
from hypothesis import HealthCheck, assume, event, given, settings
from markupsafe import Markup

from iepdocs.docx import Template
from tests.docx.bench import PICTURE
from tests.docx.compared import EMPTY, Cell, Control, Paragraph, Table, Text, by_docxtpl, structure_of, without_empty
from tests.docx.generated import CONTEXTS, templates
from tests.support import (
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
    from pathlib import Path

CONTEXT: dict[str, Any] = {
    "name": "Ana & <Bo>",
    "note": "one\n  two\tthree",
    "number": 3,
    "yes": True,
    "no": False,
    "nothing": None,
    "words": ["red", "green", "blue"],
    "nobody": [],
    "record": {"name": "Lee", "school": "Alder Creek"},
    "goals": [
        {"area": "Reading", "met": True, "parts": ["fluency", "recall"]},
        {"area": "Writing", "met": False, "parts": []},
    ],
    "tree": [{"name": "a", "below": [{"name": "b", "below": []}, {"name": "c", "below": []}]}],
    "p": "a p",
    "r": "an r",
    "tr": "a tr",
    "colour": "FF0000",
    "rich": RichText("bold", bold=True, color="#FF0000"),
    "listing": Listing("one\ntwo\tthree\afour\ffive & <six>"),
}
RICH = RichText("plain ")
RICH.add("linked", url_id="rId9", underline=True)
RICH.add("\nunder\tit\anext", italic=True, font="Courier New", size=20)
CONTEXT["rich_lines"] = RICH
CONTEXT["rich_paragraph"] = RichTextParagraph("one", parastyle="Quote")
CONTEXT["rich_paragraph"].add(RichText("two", bold=True))


def inline_forms() -> dict[str, tuple[str, str]]:
    """Return what stands in a paragraph: the paragraph's text, and what comes out."""
    return {
        "value": ("[{{ name }}]", "[Ana & <Bo>]"),
        "value without spaces": ("[{{name}}]", "[Ana & <Bo>]"),
        "value with other spaces": ("[{{\xa0\xa0name\xa0}}]", "[Ana & <Bo>]"),
        "values, several": ("{{ number }}{{ record.name }} and {{ record['school'] }}", "3Lee and Alder Creek"),
        "value with lines and a tab": ("[{{ note }}]", "[one\n  two\tthree]"),
        "value that is missing": ("[{{ missing }}]", "[]"),
        "names that are kinds too": (
            "{{ p }} {{p}} {{ r }} {{r}} {{ tr }} {{tr}} {{p|upper }}",
            "a p a p an r an r a tr a tr A P",
        ),
        "calculation": (
            "{{ number * 2 + 1 }} {{ number // 2 }} {{ number % 2 }} {{ -number }} {{ 2 ** number }}",
            "7 1 1 -3 8",
        ),
        "choice in a value": ("{{ 'met' if yes else 'not met' }} {{ nothing or 'blank' }}", "met blank"),
        "joined values": ("{{ name ~ ', ' ~ number }}", "Ana & <Bo>, 3"),
        "filters": (
            "{{ words|join(', ')|upper }} {{ name|length }} {{ missing|default('-') }}",
            "RED, GREEN, BLUE 10 -",
        ),
        "filter e": ("{{ name|e }} {{ name|escape }}", "Ana & <Bo> Ana & <Bo>"),
        "filters of lists": (
            "{{ goals|map(attribute='area')|join('; ') }} {{ goals|selectattr('met')|list|length }}",
            "Reading; Writing 1",
        ),
        "filter tojson": ("{{ name|tojson }}", '"Ana \\u0026 \\u003cBo\\u003e"'),
        "method": ("{{ name.upper() }} {{ name.split()[0] }} {{ '%03d' % number }}", "ANA & <BO> Ana 003"),
        "slice": ("{{ name[:3] }} {{ words[-1] }} {{ words[1:]|join }}", "Ana blue greenblue"),
        "braces in a value": ("{{ {'a': {'b': 1}}['a']['b'] }} {{ '}}' }} {{ '{%' }}", "1 }} {%"),
        "less and greater": ("{% if number < 5 and 7 > number %}{{ 'a < b > c' }}{% endif %}", "a < b > c"),
        "curly quotes": ("{{ “one” }}{% if record.name == ‘Lee’ %} two{% endif %}", "one two"),
        "braces of text": ("{x} } { 50 % #1 {{ number }}} {}", "{x} } { 50 % #1 3} {}"),
        "whitespace trimmed": ("a {{- number -}} b {#- c -#} d", "a3bd"),
        "if": ("a{% if yes %} b{% endif %}{% if no %} c{% endif %}", "a b"),
        "if, elif, else": ("{% if no %}a{% elif number == 3 %}b{% else %}c{% endif %}", "b"),
        "if without spaces": ("{%if no%}a{%else%}b{%endif%}", "b"),
        "if in other spaces": ("{%\xa0if  yes\xa0%}a{%  endif  %}", "a"),
        "if in if": ("{% if yes %}a{% if no %}b{% else %}c{% endif %}d{% endif %}", "acd"),
        "tests": ("{% if nothing is none and missing is not defined and 'red' in words %}a{% endif %}", "a"),
        "for": ("{% for word in words %}{{ word }}, {% endfor %}end", "red, green, blue, end"),
        "for, else": ("{% for word in nobody %}{{ word }}{% else %}nobody{% endfor %}", "nobody"),
        "for with if": ("{% for goal in goals if not goal.met %}{{ goal.area }}{% endfor %}", "Writing"),
        "for two names": (
            "{% for key, value in record.items() %}{{ key }}={{ value }};{% endfor %}",
            "name=Lee;school=Alder Creek;",
        ),
        "for in for": (
            (
                "{% for goal in goals %}{{ loop.index }}"
                "{% for part in goal.parts %}{{ part }}{{ loop.index }}{% endfor %};{% endfor %}"
            ),
            "1fluency1recall2;2;",
        ),
        "for, recursive": (
            (
                "{% for item in tree recursive %}{{ item.name }}"
                "{% if item.below %}({{ loop(item.below) }}){% endif %}{% endfor %}"
            ),
            "a(bc)",
        ),
        "loop": (
            (
                "{% for word in words %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}"
                "{{ loop.length }}{{ loop.depth }}{{ loop.cycle('a', 'b') }}{{ loop.previtem }}{{ loop.nextitem }}"
                "{% if loop.first %}F{% endif %}{% if loop.last %}L{% endif %}{% if loop.changed(word) %}C{% endif %} "
                "{% endfor %}"
            ),
            "103231agreenFC 212131bredblueC 321031agreenLC ",
        ),
        "set": ("{% set made = name|upper %}[{{ made }}]", "[ANA & <BO>]"),
        "set two": ("{% set a, b = 1, 2 %}{{ a }}{{ b }}", "12"),
        "set a block": ("{% set made %}<{{ name }}>{% endset %}{{ made }}{{ made }}", "<Ana & <Bo>><Ana & <Bo>>"),
        "set in a loop": (
            "{% set ns = namespace(n=0) %}{% for word in words %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
            "3",
        ),
        "with": ("{% with a = 1, b = number %}{{ a }}{{ b }}{% endwith %}[{{ a }}]", "13[]"),
        "macro": (
            "{% macro said(who, how='!') %}<{{ who }}{{ how }}>{% endmacro %}{{ said(name) }}{{ said('x', how='?') }}",
            "<Ana & <Bo>!><x?>",
        ),
        "call": (
            "{% macro around() %}({{ caller() }}){% endmacro %}{% call around() %}{{ name }}{% endcall %}",
            "(Ana & <Bo>)",
        ),
        "call with a name": (
            (
                "{% macro each() %}{% for w in words %}{{ caller(w) }}{% endfor %}{% endmacro %}"
                "{% call(w) each() %}<{{ w }}>{% endcall %}"
            ),
            "<red><green><blue>",
        ),
        "filter block": ("{% filter upper %}a {{ record.name }}{% endfilter %}", "A LEE"),
        "raw": ("{% raw %}{{ name }} {% if %}{% endraw %}", "{{ name }} {% if %}"),
        "block": ("{% block one %}a{{ number }}{% endblock %}{{ self.one() }}", "a3a3"),
        "comment": ("a{# a comment, it’s < {{ name }} & {% if %} #}b", "ab"),
        "braces that are none": ("{_{ name }_} {_% if %_}", "{{ name }} {% if %}"),
        "run value": ("a {{r rich }} b {{r rich|default('') }}{{r missing }}", "a bold b bold"),
        "run value with lines": ("a {{r rich_lines }} b", "a plain linked\nunder\tit¶next b"),
        "run if": ("a{%r if yes %} b{%r endif %}{%r if no %} c{%r else %} d{%r endif %}", "a b d"),
        "run for": ("{%r for word in words %}{{ word }} {%r endfor %}", "red green blue "),
        "listing": ("a {{ listing }} b", "a one\ntwo\tthree¶four¶\f¶five & <six> b"),
    }


def block_forms() -> dict[str, tuple[str, str]]:
    """Return what stands in paragraphs of its own: the blocks, and the texts of the paragraphs that come out."""
    return {
        "p if": (lines("a", "{%p if yes %}", "b", "{%p endif %}", "{%p if no %}", "c", "{%p endif %}", "d"), "a¶b¶d"),
        "p if, elif, else": (
            lines("{%p if no %}", "a", "{%p elif yes %}", "b", "{%p else %}", "c", "{%p endif %}"),
            "b",
        ),
        "p if without a last space": (lines("{%p if yes%}", "a", "{%p endif%}"), "a"),
        "p if beside text": (lines("lost {%p if yes %} lost", "a", "{%p endif %} lost"), "a"),
        "p for": (
            lines("{%p for goal in goals %}", "{{ goal.area }}", "and", "{%p endfor %}"),
            "Reading¶and¶Writing¶and",
        ),
        "p for, else": (
            lines("{%p for goal in nobody %}", "{{ goal.area }}", "{%p else %}", "none", "{%p endfor %}"),
            "none",
        ),
        "p for in p for": (
            lines(
                "{%p for goal in goals %}",
                "{{ goal.area }}",
                "{%p for part in goal.parts %}",
                "{{ loop.index }} {{ part }}",
                "{%p endfor %}",
                "{%p endfor %}",
            ),
            "Reading¶1 fluency¶2 recall¶Writing",
        ),
        "p for, recursive": (
            lines("{%p for item in tree recursive %}", "{{ item.name }}", "{{p loop(item.below) }}", "{%p endfor %}"),
            "a¶b¶c",
        ),
        "p set": (lines("{%p set made = number + 1 %}", "{{ made }}"), "4"),
        "p set a block": (
            lines("{%p set made %}", "{{ name }}", "b", "{%p endset %}", "{{p made }}", "{{p made }}"),
            "Ana & <Bo>¶b¶Ana & <Bo>¶b",
        ),
        "p with": (lines("{%p with made = number %}", "{{ made }}", "{%p endwith %}", "[{{ made }}]"), "3¶[]"),
        "p macro": (
            lines(
                "{%p macro told(who) %}", "a", "{{ who }}", "{%p endmacro %}", "{{p told(name) }}", "{{p told('x') }}"
            ),
            "a¶Ana & <Bo>¶a¶x",
        ),
        "p call": (
            lines(
                "{%p macro around() %}",
                "first",
                "{{p caller() }}",
                "last",
                "{%p endmacro %}",
                "{%p call around() %}",
                "{{ name }}",
                "{%p endcall %}",
            ),
            "first¶Ana & <Bo>¶last",
        ),
        "p block": (lines("{%p block one %}", "a", "{%p endblock %}", "{{p self.one() }}"), "a¶a"),
        "p raw": (lines("{%p raw %}", "{{ name }}", "{%p endraw %}"), "{{ name }}"),
        "p comment": (lines("a", "{#p a comment #}", "b"), "a¶b"),
        "p value": (lines("a", "{{p rich_paragraph }}", "b"), "a¶one¶two¶b"),
        "p value that is missing": (lines("a", "{{p missing }}", "b"), "a¶b"),
        "p value of XML": (lines("a", "{{p paragraph_xml }}", "b"), "a¶x & y¶b"),
        "paragraphs joined": (
            lines("It is {% if yes -%}", "met", "{%- else -%}", "not met", "{%- endif %} by now."),
            "It is met by now.",
        ),
        "paragraphs joined by a value's tag": (
            lines("a {% set b = 1 -%}", "b {{ b }}", "c", "{%- set b = 2 %} d"),
            "a b 1¶c d",
        ),
        "if from within one paragraph to within another": (
            lines("a {% if yes %}b", "c{% endif %} d", "e {% if no %}f", "g{% endif %} h"),
            "a b¶c d¶e  h",
        ),
        "for from within one paragraph to within another": (
            lines("a {% for word in words %}{{ word }}", "{{ loop.index }}{% endfor %} b"),
            "a red¶1green¶2blue¶3 b",
        ),
        "if around a table": (lines("a {% if no %}b") + table(row("x", "y")) + lines("c{% endif %} d"), "a  d"),
        "macro from within one paragraph to within another": (
            lines("a{% macro told(who) %}b", "{{ who }}{% endmacro %}c", "{{ told('x') }}{{ told('y') }}"),
            "ac¶b¶xb¶y",
        ),
        "comment from one paragraph to another": (lines("a {# b", "c #} d", "e"), "a  d¶e"),
        "value from one paragraph to another": (lines("a {{ number +", "1 }} d", "e"), "a 4 d¶e"),
        "p tags in a cell": (
            table(row(cell(lines("{%p for word in words %}", "{{ word }}", "{%p endfor %}", "a")), "b")),
            "(red¶green¶blue¶a|b)",
        ),
        "p tags around a table": (
            lines("{%p for word in words %}")
            + table(row("{{ word }}", "x"))
            + lines("{{ loop.index }}", "{%p endfor %}"),
            "(red|x)¶1¶(green|x)¶2¶(blue|x)¶3",
        ),
        "tr if": (
            table(
                row("a", "b"),
                row("{%tr if no %}", ""),
                row("c", "d"),
                row("{%tr else %}", ""),
                row("e", "f"),
                row("{%tr endif %}", ""),
            ),
            "(a|b/e|f)",
        ),
        "tr for": (
            table(
                row("{%tr for goal in goals %}", "x"),
                row("{{ goal.area }}", "{{ loop.index }}"),
                row("", "{%tr endfor %}"),
            ),
            "(Reading|1/Writing|2)",
        ),
        "tr for in tr for": (
            table(
                row("{%tr for goal in goals %}"),
                row("{{ goal.area }}"),
                row("{%tr for part in goal.parts %}"),
                row("{{ part }}"),
                row("{%tr endfor %}"),
                row("{%tr endfor %}"),
            ),
            "(Reading/fluency/recall/Writing)",
        ),
        "tr for without items": (
            table(row("a", "b"), row("{%tr for goal in nobody %}"), row("{{ goal.area }}"), row("{%tr endfor %}")),
            "(a|b)",
        ),
        "tr set": (table(row("{%tr set made = number + 1 %}"), row("{{ made }}")), "(4)"),
        "tr comment": (table(row("a", "b"), row("{#tr a comment #}", "x"), row("c", "d")), "(a|b/c|d)"),
        "tr value": (
            table(
                row("{%tr macro line(a) %}", ""),
                row("{{ a }}", "b"),
                row("{%tr endmacro %}", ""),
                row("{{tr line(name) }}", "lost"),
                row("{{tr line(1) }}", ""),
            ),
            "(Ana & <Bo>|b/1|b)",
        ),
        "tr value of XML": (table(row("a", "b"), row("{{tr row_xml }}", "")), "(a|b/c|d)"),
        "tc if": (table(row("a", "{%tc if yes %}", "b", "{%tc else %}", "c", "{%tc endif %}", "d")), "(a|b|d)"),
        "tc for": (
            table(row("a", "{%tc for word in words %}", "{{ word }}", "{%tc endfor %}", "d"), columns=3),
            "(a|red|green|blue|d)",
        ),
        "tc for in tr for": (
            table(
                row("{%tr for goal in goals %}"),
                row("{{ goal.area }}", "{%tc for word in words %}", "{{ word[0] }}", "{%tc endfor %}"),
                row("{%tr endfor %}"),
            ),
            "(Reading|r|g|b/Writing|r|g|b)",
        ),
        "tc comment": (table(row("a", "{#tc a comment #}", "b")), "(a|b)"),
        "tc value": (
            table(row("{%tc macro one(a) %}", "<{{ a }}>", "{%tc endmacro %}", "{{tc one(1) }}", "{{tc one(2) }}")),
            "(<1>|<2>)",
        ),
        "colspan": (table(row("{% colspan number %}a", "b"), row("a", "b", "c", "d"), columns=4), "(a3|b/a|b|c|d)"),
        "colspan in other spaces": (table(row("a{%colspan  number - 1%}", "b"), columns=3), "(a2|b)"),
        "colspan beside another": (
            table(row(cell(lines("{% colspan 2 %}{{ word }}a"), properties='<w:gridSpan w:val="3"/>'), "b"), columns=3),
            "(a2|b)",
        ),
        "cellbg": (
            table(row("{% cellbg colour %}a", "{% cellbg '00FF00' if no else “0000FF” %}b")),
            "(aFF0000|b0000FF)",
        ),
        "cellbg beside another": (
            table(row(cell(lines("a{%cellbg colour%}"), properties='<w:shd w:val="clear" w:fill="ABCDEF"/>'), "b")),
            "(aFF0000|b)",
        ),
        "cellbg and colspan": (table(row("{% cellbg colour %}{% colspan 2 %}a", "b"), columns=3), "(a2FF0000|b)"),
        "vm": (
            table(row("{%tr for goal in goals %}"), row("{% vm %}Area", "{{ goal.area }}"), row("{%tr endfor %}")),
            "(Area restart|Reading/ continue|Writing)",
        ),
        "vm beside text": (
            table(row("{%tr for goal in goals %}"), row("a {%vm%} b", "{{ goal.area }}"), row("{%tr endfor %}")),
            "(a  b restart|Reading/ continue|Writing)",
        ),
        "hm": (
            table(row("{%tc for word in words %}", "{% hm %}wide", "{%tc endfor %}"), row("a", "b", "c"), columns=3),
            "(wide3/a|b|c)",
        ),
        "hm over columns": (
            table(
                row(
                    "{%tc for word in words %}",
                    cell(lines("{% hm %}wide"), properties='<w:gridSpan w:val="2"/>'),
                    "{%tc endfor %}",
                ),
                columns=6,
            ),
            "(wide6)",
        ),
        "nested tables": (
            table(
                row("{%tr for goal in goals %}"),
                row(
                    cell(
                        table(
                            row("{%tr for part in goal.parts %}"), row("{{ part }}"), row("{%tr endfor %}"), row("end")
                        ),
                        lines("{{ goal.area }}"),
                    )
                ),
                row("{%tr endfor %}"),
            ),
            "((fluency/recall/end)¶Reading/(end)¶Writing)",
        ),
        "text box": (
            para(text_box(lines("{%p for word in words %}", "{{ word }}", "{%p endfor %}", "{{ name }}"))),
            "[red¶green¶blue¶Ana & <Bo>][red¶green¶blue¶Ana & <Bo>]",
        ),
        "hyperlink": (para(run("a "), hyperlink(run("{{ na"), run("me }}"))), "a Ana & <Bo>"),
        "content control": (
            content_control(lines("{{ name }}")) + para(run("a "), content_control(run("{% if yes %}b{% endif %}"))),
            "Ana & <Bo>¶a b",
        ),
        "field": (
            para(field(' HYPERLINK "https://example.org/{{ number }}" ')),
            '{ HYPERLINK "https://example.org/3" }here',
        ),
        "alternative text": (para(drawing("{{ record.name }} &amp; {{ name }}")), "«Lee & Ana & <Bo>»"),
        "text in run's pieces": (
            para(
                "<w:r><w:t>a{{ number }}</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>{% if no %}c</w:t><w:tab/>"
                "<w:t>{% endif %}d</w:t></w:r>"
            ),
            "a3\tb\nd",
        ),
        "text that keeps its spaces": (
            para("<w:r><w:t>{{ number }}</w:t></w:r>", run(" "), "<w:r><w:t>b{{ note }} {{ number }}</w:t></w:r>"),
            "3 bone\n  two\tthree 3",
        ),
    }


CONTEXT["paragraph_xml"] = Markup("<w:p><w:r><w:t>x &amp; y</w:t></w:r></w:p>")
CONTEXT["row_xml"] = Markup(row("c", "d"))  # noqa: S704  (XML on purpose)


def told(blocks: Sequence[Any]) -> str:
    """Return blocks as the examples write them: `¶` between paragraphs, a table as `(a|b/c|d)`."""
    return "¶".join(_told(block) for block in blocks)


def _told(block: Any) -> str:
    if isinstance(block, Table):
        return f"({'/'.join('|'.join(map(_told, cells)) for cells in block.rows)})"
    if isinstance(block, Cell):
        marks = (
            (block.span if block.span != "1" else "")
            + (block.fill or "")
            + (f" {block.merged}" if block.merged else "")
        )
        return told(block.blocks) + marks
    if isinstance(block, Control):
        return (
            told(block.blocks)
            if not any(isinstance(piece, Text) for piece in block.blocks)
            else "".join(map(_told, block.blocks))
        )
    if isinstance(block, Paragraph):
        return "".join(map(_told, block.content))
    if isinstance(block, Text):
        return block.text
    if block[0] == "link":
        return "".join(map(_told, block[2]))
    if block[0] == "field":
        return f"{{{block[1]}}}"
    if isinstance(block[0], Paragraph):
        return f"[{told(block)}]"
    return f"«{block[0]}»" if block[0] else ""


def by_iepdocs(template: bytes, context: Mapping[str, Any], path: Path) -> dict[str, Any]:
    path.write_bytes(template)
    return structure_of(Template(path).render(context))


def same(template: bytes, path: Path, context: Mapping[str, Any] = CONTEXT) -> dict[str, Any]:
    """Hold a template against docxtpl; return what came out here."""
    made = by_iepdocs(template, context, path)
    assert made == by_docxtpl(template, context)
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letter.docx"


@pytest.mark.parametrize(("text", "expected"), inline_forms().values(), ids=inline_forms())
def test_a_tag_in_a_paragraph(path: Path, text: str, expected: str) -> None:
    template = raw_document(lines("first", text, "last"), links={"rId9": "https://example.org"})
    assert told(same(template, path)["body"]) == f"first¶{expected}¶last"


NOT_CUT_IN_DOCXTPL = {"whitespace trimmed", "filter block", "braces in a value", "braces that are none"}


@pytest.mark.parametrize("form", [form for form in inline_forms() if form not in NOT_CUT_IN_DOCXTPL])
def test_a_tag_in_a_paragraph_that_is_cut_everywhere(path: Path, form: str) -> None:
    text, expected = inline_forms()[form]
    spelling = '<w:proofErr w:type="spellStart"/>'
    template = raw_document(
        para(*(f"{spelling}{run(character)}" for character in text)), links={"rId9": "https://example.org"}
    )
    assert told(same(template, path)["body"]) == expected


@pytest.mark.parametrize(("blocks", "expected"), block_forms().values(), ids=block_forms())
def test_tags_in_paragraphs_rows_and_cells(path: Path, blocks: str, expected: str) -> None:
    assert told(same(raw_document(blocks + lines("last")), path)["body"]) == f"{expected}¶last"


@pytest.mark.parametrize(("blocks", "expected"), block_forms().values(), ids=block_forms())
@pytest.mark.parametrize("part", ["headers", "footers", "footnotes"])
def test_tags_in_other_parts(path: Path, part: str, blocks: str, expected: str) -> None:
    parts: dict[str, Any] = {part: [blocks + lines("last")]}
    made = same(raw_document(lines("{{ name }}"), **parts), path)
    [found] = [made[name] for name in made if name.startswith(f"word/{part[:-1]}")]
    assert told(found[0][1] if part == "footnotes" else found) == f"{expected}¶last"


def test_tags_in_properties(path: Path) -> None:
    template = raw_document(
        lines("a"),
        properties={"title": "Plan of {{ record.name }}", "description": "{% if no %}a{% else %}b{% endif %}"},
    )
    assert list(same(template, path)["properties"].values()) == ["Plan of Lee", "b"]


def test_the_look_of_runs_and_rich_values(path: Path) -> None:
    template = raw_document(
        para(run("a ", "<w:b/>"), run("{{ note }}", "<w:i/>"), run("b"), properties='<w:pStyle w:val="Quote"/>')
        + para(run("{{ listing }}", '<w:color w:val="112233"/>'), properties='<w:pStyle w:val="Quote"/>')
        + lines("{{r rich }}{{r rich_lines }}", "{{p rich_paragraph }}")
    )
    first, second, *_ = same(template, path)["body"]
    assert first == Paragraph(
        "Quote",
        (
            Text("a ", frozenset({("b", "[]")})),
            Text("one\n  two\tthree", frozenset({("i", "[]")})),
            Text("b", frozenset()),
        ),
    )
    assert second.content == (Text("one\ntwo\tthree", frozenset({("color", "['112233']")})),)


@pytest.mark.parametrize(
    "texts", [("{% for word in words %}", "{{ word }}", "{% endfor %}"), ("{% if yes %}", "a", "{% endif %}")]
)
def test_paragraphs_of_control_tags_alone_may_leave_no_line(path: Path, texts: tuple[str, ...]) -> None:
    template = raw_document(lines(*texts))
    made, expected = by_iepdocs(template, CONTEXT, path), by_docxtpl(template, CONTEXT)
    assert [block for block in made["body"] if block != EMPTY] == [
        block for block in expected["body"] if block != EMPTY
    ]


@pytest.mark.parametrize("part", ["body", "headers", "footers"])
def test_an_inline_image_comes_out(path: Path, part: str) -> None:
    tag = lines("a {{ picture }} b")
    parts: dict[str, Any] = {part: [tag]}
    path.write_bytes(raw_document(tag) if part == "body" else raw_document(lines("x"), **parts))
    template, reference = Template(path), DocxTemplate(str(path))

    def picture(of: Any) -> InlineImage:
        return InlineImage(of, io.BytesIO(PICTURE), width=Mm(20), anchor="https://example.org/")

    reference.render({"picture": picture(reference)}, autoescape=True)
    expected = io.BytesIO()
    reference.save(expected)
    made = template.render({"picture": picture(template)})
    assert structure_of(made) == structure_of(expected.getvalue())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        [image] = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert archive.read(image) == PICTURE


@given(templates(), CONTEXTS)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_template_comes_out_as_with_docxtpl(
    tmp_path_factory: pytest.TempPathFactory, template: bytes, context: dict[str, Any]
) -> None:
    try:
        expected = by_docxtpl(template, context)
    except Exception as error:  # noqa: BLE001  (what docxtpl cannot render is no template of its)
        event(f"docxtpl: {type(error).__name__}")
        assume(False)  # noqa: FBT003
    made = by_iepdocs(template, context, tmp_path_factory.getbasetemp() / "generated.docx")
    assert without_empty(made) == without_empty(expected)


# Where we part from docxtpl on purpose, and what is right where docxtpl loses text.


def text_from(path: Path, template: bytes, **context: Any) -> str:
    return told(by_iepdocs(template, {**CONTEXT, **context}, path)["body"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\ab\fc", "abc"),
        ("a\vb", "a\nb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("{_{ name }_} {_% if %_}", "{_{ name }_} {_% if %_}"),
        (dt.date(2026, 3, 4), "March 4, 2026"),
        (True, "yes"),
        (None, ""),
        (3.0, "3"),
        (["a", "b"], "a, b"),
    ],
)
def test_a_value_prints_as_a_person_writes_it(path: Path, value: object, expected: str) -> None:
    assert text_from(path, raw_document(lines("[{{ value }}]")), value=value) == f"[{expected}]"


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ “it’s” }} {{ 'it’s' }}", "it’s it’s"),
        ("{{ ‘say “so”’ }}", "say “so”"),
        ("{{ „Reading“ }} {{ «Reading» }} {{ »Reading« }}", "Reading Reading Reading"),
        ("{{ 'R & D' }}{% if 'R & D' == dept %} yes{% endif %}", "R & D yes"),
        ("{_{ name }_} {_% if %_}", "{{ name }} {% if %}"),
        ("{{ {'a': {'b': 1}}['a']['b'] }} {{ '}}' }}", "1 }}"),
        ("{{ rich }} {{r name }} {{r number }}", "bold Ana & <Bo> 3"),
    ],
)
def test_text_that_docxtpl_would_change_or_lose(path: Path, text: str, expected: str, *, cut: bool) -> None:
    paragraph = para(*map(run, text)) if cut else lines(text)
    template = raw_document(lines("before") + paragraph + lines("after"))
    assert text_from(path, template, dept="R & D") == f"before¶{expected}¶after"


def test_a_hyphen_takes_the_space_beside_a_tag_in_its_own_text(path: Path) -> None:
    """Docxtpl would lose all the text from the tag to the next text, or from the one before."""
    template = raw_document(lines("before", "a {%- if yes %}b{% endif -%} c", "after"))
    assert text_from(path, template) == "before¶abc¶after"


def test_a_hyphen_leaves_the_space_of_other_texts_as_docxtpl_does(path: Path) -> None:
    pieces = (run("a "), run("{%- if yes -%}"), run("\xa0b "), run("{%- endif -%}"), run(" c"))
    broken = para(*pieces)
    assert told(same(raw_document(broken + lines("last")), path)["body"]) == "a \xa0b  c¶last"


def test_a_hyphen_takes_the_line_breaks_and_tabs_beside_a_tag(path: Path) -> None:
    breaks = '<w:r><w:br/><w:tab/><w:br w:type="textWrapping"/></w:r>'
    paragraph = para(run("a"), breaks, run("{%- if yes -%}"), breaks, run("b"), breaks, run("{%- endif -%}"), run("c"))
    assert text_from(path, raw_document(paragraph + lines("last"))) == "abc¶last"


def test_a_filter_of_a_block_leaves_markup_alone(path: Path) -> None:
    template = raw_document(lines("{% filter upper %}a & {{ dept }}{% endfilter %}"))
    assert text_from(path, template, dept="R & d") == "A & R & D"


def test_properties_say_the_text_as_it_is(path: Path) -> None:
    template = raw_document(lines("a"), properties={"title": "{{ name }}"})
    assert list(by_iepdocs(template, CONTEXT, path)["properties"].values()) == ["Ana & <Bo>"]


def test_footnotes_are_rendered_once_however_many_sections_there_are(path: Path) -> None:
    """Docxtpl renders what it has rendered once more for each section, and so what a value says."""
    template = raw_document(
        lines("a") + section_break(1) + lines("b"),
        headers=[lines("one"), lines("two")],
        footnotes=[lines("{{ value }}")],
    )
    [[_, blocks]] = by_iepdocs(template, {"value": "{{ 1 + 1 }}"}, path)["word/footnotes.xml"]
    assert told(blocks) == "{{ 1 + 1 }}"


def test_a_bell_in_a_rich_paragraph_begins_one_of_its_own_style(path: Path) -> None:
    rich = RichTextParagraph()
    rich.add("one\atwo", parastyle="Quote")
    template = raw_document(lines("{{p rich }}", "last"))
    first, second, _ = same(template, path, {"rich": rich})["body"]
    assert (first.style, second.style) == ("Quote", "Quote")


def test_the_space_after_a_tag_of_a_cell_shows_only_where_word_keeps_it(path: Path) -> None:
    unkept = para("<w:r><w:t>{% colspan 2 %} a</w:t></w:r>")
    for paragraph, shown in ((unkept, "a"), (lines("{% colspan 2 %} a"), " a")):
        template = raw_document(table(row(cell(paragraph), "b")) + lines("last"))
        assert told(same(template, path)["body"]) == f"({shown}2|b)¶last"


def test_a_picture_that_a_program_names_is_looked_for_where_the_program_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere" / "pictures").mkdir(parents=True)
    (tmp_path / "elsewhere" / "pictures" / "seal.png").write_bytes(PICTURE)
    monkeypatch.chdir(tmp_path / "elsewhere")
    path.write_bytes(raw_document(lines("{{ seal }}")))
    template = Template(path)
    assert template.render({"seal": InlineImage(template, "pictures/seal.png", width=Mm(20))})

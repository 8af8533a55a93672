"""Templates that engines in use today get wrong: each pain as it was reported, and then its whole kind."""
# ruff: noqa: RUF001  (Word's quotes)

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from docxtpl import Listing, RichText
from lxml import etree
from markupsafe import Markup, escape

import iepdocs
from iepdocs.findings import IepdocsError, Severity, TemplatePlace
from tests.docx.bench import (
    CHART,
    COMMENTED,
    PLACES,
    SPACE,
    WORDS,
    A,
    address_of,
    everywhere,
    footnoted,
    in_blocks,
    in_words,
    paragraphs,
    text_in,
)
from tests.support import (
    TODAY,
    WORD_NAMESPACES,
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
    progress_sheets,
    raw_document,
    row,
    run,
    section_break,
    table,
    text_box,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from iepdocs.findings import Finding
    from tests.docx.bench import Bench, Place, Words
    from tests.support import MakeWorkbook

# P18: & and < cut the text off, or break the file

AS_GIVEN = (
    "Smith & Sons",
    "a < b > c",
    "<select>",
    "</w:t></w:r>",
    "]]>",
    "<!-- -->",
    "&amp; &#38; &lt;",
    "&",
    "\"so\" 'so'",
    "{{ nothing }} {% if %}",
    "\\1 $0 %s",
)


@everywhere
def test_p18_a_text_comes_out_exactly_as_it_is(bench: Bench, place: Place) -> None:
    template = place.around(lines("A & B", *(f"{{{{ texts[{at}] }}}} end" for at in range(len(AS_GIVEN))), "next"))
    made = bench.render(template, texts=list(AS_GIVEN))
    assert place.said(made) == ["A & B", *(f"{text} end" for text in AS_GIVEN), "next"]


@pytest.mark.parametrize("text", AS_GIVEN)
@in_words
def test_p18_a_text_comes_out_exactly_as_it_is_outside_of_paragraphs_too(bench: Bench, words: Words, text: str) -> None:
    assert words.said(bench.render(words.around("A & B {{ text }} end"), text=text)) == f"A & B {text} end"


@pytest.mark.parametrize("text", AS_GIVEN)
def test_p18_a_text_in_a_links_address_is_escaped_for_it(bench: Bench, text: str) -> None:
    template = raw_document(para(hyperlink(run("here"))), links={"rId9": "https://example.org/?q={{ text }}&lang=en"})
    [address] = address_of(bench.render(template, text=text))
    found = re.fullmatch(r"https://example\.org/\?q=([^&<>\"' ]*)&lang=en", address)
    assert found
    assert unquote(found.group(1)) == text


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{% if name == 'Smith & Sons' %}yes{% endif %}", "yes"),
        ("{% if 1 < 2 and 3 > 2 %}yes{% endif %}", "yes"),
        ("{{ 'a & b < c' }}", "a & b < c"),
        ("{% for one in [name, '<x>'] %}[{{ one }}]{% endfor %}", "[Smith & Sons][<x>]"),
        (
            "{% macro told(who) %}<{{ who }}> & {% endmacro %}{{ told(name) }}{{ told('<') }}",
            "<Smith & Sons> & <<> & ",
        ),
        ("{% set made %}{{ name }} & <b>{% endset %}{{ made }}", "Smith & Sons & <b>"),
        ("{% set made = name ~ ' <b>' %}{{ made|upper }}", "SMITH & SONS <B>"),
        ("{% filter upper %}{{ name }} & <b>{% endfilter %}", "SMITH & SONS & <B>"),
        ("{% filter replace('&', '<')|title %}{{ name }} & so{% endfilter %}", "Smith < Sons < So"),
        ("{% filter e %}{{ name }} & <b>{% endfilter %}", "Smith & Sons & <b>"),
        ("{% filter length %}{{ name }} & <b>{% endfilter %}", "18"),
        ("{% filter trim %}  {{ name }}  {% endfilter %}", "Smith & Sons"),
        ("{% set made|upper %}{{ name }} & <b>{% endset %}{{ made }}", "SMITH & SONS & <B>"),
        ("{{ name|e }} {{ name|safe }} {{ name|forceescape }}", "Smith & Sons Smith & Sons Smith & Sons"),
        ("{{ [name, '<x>'] }} {{ [name, '<x>']|join(' & ') }}", "Smith & Sons, <x> Smith & Sons & <x>"),
        ("{{ name|replace('&', '<') }} {{ name[6] }} {{ name|truncate(5, true, '') }}", "Smith < Sons & Smith"),
        ("{{r name }}", "Smith & Sons"),
        ("{{ missing|default('<none>') }}", "<none>"),
    ],
)
def test_p18_a_text_comes_out_exactly_as_it_is_whatever_is_done_with_it(bench: Bench, tag: str, said: str) -> None:
    made = bench.render(raw_document(lines(f"A & B {tag} end", "next")), name="Smith & Sons")
    assert paragraphs(made) == [f"A & B {said} end", "next"]


# P19: line breaks become spaces, or are doubled

NOTE = "l1\r\nl2\n\n  l3\tq"


def looks(document: bytes, part: str) -> list[tuple[str, bool, bool]]:
    """Return the texts of a part, each with whether its spaces are kept and whether it is bold."""
    return [
        (str(text.text or ""), text.get(SPACE) == "preserve", text.find(f"../{W}rPr/{W}b") is not None)
        for text in part_of(document, f"word/{part}.xml").iter(f"{W}t")
    ]


@everywhere
def test_p19_the_lines_of_a_value_are_lines(bench: Bench, place: Place) -> None:
    template = place.around(para(run("a "), run("{{ note }}", "<w:b/>"), run(" z")))
    made = bench.render(template, note=NOTE)
    assert place.said(made) == ["a l1\nl2\n\n  l3\tq z"]
    texts = looks(made, place.part)
    assert not any("\n" in text or "\r" in text or "\t" in text for text, *_ in texts)
    assert all(kept for text, kept, _ in texts if text != text.strip())
    assert [text for text, _, bold in texts if bold and text][:4] == ["l1", "l2", "  l3", "q"]
    assert {text for text, _, bold in texts if not bold} == {"a ", " z"}


@pytest.mark.parametrize(
    "texts", [["{{ note }}"], ["a{{ note }}z"], ["{{ no", "te }} z"], ["{%r if 1 %}{{ note }}{%r endif %} z"]]
)
@pytest.mark.parametrize("note", ["  two  ", " \n ", "a ", " "])
def test_p19_spaces_are_kept_where_the_template_kept_none(bench: Bench, texts: list[str], note: str) -> None:
    made = bench.render(raw_document(para(*(f"<w:r><w:t>{text}</w:t></w:r>" for text in texts))), note=note)
    assert all(kept for text, kept, _ in looks(made, "document") if text != text.strip())
    whole = re.sub(r"\{%.*?%\}", "", "".join(texts)).replace("{{ note }}", note)
    assert paragraphs(made) == [whole]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a\nb", "a\nb"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\vb", "a\nb"),
        ("a\n\r\nb\r\r\nc", "a\n\nb\n\nc"),
        ("\na\n", "\na\n"),
        ("\n", "\n"),
        ("\r\n\t\r\n", "\n\t\n"),
        ("a  b   c ", "a  b   c "),
        (["a\r\nb", "c"], "a\nb, c"),
    ],
)
def test_p19_every_kind_of_line_end_is_one_break(bench: Bench, value: object, said: str) -> None:
    assert paragraphs(bench.render(raw_document(lines("[{{ value }}]")), value=value)) == [f"[{said}]"]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ note }}",
        "{{ note|upper|lower }}",
        "{{r note }}",
        "{% for one in [note] %}{{ one }}{% endfor %}",
        "{% set made %}{{ note }}{% endset %}{{ made }}",
        "{% set made = note %}{{ made }}",
        "{% macro told(what) %}{{ what }}{% endmacro %}{{ told(note) }}",
        "{% filter upper %}{{ note }}{% endfilter %}",
        "{% filter upper|lower %}{{ note }}{% endfilter %}",
        "{% set made|upper %}{{ note }}{% endset %}{{ made }}",
        "{{ note.splitlines()|join('\n') }}",
        "{{ note|replace('q', 'q') }}",
        "{{ missing|default(note) }}",
    ],
)
def test_p19_lines_stay_lines_whatever_is_done_with_them(bench: Bench, tag: str) -> None:
    [said] = paragraphs(bench.render(raw_document(lines(f"[{tag}]")), note=NOTE))
    assert said.lower() == "[l1\nl2\n\n  l3\tq]"


def test_p19_the_lines_of_a_value_are_lines_in_a_chart(bench: Bench) -> None:
    made = bench.render(WORDS["chart's title"].around("a {{ note }} z"), note=NOTE)
    [paragraph] = part_of(made, "word/charts/chart1.xml").iter(f"{A}p")
    pieces = [
        (etree.QName(one).localname, one.findtext(f"{A}t"), one.find(f"{A}rPr").get("b"))  # type: ignore[union-attr]
        for one in paragraph
    ]
    line_break = ("br", None, "1")
    assert [one for one in pieces if one[1] != ""] == [
        ("r", "a l1", "1"), line_break, ("r", "l2", "1"), line_break, line_break, ("r", "  l3\tq z", "1"),
    ]  # fmt: skip


@in_words
def test_p19_the_lines_of_a_value_are_lines_outside_of_paragraphs_too(bench: Bench, words: Words) -> None:
    made = bench.render(words.around("a {{ note }} z"), note="one\r\ntwo")
    assert words.said(made) == "a one\ntwo z"


# P20: one odd character, and the rest of the text is gone

ODD = json.loads(r'"a\ud800b\ufffec\u0000d\u0007e\uffff"')
"""A half of a pair, characters that are none, and control characters: JSON holds them, and XML cannot."""


def removals(findings: Sequence[Finding]) -> list[str]:
    return [finding.message for finding in findings if finding.rule == "characters-removed"]


@everywhere
def test_p20_what_xml_cannot_hold_is_left_out_and_reported(bench: Bench, place: Place) -> None:
    made, findings = bench.told(
        place.around(lines("{{ student.note }} end", "{{ good }}")), student={"note": ODD}, good="é"
    )
    assert place.said(made) == ["abcde end", "é"]
    messages = removals(findings)
    assert messages
    assert all("'student.note'" in message for message in messages)
    [finding] = {finding.place for finding in findings}
    assert isinstance(finding, TemplatePlace)
    assert finding.paragraph == "»{{ student.note }}« end"


@in_words
def test_p20_what_xml_cannot_hold_is_left_out_outside_of_paragraphs_too(bench: Bench, words: Words) -> None:
    made, findings = bench.told(words.around("{{ note }} end"), note=ODD)
    assert words.said(made) == "abcde end"
    [message] = removals(findings)
    assert "'note'" in message


@pytest.mark.parametrize(
    "tag",
    [
        "{{ note|replace('x', 'y') }}",
        "{{r note }}",
        "{{ [note] }}",
        "{{ {'a': note}.values()|list }}",
        "{{ (note,) }}",
        "{% for one in note|batch(99) %}{{ one|join }}{% endfor %}",
        "{% set made %}{{ note }}{% endset %}{{ made }}",
        "{% macro told(what) %}{{ what }}{% endmacro %}{{ told(note) }}",
        "{{ listing }}",
        "{{ rich }}",
        "{{r rich }}",
        "{{ note|e }}",
        "{{ note if note else '' }}",
        "{{ '%s' % note }}",
        "{{ '{}'.format(note) }}",
    ],
)
def test_p20_an_odd_character_is_reported_whatever_is_done_with_it(bench: Bench, tag: str) -> None:
    odd = ODD.replace("\a", "")  # which is a command in docxtpl's values
    template = raw_document(lines(f"[{tag}] end"))
    made, findings = bench.told(template, note=odd, listing=Listing(odd), rich=RichText(odd))
    assert paragraphs(made) == ["[abcde] end"]
    assert removals(findings)


def test_p20_an_odd_character_in_a_links_address_is_reported(bench: Bench) -> None:
    template = raw_document(para(hyperlink(run("here"))), links={"rId9": "https://example.org/{{ note }}"})
    made, findings = bench.told(template, note=ODD)
    assert address_of(made) == ["https://example.org/abcde"]
    assert removals(findings)


def test_p20_an_odd_character_in_a_fields_address_is_reported(bench: Bench) -> None:
    made, findings = bench.told(raw_document(para(field(' HYPERLINK "https://example.org/{{ note }}" '))), note=ODD)
    assert part_of(made).findtext(f".//{W}instrText") == ' HYPERLINK "https://example.org/abcde" '
    assert removals(findings)


def test_p20_characters_beyond_the_first_plane_stay(bench: Bench) -> None:
    text = json.loads(r'"\ud83d\ude00 \ud835\udc9c"')
    made, findings = bench.told(raw_document(lines("{{ text }}")), text=text)
    assert (paragraphs(made), findings) == ([text], [])


# P21: a misspelt name prints nothing, and is noticed at the meeting

STUDENT = {"first_name": "Ana"}


@pytest.mark.parametrize("form", ["[{{ nmae }}]", "[{{ student.frist_name }}]"])
@everywhere
def test_p21_a_name_that_is_not_there_is_reported_with_its_place(bench: Bench, place: Place, form: str) -> None:
    made, findings = bench.told(place.around(lines("before", form, "after")), student=STUDENT)
    assert place.said(made) == ["before", "[]", "after"]
    [told] = {(finding.rule, finding.severity, finding.message, finding.place) for finding in findings}
    rule, severity, message, where = told
    assert (rule, severity) == ("name-unknown", Severity.WARNING)
    assert f"'{form[4:-4].rpartition('.')[2]}'" in message
    assert isinstance(where, TemplatePlace)
    assert where.paragraph == f"[»{form[1:-1]}«]"


@in_words
def test_p21_a_name_that_is_not_there_is_reported_outside_of_paragraphs_too(bench: Bench, words: Words) -> None:
    made, findings = bench.told(words.around("[{{ nmae }}]"))
    assert words.said(made) == "[]"
    assert [(finding.rule, "'nmae'" in finding.message) for finding in findings] == [("name-unknown", True)]


def test_p21_a_name_in_a_links_address_that_is_not_there_is_reported(bench: Bench) -> None:
    template = raw_document(para(hyperlink(run("here"))), links={"rId9": "https://example.org/{{ nmae }}"})
    _, findings = bench.told(template)
    assert [finding.rule for finding in findings] == ["name-unknown"]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ nmae|upper }}",
        "{{ nmae|date }}",
        "{{ nmae|checkbox }}",
        "{{ nmae or 'none' }}",
        "{{ 'Dear ' ~ nmae }}",
        "{{ [nmae, 'b']|join(', ') }}",
        "{{ student['nmae'] }}",
        "{{r nmae }}",
        "{% if nmae %}a{% else %}b{% endif %}",
        "{% if not nmae %}a{% endif %}",
        "{% if nmae == 'a' %}a{% else %}b{% endif %}",
        "{% if nmae in ['a'] %}a{% endif %}",
        "{% if 'a' in nmae %}a{% endif %}",
        "{{ 'a' if nmae else 'b' }}",
        "{% for one in nmae %}{{ one }}{% else %}none{% endfor %}",
        "{% for goal in goals %}{{ goal.nmae }}{% endfor %}",
        "{% for goal in goals if goal.nmae %}{{ goal.area }}{% endfor %}",
        "{{ goals|map(attribute='nmae')|join(', ') }}",
        "{{ goals|selectattr('nmae')|list|length }}",
        "{{ goals|sort(attribute='nmae')|length }}",
        "{% set made = nmae %}{{ made }}",
        "{% macro told(one) %}{{ one }}{% endmacro %}{{ told(nmae) }}",
        "{% filter upper %}{{ nmae }}{% endfilter %}",
        "{% set made %}{{ nmae }}{% endset %}{{ made }}",
    ],
)
def test_p21_a_name_is_reported_in_whatever_way_it_is_used(bench: Bench, tag: str) -> None:
    _, findings = bench.told(raw_document(lines(tag)), student=STUDENT, goals=[{"area": "Reading"}, {"area": "Math"}])
    assert [(finding.rule, "'nmae'" in finding.message) for finding in findings] == [("name-unknown", True)]
    assert "»" in str(findings[0].place)


@pytest.mark.parametrize(
    "tag",
    ["{{ nmae|default('none') }}", "{% if nmae is defined %}a{% endif %}", "{% if nmae is not defined %}a{% endif %}"],
)
def test_p21_a_template_may_ask_whether_there_is_a_name(bench: Bench, tag: str) -> None:
    assert bench.told(raw_document(lines(tag)))[1] == []


@pytest.mark.parametrize("tag", ["{{ Student.first_name }}", "{{ nmae + 'a' }}", "{{ nmae() }}", "{{ nmae > 1 }}"])
@everywhere
def test_p21_what_cannot_go_on_without_a_name_is_an_error_with_its_place(bench: Bench, place: Place, tag: str) -> None:
    [finding] = bench.refused(place.around(lines("before", f"[{tag}]")), student=STUDENT)
    assert isinstance(finding.place, TemplatePlace)
    assert (finding.severity, finding.place.paragraph) == (Severity.ERROR, f"[»{tag}«]")


@pytest.mark.parametrize(
    ("tag", "right"),
    [
        ("{{ studnet.first_name }}", "student"),
        ("{{ student.frist_name }}", "student.first_name"),
        ("{{ Student.first_name }}", "student"),
        ("{% for goal in gaols %}{{ goal.area }}{% endfor %}", "goals"),
        ("{% for goal in goals %}{{ goal.aera }}{% endfor %}", "area"),
        ("{% if student.frist_name == 'Ana' %}a{% endif %}", "student.first_name"),
    ],
)
@pytest.mark.parametrize("where", ["body", "header", "footnote", "text box", "cell"])
def test_p21_no_document_is_made_with_a_name_that_there_is_not(
    make_workbook: MakeWorkbook, tmp_path: Path, where: str, tag: str, right: str
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "progress_report.docx").write_bytes(PLACES[where].around(lines("fine", tag)))
    workbook = make_workbook(progress_sheets())
    with pytest.raises(IepdocsError) as raised:
        iepdocs.generate(
            workbook, tmp_path / "out", kinds=["progress_report"], templates=tmp_path / "templates", date=TODAY
        )
    [finding] = raised.value.findings
    assert "progress_report.docx" in str(finding.place)
    assert right in finding.mend
    assert not (tmp_path / "out").exists()


# P22: {%p %} fails where the expression has a % or a }

AWKWARD = {
    "n % 2 == 0": True,
    "n % 2": False,
    "n%2==0": True,
    "{'a': 1}[k]": True,
    "{'a': {'b': 1}}[k]['b']": True,
    "{'a': 0, 'b': {}}[k]": False,
    "'%}' in text": True,
    "'}}' in text and '{%' in text": True,
    "text == '{{ %} }}'": False,
    "'%s' % n == '4'": True,
    "'%d %%' % n == '4 %'": True,
    '"{0}".format(n) == "4"': True,
    "[n % 3, {'x': n}['x'] % 3] == [1, 1]": True,
    "(n * 10) // 3 % 2 == 1": True,
}


@in_blocks
def test_p22_a_tag_for_paragraphs_may_hold_any_expression(bench: Bench, place: Place) -> None:
    tags = [
        text
        for condition in AWKWARD
        for text in (f"{{%p if {condition} %}}", "yes", "{%p else %}", "no", "{%p endif %}")
    ]
    made = bench.render(place.around(lines(*tags, "end")), n=4, k="a", text="a {{ %} }} {% b")
    assert place.said(made) == [*("yes" if holds else "no" for holds in AWKWARD.values()), "end"]


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
@pytest.mark.parametrize(("condition", "holds"), AWKWARD.items(), ids=AWKWARD)
def test_p22_any_tag_may_hold_any_expression(bench: Bench, condition: str, *, holds: bool, cut: bool) -> None:
    def written(text: str) -> str:
        spelling = '<w:proofErr w:type="spellStart"/>'
        return para(*(spelling + run(sign) for sign in text)) if cut else lines(text)

    def alone(words: str) -> str:
        return cell(written(f"{{%{words} %}}"))

    template = raw_document(
        written(f"[{{% if {condition} %}}yes{{% endif %}}{{{{ 'yes' if {condition} else '' }}}}]")
        + written(f"[{{%r if {condition} %}}yes{{%r endif %}}]")
        + table(
            row(alone(f"tr if {condition}")), row("yes"), row(alone("tr endif")),
            row("a", alone(f"tc if {condition}"), "yes", alone("tc endif")),
        )
    )  # fmt: skip
    yes = "yes" if holds else ""
    expected = [f"[{yes * 2}]", f"[{yes}]", yes, "a", yes]
    assert paragraphs(bench.render(template, n=4, k="a", text="a {{ %} }} {% b")) == [text for text in expected if text]


# P23: quotes that Word types

QUOTES = ["„Reading“", "«Reading»", "“Reading”", "‘Reading’", "»Reading«", "‚Reading‘", "›Reading‹", "”Reading”",
          '"Reading”', '“Reading"', "'Reading’", "„Reading”"]  # fmt: skip


QUOTED = "".join(f"{{% if area == {quoted} %}}yes{{% endif %}} {{{{ {quoted}|upper }}}} " for quoted in QUOTES)


@everywhere
def test_p23_the_quotes_that_word_types_are_quotes(bench: Bench, place: Place) -> None:
    made = bench.render(place.around(lines(f"{QUOTED}end")), area="Reading")
    assert place.said(made) == ["yes READING " * len(QUOTES) + "end"]


@in_words
def test_p23_the_quotes_that_word_types_are_quotes_outside_of_paragraphs_too(bench: Bench, words: Words) -> None:
    made = bench.render(words.around(f"{QUOTED}end"), area="Reading")
    assert words.said(made) == "yes READING " * len(QUOTES) + "end"


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ student[„name“] }}", "Ana"),
        ("{{ missing|default(“–”) }}", "–"),
        ("{{ words|join(‘, ’) }}", "a, b"),
        ("{{ {“a”: ‘b’}[“a”] }}", "b"),
        ("{{ “it’s” }}", "it’s"),
        ("{{ ‘it’s’ }}", "it’s"),
        ("{{ „say ‚so‘“ }}", "say ‚so‘"),
        ("{{ 'a “b” c' }}", "a “b” c"),
        ('{{ "„a“" }}', "„a“"),
        ("{{ “}}” }}{{ ‘%}’ }}", "}}%}"),
        ("{% set made = «a» ~ »b« %}{{ made }}", "ab"),
        ("{% for one in [“a”, „b“] %}{{ one }}{% endfor %}", "ab"),
        ("{% macro told(one=“a”) %}{{ one }}{% endmacro %}{{ told() }}{{ told(one=‘b’) }}", "ab"),
        ("{%r if student.name == “Ana” %}yes{%r endif %}", "yes"),
        ("“{{ student.name }}”", "“Ana”"),
    ],
)
def test_p23_quotes_in_any_tag_and_text(bench: Bench, tag: str, said: str, *, cut: bool) -> None:
    template = raw_document(para(*map(run, tag)) if cut else lines(tag))
    assert paragraphs(bench.render(template, student={"name": "Ana"}, words=["a", "b"])) == [said]


# P24: "unexpected endfor", in a template of thirty pages

PART_NAMES = {
    "header": "header of section 1",
    "header of section 2": "header of section 2",
    "footer": "footer of section 1",
    "cell in a footer": "footer of section 1",
    "footnote": "footnote 1",
    "cell in a footnote": "footnote 1",
    "endnote": "endnote 1",
    "comment": "comment 1",
    "text box in a header": "header of section 1, text box",
    "text box": "body, text box",
    "text box in a cell": "body, text box",
}
HEADINGS = (
    f'<w:styles xmlns:w="{W[1:-1]}"><w:style w:type="paragraph" w:styleId="Ueberschrift1">'
    '<w:name w:val="heading 1"/></w:style></w:styles>'
)


def test_p24_every_problem_of_a_template_in_one_run_each_with_its_place(bench: Bench) -> None:
    heading = para(run("Present levels"), properties='<w:pStyle w:val="Ueberschrift1"/>')
    tables = table(row("a", "b")) + para() + table(row("a", "b"), row("c", "d"), row("e", "[{% if x %}] f"))
    header = lines("{%p for g in goals %}", "{%p if g.met %}", "{{ g.goal }}", "{%p endfor %}")
    template = raw_document(
        heading + tables + section_break(1),
        headers=[para(), header],
        parts={"styles.xml": ("rId1", "styles", HEADINGS)},
    )
    unclosed, crossed = bench.refused(template)
    assert unclosed.place == TemplatePlace("letter.docx", "body", "Present levels", 2, 3, 2, "[»{% if x %}«] f")
    assert "not closed" in unclosed.message
    assert "{% endif %}" in unclosed.mend
    assert crossed.place == TemplatePlace("letter.docx", "header of section 2", paragraph="»{%p if g.met %}«")
    assert "'{%p endfor %}'" in crossed.message
    assert "{%p endif %}" in crossed.mend


@pytest.mark.parametrize("name", PLACES)
def test_p24_both_ends_of_a_crossing_are_named_wherever_it_is(bench: Bench, name: str) -> None:
    place = PLACES[name]
    template = place.around(lines("fine", "{% for g in goals %}{% if g %}", "{% endfor %}", "fine"))
    findings = bench.refused(template)
    assert {finding.message for finding in findings} == {
        "'{% if g %}' is not closed before '{% endfor %}' closes what is around it (\"»{% endfor %}«\")."
        if "cell" not in name and "table" not in name
        else "'{% if g %}' is not closed before '{% endfor %}' closes what is around it "
        '(table 1, row 1, column 1, "»{% endfor %}«").'
    }
    [where] = {finding.place for finding in findings}
    assert isinstance(where, TemplatePlace)
    assert (where.part, where.paragraph) == (PART_NAMES.get(name, "body"), "{% for g in goals %}»{% if g %}«")
    in_table = "cell" in name or "table" in name
    assert (where.table, where.row, where.column) == ((1, 1, 1) if in_table else (None, None, None))


@pytest.mark.parametrize(
    ("texts", "blamed"),
    [
        (["{% endfor %}"], ["{% endfor %}"]),
        (["{% if a %}", "{% for b in c %}"], ["{% if a %}", "{% for b in c %}"]),
        (["{% if a %}{% for b in c %}{% endif %}{% endfor %}"], ["{% for b in c %}", "{% endfor %}"]),
        (["{% endif %}", "x", "{% if a %}"], ["{% endif %}", "{% if a %}"]),
        (["{% else %}"], ["{% else %}"]),
        (["{% elif a %}"], ["{% elif a %}"]),
        (["{% if a %}{% else %}{% else %}{% endif %}"], ["{% else %}"]),
        (["{% if a %}{% else %}{% elif b %}{% endif %}"], ["{% elif b %}"]),
        (["{% for a in b %}{% elif c %}{% endfor %}"], ["{% elif c %}"]),
        (["{{ a", "{% if b"], ["{{", "{%"]),
        (["{# a"], ["{#"]),
        (["{{ a b }} {{ }} {% fi a %}"], ["{{ a b }}", "{{ }}", "{% fi a %}"]),
        (["{% for goal goals %}", "{% endfor %}"], ["{% for goal goals %}"]),
        (["{% if a = 'b' %}", "{% endif %}"], ["{% if a = 'b' %}"]),
        (["{{ a|uper }}", "{% if a is defind %}{% endif %}"], ["{{ a|uper }}", "{% if a is defind %}"]),
        (["{{ 'a }}"], ["{{ 'a }}"]),
        (["{{ (a }}"], ["{{ (a }}"]),
        (["{% macro a %}{% endmacro %}"], ["{% macro a %}"]),
        (["{% raw %}"], ["{% raw %}"]),
        (["{% set a %}"], ["{% set a %}"]),
        (["{%p if a %}", "{%p endfor %}"], ["{%p if a %}", "{%p endfor %}"]),
        (["{%tr for a in b %}", "{%tr endfor %}"], ["{%tr for a in b %}", "{%tr endfor %}"]),
        (["{% colspan 2 %}"], ["{% colspan 2 %}"]),
    ],
)
@pytest.mark.parametrize("where", ["body", "header", "footnote", "text box"])
def test_p24_every_wrong_tag_is_blamed_and_no_other(
    bench: Bench, where: str, texts: list[str], blamed: list[str]
) -> None:
    findings = bench.refused(PLACES[where].around(lines("{{ fine }}", *texts)))
    found = [str(finding.place).partition("»")[2].partition("«")[0] for finding in findings]
    assert sorted(found) == sorted(blamed * (len(found) // len(blamed)))
    assert all(finding.mend and "Jinja" not in finding.message for finding in findings)


@in_words
def test_p24_a_wrong_tag_is_named_outside_of_paragraphs_too(bench: Bench, words: Words) -> None:
    [finding] = bench.refused(words.around("a {% if x %} b"))
    assert isinstance(finding.place, TemplatePlace)
    assert finding.place.paragraph == "a »{% if x %}« b"
    part, _, within = (finding.place.part or "").partition(", ")
    assert part in {"body", "header of section 1", "chart", "diagram", "document properties"}
    assert within in {"", "alternative text"}


def test_p24_the_problems_of_all_parts_come_at_once(bench: Bench) -> None:
    wrong = lines("{% if x %}")
    template = raw_document(
        wrong + section_break(1) + footnoted() + footnoted("endnote") + COMMENTED,
        headers=[wrong, wrong],
        footers=[wrong],
        footnotes=[wrong],
        endnotes=[wrong],
        comments=[wrong],
        properties={"title": "{% if x %}"},
    )
    parts = [finding.place.part for finding in bench.refused(template) if isinstance(finding.place, TemplatePlace)]
    assert sorted(filter(None, parts)) == [
        "body", "comment 1", "document properties", "endnote 1", "footer of section 2", "footnote 1",
        "header of section 1", "header of section 2",
    ]  # fmt: skip


# P25: the text beside a tag loses or gains its formatting

BOLD, ITALIC = "<w:b/>", "<w:i/>"


def look_of(document: bytes) -> list[list[tuple[str, str]]]:
    """Return what each paragraph of a document's body says, as texts with their looks."""
    found = []
    for paragraph in part_of(document).iter(f"{W}p"):
        texts: list[tuple[str, str]] = []
        for text in paragraph.iter(f"{W}t"):
            look = "".join(etree.QName(one).localname for one in text.iterfind(f"../{W}rPr/*"))
            if texts and texts[-1][1] == look:
                texts[-1] = (texts[-1][0] + (text.text or ""), look)
            elif text.text:
                texts.append((text.text, look))
        found.append(texts)
    return found


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([run("{{ na"), run("me }} tail", BOLD)], [("Ana", ""), (" tail", "b")]),
        ([run("Name: {", BOLD), run("{ name }}, normal")], [("Name: Ana", "b"), (", normal", "")]),
        ([run("{{ name }", BOLD), run("} tail")], [("Ana", "b"), (" tail", "")]),
        ([run("a "), run("{{ name }}", BOLD), run(" z", ITALIC)], [("a ", ""), ("Ana", "b"), (" z", "i")]),
        (
            [run("{% if name %}", BOLD), run("yes"), run("{% endif %}", BOLD), run("!", ITALIC)],
            [("yes", ""), ("!", "i")],
        ),
        ([run("a{%", BOLD), run(" if name %}b{% end"), run("if %}c", ITALIC)], [("a", "b"), ("b", ""), ("c", "i")]),
        ([run("{%r if name %}", BOLD), run("yes", ITALIC), run("{%r endif %}", BOLD)], [("yes", "i")]),
        ([run("a {%r if name %} b {%r endif %} c", BOLD)], [("a  b  c", "b")]),
        ([run("a "), run("{{r name }} b", BOLD)], [("a ", ""), ("Ana b", "b")]),
        ([run("{% for n in [1, 2] %}", BOLD), run("{{ n }}", ITALIC), run(",{% endfor %}")],
         [("1", "i"), (",", ""), ("2", "i"), (",", "")]),
        ([run("{#", BOLD), run(" a comment #}z", ITALIC)], [("z", "i")]),
    ],
)  # fmt: skip
def test_p25_a_value_looks_like_its_tag_and_the_text_beside_it_stays(
    bench: Bench, runs: list[str], expected: list[tuple[str, str]]
) -> None:
    assert look_of(bench.render(raw_document(para(*runs)), name="Ana")) == [expected]


def test_p25_wherever_a_tag_is_cut_a_value_looks_like_its_first_character(bench: Bench) -> None:
    before, tag, after = "a ", "{{ name }}", " z"
    whole = before + tag + after
    blocks, expected = "", []
    for first in range(1, len(whole)):
        for second in range(first + 1, len(whole)):
            looks = "p" * first + "b" * (second - first) + "i" * (len(whole) - second)
            pieces = whole[:first], whole[first:second], whole[second:]
            blocks += para(run(pieces[0]), run(pieces[1], BOLD), run(pieces[2], ITALIC))
            signs = [*zip(before, looks, strict=False), ("Ana", looks[len(before)])]
            signs += [*zip(after, looks[-len(after) :], strict=True)]
            expected.append([
                ("".join(sign for sign, _ in group), look.replace("p", ""))
                for look, group in groupby(signs, key=itemgetter(1))
            ])  # fmt: skip
    assert look_of(bench.render(raw_document(blocks), name="Ana")) == expected


BESIDE = {
    "bookmark": '<w:bookmarkStart w:id="1" w:name="q"/><w:bookmarkEnd w:id="1"/>',
    "comment": '<w:commentRangeStart w:id="0"/><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
    "footnote": '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="1"/></w:r>',
    "deletion": '<w:del w:id="1" w:author="Dana Whitfield"><w:r><w:delText>deleted {{ x</w:delText></w:r></w:del>',
    "picture": drawing("a picture"),
    "text box": text_box(lines("in it")),
    "page break": '<w:r><w:br w:type="page"/></w:r>',
    "symbol": '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
    "what nobody knows": '<x:thing xmlns:x="urn:x" x:y="1"><x:inner/></x:thing>',
}


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_p25_what_stands_in_a_broken_tag_and_beside_it_stays(bench: Bench, beside: str) -> None:
    def around(*runs: str) -> bytes:
        return raw_document(para(*runs), comments=[lines("c")], footnotes=[lines("f")])

    inside = around(run("a {{ na"), beside, run("me }} z", BOLD))
    assert canonical(bench.render(inside, name="Ana")) == canonical(around(run("a Ana"), beside, run(" z", BOLD)))
    outside = around(beside, run("a {{ name }}"), beside.replace('"1"', '"2"'), run(" z", BOLD))
    expected = around(beside, run("a Ana"), beside.replace('"1"', '"2"'), run(" z", BOLD))
    assert canonical(bench.load(outside).render({"name": "Ana"})) == canonical(expected)


def canonical(document: bytes) -> bytes:
    """Return a document's body in canonical form, without `xml:space` and empty runs."""
    body = part_of(document)
    for text in body.iter(f"{W}t"):
        text.attrib.pop(SPACE, None)
    for empty in [one for one in body.iter(f"{W}r") if not len(one)]:
        next(empty.iterancestors()).remove(empty)
    return etree.tostring(body, method="c14n2")


def test_p25_a_filter_of_a_block_changes_its_text_and_nothing_else(bench: Bench) -> None:
    first = para(run("{% filter upper %}a "), run("{{ name }}", BOLD), "<w:r><w:tab/></w:r>", run("& z{% endfilter %}"))
    emptied = cell(lines("{%p if not name %}", "d", "{%p endif %}"))
    second = lines("{%p filter upper %}", "b {{ name }}") + table(row("c", emptied)) + lines("{%p endfilter %}", "e")
    made = bench.render(raw_document(first + second), name="Ana")
    assert [text for text in look_of(made) if text] == [
        [("A ", ""), ("ANA", "b"), ("& Z", "")], [("B ANA", "")], [("C", "")], [("e", "")],
    ]  # fmt: skip


# P26: {{r note }} prints nothing where the value is plain text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("A", "A"), ("", ""), ("a < b & c", "a < b & c"), ("  A  ", "  A  "), ("one\ntwo\tx", "one\ntwo\tx"), (3, "3"),
        (2.5, "2.5"), (3.0, "3"), (True, "yes"), (None, ""), (["a", "b"], "a, b"),
        (dt.date(2026, 3, 4), "March 4, 2026"),
        (Markup("a &amp; b"), "a & b"), (Listing("a\nb"), "a\nb"), (RichText("rich"), "rich"), (escape("<A>"), "<A>"),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("tag", ["x {{r note }} y", "x {{ note }} y", "x {% if 1 %}{{r note }}{% endif %} y"])
@pytest.mark.parametrize("where", ["body", "header", "cell", "text box", "hyperlink", "insertion"])
def test_p26_a_run_value_may_be_any_value(bench: Bench, where: str, tag: str, value: object, said: str) -> None:
    place = PLACES[where]
    assert place.said(bench.render(place.around(lines(tag)), note=value)) == [f"x {said} y"]


def test_p26_a_run_value_of_plain_text_looks_like_its_tag(bench: Bench) -> None:
    made = bench.render(raw_document(para(run("x {{r note }} y", BOLD))), note="A")
    assert look_of(made) == [[("x A y", "b")]]


@pytest.mark.parametrize(
    ("tag", "said"),
    [("{{p note }}", ["a & b"]), ("{{p notes }}", ["one, two"]), ("{{p missing }}", []), ("{{p 3 }}", ["3"])],
)
@in_blocks
def test_p26_a_paragraph_value_may_be_plain_too(bench: Bench, place: Place, tag: str, said: list[str]) -> None:
    made = bench.render(place.around(lines("before", tag, "after")), note="a & b", notes=["one", "two"])
    assert place.said(made) == ["before", *said, "after"]


# P27: the page break between repeated letters is lost

PAGE, COLUMN = '<w:r><w:br w:type="page"/></w:r>', '<w:r><w:br w:type="column"/></w:r>'


@pytest.mark.parametrize(
    "closing",
    [
        para(run("{%p endfor %}"), PAGE),
        para(PAGE, run("{%p endfor %}")),
        para('<w:r><w:t>{%p endfor %}</w:t><w:br w:type="page"/></w:r>'),
        para('<w:r><w:br w:type="page"/><w:t>{%p endfor %}</w:t></w:r>'),
        para(run("{%p end"), PAGE, run("for %}")),
        para(run("{%p endfor %}"), f'<w:ins w:id="1" w:author="Dana Whitfield">{PAGE}</w:ins>'),
        para(run("{%p endfor %}"), content_control(PAGE)),
        para(PAGE) + lines("{%p endfor %}"),
        para(PAGE) + lines("{% endfor %}"),
    ],
)
@in_blocks
def test_p27_a_page_break_at_the_end_of_a_loop_is_repeated(bench: Bench, place: Place, closing: str) -> None:
    opening = lines("{%p for s in l %}" if "{%p" in closing else "{% for s in l %}", "{{ s }}")
    made = bench.render(place.around(opening + closing + lines("end")), l=["a", "b"])
    assert place.said(made) == ["a", "\f", "b", "\f", "end"]


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (para(run("{%p for s in l %}"), PAGE) + lines("{{ s }}", "{%p endfor %}"), ["\f", "a", "\f", "b"]),
        (para(PAGE, run("{%p for s in l %}")) + lines("{{ s }}", "{%p endfor %}"), ["\f", "a", "b"]),
        (lines("{%p if l %}", "x") + para(run("{%p endif %}"), PAGE) + lines("y"), ["x", "\f", "y"]),
        (lines("{%p if not l %}", "x") + para(run("{%p endif %}"), PAGE) + lines("y"), ["\f", "y"]),
        (lines("{%p if l %}", "x") + para(PAGE, run("{%p endif %}")) + lines("y"), ["x", "\f", "y"]),
        (lines("{%p if not l %}", "x") + para(PAGE, run("{%p endif %}")) + lines("y"), ["y"]),
        (para(run("{%p set x = 1 %}"), PAGE) + lines("{{ x }}"), ["\f", "1"]),
        (para(run("{#p a comment #}"), PAGE) + lines("y"), ["\f", "y"]),
        (lines("{%p for s in l %}") + para(run("{{ s }}"), PAGE) + lines("{%p endfor %}"), ["a\f", "b\f"]),
        (lines("{%p for s in l %}", "{%p if s == 'a' %}", "x") + para(run("{%p endif %}"), PAGE)
         + lines("{%p endfor %}"), ["x", "\f", "\f"]),
    ],
)  # fmt: skip
@in_blocks
def test_p27_a_page_break_beside_a_control_tag_stays_on_its_side(
    bench: Bench, place: Place, blocks: str, said: list[str]
) -> None:
    assert place.said(bench.render(place.around(blocks + lines("end")), l=["a", "b"])) == [*said, "end"]


@pytest.mark.parametrize(
    ("kept", "path"),
    [
        (COLUMN, f"{W}br[@{W}type='column']"),
        (drawing("a picture"), f"{W}drawing"),
        (text_box(lines("in it")), f"{{{WORD_NAMESPACES['mc']}}}AlternateContent"),
        ('<w:r><w:footnoteReference w:id="1"/></w:r>', f"{W}footnoteReference"),
        ('<w:r><w:pict><v:shape id="s7" style="width:9pt"/></w:pict></w:r>', f"{W}pict"),
    ],
)
@pytest.mark.parametrize("last", [False, True], ids=["before", "after"])
def test_p27_what_else_is_in_the_paragraph_of_a_control_tag_stays_too(
    bench: Bench, kept: str, path: str, *, last: bool
) -> None:
    tag = run("{%p endfor %}")
    closing = para(tag, kept) if last else para(kept, tag)
    template = raw_document(lines("{%p for s in l %}", "{{ s }}") + closing, footnotes=[lines("f")])
    made = bench.render(template, l=["a", "b", "c"])
    assert len(part_of(made).findall(f".//{path}")) == 3
    assert not part_of(bench.render(template, l=[])).findall(f".//{path}")


@pytest.mark.parametrize(
    ("opening", "closing", "sections"),
    [("{%p for s in l %}", "[{%p endfor %}]", 4), ("[{%p for s in l %}]", "{%p endfor %}", 2),
     ("{%p if l %}", "[{%p endif %}]", 2), ("[{%p if not l %}]", "{%p endif %}", 2)],
)  # fmt: skip
def test_p27_a_section_that_ends_with_a_control_tag_still_ends(
    bench: Bench, opening: str, closing: str, sections: int
) -> None:
    size = '<w:pgSz w:w="15840" w:h="12240" w:orient="landscape"/>'

    def written(text: str) -> str:
        section = f"<w:sectPr>{size}</w:sectPr>" if text.startswith("[") else ""
        return para(run(text.strip("[]")), properties=section)

    made = bench.render(raw_document(written(opening) + lines("a") + written(closing) + lines("z")), l=["a", "b", "c"])
    assert len(part_of(made).findall(f".//{W}sectPr")) == sections
    assert len(part_of(made).findall(f".//{W}pgSz")) == sections - 1


# P28: Word says: unreadable content

EMPTIED = {
    "if": lines("{%p if nothing %}", "text", "{%p endif %}"),
    "if without p": lines("{% if nothing %}", "text", "{% endif %}"),
    "for": lines("{%p for one in nothing %}", "{{ one }}", "{%p endfor %}"),
    "for in for": lines(
        "{%p for one in [nothing] %}", "{%p for two in one %}", "{{ two }}", "{%p endfor %}", "{%p endfor %}"
    ),
    "table": lines("{%p if nothing %}") + table(row("a", "b")) + lines("{%p endif %}"),
    "rows of a table": table(row("{%tr for one in nothing %}"), row("{{ one }}"), row("{%tr endfor %}")) + para(),
    "content control": lines("{%p if nothing %}") + content_control(lines("text")) + lines("{%p endif %}"),
    "value": lines("{{p nothing }}"),
    "comment": lines("{#p a comment #}"),
    "set": lines("{%p set made = 1 %}"),
    "macro": lines("{%p macro told() %}", "text", "{%p endmacro %}"),
    "one paragraph": lines("{%p if nothing %}text{%p endif %}"),
    "table and tag": lines("{%p if nothing %}", "text", "{%p endif %}", "{#p c #}"),
}


@pytest.mark.parametrize("blocks", EMPTIED.values(), ids=EMPTIED)
@in_blocks
def test_p28_what_is_emptied_stays_valid(bench: Bench, place: Place, blocks: str) -> None:
    assert place.said(bench.render(place.around(blocks), nothing=[])) == []


@pytest.mark.parametrize("blocks", [EMPTIED["if"], EMPTIED["for"], EMPTIED["table"]])
@pytest.mark.parametrize("where", ["cell", "nested table", "text box", "header", "footnote", "content control"])
def test_p28_the_paragraph_that_stands_in_looks_like_the_first(bench: Bench, where: str, blocks: str) -> None:
    centred = blocks.replace("<w:p>", '<w:p><w:pPr><w:jc w:val="center"/></w:pPr>')
    place = PLACES[where]
    made = bench.render(place.around(centred), nothing=[])
    looks = [one.get(f"{W}val") for one in part_of(made, f"word/{place.part}.xml").iter(f"{W}jc")]
    assert looks == ["center"] * (2 if place.twice else 1)


@pytest.mark.parametrize("where", ["cell", "nested table", "cell in a footer", "cell in a footnote"])
def test_p28_a_cell_never_ends_with_a_table(bench: Bench, where: str) -> None:
    inner = table(row("a"))
    for blocks in (
        inner + lines("{%p if nothing %}", "text", "{%p endif %}"),
        lines("{%p if not nothing %}") + inner + lines("{%p endif %}"),
        lines("{%p for one in [1, 2] %}") + inner + lines("{%p endfor %}"),
        inner + lines("{{p nothing }}"),
    ):
        said = PLACES[where].said(bench.render(PLACES[where].around(blocks), nothing=[]))
        assert set(said) == {"a"}


def test_p28_a_row_that_loses_every_cell_is_no_row(bench: Bench) -> None:
    cells = row("{%tc for one in nothing %}", "{{ one }}", "{%tc endfor %}")
    made = bench.render(raw_document(table(cells, row("stays"))), nothing=[])
    assert (paragraphs(made), len(list(part_of(made).iter(f"{W}tr")))) == (["stays"], 1)
    assert list(part_of(bench.render(raw_document(table(cells)), nothing=[])).iter(f"{W}tbl")) == []


def test_p28_a_row_keeps_its_control_if_that_still_has_something(bench: Bench) -> None:
    rows = row("{%tr for one in all %}") + row("{{ one }}") + row("{%tr endfor %}")
    template = raw_document(table(content_control(rows)) + para())
    assert paragraphs(bench.render(template, all=["a", "b"])) == ["a", "b"]
    emptied = bench.render(template, all=[])
    assert [one.tag for one in part_of(emptied)[0]] == [f"{W}p", f"{W}sectPr"]


def test_p28_a_control_among_runs_that_is_emptied_stays_valid(bench: Bench) -> None:
    control = content_control(run("{%r if nothing %}") + run("text") + run("{%r endif %}"))
    assert paragraphs(bench.render(raw_document(para(run("a"), control, run("z"))), nothing=[])) == ["az"]
    control = content_control(run("{% if nothing %}text{% endif %}"))
    assert paragraphs(bench.render(raw_document(para(run("a"), control, run("z"))), nothing=[])) == ["az"]


# P29: an empty list leaves a table without rows

ROWS = (row("{%tr for g in goals %}"), row("{{ g }}"), row("{%tr endfor %}"))
WITHOUT_TR = (row("{% for g in goals %}"), row("{{ g }}"), row("{% endfor %}"))


@pytest.mark.parametrize("rows", [ROWS, WITHOUT_TR], ids=["tr", "plain"])
@in_blocks
def test_p29_a_table_without_rows_is_no_table(bench: Bench, place: Place, rows: tuple[str, ...]) -> None:
    around = len(list(part_of(place.around(lines("a")), f"word/{place.part}.xml").iter(f"{W}tbl")))
    template = place.around(lines("before") + table(*rows) + lines("after"))
    made = bench.render(template, goals=[])
    assert place.said(made) == ["before", "after"]
    assert len(list(part_of(made, f"word/{place.part}.xml").iter(f"{W}tbl"))) == around
    assert place.said(bench.render(template, goals=["a", "b"])) == ["before", "a", "b", "after"]


@pytest.mark.parametrize(
    "blocks",
    [
        table(*ROWS),
        table(*ROWS) + para(),
        table(*ROWS) + table(*ROWS),
        content_control(table(*ROWS)),
        content_control(content_control(table(*ROWS))),
        table(content_control("".join(ROWS))),
        table(row(cell(table(*ROWS), para()))),
        table(row("{%tr if goals %}"), *ROWS, row("{%tr endif %}")),
        table(row("{%tr for x in [1, 2] %}"), *ROWS, row("{%tr endfor %}")),
        table(row("{%tr for x in [1, 2] %}"), row(cell(table(*ROWS), para())), row("{%tr endfor %}")),
        table(row("{%tc for g in goals %}", "{{ g }}", "{%tc endfor %}")),
        lines("{%p for x in [1, 2] %}") + table(*ROWS) + lines("{%p endfor %}"),
        lines("{%p if 1 %}") + table(*ROWS) + lines("{%p endif %}"),
    ],
)
@pytest.mark.parametrize("where", ["body", "header", "footnote", "text box"])
def test_p29_no_table_or_control_is_left_without_content(bench: Bench, where: str, blocks: str) -> None:
    assert PLACES[where].said(bench.render(PLACES[where].around(blocks), goals=[])) == []


def test_p29_a_table_with_a_head_keeps_it(bench: Bench) -> None:
    made = bench.render(raw_document(table(row("Goal"), *ROWS)), goals=[])
    assert paragraphs(made) == ["Goal"]


def test_p29_the_table_of_each_round_is_there_or_not(bench: Bench) -> None:
    blocks = lines("{%p for goals in all %}", "{{ loop.index }}") + table(*ROWS) + lines("{%p endfor %}")
    made = bench.render(raw_document(blocks), all=[[], ["a"], []])
    assert paragraphs(made) == ["1", "2", "a", "3"]
    assert len(list(part_of(made).iter(f"{W}tbl"))) == 1


# P30: a loop duplicates ids, and Word "repairs"

GOALS = ["a", "b", "c"]


def looped(*blocks: str, over: str = "goals") -> str:
    return lines(f"{{%p for g in {over} %}}") + "".join(blocks) + lines("{%p endfor %}")


def bookmarked(content: str, name: str = "g", number: int = 7) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


CUT_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> RE</w:instrText></w:r><w:r><w:instrText>F '
    '</w:instrText></w:r><w:r><w:instrText xml:space="preserve">g \\h </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
REFERRING = {
    "field": (field(" REF g \\h "), f"{W}instrText", ""),
    "field of its own case": (field(" pageref g "), f"{W}instrText", ""),
    "cut field": (CUT_FIELD, f"{W}instrText[last()]", ""),
    "simple field": ('<w:fldSimple w:instr=" REF g \\h "><w:r><w:t>x</w:t></w:r></w:fldSimple>', f"{W}fldSimple",
                     f"{W}instr"),
    "link": (f'<w:hyperlink w:anchor="g">{run("to it")}</w:hyperlink>', f"{W}hyperlink", f"{W}anchor"),
    "link field": (field(' HYPERLINK \\l "g" '), f"{W}instrText", ""),
}  # fmt: skip


@pytest.mark.parametrize(("reference", "path", "attribute"), REFERRING.values(), ids=REFERRING)
@in_blocks
def test_p30_a_reference_in_a_copy_points_to_the_bookmark_of_that_copy(
    bench: Bench, place: Place, reference: str, path: str, attribute: str
) -> None:
    block = para(bookmarked(run("{{ g }}")), reference)
    made = bench.render(place.around(looped(block) + lines("end")), goals=GOALS)
    names, targets = [], []
    for paragraph in part_of(made, f"word/{place.part}.xml").iter(f"{W}p"):
        starts, found = paragraph.findall(f"{W}bookmarkStart"), paragraph.findall(f".//{path}")
        if starts and found:
            names.append(starts[0].get(f"{W}name"))
            targets.append(found[-1].get(attribute) if attribute else found[-1].text)
    assert names[:3] == ["g", "g_1", "g_2"]
    assert len(names) == (6 if place.twice else 3)
    assert [re.findall(r"\bg(?:_\d)?\b", str(target)) for target in targets] == [[name] for name in names]


def test_p30_a_new_name_is_none_that_there_is(bench: Bench) -> None:
    others = para(bookmarked(run("x"), "g_1", 1)) + para(bookmarked(run("x"), "g_3", 2))
    made = bench.render(raw_document(others + looped(para(bookmarked(run("{{ g }}"))))), goals=GOALS)
    names = [one.get(f"{W}name") for one in part_of(made).iter(f"{W}bookmarkStart")]
    assert names == ["g_1", "g_3", "g", "g_2", "g_4"]


def test_p30_a_reference_to_what_is_not_copied_stays(bench: Bench) -> None:
    template = raw_document(para(bookmarked(run("x"), "g", 1)) + looped(para(run("{{ g }}"), field(" REF g "))))
    codes = [one.text for one in part_of(bench.render(template, goals=GOALS)).iter(f"{W}instrText")]
    assert codes == [" REF g "] * 3


def test_p30_a_reference_from_without_points_to_the_first_copy_and_is_computed_anew(bench: Bench) -> None:
    template = raw_document(looped(para(bookmarked(run("{{ g }}")))) + para(field(" REF g ")))
    made = part_of(bench.render(template, goals=GOALS))
    assert [one.text for one in made.iter(f"{W}instrText")] == [" REF g "]
    assert [one.get(f"{W}dirty") for one in made.iter(f"{W}fldChar")] == ["true", None, None]


def test_p30_in_a_loop_in_a_loop_each_copy_has_its_own(bench: Bench) -> None:
    inner = looped(para(bookmarked(run("{{ g }}"), "inner", 8), field(" REF inner "), field(" REF outer ")), over="g")
    made = bench.render(raw_document(looped(para(bookmarked(run("{{ g }}"), "outer", 7)), inner)), goals=["ab", "cd"])
    codes = [str(one.text).split()[1] for one in part_of(made).iter(f"{W}instrText")]
    inner_names = [one.get(f"{W}name") for one in part_of(made).iter(f"{W}bookmarkStart")]
    assert codes[1::2] == ["outer", "outer", "outer_1", "outer_1"]
    assert codes[::2] == [name for name in inner_names if str(name).startswith("inner")]
    assert len(set(codes[::2])) == 4


@pytest.mark.parametrize("name", ["g", "name", "w", "instr", "id", "REF"])
def test_p30_what_is_set_once_and_printed_twice_refers_to_itself(bench: Bench, name: str) -> None:
    block = para(bookmarked(run("x"), name), field(f" PAGEREF {name} "), f'<w:fldSimple w:instr=" PAGEREF {name} "/>')
    template = lines("{%p set made %}") + block + lines("{%p endset %}", "{{p made }}", "{{p made }}")
    made = part_of(bench.render(raw_document(template)))
    names = [one.get(f"{W}name") for one in made.iter(f"{W}bookmarkStart")]
    assert names == [name, f"{name}_1"]
    assert [str(one.text).split() for one in made.iter(f"{W}instrText")] == [["PAGEREF", one] for one in names]
    assert [str(one.get(f"{W}instr")).split()[1] for one in made.iter(f"{W}fldSimple")] == names


COPIED = {
    "text box": para(text_box(lines("{{ g }}"), ids=("3", "s1"))),
    "picture": para(drawing("{{ g }}")),
    "shape": para('<w:r><w:pict><v:rect id="s7" style="width:9pt"/><v:oval id="s8" style="width:9pt"/></w:pict></w:r>'),
    "bookmark": para(bookmarked(run("{{ g }}"))),
    "bookmark over paragraphs": para('<w:bookmarkStart w:id="7" w:name="g"/>', run("{{ g }}"))
    + para(run("z"), '<w:bookmarkEnd w:id="7"/>'),
    "bookmark of blocks": '<w:bookmarkStart w:id="7" w:name="g"/>' + lines("{{ g }}") + '<w:bookmarkEnd w:id="7"/>',
    "bookmark without length": para('<w:bookmarkStart w:id="7" w:name="g"/><w:bookmarkEnd w:id="7"/>', run("{{ g }}")),
    "content control": content_control(lines("{{ g }}")).replace("<w:alias", '<w:id w:val="42"/><w:alias'),
    "content control among runs": para(
        content_control(run("{{ g }}")).replace("<w:alias", '<w:id w:val="-42"/><w:alias')
    ),
    "permission": para('<w:permStart w:id="5" w:edGrp="everyone"/>', run("{{ g }}"), '<w:permEnd w:id="5"/>'),
    "comment": para(
        '<w:commentRangeStart w:id="0"/>', run("{{ g }}"),
        '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
    ),
    "insertion": para(f'<w:ins w:id="1" w:author="Dana Whitfield">{run("{{ g }}")}</w:ins>'),
    "table": table(row(cell(para(bookmarked(run("{{ g }}")))), cell(para(drawing("x"))))),
}  # fmt: skip


LOOPS = {
    "for": (looped, 3),
    "for in for": (lambda blocks: looped(looped(blocks, over="[g, g]")), 6),
    "if in for": (lambda blocks: looped(lines("{%p if g != 'b' %}"), blocks, lines("{%p endif %}")), 2),
    "rows": (lambda blocks: table(row("{%tr for g in goals %}"), row(cell(blocks, para())), row("{%tr endfor %}")), 3),
    "macro": (
        lambda blocks: (
            lines("{%p macro told(g) %}") + blocks + lines("{%p endmacro %}", "{{p told('a') }}", "{{p told('b') }}")
        ),
        2,
    ),
    "set": (
        lambda blocks: (
            lines("{%p set made %}")
            + blocks.replace("{{ g }}", "1")
            + lines("{%p endset %}", "{{p made }}", "{%p for g in [1, 2] %}", "{{p made }}", "{%p endfor %}")
        ),
        3,
    ),
    "set to a macro's": (
        lambda blocks: (
            lines("{%p macro told(g) %}")
            + blocks
            + lines("{%p endmacro %}", "{%p set made = told(1) %}", "{{p made }}", "{{p made }}")
        ),
        2,
    ),
    "block": (
        lambda blocks: (
            lines("{%p block one %}")
            + blocks.replace("{{ g }}", "1")
            + lines("{%p endblock %}", "{{p self.one() }}", "{{p self.one() }}")
        ),
        3,
    ),
    "recursion": (
        lambda blocks: (
            lines("{%p for g in [[[]], []] recursive %}") + blocks + lines("{{p loop(g) }}", "{%p endfor %}")
        ),
        3,
    ),
    "call": (
        lambda blocks: (
            lines(
                "{%p macro around() %}",
                "{{p caller('a') }}",
                "{{p caller('b') }}",
                "{%p endmacro %}",
                "{%p call(g) around() %}",
            )
            + blocks
            + lines("{%p endcall %}")
        ),
        2,
    ),
    "two loops": (lambda blocks: looped(blocks.replace("{{ g }}", "1")) + looped(para()), 3),
}
"""What copies blocks, and how often."""


def ids_of(document: bytes, part: str) -> list[tuple[str, str]]:
    """Return the ids that must be unique, in order: of bookmarks, drawings, shapes, controls and so on."""
    found = []
    for node in part_of(document, f"word/{part}.xml").iter(etree.Element):
        name = etree.QName(node)
        if name.localname == "id" and next(node.iterancestors()).tag == f"{W}sdtPr":
            found.append(("control", str(node.get(f"{W}val"))))
        elif name.namespace in (W[1:-1], WORD_NAMESPACES["wp"], "urn:schemas-microsoft-com:vml"):
            found += [(name.localname, one) for key in ("id", f"{W}id") if (one := node.get(key)) is not None]
    return found


@pytest.mark.parametrize(
    ("part", "kind"),
    [("document", kind) for kind in COPIED] + [("header1", kind) for kind in COPIED if kind != "comment"],
)
@pytest.mark.parametrize(("loop", "times"), LOOPS.values(), ids=LOOPS)
def test_p30_what_is_copied_gets_ids_of_its_own(
    bench: Bench, part: str, loop: Callable[[str], str], times: int, kind: str
) -> None:
    def around(blocks: str) -> bytes:
        if part == "document":
            return raw_document(blocks + para(), comments=[lines("c")])
        return raw_document(para(), headers=[blocks + para()], comments=[lines("c")])

    original = ids_of(around(COPIED[kind]), part)
    made = ids_of(bench.render(around(loop(COPIED[kind])), goals=GOALS), part)
    assert made[: len(original)] == original
    assert len(made) == len(original) * times
    for name in {name for name, _ in made} - {"commentRangeStart", "commentRangeEnd"}:
        ids = [number for other, number in made if other == name]
        assert len(ids) == len(set(ids))


def test_p30_the_ids_of_all_parts_are_kept_apart(bench: Bench) -> None:
    def blocks(number: int) -> str:
        box = text_box(lines("{{ g }}"), ids=(str(number), f"s{number}"))
        return looped(para(box, bookmarked(run("{{ g }}"), f"g{number}", number)))

    template = raw_document(
        blocks(1) + section_break(1) + footnoted(),
        headers=[blocks(2), blocks(3)],
        footers=[blocks(4)],
        footnotes=[blocks(5)],
    )
    made = bench.render(template, goals=GOALS)
    ids = [one for part in ("document", "header1", "header2", "footer1", "footnotes") for one in ids_of(made, part)]
    drawings = [number for name, number in ids if name == "docPr"]
    assert len(drawings) == len(set(drawings)) == 15


def test_p30_a_comment_in_a_loop_is_copied_with_its_text(bench: Bench) -> None:
    template = raw_document(looped(COPIED["comment"]), comments=[lines("first {{ word }}"), lines("second")])
    made = bench.render(template, goals=GOALS, word="&")
    assert paragraphs(made, "word/comments.xml") == ["first &", "first &", "first &", "second"]
    anchored = [number for name, number in ids_of(made, "document") if name == "commentReference"]
    assert anchored == ["0", "2", "3"]


def test_p30_words_own_ids_of_paragraphs_are_not_told_twice(bench: Bench) -> None:
    word = "http://schemas.microsoft.com/office/word/2010/wordml"
    own = f'<w:p xmlns:w14="{word}" w14:paraId="1A2B3C4D" w14:textId="77777777">{run("{{ g }}")}</w:p>'
    made = part_of(bench.render(raw_document(own.replace("{{ g }}", "x") + looped(own)), goals=GOALS))
    assert [one.get(f"{{{word}}}paraId") for one in made.iter(f"{W}p")] == ["1A2B3C4D", None, None, None]


# P31: a numbered list goes on counting with the next student

NUMBERING = (
    f'<w:numbering xmlns:w="{W[1:-1]}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId '
    'w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
)
LIST_STYLES = (
    f'<w:styles xmlns:w="{W[1:-1]}"><w:style w:type="paragraph" w:styleId="Num"><w:name w:val="List Number"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Num2">'
    '<w:name w:val="List Number 2"/><w:basedOn w:val="Num"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>'
    "</w:style></w:styles>"
)


def numbered(text: str, number: int = 1, level: int = 0) -> str:
    return para(run(text), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(text: str, style: str = "Num") -> str:
    return para(run(text), properties=f'<w:pStyle w:val="{style}"/>')


def with_lists(body: str, **other: Any) -> bytes:
    lists = {"numbering.xml": ("rId1", "numbering", NUMBERING), "styles.xml": ("rId2", "styles", LIST_STYLES)}
    return raw_document(body, parts=lists, **other)


def counted(document: bytes, part: str = "document") -> list[str]:
    """Return the paragraphs of a part, each with the number that Word shows before it."""
    numbering = part_of(document, "word/numbering.xml")
    starts = {
        (one.get(f"{W}abstractNumId"), level.get(f"{W}ilvl")): int(str(level.find(f"{W}start").get(f"{W}val")))  # type: ignore[union-attr]
        for one in numbering.iterfind(f"{W}abstractNum")
        for level in one.iterfind(f"{W}lvl")
    }
    numbers = {one.get(f"{W}numId"): one for one in numbering.iterfind(f"{W}num")}
    styles = {"Num": ("1", "0"), "Num2": ("1", "1")}
    counts: dict[tuple[Any, int], int] = {}
    begun: set[tuple[Any, Any]] = set()
    said = []
    for paragraph in part_of(document, f"word/{part}.xml").iter(f"{W}p"):
        found = {
            etree.QName(one).localname: one.get(f"{W}val") for one in paragraph.iterfind(f"{W}pPr/{W}numPr/*")
        } or dict(zip(("numId", "ilvl"), styles.get(str(_style(paragraph)), ()), strict=False))
        if "numId" not in found:
            said += [text] if (text := text_in(paragraph)) else []
            continue
        number, level = numbers[found["numId"]], int(str(found["ilvl"]))
        abstract = number.find(f"{W}abstractNumId").get(f"{W}val")  # type: ignore[union-attr]
        override = number.find(f"{W}lvlOverride[@{W}ilvl='{level}']/{W}startOverride")
        if override is not None and (found["numId"], level) not in begun:
            counts[abstract, level] = int(str(override.get(f"{W}val"))) - 1
        begun.add((found["numId"], level))
        counts[abstract, level] = counts.get((abstract, level), starts[abstract, str(level)] - 1) + 1
        for deeper in [key for key in counts if key[0] == abstract and key[1] > level]:
            del counts[deeper]
        said.append(f"{counts[abstract, level]} {text_in(paragraph)}")
    return said


def _style(paragraph: etree._Element) -> str | None:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return None if style is None else style.get(f"{W}val")


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (looped(lines("{{ g }}") + numbered("x") + numbered("y")), ["a", "1 x", "2 y", "b", "1 x", "2 y"]),
        (looped(lines("{{ g }}") + styled("x") + styled("y")), ["a", "1 x", "2 y", "b", "1 x", "2 y"]),
        (looped(lines("{{ g }}") + numbered("x", 2) + numbered("y", 2)), ["a", "5 x", "6 y", "b", "5 x", "6 y"]),
        (
            looped(lines("{{ g }}") + numbered("x") + numbered("y", 1, 1) + numbered("z", 1, 1)),
            ["a", "1 x", "3 y", "4 z", "b", "1 x", "3 y", "4 z"],
        ),
        (
            looped(lines("{{ g }}") + styled("x") + styled("y", "Num2") + styled("z")),
            ["a", "1 x", "3 y", "2 z", "b", "1 x", "3 y", "2 z"],
        ),
        (
            looped(lines("{{ g }}") + numbered("w") + numbered("x") + numbered("y", 2) + numbered("z", 2)),
            ["a", "1 w", "2 x", "5 y", "6 z", "b", "1 w", "2 x", "5 y", "6 z"],
        ),
        (
            looped(lines("{{ g }}"), looped(numbered("{{ g }}"), over="[1, 2]")),
            ["a", "1 1", "2 2", "b", "1 1", "2 2"],
        ),
        (
            looped(lines("{{ g }}"), looped(lines("of {{ g }}") + numbered("x") + numbered("y"), over="[1, 2]")),
            [text for g in "ab" for text in (g, "of 1", "1 x", "2 y", "of 2", "1 x", "2 y")],
        ),
        (
            numbered("u") + looped(lines("{{ g }}") + numbered("x") + numbered("y")) + numbered("v", 2),
            ["1 u", "a", "1 x", "2 y", "b", "1 x", "2 y", "5 v"],
        ),
        (looped(numbered("{{ g }}")), ["1 a", "2 b"]),
        (numbered("u") + looped(numbered("{{ g }}")) + numbered("v"), ["1 u", "2 a", "3 b", "4 v"]),
        (looped(styled("{{ g }}")), ["1 a", "2 b"]),
        (
            looped(numbered("{{ g }}") + numbered("x", 1, 1) + numbered("y", 1, 1)),
            ["1 a", "3 x", "4 y", "2 b", "3 x", "4 y"],
        ),
        (
            table(row("{%tr for g in goals %}"), row("{{ g }}", cell(numbered("x"), numbered("y"))),
                  row("{%tr endfor %}")),
            ["a", "1 x", "2 y", "b", "1 x", "2 y"],
        ),
        (
            table(row("{%tr for g in goals %}"), row(cell(numbered("{{ g }}")), "x"), row("{%tr endfor %}")),
            ["1 a", "x", "2 b", "x"],
        ),
        (
            looped(lines("{{ g }}", "{%p if g == 'b' %}") + numbered("w") + lines("{%p endif %}") + numbered("x")),
            ["a", "1 x", "b", "1 w", "2 x"],
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("part", ["document", "header1"])
def test_p31_a_list_in_a_loop_begins_anew(bench: Bench, part: str, blocks: str, said: list[str]) -> None:
    template = with_lists(blocks + para()) if part == "document" else with_lists(para(), headers=[blocks + para()])
    assert counted(bench.render(template, goals=["a", "b"]), part) == said


NO_ITEM = numbered("{%p if 0 %}") + lines("{%p endif %}")


@pytest.mark.parametrize("item", [numbered("{{ g }}"), styled("{{ g }}"), NO_ITEM])
def test_p31_what_stands_in_for_a_list_without_items_is_none(bench: Bench, item: str) -> None:
    made = bench.render(with_lists(table(row(cell(looped(lines("x") + item + item), looped(item))))), goals=[])
    [paragraph] = part_of(made).iter(f"{W}p")
    assert paragraph.find(f"{W}pPr/{W}numPr") is None


def test_p31_the_numbering_is_only_added_to(bench: Bench) -> None:
    template = with_lists(looped(lines("{{ g }}") + numbered("x") + numbered("y")))
    once, thrice = (
        parts_of(bench.render(template, goals=goals))["word/numbering.xml"].decode() for goals in ("a", GOALS)
    )
    assert once == NUMBERING
    head, _, _ = NUMBERING.rpartition("</w:numbering>")
    assert thrice.startswith(head)
    assert re.findall(r'<w:num w:numId="(\d+)"><w:abstractNumId w:val="0"/>', thrice) == ["1", "3", "4"]


def test_p31_lists_outside_of_the_loop_are_untouched(bench: Bench) -> None:
    outside = numbered("u") + styled("v") + numbered("w", 2)
    template = with_lists(outside + looped(lines("{{ g }}") + numbered("x") + numbered("y")))
    made = bench.render(template, goals=GOALS)
    first, second = (list(map(etree.tostring, part_of(one)[0][:3])) for one in (made, template))
    assert first == second
    assert counted(made)[:3] == ["1 u", "2 v", "5 w"]


# P32: tags outside the body stay


def test_p32_tags_are_filled_in_every_part_at_once(bench: Bench) -> None:
    tag = "{{ n }}"
    template = raw_document(
        para(run(tag), drawing(tag), text_box(lines(tag), ids=("2", "s1")), hyperlink(run(tag)))
        + section_break(1) + footnoted() + footnoted("endnote") + COMMENTED,
        headers=[lines(tag), para(run("x"), text_box(lines(tag), ids=("3", "s2")))],
        footers=[lines(tag)],
        footnotes=[lines(tag)],
        endnotes=[lines(tag)],
        comments=[lines(tag)],
        properties={"title": tag, "subject": tag, "description": tag, "category": tag},
        links={"rId9": "https://example.org/{{ n }}"},
        parts={"charts/chart1.xml": ("rId1", "chart", CHART.format(tag))},
    )  # fmt: skip
    made = parts_of(bench.render(template, n="Ana & Bo"))
    before = {
        name: part.decode().count(tag) + part.decode().count("%7B%7B") for name, part in parts_of(template).items()
    }
    assert not any("{{" in part.decode() for part in made.values())
    for name, count in before.items():
        filled = made[name].decode()
        assert len(re.findall("Ana (?:&amp;|&#38;) Bo|Ana%20%26%20Bo", filled)) == count


@pytest.mark.parametrize("which", ["first", "even", "default"])
def test_p32_tags_are_filled_in_headers_of_first_and_even_pages(bench: Bench, which: str) -> None:
    template = raw_document(para(), headers=[lines("{{ n }}")], footers=[lines("{{ nn }}")])
    typed = packed({name: part.replace(b'w:type="default"', f'w:type="{which}"'.encode())
                    for name, part in parts_of(template).items()})  # fmt: skip
    made, [finding] = bench.told(typed, n="Ana")
    assert paragraphs(made, "word/header1.xml") == ["Ana"]
    assert isinstance(finding.place, TemplatePlace)
    assert finding.place.part == {"first": "first-page ", "even": "even-page ", "default": ""}[which] + (
        "footer of section 1"
    )


# P33: a .dotx "is not a Word file"

DOCUMENT_TYPES = {
    "dotx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        ".docx",
    ),
    "dotm": (
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        ".docm",
    ),
}


@pytest.mark.parametrize(("template_type", "document_type", "ending"), DOCUMENT_TYPES.values(), ids=DOCUMENT_TYPES)
@pytest.mark.parametrize("text", ["{{ n }}", "no tag at all"])
def test_p33_a_word_template_becomes_a_document(
    bench: Bench, text: str, template_type: str, document_type: str, ending: str
) -> None:
    parts = parts_of(raw_document(lines(text), headers=[lines("h")], properties={"title": "t"}))
    types = parts["[Content_Types].xml"].decode()
    assert types.count(DOCUMENT_TYPES["dotx"][1]) == 1
    made_of = parts | {"[Content_Types].xml": types.replace(DOCUMENT_TYPES["dotx"][1], template_type).encode()}
    template = bench.load(packed(made_of))
    made = parts_of(template.render({"n": "Ana"}))
    assert template.ending == ending
    assert made["[Content_Types].xml"].decode() == types.replace(DOCUMENT_TYPES["dotx"][1], document_type)
    assert made.keys() == parts.keys()
    for name in parts.keys() - {"[Content_Types].xml", "word/document.xml"}:
        assert made[name] == parts[name]
    assert text_in(next(etree.fromstring(made["word/document.xml"]).iter(f"{W}p"))) == text.replace("{{ n }}", "Ana")


# P38: a template runs code

CODE = [
    "cycler.__init__.__globals__.os.{run}",
    "cycler['__init__']['__globals__']['os'].{run}",
    "cycler|attr('__init__')|attr('__globals__')",
    "cycler|attr('__in' ~ 'it__')|attr('__glo' ~ 'bals__')",
    "joiner.__init__.__globals__.os.{run}",
    "namespace.__init__.__globals__.os.{run}",
    "lipsum.__globals__['os'].{run}",
    "self.__init__.__globals__.__builtins__.__import__('os').{run}",
    "self._TemplateReference__context",
    "''.__class__.__mro__[1].__subclasses__()",
    "()|attr('__class__')",
    "[name]|map('attr', '__class__')|list",
    "[name]|map(attribute='__class__')|list",
    "[name]|groupby('__class__')",
    "[name]|sort(attribute='__class__')",
    "[name]|selectattr('__class__')|list",
    "[name]|sum(attribute='__class__')",
    "[name]|join(', ', attribute='__class__')",
    "[name]|unique(attribute='__class__')|list",
    "[name]|max(attribute='__class__')",
    "'{{0.__class__}}'.format(name)",
    "'{{a.__class__}}'.format_map({{'a': name}})",
    "'%s'|format(name.__class__)",
    "opened.file.{run}",
    "opened.run('{run}')",
    "made(1)",
    "name.__class__.__base__",
    "range.__class__",
    "dict.__base__",
    "loop.__init__",
    "caller.__globals__",
    "(name for name in [1])",
]


class Opened:
    """What a programmer might hand to a template without a thought."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = self

    def run(self, *_: object) -> str:
        (self.folder / "ran").touch()
        return "ran"

    system = popen = run


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize(
    "form",
    ["[{{{{ {} }}}}]", "{{% if {} %}}x{{% endif %}}", "{{% set made = {} %}}", "{{% for x in {} %}}{{% endfor %}}"],
    ids=["value", "if", "set", "for"],
)
def test_p38_code_is_refused_with_its_place(bench: Bench, form: str, code: str) -> None:
    ran = bench.folder / "ran"
    text = form.format(code.format(run=f"system('touch {ran}')"))
    opened = Opened(bench.folder)
    findings = bench.refused(raw_document(lines(text)), name="Ana", opened=opened, made=opened.run)
    assert not ran.exists()
    assert all("»" in str(finding.place) for finding in findings)
    assert not any(word in str(findings) for word in ("<class", "<module", "<function"))


@everywhere
def test_p38_code_is_refused_wherever_it_stands(bench: Bench, place: Place) -> None:
    ran = bench.folder / "ran"
    code = f"cycler.__init__.__globals__.os.system('touch {ran}')"
    [finding] = {finding.place: finding for finding in bench.refused(place.around(lines(f"{{{{ {code} }}}}")))}.values()
    assert isinstance(finding.place, TemplatePlace)
    assert finding.rule == "template-forbidden"
    assert not ran.exists()


@in_words
def test_p38_code_is_refused_outside_of_paragraphs_too(bench: Bench, words: Words) -> None:
    findings = bench.refused(words.around("{{ cycler.__init__.__globals__.os.getcwd() }}"))
    assert {finding.rule for finding in findings} == {"template-forbidden"}


def test_p38_code_in_a_links_address_or_a_fields_code_is_refused(bench: Bench) -> None:
    code = "{{ cycler.__init__.__globals__.os.getcwd() }}"
    link = raw_document(para(hyperlink(run("here"))), links={"rId9": f"https://example.org/{code}"})
    for template in (link, raw_document(para(field(f' HYPERLINK "https://example.org/{code}" ')))):
        assert {finding.rule for finding in bench.refused(template)} == {"template-forbidden"}

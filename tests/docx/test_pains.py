"""Templates that engines in use today get wrong: each pain as it was reported, and then its whole kind."""
# ruff: noqa: RUF001  (Word's quotes)

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from docxtpl import Listing, RichText
from lxml import etree

import iepdocs
from iepdocs.findings import IepdocsError, Severity, TemplatePlace
from tests.docx.places import (
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
)
from tests.support import (
    TODAY,
    W,
    cell,
    field,
    hyperlink,
    lines,
    para,
    part_of,
    progress_sheets,
    raw_document,
    row,
    run,
    section_break,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iepdocs.findings import Finding
    from tests.docx.places import Bench, Place, Words
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
    "text box in a header": "header of section 1",
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
    assert "{% endif %}" in crossed.mend


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
    assert finding.place.part in {"body", "header of section 1", "chart", "diagram", "properties"}


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
        "body", "comment 1", "endnote 1", "footer of section 2", "footnote 1", "header of section 1",
        "header of section 2", "properties",
    ]  # fmt: skip

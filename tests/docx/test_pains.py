"""Templates that engines in use today get wrong: each pain as it was reported, and then its whole kind."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from docxtpl import Listing, RichText
from lxml import etree

from iepdocs.findings import TemplatePlace
from tests.docx.places import SPACE, WORDS, A, address_of, everywhere, in_words, paragraphs
from tests.support import W, field, hyperlink, lines, para, part_of, raw_document, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iepdocs.findings import Finding
    from tests.docx.places import Bench, Place, Words

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

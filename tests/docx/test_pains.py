"""Templates that engines in use today get wrong: each pain as it was reported, and then its whole kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.docx.places import address_of, everywhere, in_words, paragraphs
from tests.support import hyperlink, lines, para, raw_document, run

if TYPE_CHECKING:
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

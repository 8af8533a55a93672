"""Tags as they are found in a text: what is one, where it ends, what it says."""
# ruff: noqa: RUF001  (Word's quotes)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.docx.compile import names_in
from iepdocs.docx.tags import Tag, Unclosed, find_tags


@pytest.mark.parametrize(
    ("text", "opener", "scope", "source"),
    [
        ("{{ name }}", "{{", "", "name"),
        ("{{name}}", "{{", "", "name"),
        ("{{p name }}", "{{", "p", "name"),
        ("{{ p }}", "{{", "", "p"),
        ("{%tr for x in y %}", "{%", "tr", "for x in y"),
        ("{%- if x -%}", "{%", "", "if x"),
        ("{#p a remark #}", "{#", "p", "a remark"),
        ("{# it’s “so” #}", "{#", "", "it’s “so”"),
        ("{{ “a”|upper }}", "{{", "", '"a"|upper'),
        ("{{ ‘it’s’ }}", "{{", "", '"it’s"'),
        ("{{ „a“ }} ", "{{", "", '"a"'),
        ("{{ a\xa0b }}", "{{", "", "a b"),
        ("{{ '}}' }}", "{{", "", "'}}'"),
        ("{{ {'a': {'b': 1}}['a'] }}", "{{", "", "{'a': {'b': 1}}['a']"),
        ("{{ a\u200b.b }}", "{{", "", "a.b"),
        ("{% if x % 2 == 0 %}", "{%", "", "if x % 2 == 0"),
    ],
)
def test_a_tag_says_what_it_stands_for_and_what_jinja_reads(text: str, opener: str, scope: str, source: str) -> None:
    [tag] = find_tags(text)
    assert isinstance(tag, Tag)
    assert (tag.opener, tag.scope, tag.source) == (opener, scope, source)
    assert text[tag.start : tag.end] == tag.text == text.strip()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a {{ b }}{% c %} d", ["{{ b }}", "{% c %}"]),
        ("{{{ a }}", ["{{ a }}"]),
        ("{{ “a” }} and {{ “b” }}", ["{{ “a” }}", "{{ “b” }}"]),
        ("{x} { { y } } 50 %}", []),
    ],
)
def test_tags_are_found_one_after_the_other(text: str, found: list[str]) -> None:
    assert [tag.text for tag in find_tags(text) if isinstance(tag, Tag)] == found


@pytest.mark.parametrize("text", ["{{ a", "{% if a }}", "{# a", "a {{"])
def test_what_nothing_closes_is_told(text: str) -> None:
    [tag] = find_tags(text)
    assert isinstance(tag, Unclosed)
    assert text.startswith(tag.opener, tag.start)


@given(st.text("{}%#-“”‘'\" ab.|(n", max_size=30))
def test_tags_lie_beside_each_other_in_any_text(text: str) -> None:
    at = 0
    for tag in find_tags(text):
        assert tag.start >= at
        at = tag.end if isinstance(tag, Tag) else tag.start + 2
        if isinstance(tag, Tag):
            assert text[tag.start : tag.end] == tag.text


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("student.first_name|upper", {"student", "first_name", "upper"}),
        ("if area == 'Reading and writing'", {"if", "area"}),
        ("goals|map(attribute='area.name')", {"goals", "map", "attribute", "area", "name"}),
        ("goal['area']", {"goal", "area"}),
    ],
)
def test_the_words_of_a_tag_that_may_be_names(source: str, names: set[str]) -> None:
    assert names_in(source) == names

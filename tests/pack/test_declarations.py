from __future__ import annotations

import re
from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iepdocs.findings import FilePlace, IepdocsError
from iepdocs.pack.declarations import lay_over, read_declaration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[str], dict[str, Any]]

MORE_THAN_TEXT = re.compile(r"true|false|null|-?(0|[1-9][0-9]*)")
PLAIN_SCALARS = st.from_regex(r"[+.-]?[A-Za-z0-9]([A-Za-z0-9:._/+-]*[A-Za-z0-9])?", fullmatch=True)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=2), below, max_size=3),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_read(text: str) -> dict[str, Any]:
        path = tmp_path / "district.yaml"
        path.write_text(text, encoding="utf-8")
        return read_declaration(path)

    return write_and_read


def place_of(raised: pytest.ExceptionInfo[IepdocsError]) -> FilePlace:
    [finding] = raised.value.findings
    assert isinstance(finding.place, FilePlace)
    return finding.place


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("10", 10),
        ("-3", -3),
    ],
)
def test_true_false_null_and_whole_numbers_are_what_they_are(read: Read, written: str, value: object) -> None:
    found = read(f"key: {written}\n")["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "written",
    [
        "300.320",
        "no",
        "Yes",
        "on",
        "True",
        "Null",
        "10:00",
        "2026-03-02",
        "1e3",
        "1_000",
        "0x1F",
        "042",
        "+5",
        ".5",
        "=",
    ],
)
def test_what_yaml_takes_for_more_stays_text(read: Read, written: str) -> None:
    assert read(f"key: {written}\n") == {"key": written}


@settings(deadline=None)
@given(PLAIN_SCALARS.filter(lambda scalar: not MORE_THAN_TEXT.fullmatch(scalar)))
def test_every_other_scalar_stays_text(tmp_path_factory: pytest.TempPathFactory, scalar: str) -> None:
    path = tmp_path_factory.mktemp("pack") / "district.yaml"
    path.write_text(f"key: {scalar}\n", encoding="utf-8")
    assert read_declaration(path) == {"key": scalar}


def test_a_quoted_number_is_text(read: Read) -> None:
    assert read("key: '12'\n") == {"key": "12"}


@pytest.mark.parametrize("key", ["3", "-1", "true", "null", "~", "10:00"])
def test_a_key_is_text_whatever_it_looks_like(read: Read, key: str) -> None:
    assert read(f"{key}: {{{key}: 3}}\n") == {key: {key: 3}}


def test_a_key_that_is_said_to_be_a_number_is_text(read: Read) -> None:
    assert read("!!int 3: a\n") == {"3": "a"}


@pytest.mark.parametrize("text", ["[a, b]: c\n", "mend: {{ grade }}\n", "mend: {{{ grade }}}\n"])
def test_a_list_or_mapping_where_a_key_belongs_is_asked_about(read: Read, text: str) -> None:
    with pytest.raises(IepdocsError, match="no plain text before this colon or brace") as raised:
        read(text)
    assert place_of(raised).inside == "line 1"
    assert raised.value.findings[0].mend == "Put a text that begins with { or [ in quotes."


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("ours:\n  mend: {{ grade }} is wrong.\n", "Put the whole text after 'mend:' in double quotes."),
        ("ours:\n  mend: {% if grade %}Ask.{% endif %}\n", "Put the whole text after 'mend:' in double quotes."),
        ("ours:\n  mend: One thing: ask.\n", "Put the whole text after 'mend:' in double quotes."),
        ("ours:\n  when: '4' == grade\n", "Put the whole text after 'when:' in double quotes."),
        ('ours:\n  when: "4" == grade\n', "Put the whole text after 'when:' in single quotes."),
        ("ours:\n  mend: !ask them\n", "Put the whole text after 'mend:' in double quotes."),
        ("ours:\n  mend: @home\n", "Put the whole text after 'mend:' in double quotes."),
        ("ours:\n\tmend: Ask.\n", "Indent the line with spaces; a tab does not count."),
        ("ours:\n  cells: [grade\n", "Mend the line, or the one above it"),
    ],
)
def test_the_mend_says_what_the_line_lacks(read: Read, text: str, mend: str) -> None:
    with pytest.raises(IepdocsError, match="a colon, quote, bracket or indent is not as it should be") as raised:
        read(text)
    assert place_of(raised).inside == "line 2"
    assert raised.value.findings[0].mend.startswith(mend)


@pytest.mark.parametrize("text", ["city: \x07\n", 'city: "\\x07"\n', 'city: "\\uFFFE"\n', '"\\x07": city\n'])
def test_a_character_that_no_text_holds_is_named(read: Read, text: str) -> None:
    with pytest.raises(IepdocsError, match="there is a character that no text holds"):
        read(text)


LAUGHS = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in pairwise("abcdefghi")
)
"""Eight lines that stand for some hundred million values."""


@pytest.mark.parametrize("text", ["a: &a {b: *a}\n", "a: &a [*a]\n", f"a: {'[' * 40}{']' * 40}\n", LAUGHS])
def test_a_file_that_holds_itself_or_far_too_much_is_refused(read: Read, text: str) -> None:
    with pytest.raises(IepdocsError, match="there is too much in it, or it holds itself"):
        read(text)


def test_a_file_may_be_empty(read: Read) -> None:
    assert read("# nothing yet\n") == {}


def test_a_byte_order_mark_is_no_part_of_the_first_key(read: Read) -> None:
    assert read("\ufeffkey: value\n") == {"key": "value"}


def test_a_mapping_may_take_over_another(read: Read) -> None:
    declared = read("base: &base {type: string, min: 1}\nother: {<<: *base, min: 2}\n")
    assert declared["other"] == {"type": "string", "min": 2}


def test_what_takes_over_another_may_be_taken_over_itself(read: Read) -> None:
    declared = read("a: &a {min: 1}\nlist:\n  b: &b {<<: *a, min: 2}\nc: {<<: *b}\n")
    assert declared["c"] == {"min": 2}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("phone: 1\ncity: A\nphone: 2\n", "line 1"),
        ("columns:\n  area: {}\n  area: {}\n", "line 2"),
        ("city: A\nphone: a: b\n", "line 2"),
        ("city: A\nphone: !!python/name:os.system x\n", "line 2"),
        ("city: A\n---\ncity: B\n", "line 2"),
        ("city: *nowhere\n", "line 1"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_and_line(read: Read, text: str, line: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        read(text)
    place = place_of(raised)
    assert place.path.endswith("district.yaml")
    assert place.inside == line


def test_a_key_that_stands_twice_is_named(read: Read) -> None:
    with pytest.raises(IepdocsError, match="'phone' stands here twice") as raised:
        read("phone: '1'\nphone: 2\n")
    assert raised.value.findings[0].mend == "Keep one of them."


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "district.yaml"
    path.write_bytes("city: Peña\n".encode("cp1252"))
    with pytest.raises(IepdocsError, match="not UTF-8"):
        read_declaration(path)


@pytest.mark.parametrize("text", ["- a\n- b\n", "only words\n", "12\n"])
def test_a_file_that_holds_no_names_is_named(read: Read, text: str) -> None:
    with pytest.raises(IepdocsError, match="should hold names") as raised:
        read(text)
    assert place_of(raised).path.endswith("district.yaml")


def test_mappings_are_laid_over_key_by_key_and_all_else_is_replaced() -> None:
    below = {"title": "Notice", "needs": ["Students", "Notices"], "columns": {"area": {"type": "string", "min": 1}}}
    above = {"needs": ["Students"], "columns": {"area": {"min": 2}, "room": {}}}
    assert lay_over(below, above) == {
        "title": "Notice",
        "needs": ["Students"],
        "columns": {"area": {"type": "string", "min": 2}, "room": {}},
    }


def test_what_is_laid_over_keeps_the_order_below_and_adds_at_the_end() -> None:
    assert list(lay_over({"a": 1, "b": 2}, {"new": 3, "a": 4})) == ["a", "b", "new"]


@given(MAPPINGS)
def test_nothing_changes_nothing(mapping: dict[str, Any]) -> None:
    assert lay_over(mapping, {}) == lay_over({}, mapping) == mapping


@given(MAPPINGS, MAPPINGS)
def test_laying_over_twice_is_laying_over_once(below: dict[str, Any], above: dict[str, Any]) -> None:
    once = lay_over(below, above)
    assert lay_over(once, above) == once


@given(MAPPINGS, MAPPINGS)
def test_the_layers_themselves_stay_as_they_are(below: dict[str, Any], above: dict[str, Any]) -> None:
    before = deepcopy((below, above))
    lay_over(below, above)
    assert (below, above) == before


@given(MAPPINGS, MAPPINGS)
def test_every_value_above_wins_and_every_key_below_stays(below: dict[str, Any], above: dict[str, Any]) -> None:
    merged = lay_over(below, above)
    assert merged.keys() == below.keys() | above.keys()
    assert all(merged[key] == value for key, value in above.items() if not isinstance(value, dict))
    assert all(merged[key] == value for key, value in below.items() if key not in above)

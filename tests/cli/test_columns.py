"""Columns stay columns in every script, and no cell steers the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.cli.columns import beside, clean, width_of, wrap

TEXT = st.text(st.sampled_from("ab é\u0301\u200d\u4e2d\U0001f600\u05d0\u0627"))


def test_control_characters_and_turns_of_direction_are_left_out() -> None:
    assert clean("a\x1b[31mb\x07\r\n  c\u202e\u2028d") == "a[31mb c d"
    assert (
        clean("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645") == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )


@pytest.mark.parametrize(
    ("text", "width"),
    [("Jose", 4), ("Jose\u0301", 4), ("\u674e\u96f7", 4), ("\U0001f600", 2), ("\u05d3\u05e0\u05d4", 3)],
)
def test_the_width_is_that_of_the_terminal(text: str, width: int) -> None:
    assert width_of(text) == width


def test_words_are_wrapped_and_long_ones_cut() -> None:
    assert wrap(["the", "cat", "sat"], 7) == ["the cat", "sat"]
    assert wrap(["no", "abcdefgh", "on"], 5) == ["no", "abcde", "fgh", "on"]
    assert wrap(["\u674e\u96f7\u97e9"], 5) == ["\u674e\u96f7", "\u97e9"]
    assert wrap([], 5) == []


@given(TEXT, st.integers(2, 20))
def test_wrapping_keeps_all_letters_within_the_width(text: str, width: int) -> None:
    lines = wrap(text.split(), width)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(width_of(line) <= width for line in lines)


def test_columns_are_aligned_and_those_without_width_left_out() -> None:
    lines = list(beside([["A1", "A2"], ["\u674e\u96f7"], [], ["one", "two"]], [3, 5, 0, 9]))
    assert lines == ["A1   \u674e\u96f7   one", "A2          two"]


def test_hebrew_does_not_change_places_with_the_next_column() -> None:
    (line,) = beside([["\u05e9\u05dd"], ["\u05d3\u05e0\u05d4 is new."]], [4, 20])
    assert line.startswith("\u200e\u05e9\u05dd\u200e  ")
    assert width_of(line.split("\u05d3")[0]) == 6

"""Text in columns of a terminal, whatever the script."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_JOINERS = "\u200c\u200d"
_UNSEEN = {"Mn", "Me", "Cf"}
_MARK = "\u200e"
"""The left-to-right mark: with it at both ends, Hebrew or Arabic does not change places with what stands beside it."""


def clean(text: str) -> str:
    """Return text as one line without characters that would steer a terminal or turn the direction of writing."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join(
        character for character in line if character in _JOINERS or unicodedata.category(character) not in {"Cc", "Cf"}
    )


def width_of(text: str) -> int:
    """Return how many columns of a terminal a line takes: wide letters two, accents on a letter none (UAX 11)."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(character) in _UNSEEN else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def wrap(words: Iterable[str], width: int) -> list[str]:
    """Return words as lines of at most a width; a word that is longer is cut."""
    lines: list[str] = []
    for word in words:
        if lines and width_of(lines[-1]) + 1 + width_of(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines += _cut(word, width)
    return lines


def beside(columns: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of columns side by side, two spaces between them; a column of no width is left out."""
    for parts in zip_longest(*columns, fillvalue=""):
        padded = [_pad(part, width) for part, width in zip(parts, widths, strict=True) if width]
        yield "  ".join(padded).rstrip()


def _cut(word: str, width: int) -> Iterator[str]:
    piece, size = "", 0
    for character in word if width_of(word) > width else ():
        wide = width_of(character)
        if size + wide > width:
            yield piece
            piece, size = "", 0
        piece += character
        size += wide
    yield piece or word


def _pad(text: str, width: int) -> str:
    right_to_left = not text.isascii() and any(unicodedata.bidirectional(one) in {"R", "AL", "AN"} for one in text)
    padding = " " * (width - width_of(text))
    return f"{_MARK}{text}{_MARK}{padding}" if right_to_left else text + padding

"""Words as people see and mistype them."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


_LEAST = 3
"""A shorter word is like too many others."""


def shown(value: Any) -> str:
    """Return a cell's value as a person sees it, for messages and text columns."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"  # noqa: PLR2004
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, dt.datetime):
        return f"{shown(value.date())} {value:%H:%M}"
    if isinstance(value, dt.date):
        return f"{value.month}/{value.day}/{value.year}"
    if isinstance(value, dt.time):
        return f"{value.hour % 12 or 12}:{value:%M} {'AM' if value.hour < 12 else 'PM'}"  # noqa: PLR2004
    if isinstance(value, list):
        return "; ".join(map(shown, value))
    return str(value)


def fold(text: str) -> str:
    """Return text as it is compared with choices: case and runs of spaces do not count."""
    return " ".join(text.casefold().split())


def nearest(word: str, known: Iterable[str], likeness: float = 0.65) -> str | None:
    """Return the known word that a mistyped one most likely stands for, or None if none is close.

    Args:
        word: what was typed.
        known: the right words.
        likeness: how alike they must be, from 0 to 1, by Ratcliff and Obershelp as difflib has it.
    """
    if len(word) < _LEAST:
        return None
    by_fold = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=likeness)
    return by_fold[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the question whether the nearest known word was meant, or what else to say if none is near."""
    close = nearest(word, known)
    return f"Did you mean {close}?" if close else otherwise

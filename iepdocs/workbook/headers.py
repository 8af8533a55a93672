"""Titles of sheets and columns, matched as people write them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iepdocs.pack import Column, Sheet

_WORDS = {"#": " number ", "%": " percent ", "&": " and "}


def matching(title: str) -> str:
    """Return a title as it is compared: without case, spacing and punctuation; # is number, % percent and & and."""
    for sign, word in _WORDS.items():
        title = title.replace(sign, word)
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(character for character in folded if character.isalnum())


def snake_case(title: str) -> str:
    """Return the name under which a column that nothing declares reaches templates: `Bus Route` is `bus_route`."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    name = re.sub(r"\W+", "_", plain).strip("_")
    return f"_{name}" if name[:1].isdigit() else name


def columns_by_title(columns: Iterable[Column]) -> dict[str, str]:
    """Return `{title, key or alias as compared: key}`; an alias gives way to another column's title."""
    columns = list(columns)
    aliases = {matching(alias): column.key for column in columns for alias in column.aliases}
    return aliases | {matching(word): column.key for column in columns for word in (column.key, column.title)}


def sheets_by_title(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Return `{title or alias as compared: sheet}`."""
    aliases = {matching(alias): sheet for sheet in sheets.values() for alias in sheet.aliases}
    return aliases | {matching(title): sheet for title, sheet in sheets.items()}

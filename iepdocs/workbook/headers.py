"""Titles of sheets and columns, matched as people write them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from iepdocs.language import language_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iepdocs.pack import Column, Sheet

_WORDS = {"#": " number ", "%": " percent ", "&": " and "}


def matching(title: str) -> str:
    """Return a title as it is compared: without case, spacing and punctuation; # is number, % percent and & and."""
    for sign, word in _WORDS.items():
        title = title.replace(sign, word)
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(filter(str.isalnum, folded))


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


def setting(name: str, columns: Mapping[str, str], terms: Iterable[str]) -> str:
    """Return the key of a setting, of one of the district's words, or of either in a language.

    Args:
        name: `Safeguards Contact`, `Safeguards Contact (Spanish)`, `terms.iep_team` or `Terms: IEP Team (Spanish)`.
        columns: the keys of the settings by title, as titles are compared.
        terms: the names of the district's words.

    Returns:
        `safeguards_contact`, `safeguards_contact.es`, `terms.iep_team` or `terms.es.iep_team`; of what nothing declares
        its name in snake_case.
    """
    words = {matching(f"terms {term}"): term for term in terms}
    for base, tag in ((name, None), _in_language(name)):
        if key := columns.get(matching(base)):
            return f"{key}.{tag}" if tag else key
        if term := words.get(matching(base)):
            return f"terms.{tag}.{term}" if tag else f"terms.{term}"
    return name.lower() if "." in name else snake_case(name)


def _in_language(name: str) -> tuple[str, str | None]:
    """Return the name of a setting without the language that it says, and that language's tag; none for English."""
    said = re.fullmatch(
        r"(.*)\((.*)\)|(.*)\.([a-z]{2,3}(?:-\w+)*)|terms\.([a-z]{2,3}(?:-\w+)*)(\..*)", name.strip(), re.IGNORECASE
    )
    if not said:
        return name, None
    base, word = (said[1], said[2]) if said[2] else (said[3], said[4]) if said[4] else (f"terms{said[6]}", said[5])
    tag = language_tag(word)
    return (base, None if tag == "en" else tag) if tag else (name, None)


def sheets_by_title(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Return `{title or alias as compared: sheet}`."""
    aliases = {matching(alias): sheet for sheet in sheets.values() for alias in sheet.aliases}
    return aliases | {matching(title): sheet for title, sheet in sheets.items()}

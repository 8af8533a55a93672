"""What an author of a template most likely meant by a name that is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iepdocs.pack import UnknownName, uses_of
from iepdocs.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iepdocs.pack import Kind, Name, Pack
    from iepdocs.reads import NamePath

_MOST_SLIPS = 4
_MOST_NAMED = 4


def written(found: UnknownName, tag: str) -> str:
    """Return a name as the author wrote it in a tag: with the name of the loop, where that is another than usual."""
    own = re.search(rf"([^\W\d][\w.]*)\.{re.escape(found.word)}\b", tag) if found.above else None
    return f"{own.group(1)}.{found.word}" if own else str(found)


def suggestion(
    found: UnknownName, path: NamePath, tag: str, kind: Kind, pack: Pack, extra: Mapping[str, set[str]]
) -> str:
    """Return how to mend a name that is not there.

    Args:
        found: the name.
        path: the whole of what the tag reads, of which it is a part.
        tag: the tag, as it was typed.
        kind: the document kind.
        pack: what is declared.
        extra: columns that the workbook adds, by sheet.
    """
    word = found.word
    if found.each:
        one = f"{{% for {found.each} in {found.above} %}} … {{{{ {found.each}.{word} }}}} … {{% endfor %}}"
        return f"'{found.above}' is a list. Name one after the other: {one}."
    names = pack.names_of(kind)
    prefix = written(found, tag).removesuffix(word)
    if not found.above and (said := _of_no_record(found, tag, kind, pack, names)):
        return said
    if whole := _mended(path, names, extra, pack):
        return f"Did you mean {'.'.join(whole)}?"
    if close := _close(found, pack):
        return f"Did you mean {prefix}{close}?"
    near = [word] if found.above and word in names else [] if found.above else list(_fields_named(word, names))
    if near:
        return f"Did you mean {near[0]}?"
    alike = [known for known in found.known if set(word.casefold().split("_")) & set(known.split("_"))][:_MOST_NAMED]
    if alike:
        many = f"There are: {', '.join(prefix + one for one in alike)}."
        return many if len(alike) > 1 else f"Did you mean {prefix}{alike[0]}?"
    return f"'iepdocs fields {kind.key}' lists the names."


def _of_no_record(found: UnknownName, tag: str, kind: Kind, pack: Pack, names: Mapping[str, Name]) -> str | None:
    """Return how to mend a word that stands alone and is no name, where more is known than what is near to it."""
    word = found.word
    if re.search(rf"[=!]=\s*{re.escape(word)}\b(?![.(])", tag):
        return f"If it is a word to compare with, put it in quotes: '{word}'."
    if re.search(rf"\w-{re.escape(word)}\b", tag):
        return "A hyphen subtracts. If it belongs to the name, write _ in its place."
    if word in pack.names:
        return f"Other documents have it; '{kind.key}' has: {', '.join(found.known)}."
    if lists := list(_lists_of(word, names)):
        return f"'{word}' is there only between {{% for {word} in {lists[0]} %}} and its {{% endfor %}}."
    return None


def _close(found: UnknownName, pack: Pack) -> str | None:
    """Return the right word that a wrong one is near to, or is another header of."""
    close = nearest(found.word, found.known)
    if close:
        return close
    said = fold(found.word.replace("_", " "))
    for sheet in pack.sheets.values():
        for column in sheet.columns.values():
            if column.key in found.known and said in map(fold, (column.title, *column.aliases)):
                return column.key
    return None


def _mended(path: NamePath, names: Mapping[str, Name], extra: Mapping[str, set[str]], pack: Pack) -> NamePath | None:
    """Return a name with all its words put right, if it is one of a single record and each has a near one."""
    if not all(word.isidentifier() for word in path):
        return None
    for _ in range(_MOST_SLIPS):
        wrong = next((one for one in uses_of({path}, names, extra) if isinstance(one, UnknownName)), None)
        if wrong is None:
            return path
        at = len(wrong.above.split(".")) if wrong.above else 0
        close = _close(wrong, pack)
        if close is None or wrong.each or at >= len(path) or path[at] != wrong.word:
            return None
        path = (*path[:at], close, *path[at + 1 :])
    return None


def _lists_of(word: str, names: Mapping[str, Name], above: str = "") -> Iterator[str]:
    """Yield the lists of which one item is called so: `goals`, `goal.measurements`."""
    for key, name in names.items():
        here = f"{above}.{key}" if above else key
        if name.each == word:
            yield here
        yield from _lists_of(word, name.fields, name.each or here)


def _fields_named(word: str, names: Mapping[str, Name]) -> Iterator[str]:
    """Yield the fields of that name, alone or after that of their record: those of single records first."""
    for key, name in sorted(names.items(), key=lambda pair: (bool(pair[1].each), pair[0] != "student")):
        one = name.each or key
        for field in name.below({}):
            if word.casefold() in (field, f"{one}_{field}"):
                yield f"{one}.{field}"

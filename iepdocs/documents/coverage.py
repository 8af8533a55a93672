"""Which elements of the regulation a template carries, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from iepdocs.findings import FilePlace, Finding, Severity
from iepdocs.language import ENGLISH
from iepdocs.pack import Use, paths_of
from iepdocs.reads import ALL, ITEM, SOME
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iepdocs.docx import Template
    from iepdocs.findings import TemplatePlace
    from iepdocs.pack import Element, Kind, Name, Pack
    from iepdocs.reads import NamePath

_TERM = re.compile(r"\{\{-?\s*terms\.(\w+)[^{}]*\}\}")
_ON_EVERY_PAGE = re.compile("header|footer|^piece")  # of a piece it is not known whether a header takes it in


@dataclass(frozen=True)
class Carried:
    """What carries an element: some of its names, or its text.

    Attributes:
        element: the element.
        names: the names of which any one will do, as templates usually write them; none for a text.
        uses: the columns that these print.
        places: where in the template it is; nowhere if it is missing.
        phrases: of a text, those of which any one will do.
    """

    element: Element
    names: tuple[str, ...]
    uses: tuple[Use, ...]
    places: tuple[TemplatePlace, ...]
    phrases: tuple[str, ...] = ()


def carried(
    kind: Kind, template: Template | None, words: Iterable[tuple[str, TemplatePlace]], pack: Pack, language: str
) -> list[Carried]:
    """Return what carries the elements of a kind, in the order of the regulation.

    Args:
        kind: the document kind.
        template: its template; without one nothing has a place.
        words: the template's own words, paragraph by paragraph.
        pack: what is declared.
        language: the tag of the template's language.
    """
    names = pack.names_of(kind)
    terms = pack.wording(language, {}).terms
    said = [(fold(_TERM.sub(lambda tag: terms.get(tag[1], ""), text)), place) for text, place in words]
    found = []
    for element in kind.elements:
        for any_of in element.names:
            anywhere = [path for name in any_of for path in paths_of(name, pack.names)]
            uses = tuple(dict.fromkeys(use for path in anywhere for use in _uses(path, pack.names)))
            paths = [path for name in any_of for path in paths_of(name, names)]
            tested = all(_is_chosen(use, pack) for use in uses)
            places = _places(paths, template, conditions=tested) if template else []
            if element.every_page:
                places = [place for place in places if _ON_EVERY_PAGE.search(place.part or "")]
            found.append(Carried(element, any_of, uses, tuple(places)))
        for phrases in element.phrases(language):
            there = [place for text, place in said if any(fold(phrase) in text for phrase in phrases)]
            found.append(Carried(element, (), (), tuple(there), phrases))
    return found


def missing(
    kind: Kind, template: Template, words: Iterable[tuple[str, TemplatePlace]], pack: Pack, language: str = ENGLISH.tag
) -> list[Finding]:
    """Return a finding for each element of a kind that a template does not carry, or carries in part.

    Args:
        kind: the document kind.
        template: its template.
        words: the template's own words, paragraph by paragraph.
        pack: what is declared.
        language: the tag of the template's language.
    """
    findings = []
    for element, found in groupby(carried(kind, template, words, pack, language), key=lambda one: one.element):
        parts = list(found)
        absent = [part for part in parts if not part.places]
        if absent:
            none = len(absent) == len(parts)
            says = f"{'Nothing in it carries' if none else 'It carries only a part of this:'} {element.says}"
            place = FilePlace(template.path.name)
            findings.append(
                Finding(
                    f"{says}.", _mend(absent, kind, pack), place, Severity.WARNING, "element-missing", element.citation
                )
            )
    return findings


def _places(paths: Sequence[NamePath], template: Template, *, conditions: bool) -> list[TemplatePlace]:
    """Return where a template reads one of these names, or something below it, from the top of its body."""
    read = sorted(one for one in template.paths if any(_is_below(one, path) for path in paths))
    places = dict.fromkeys(place for one in read for place in template.places_of(one, conditions=conditions))
    return sorted(places, key=lambda place: (place.part != "body", place.part or "", place.order))


def _is_below(read: NamePath, path: NamePath) -> bool:
    """Whether what is read is a name or below it, or may be: of a record handed on, all fields may be read."""
    plain = tuple(ITEM if word == SOME else word for word in read)
    if plain[-1] == ALL:
        return path[: len(plain) - 1] == plain[:-1]
    return plain[: len(path)] == path


def _uses(path: NamePath, names: Mapping[str, Name]) -> list[Use]:
    """Return the columns that a name prints, or the sheet of a whole record or list."""
    known, sheet = names, ""
    for word in path:
        if word != ITEM:
            name = known[word]
            sheet, known = name.sheet.title if name.sheet else sheet, name.below({})
    if name.sheet:
        return [Use(sheet, None)]
    columns = [column.rpartition(".") for column in name.reads]
    return [Use(title or sheet, key) for title, _, key in columns]


def _is_chosen(use: Use, pack: Pack) -> bool:
    """Whether what is read is a choice, which a template may say in words of its own, or whether there is a record."""
    column = pack.sheets[use.sheet].columns[use.column] if use.column else None
    return column is None or column.type == "boolean" or "allowed" in column.rules


def _mend(parts: Sequence[Carried], kind: Kind, pack: Pack) -> str:
    """Return how to put into a template what is missing of one element."""
    names = pack.names_of(kind)
    wanted = [
        next((name for name in part.names if paths_of(name, names)), part.names[0]) for part in parts if part.names
    ]
    paths = {name: (paths_of(name, names) or paths_of(name, pack.names))[0] for name in wanted}
    roots = dict.fromkeys(path[0] for path in paths.values() if path[0] not in names)
    mends = [f"Add {', '.join(roots)} to 'context' in documents/{kind.key}.yaml."] if roots else []
    if wanted:
        where = "where it belongs" if len(wanted) == 1 else "where they belong"
        where = "in the header or footer" if parts[0].element.every_page else where
        loops = dict.fromkeys(loop for path in paths.values() for loop in _loops(path, pack.names))
        within = f", after {ENGLISH.joined(list(loops))}" if loops else ""
        mends.append(f"Put {ENGLISH.joined([f'{{{{ {name} }}}}' for name in wanted])} {where}{within}.")
    texts = [" or ".join(f"'{phrase}'" for phrase in part.phrases) for part in parts if part.phrases]
    if texts:
        mends.append(f"Say it in your own words, with this in it: {'; and '.join(texts)}.")
    return " ".join(mends)


def _loops(path: NamePath, names: Mapping[str, Name]) -> list[str]:
    """Return the tags of the loops in which a name stands, outer to inner."""
    found, known, above = [], names, ""
    for word, after in zip(path, (*path[1:], ""), strict=True):
        if word != ITEM:
            name = known[word]
            above, known = f"{above}.{word}" if above else word, name.below({})
            if after == ITEM:
                found.append(f"{{% for {name.each} in {above} %}}")
                above = name.each
    return found

"""Which columns the documents of a kind use: what its template prints, and what its declaration reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iepdocs.documents.suggest import suggestion, written
from iepdocs.findings import Finding, IepdocsError
from iepdocs.pack import UnknownName, Use, uses_of
from iepdocs.reads import ITEM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iepdocs.docx import Template
    from iepdocs.findings import TemplatePlace
    from iepdocs.pack import Kind, Pack
    from iepdocs.reads import NamePath


@dataclass(frozen=True)
class KindUses:
    """What a kind's documents use.

    Attributes:
        columns: the columns that they use, by sheet.
        selecting: the columns that decide which documents there are, by sheet; wrong they stop one, blank not.
        names: the context names that the template reads.
        gathered: the sheets of which one document may draw on several rows.
        bound: the sheets of the records that one document stands for.
    """

    columns: Mapping[str, set[str]]
    selecting: Mapping[str, set[str]]
    names: set[str]
    gathered: set[str]
    bound: set[str]


def kind_uses(kind: Kind, template: Template, pack: Pack, extra: Mapping[str, set[str]]) -> KindUses:
    """Return what documents of a kind use.

    Args:
        kind: the document kind.
        template: its template.
        pack: what is declared.
        extra: columns that the workbook adds, by sheet.

    Raises:
        IepdocsError: with a finding for every name in the template that the kind does not have.
    """
    names = pack.names_of(kind)
    columns: dict[str, set[str]] = {title: set() for title in kind.needs}
    for title, column in _columns_of_file_name(kind, pack):
        columns.setdefault(title, set()).add(column)
    unknown = unknown_names(kind, template, pack, extra)
    if unknown:
        raise IepdocsError(*unknown)
    paths = template.paths | kind.where.paths | kind.date.paths | {(name,) for name in kind.for_each}
    for found in uses_of(paths, names, extra):
        if isinstance(found, Use) and found.sheet in kind.sheets:
            columns.setdefault(found.sheet, set()).update({found.column} if found.column else ())
    for title, used in columns.items():
        used.update(pack.sheets[title].placing)
    selecting = _selecting(kind, pack)
    for by_sheet in (columns, selecting):
        _add_guests(by_sheet, pack)
    gathering = {path for path in template.paths if path[0] not in kind.for_each or ITEM in path}
    gathered = {use.sheet for use in uses_of(gathering, names, extra) if isinstance(use, Use)}
    bound = {sheet.title for name in kind.for_each if (sheet := pack.names[name].sheet)}
    read = {path[0] for path in template.paths}
    return KindUses(columns, selecting, read, gathered & kind.sheets, bound)


def unknown_names(kind: Kind, template: Template, pack: Pack, extra: Mapping[str, set[str]]) -> list[Finding]:
    """Return a finding for every place in a template that asks for a name which the kind does not have.

    Args:
        kind: the document kind.
        template: its template.
        pack: what is declared.
        extra: columns that the workbook adds, by sheet.
    """
    names = pack.names_of(kind)
    reached: dict[UnknownName, list[NamePath]] = {}
    for path in sorted(template.paths, key=lambda path: (len(path), path)):
        for found in uses_of({path}, names, extra):
            if isinstance(found, UnknownName):
                reached.setdefault(found, []).append(path)
    return [
        _unknown(found, path, place, kind, template, pack, extra)
        for found, paths in reached.items()
        for path in paths
        if len(path) == len(paths[0])  # what lies below a wrong name is not wrong for itself
        for place in template.places_of(path)
    ]


def _unknown(
    found: UnknownName,
    path: NamePath,
    place: TemplatePlace,
    kind: Kind,
    template: Template,
    pack: Pack,
    extra: Mapping[str, set[str]],
) -> Finding:
    tag = (place.paragraph or "").partition("»")[2].partition("«")[0]
    whole = max(
        (one for one in template.paths if one[: len(path)] == path and place in template.places_of(one)), key=len
    )
    return Finding(
        f"There is no name '{written(found, tag)}'.",
        suggestion(found, whole, tag, kind, pack, extra),
        place,
        rule="name-unknown",
    )


def _add_guests(columns: dict[str, set[str]], pack: Pack) -> None:
    """Add the columns under which rows of a sheet may stand on another, as guardians do in their student's row."""
    for sheet in pack.sheets.values():
        if sheet.also_on and sheet.title in columns:
            guests = [pair for prefix in sheet.also_on.prefixes for pair in sheet.also_on.guests(prefix).items()]
            there = columns.setdefault(sheet.also_on.sheet, set())
            there.update(guest for guest, key in guests if key in columns[sheet.title])


def _selecting(kind: Kind, pack: Pack) -> dict[str, set[str]]:
    """Return the columns, by sheet, that decide which documents of a kind there are, and whether in English."""
    selecting: dict[str, set[str]] = {}
    for name in kind.for_each:
        for title, selected in pack.names[name].selected_by.items():
            selecting.setdefault(title, set()).update(selected)
    paths = kind.also_to_student.paths | (kind.without_translation.paths if kind.without_translation else set())
    for found in uses_of(paths, pack.names_of(kind), {}):
        if isinstance(found, Use) and found.column:
            selecting.setdefault(found.sheet, set()).add(found.column)
    return selecting


def _columns_of_file_name(kind: Kind, pack: Pack) -> list[tuple[str, str]]:
    """Return the columns that the kind's file name is made of, as sheet and column."""
    sheets = [sheet for name in ("student", *kind.for_each) if (sheet := pack.names[name].sheet)]
    return [(sheet.title, field) for field in kind.file_fields for sheet in sheets if field in sheet.columns]

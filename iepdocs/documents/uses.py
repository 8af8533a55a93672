"""Which columns the documents of a kind use: what its template prints, and what its declaration reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iepdocs.documents.suggest import suggestion, written
from iepdocs.findings import Finding, IepdocsError, Severity
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
        drawn_on: the sheets from which it follows what they show: those that the kind names, those that say which
            records are a document's, and those behind what is computed.
    """

    columns: Mapping[str, set[str]]
    selecting: Mapping[str, set[str]]
    names: set[str]
    gathered: set[str]
    bound: set[str]
    drawn_on: frozenset[str]


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
        if isinstance(found, Use):
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
    drawn_on = frozenset({*kind.sheets, "Students", "Plans", *columns})
    return KindUses(columns, selecting, read, gathered, bound, drawn_on)


def worth_filling_in(kind: Kind, template: Template, pack: Pack, *, is_translated: bool) -> dict[str, set[str]]:
    """Return the columns that documents of a kind make something of, by sheet.

    They are those that the template and the declaration read, and those without which one of them would be asked for in
    vain, or a rule would stop a document. Rows that may also stand on another sheet, as guardians do in their
    student's, are looked for on their own alone, but for the columns that the template names.

    Args:
        kind: the document kind.
        template: one of its templates.
        pack: what is declared.
        is_translated: whether there are documents with this template only for those who read its language.

    Returns:
        By sheet the columns; sheets beyond those of the kind are there for the sake of rules.

    Raises:
        IepdocsError: with a finding for every name in the template that the kind does not have.
    """
    uses = kind_uses(kind, template, pack, {})
    names = pack.names_of(kind)
    deciding = [name.selected_by for key, name in names.items() if key in uses.names - {"document"}]
    deciding += [names["document"].selected_by] if is_translated else []
    read: dict[str, set[str]] = {title: set() for title in kind.needs}
    for by_sheet in (uses.columns, uses.selecting, *deciding):
        for title, columns in by_sheet.items():
            read.setdefault(title, set()).update(columns)
    named = {word for path in template.paths for word in path}
    for sheet in pack.sheets.values():
        if sheet.also_on and sheet.also_on.sheet in read:
            read[sheet.also_on.sheet] -= sheet.also_on.all_guests - named
    read = {title: columns for title, columns in read.items() if title in kind.sheets}
    _add_conditions(read, kind, pack)
    return {
        title: {*pack.sheets[title].placing, *columns, *kind.workbook_columns.get(title, ())}
        for title, columns in read.items()
    }


def _add_conditions(read: dict[str, set[str]], kind: Kind, pack: Pack) -> None:
    """Add what is read to tell whether a column may be blank, and whether a rule is kept that could stop a document."""
    found: set[tuple[str, str]] = set()
    for title, columns in read.items():
        for column in columns:
            condition = pack.sheets[title].columns[column].required_when
            found |= {(title, path[0]) for path in condition.paths} if condition else set()
    stopping = [
        rule
        for rule in pack.rules.values()
        if rule.grade.severity is Severity.ERROR and (not rule.documents or kind.key in rule.documents)
        if not read.get(rule.sheet, set()).isdisjoint(rule.cells)
    ]
    for rule in stopping:
        for title in {title for title, _ in rule.reads} - rule.sheets:  # the rule holds even without them
            if rule.sheets <= kind.usual_sheets:
                read.setdefault(title, set())
    for rule in stopping:
        found |= rule.reads if rule.sheets <= kind.usual_sheets | (read.keys() - kind.sheets) else set()
    for title, column in found:
        if title in read and column in pack.sheets[title].columns:
            read[title].add(column)


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

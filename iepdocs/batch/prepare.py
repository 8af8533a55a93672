"""What every run begins with: the pack, the workbook, its records, and the kinds that are wanted, checked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from iepdocs.batch.executors import in_copies, local_crew
from iepdocs.documents import Contexts, Document, KindUses, kind_uses, reported, unserved, untranslated
from iepdocs.docx import Template
from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError
from iepdocs.garbage import keeping_everything
from iepdocs.language import language_tag
from iepdocs.pack import language_in
from iepdocs.plan import Caseload, RuleValidator, SheetValidator, link
from iepdocs.workbook import open_workbook

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from iepdocs.batch.executors import Crew
    from iepdocs.pack import Column, Kind, Pack
    from iepdocs.workbook import Workbook


_SHARES_EACH = 2
"""Into how many shares students are parted for each worker: one whose students have more rows holds up no other."""
_FIRST = 5
"""How many students are held against the rules before there are copies: what these students' rules need is compiled,
and copies have it already."""


@dataclass(frozen=True)
class ReadyTemplate:
    """A template of a document kind in a language, and what the documents made with it use."""

    template: Template
    uses: KindUses


@dataclass(frozen=True)
class ReadyKind:
    """A document kind with its templates, by the tags of their languages; in English there is always one."""

    kind: Kind
    templates: Mapping[str, ReadyTemplate]

    def of(self, document: Document) -> ReadyTemplate:
        """Return the template of a document's language."""
        return self.templates[document.language]


@dataclass(frozen=True)
class Prepared:
    """A checked workbook and what can be made from it.

    `lacking` has the kinds that nobody asked for by name, with the sheets that they need and the workbook lacks.
    """

    workbook: Workbook
    kinds: Sequence[ReadyKind]
    lacking: Sequence[tuple[Kind, list[str]]]
    contexts: Contexts
    findings: list[Finding]


@keeping_everything()
def prepare(
    path: Path,
    pack: Pack,
    kinds: Sequence[str],
    today: dt.date,
    password: str | None = None,
    templates: Mapping[str, Path] | None = None,
    jobs: int | None = None,
) -> Prepared:
    """Read and check a workbook for some kinds of documents.

    Args:
        path: the workbook.
        pack: what is declared.
        kinds: the keys of the kinds wanted; none means every kind whose needed sheets are there.
        today: the day of the run.
        password: what opens the workbook, if it is protected.
        templates: templates to take in place of the pack's, whatever language they are in, by kind.
        jobs: how many processes may work at the same time; None for as many as there are cores.

    Raises:
        IepdocsError: where the workbook cannot be read, a kind is not there, or a template is wrong.
    """
    asked = [pack.kind(key) for key in dict.fromkeys(kinds)]
    workbook = open_workbook(path, pack, password)
    lacking = {
        kind.key: absent
        for kind in pack.kinds.values()
        if (absent := [title for title in kind.needs if not _has_rows(title, workbook)])
    }
    findings = [*pack.notes, *workbook.findings]
    for kind in asked:
        findings += [_missing_sheet(title, kind, workbook) for title in lacking.get(kind.key, ())]
    if not asked and not workbook.tables:
        raise _nothing_to_make(path, pack, workbook)
    possible = [kind for kind in asked or pack.kinds.values() if kind.key not in lacking]
    ready = _ready(possible, pack, workbook, templates or {})
    findings += [warning for kind in ready for one in kind.templates.values() for warning in one.template.warnings]
    used = _used(ready, pack)
    caseload = _caseload(used, pack, workbook, findings)
    contexts = Contexts(caseload, pack, today)
    findings += _held_against_rules(contexts, ready, used, workbook, local_crew(jobs, len(caseload.students)))
    order = list(pack.sheets)
    findings.sort(key=lambda finding: _position(finding, order))
    unasked = [(pack.kinds[key], absent) for key, absent in lacking.items() if not asked]
    return Prepared(workbook, ready, unasked, contexts, findings)


def _ready(kinds: Sequence[Kind], pack: Pack, workbook: Workbook, templates: Mapping[str, Path]) -> list[ReadyKind]:
    extra = {title: table.extra for title, table in workbook.tables.items()}
    read = _languages_read(workbook)
    settings = _settings(pack, workbook)
    ready = []
    wrong: list[Finding] = []

    def opened(kind: Kind, tag: str, path: Path) -> ReadyTemplate:
        template = Template(path, pieces=pack.piece_folders(path), language=pack.wording(tag, settings).language)
        return ReadyTemplate(template, kind_uses(kind, template, pack, extra))

    for kind in kinds:
        try:
            if kind.key in templates:
                path = templates[kind.key]
                tag = language_in(path)
                one = opened(kind, tag, path)
                ready.append(ReadyKind(kind, {"en": one, tag: one}))
                continue
            paths = {"en": pack.template(kind.template), **{tag: pack.template_in(kind.template, tag) for tag in read}}
            found = {tag: opened(kind, tag, path) for tag, path in paths.items() if path is not None}
            ready.append(ReadyKind(kind, found))
        except IepdocsError as error:
            wrong += error.findings
    if wrong:
        raise IepdocsError(*wrong)
    return ready


def _languages_read(workbook: Workbook) -> list[str]:
    """Return the tags of the languages, beside English, that someone in the workbook reads."""
    said = {
        str(value)
        for title in ("Contacts", "Students")
        if title in workbook.tables
        for row in workbook.tables[title].rows
        for key, value in row.values.items()
        if value and (key == "language" or (title == "Students" and key.endswith("_language")))
    }
    return sorted({tag for word in said if (tag := language_tag(word)) and tag != "en"})


def _used(ready: Sequence[ReadyKind], pack: Pack) -> dict[str, set[str]]:
    """Return the columns that any of the kinds uses, by sheet."""
    used: dict[str, set[str]] = defaultdict(set)
    for kind in ready:
        for one in kind.templates.values():
            for title, columns in one.uses.columns.items():
                used[title] |= columns
    used["District"] -= pack.settings.keys()
    return used


def _caseload(used: dict[str, set[str]], pack: Pack, workbook: Workbook, findings: list[Finding]) -> Caseload:
    records = {}
    settings = _settings(pack, workbook)
    for title, table in workbook.tables.items():
        records[title], problems = SheetValidator(pack.sheets[title], used[title], settings).validate(table)
        findings += problems
    caseload = Caseload(records, settings, pack)
    findings += link(caseload, workbook.tables, pack)
    return caseload


def _settings(pack: Pack, workbook: Workbook) -> dict[str, Any]:
    """Return the settings of the District sheet, over those of the pack."""
    settings, columns = dict(pack.settings), pack.sheets["District"].columns
    for row in workbook.tables["District"].rows if "District" in workbook.tables else ():
        settings |= {key: value for key, value in row.values.items() if _fits(value, columns.get(key))}
    return settings


def _fits(value: Any, column: Column | None) -> bool:
    """Tell whether a setting is of its column's type; one that is not is told of, and the pack's stands."""
    if column is None or column.type not in ("integer", "number", "float"):
        return True
    return isinstance(value, int if column.type == "integer" else int | float) and not isinstance(value, bool)


def _held_against_rules(
    contexts: Contexts, ready: Sequence[ReadyKind], used: Mapping[str, Collection[str]], workbook: Workbook, crew: Crew
) -> list[Finding]:
    """Return what rules find in the records of each student, and in those that are nobody's, and what is unserved."""
    caseload, pack, kinds = contexts.caseload, contexts.pack, [one.kind.key for one in ready]
    rules = RuleValidator(caseload, workbook.tables, pack, contexts.today, used, kinds)

    def found(students: Collection[str] | None) -> tuple[list[Finding], list[Finding]]:
        mine = contexts if students is None else contexts.over(caseload.part(one for one in students if one))
        return rules.validate(students), list(
            _unserved(ready, mine, workbook, with_all=students is None or "" in students)
        )

    if crew.copies:
        everyone = ["", *caseload.students]
        first, others = everyone[:_FIRST], everyone[_FIRST:]
        size = -(-len(others) // (crew.size * _SHARES_EACH)) or 1
        shares = [dict.fromkeys(others[at : at + size]) for at in range(0, len(others), size)]
        try:
            both = [found(dict.fromkeys(first)), *in_copies(found, shares, crew)]
        except IepdocsError:
            both = [found(None)]  # which names the first row of all that a rule cannot stand
    else:
        both = [found(None)]
    return [one for broken, _ in both for one in broken] + [one for _, unserved in both for one in unserved]


def _unserved(
    ready: Sequence[ReadyKind], contexts: Contexts, workbook: Workbook, *, with_all: bool
) -> Iterator[Finding]:
    """Yield a finding for each student, and what was measured, that no document reaches, and copies not understood.

    What is said once for all students is only `with_all`.
    """
    languages = {one.kind.key: one.templates.keys() for one in ready}
    printed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kind in ready:
        for tag, one in kind.templates.items():
            for title, columns in one.uses.columns.items() if tag != "en" else ():
                printed[tag][title] |= columns
    for found in chain(
        unserved([one.kind for one in ready], languages, contexts),
        untranslated(printed, contexts) if with_all else (),
        reported(contexts) if any("period" in kind.kind.for_each for kind in ready) else (),
    ):
        record, table = found.record, workbook.tables.get(found.record.sheet)
        source = table.rows[0] if table and record.row == 0 else record.source
        place = table.place(found.column, source) if table else FilePlace("district.yaml", found.column)
        yield Finding(found.message, found.mend, place, found.severity, rule=found.rule, citation=found.citation)


def _position(finding: Finding, sheets: list[str]) -> tuple[int, int, str]:
    """Return where a finding stands among others: by sheet, row and cell."""
    place = finding.place
    if not isinstance(place, CellPlace):
        return -1, 0, ""
    if finding.rule == "sheet-misspelt":  # for want of that sheet there may be more to say
        return 0, 0, ""
    sheet = 1 + sheets.index(place.sheet) if place.sheet in sheets else 1 + len(sheets)
    return sheet, place.row or 0, (place.cell or "").rjust(10)


def _has_rows(title: str, workbook: Workbook) -> bool:
    return title in workbook.tables and bool(workbook.tables[title].rows)


def _missing_sheet(title: str, kind: Kind, workbook: Workbook) -> Finding:
    if title in workbook.tables:
        return Finding(
            message=f"The sheet has no rows, and '{kind.title}' needs them.",
            mend="Fill in the sheet, or ask for other documents with --kind.",
            place=CellPlace(title),
            rule="sheet-missing",
        )
    return Finding(
        message=f"The workbook has no sheet '{title}', which '{kind.title}' needs.",
        mend=f"Add a sheet named '{title}' (iepdocs new writes a blank one), or mend the name of yours.",
        place=CellPlace(title),
        rule="sheet-missing",
    )


def _nothing_to_make(path: Path, pack: Pack, workbook: Workbook) -> IepdocsError:
    needs = "; ".join(f"{kind.title}: {', '.join(kind.needs)}" for kind in pack.kinds.values())
    return IepdocsError(
        *workbook.findings,
        Finding(
            message="The workbook has none of the sheets that iepdocs reads.",
            mend=f"Name the sheets as in the blank workbook (iepdocs new). Each document needs: {needs}.",
            place=FilePlace(str(path)),
            rule="sheet-missing",
        ),
    )

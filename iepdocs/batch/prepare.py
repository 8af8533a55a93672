"""What every run begins with: the pack, the workbook, its records, and the kinds that are wanted, checked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iepdocs.documents import Contexts, KindUses, kind_uses, unserved
from iepdocs.docx import Template
from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError, Severity
from iepdocs.plan import Caseload, SheetValidator, broken_rules, link
from iepdocs.workbook import open_workbook

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from iepdocs.pack import Kind, Pack
    from iepdocs.workbook import Workbook


@dataclass(frozen=True)
class ReadyKind:
    """A document kind with its template, and what its documents use."""

    kind: Kind
    template: Template
    uses: KindUses


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


def prepare(
    path: Path,
    pack: Pack,
    kinds: Sequence[str],
    today: dt.date,
    password: str | None = None,
    templates: Mapping[str, Path] | None = None,
) -> Prepared:
    """Read and check a workbook for some kinds of documents.

    Args:
        path: the workbook.
        pack: what is declared.
        kinds: the keys of the kinds wanted; none means every kind whose needed sheets are there.
        today: the day of the run.
        password: what opens the workbook, if it is protected.
        templates: templates to take in place of the pack's, by kind.

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
    findings += [warning for kind in ready for warning in kind.template.warnings]
    used = _used(ready, pack)
    caseload = _caseload(used, pack, workbook, findings)
    findings += broken_rules(caseload, workbook.tables, pack, today, used, [kind.kind.key for kind in ready])
    contexts = Contexts(caseload, pack, today)
    findings += _unserved([kind.kind for kind in ready], contexts, workbook)
    order = list(pack.sheets)
    findings.sort(key=lambda finding: _position(finding, order))
    unasked = [(pack.kinds[key], absent) for key, absent in lacking.items() if not asked]
    return Prepared(workbook, ready, unasked, contexts, findings)


def _ready(kinds: Sequence[Kind], pack: Pack, workbook: Workbook, templates: Mapping[str, Path]) -> list[ReadyKind]:
    extra = {title: table.extra for title, table in workbook.tables.items()}
    ready = []
    wrong: list[Finding] = []
    for kind in kinds:
        try:
            path = templates.get(kind.key) or pack.template(kind.template)
            template = Template(path, pieces=pack.piece_folders(path))
            ready.append(ReadyKind(kind, template, kind_uses(kind, template, pack, extra)))
        except IepdocsError as error:
            wrong += error.findings
    if wrong:
        raise IepdocsError(*wrong)
    return ready


def _used(ready: Sequence[ReadyKind], pack: Pack) -> dict[str, set[str]]:
    """Return the columns that any of the kinds uses, by sheet."""
    used: dict[str, set[str]] = defaultdict(set)
    for kind in ready:
        for title, columns in kind.uses.columns.items():
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
    settings = dict(pack.settings)
    for row in workbook.tables["District"].rows if "District" in workbook.tables else ():
        settings |= row.values
    return settings


def _unserved(kinds: Sequence[Kind], contexts: Contexts, workbook: Workbook) -> Iterator[Finding]:
    """Yield a finding for each student, and what was measured, that no document reaches."""
    for one in unserved(kinds, contexts):
        record = one.record
        place = workbook.tables[record.sheet].place(one.column, record.source)
        severity = Severity.ERROR if one.stops else Severity.WARNING
        yield Finding(one.message, one.mend, place, severity, rule="unserved")


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

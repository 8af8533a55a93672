"""The list of goals: a row for each goal and objective that the progress reports of a run show."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from iepdocs.documents import expand
from iepdocs.files import cannot_write, write_file
from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iepdocs.batch.journal import Beside
    from iepdocs.batch.prepare import Prepared
    from iepdocs.documents import Wanted
    from iepdocs.pack import Kind

_TITLE = "Goals"
_NAMES = ("student", "period", "goals")


def write_summary(prepared: Prepared, wanted: Wanted, path: Path, beside: Beside) -> None:
    """Write the list of the goals of all reporting periods wanted, as a workbook; sorted by its first column.

    Args:
        prepared: the checked workbook and its kinds.
        wanted: the students and periods wanted.
        path: the workbook to write; one that a run has written, and nobody has edited since, is replaced.
        beside: what runs have made.

    Raises:
        IepdocsError: where there is no progress report among the kinds, or the file cannot be written or is another's.
    """
    _check_place(path, beside)
    if not any(_shows_goals(ready.kind) for ready in prepared.kinds):
        raise IepdocsError(_no_reports())
    from iepdocs.workbook.listing import listing  # noqa: PLC0415  (heavy: openpyxl)

    columns = prepared.contexts.pack.summary
    rows = [[_plain(column.value(row)) for column in columns] for row in _rows(prepared, wanted)]
    rows.sort(key=lambda row: (row[0] is None, row[0] if isinstance(row[0], int | float) else 0))
    content = listing(_TITLE, columns, rows)
    write_file(path, content, lambda: beside.write(str(path.absolute()), sha256(content).hexdigest()))


def _check_place(path: Path, beside: Beside) -> None:
    """See that nothing of anybody's is at the place of the list."""
    if path.suffix.lower() != ".xlsx":
        mend = f"Write it such as {path.stem or 'goals'}.xlsx."
        raise IepdocsError(
            Finding("The list is a workbook of Excel.", mend, FilePlace(f"--summary {path}"), rule="bad-name")
        )
    try:
        there = path.read_bytes() if path.exists() else None
    except OSError as error:
        raise cannot_write(path, error) from None
    if there is not None and sha256(there).hexdigest() not in beside.made(str(path.absolute())):
        raise IepdocsError(
            Finding(
                "There is a file of this name already, and it was left alone: it is no list of this folder's runs, or "
                "someone has edited it since.",
                "Choose another name for --summary, or move that file away.",
                FilePlace(str(path)),
                rule="file-exists",
            )
        )


def _shows_goals(kind: Kind) -> bool:
    return {*_NAMES} <= {*kind.for_each, *kind.context}


def _no_reports() -> Finding:
    return Finding(
        "There is no progress report in this run whose goals could be listed.",
        "Ask for progress reports (--kind progress_report), from a workbook with Goals and Progress.",
        FilePlace("--summary"),
        rule="sheet-missing",
    )


def _rows(prepared: Prepared, wanted: Wanted) -> Iterator[dict[str, Any]]:
    seen = set()
    for ready in prepared.kinds:
        if not _shows_goals(ready.kind):
            continue
        for document in expand(ready.kind, prepared.contexts, wanted):
            report = document.student_id, id(document.bound["period"])
            if report in seen:
                continue
            seen.add(report)
            context = prepared.contexts.context(replace(document, language="en"), _NAMES)
            for goal in context["goals"]:
                row = {"student": context["student"], "period": context["period"], "goal": goal}
                yield {**row, "item": goal, "objective": None}
                yield from ({**row, "item": objective, "objective": objective} for objective in goal["objectives"])


def _plain(value: Any) -> Any:
    return str(value) or None if isinstance(value, str) else value

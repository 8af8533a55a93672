"""What there is in an output folder, and what of it the workbook has left behind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from iepdocs.batch.generate import How, make_documents
from iepdocs.batch.journal import Entry, Journal, Status
from iepdocs.batch.work import EDITED_SINCE, Done, is_whole
from iepdocs.documents import Wanted
from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from iepdocs.batch.prepare import Prepared


class State(StrEnum):
    """How a document in an output folder stands."""

    DONE = "done"
    EDITED = "edited since"
    OUT_OF_DATE = "out of date"
    LEFT = "left by an earlier run"
    MISSING = "missing"
    NOT_MADE = "not made"
    FAILED = "failed"


IN_ORDER = (State.DONE, State.EDITED)
"""The states with which nobody has anything to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A document, how it stands, and why, where there is more to say."""

    file: str
    kind: str
    state: State
    message: str = ""


def read_journal(out: Path) -> Journal:
    """Return the journal of an output folder.

    Raises:
        IepdocsError: where there is none.
    """
    journal = Journal(out)
    if not journal.entries:
        raise IepdocsError(
            Finding(
                "No run of iepdocs has left its journal in this folder.",
                "Name the folder that documents were written into, as with --out.",
                FilePlace(str(out)),
                rule="folder-unknown",
            )
        )
    return journal


def standings(
    out: Path, journal: Journal, prepared: Prepared | None = None, kinds: Container[str] = ()
) -> list[Standing]:
    """Return how each document that a folder's journal knows stands, and each that a workbook would have there.

    Args:
        out: the output folder.
        journal: its journal.
        prepared: a checked workbook, to be held against what there is.
        kinds: the kinds that are looked at then.
    """
    found = {file: _in_folder(out, entry, journal.known.get(file, set())) for file, entry in journal.entries.items()}
    if prepared is None:
        return list(found.values())
    report = make_documents(prepared, out, Wanted(), How(dry_run=True))
    reasons = {skipped.path: skipped.findings for skipped in report.skipped}
    for planned in report.planned:
        file, there = planned.path, found.get(planned.path)
        if planned.done is Done.NOT_MADE:
            why = reasons.get(file, ())
            if there and there.state is State.EDITED and why[0].rule == EDITED_SINCE:
                found[file] = Standing(file, planned.kind, State.OUT_OF_DATE, why[0].message)
                continue
            message = "; ".join(f"{finding.place}: {finding.message}" for finding in why)
            found[file] = Standing(file, planned.kind, State.NOT_MADE, message)
        elif planned.done is Done.MADE and (there is None or there.state in (State.NOT_MADE, State.FAILED)):
            found[file] = Standing(file, planned.kind, State.NOT_MADE, "The next run makes it.")
        elif planned.done is Done.MADE and there and there.state is State.DONE:
            found[file] = Standing(file, planned.kind, State.OUT_OF_DATE, "What it is made from has changed since.")
    here = {planned.path for planned in report.planned}
    for file, one in found.items():
        if file not in here and one.kind in kinds and one.state in IN_ORDER:
            edited = " Someone has edited it." if one.state is State.EDITED else ""
            message = f"No longer in the workbook, or named otherwise now.{edited}"
            found[file] = Standing(file, one.kind, State.LEFT, message)
    return [one for one in found.values() if one.kind in kinds]


def _in_folder(out: Path, entry: Entry, known: set[str]) -> Standing:
    """Return how a document stands, without a look at the workbook."""
    if entry.status in (Status.NOT_MADE, Status.FAILED) or not entry.sha256:
        state = State.FAILED if entry.status == Status.FAILED else State.NOT_MADE
        return Standing(entry.file, entry.kind, state, entry.message)
    try:
        content = (out / entry.file).read_bytes()
    except OSError:
        return Standing(entry.file, entry.kind, State.MISSING, "The file is not there; the next run makes it again.")
    if sha256(content).hexdigest() in known:
        return Standing(entry.file, entry.kind, State.DONE)
    if not is_whole(content):
        return Standing(entry.file, entry.kind, State.MISSING, "The file is damaged; the next run makes it again.")
    return Standing(entry.file, entry.kind, State.EDITED)

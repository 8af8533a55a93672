"""What there is in an output folder, and what of it the workbook has left behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from iepdocs.batch.generate import How, make_documents
from iepdocs.batch.journal import HIDDEN, Beside, Entry, Journal, Status
from iepdocs.batch.printing import Pdfs, pdf_of
from iepdocs.batch.work import EDITED_SINCE, Done, is_whole
from iepdocs.documents import Wanted
from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

    from iepdocs.batch.generate import Planned
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
_OLD = "Its PDF is not of the document as it is now; run again with --pdf."


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
        IepdocsError: where no run has kept one.
    """
    if not (out / HIDDEN).is_dir():
        raise IepdocsError(
            Finding(
                "No run of iepdocs has left its journal in this folder.",
                "Name the folder that documents were written into, as with --out.",
                FilePlace(str(out)),
                rule="folder-unknown",
            )
        )
    return Journal(out)


def standings(out: Path, journal: Journal, kinds: Container[str], prepared: Prepared | None = None) -> list[Standing]:
    """Return how each document that a folder's journal knows stands, or each that a workbook would have there.

    Args:
        out: the output folder.
        journal: its journal.
        kinds: the kinds that are looked at.
        prepared: a checked workbook with its kinds, to be held against what there is.
    """
    there = {file: _in_folder(out, entry, journal.known.get(file, set())) for file, entry in journal.entries.items()}
    if prepared is None:
        pdfs = Pdfs(out, Beside(out))
        old = {pdf_of(file) for file in there if pdfs.is_old(file)}
        return [_with_pdf(one, old) for one in there.values() if one.kind in kinds]
    whole = {file for file, one in there.items() if one.state in IN_ORDER}
    report = make_documents(prepared, out, Wanted(), How(dry_run=True, drafts=whole))
    reasons = {skipped.path: skipped.findings for skipped in report.skipped}
    found = {one.path: _held_against(one, there.get(one.path), reasons.get(one.path, ())) for one in report.planned}
    for file, one in there.items():
        if file not in found and one.kind in kinds and one.state in IN_ORDER:
            edited = " Someone has edited it." if one.state is State.EDITED else ""
            message = f"No longer in the workbook, or named otherwise now.{edited}"
            found[file] = Standing(file, one.kind, State.LEFT, message)
    return [_with_pdf(one, report.old_pdfs) for one in found.values()]


def _with_pdf(one: Standing, old: Container[str]) -> Standing:
    is_old = one.state is State.DONE and pdf_of(one.file) in old
    return replace(one, state=State.OUT_OF_DATE, message=_OLD) if is_old else one


def _held_against(planned: Planned, there: Standing | None, why: Sequence[Finding]) -> Standing:
    """Return how a document of the workbook stands, after what the next run would do, and how it does in the folder."""
    state, message = State.DONE, ""
    if planned.done is Done.EDITED:
        state = State.EDITED
    elif planned.done is Done.NOT_MADE and there and there.state is State.EDITED and why[0].rule == EDITED_SINCE:
        state, message = State.OUT_OF_DATE, why[0].message
    elif planned.done is Done.NOT_MADE:
        state, message = State.NOT_MADE, "; ".join(f"{finding.place}: {finding.message}" for finding in why)
    elif planned.done is Done.MADE and there and there.state is State.DONE:
        state, message = State.OUT_OF_DATE, "What it is made from has changed since."
    elif planned.done is Done.MADE and there and there.state is State.MISSING:
        return there
    elif planned.done is Done.MADE:
        state, message = State.NOT_MADE, "The next run makes it."
    return Standing(planned.path, planned.kind, state, message)


def _in_folder(out: Path, entry: Entry, known: set[str]) -> Standing:
    """Return how a document stands, without a look at the workbook."""
    if entry.status in (Status.NOT_MADE, Status.FAILED) or not entry.sha256:
        state = State.FAILED if entry.status == Status.FAILED else State.NOT_MADE
        return Standing(entry.file, entry.kind, state, entry.message)
    try:
        content = (out / entry.file).read_bytes()
    except OSError:
        message = "The file is not there; the next run makes it again, if the workbook still has it."
        return Standing(entry.file, entry.kind, State.MISSING, message)
    if sha256(content).hexdigest() in known:
        return Standing(entry.file, entry.kind, State.DONE)
    if not is_whole(content):
        return Standing(entry.file, entry.kind, State.MISSING, "The file is damaged; the next run makes it again.")
    return Standing(entry.file, entry.kind, State.EDITED)

"""Making documents: what a worker does with the students that it is given, each document whole or with its reason."""

from __future__ import annotations

import io
import pickle
import zipfile
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from iepdocs.batch.bundle import Bundle, unpacked
from iepdocs.batch.digest import Digests
from iepdocs.batch.executors import what_is_at_hand
from iepdocs.batch.journal import Entry, Pen, Status, now
from iepdocs.files import cannot_write, move, write_file
from iepdocs.findings import FilePlace, Finding, IepdocsError, own_fault
from iepdocs.pack import Kind, Pack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iepdocs.documents import Document
    from iepdocs.docx import Template
    from iepdocs.plan import Caseload

EDITED_SINCE = "edited-since"


class Done(StrEnum):
    """What a worker did about a document, or in a dry run would do."""

    MADE = "made"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    NOT_MADE = "not made"


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be made.

    Attributes:
        number: its place in the run.
        document: what it is.
        file: its path below the output folder.
        recipient: the name of the person to whom it goes, or nothing.
        before: what the journal has of it.
        known: the hashes of all that was ever made under its path.
    """

    number: int
    document: Document
    file: str
    recipient: str
    before: Entry | None
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task.

    Attributes:
        number: the task's.
        done: what was done.
        reasons: why it was not made.
        odd: what is odd in what was made.
        beside: the path of what a person had edited, where it was kept beside the new document.
        is_noted: whether it stands in the journal.
    """

    number: int
    done: Done
    reasons: tuple[Finding, ...] = ()
    odd: tuple[Finding, ...] = ()
    beside: str | None = None
    is_noted: bool = True


@dataclass(frozen=True)
class Share:
    """A worker's share of a run: some students, and their documents."""

    bundle: Bundle
    caseload: Caseload
    tasks: Sequence[Task]

    @property
    def numbers(self) -> list[int]:
        """The documents' numbers."""
        return [task.number for task in self.tasks]

    def opened(self) -> Share:
        """Return itself."""
        return self

    def sent(self, bundle: Path, bundle_sha256: str) -> Sent:
        """Return it as it goes to another process; what the bundle has is not sent along."""
        content = io.BytesIO()
        _Pickler(self.bundle.pack, content).dump((self.caseload, self.tasks))
        return Sent(bundle, bundle_sha256, self.numbers, content.getvalue())


@dataclass(frozen=True)
class Sent:
    """A share on its way: the file of its bundle and that one's hash, its documents' numbers, and its content."""

    bundle: Path
    sha256: str
    numbers: Sequence[int]
    content: bytes = field(repr=False)

    def opened(self) -> Share:
        """Return the share.

        Raises:
            IepdocsError: where the bundle is not there, or not the run's.
        """
        bundle = unpacked(self.bundle, self.sha256)
        before = _HERE.set(bundle.pack)
        try:
            caseload, tasks = pickle.loads(self.content)  # noqa: S301  (from the run itself)
        finally:
            _HERE.reset(before)
        return Share(bundle, caseload, tasks)


@dataclass(frozen=True)
class AtHand:
    """A share that a copy of the run's process has at hand with the others: its documents' numbers."""

    numbers: Sequence[int]

    def opened(self) -> Share:
        """Return the share."""
        bundle, tasks = what_is_at_hand()
        mine = [tasks[number] for number in self.numbers]
        return Share(bundle, bundle.contexts.caseload.part(task.document.student_id for task in mine), mine)


class _Pickler(pickle.Pickler):
    """Leaves out what every worker has already."""

    def __init__(self, pack: Pack, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self._pack = pack

    def reducer_override(self, obj: Any) -> Any:
        if obj is self._pack:
            return _pack_here, ()
        return (_kind_here, (obj.key,)) if isinstance(obj, Kind) else NotImplemented


_HERE: ContextVar[Pack] = ContextVar("the pack of the share that is being unpickled")


def _pack_here() -> Pack:
    return _HERE.get()


def _kind_here(key: str) -> Kind:
    return _HERE.get().kinds[key]


def work(share: Share | Sent | AtHand) -> list[Outcome]:
    """Make the documents of a share; whatever happens to one, the others are made, and nothing is raised.

    What it raised would be logged with its arguments by some executors.
    """
    try:
        opened = share.opened()
        with Pen(opened.bundle.out) as pen:
            maker = _Maker(opened, pen)
            return [maker.outcome(task) for task in opened.tasks]
    except IepdocsError as error:
        reasons = error.findings
    except Exception as error:  # noqa: BLE001
        reasons = (own_fault(error, FilePlace("a worker")),)
    return [Outcome(number, Done.NOT_MADE, tuple(reasons), is_noted=False) for number in share.numbers]


class _Maker:
    def __init__(self, share: Share, pen: Pen) -> None:
        self._bundle = bundle = share.bundle
        if share.caseload is bundle.contexts.caseload:
            self._contexts, self._digests = bundle.contexts, bundle.digests
        else:
            self._contexts = bundle.contexts.over(share.caseload)
            self._digests = Digests(self._contexts)
        self._pen = pen

    def outcome(self, task: Task) -> Outcome:
        try:
            return self._outcome(task)
        except IepdocsError as error:
            is_edited = any(finding.rule == EDITED_SINCE for finding in error.findings)
            return self._not_made(task, error.findings, Status.EDITED if is_edited else Status.FAILED)
        except Exception as error:  # noqa: BLE001  (a fault of our own must not stop the run)
            return self._not_made(task, (own_fault(error, FilePlace(task.file)),))

    def _outcome(self, task: Task) -> Outcome:
        document, before = task.document, task.before
        template = self._bundle.template(document.kind.key, document.language)
        entry = self._entry(task, template)
        path = self._bundle.out / task.file
        there = _content(path)
        hash_there = sha256(there).hexdigest() if there is not None else ""
        same = before is not None and (before.template_sha256, before.data_sha256) == (
            entry.template_sha256,
            entry.data_sha256,
        )
        if before and same and hash_there == before.sha256 != "":
            self._note(before, replace(before, status=Status.DONE, message=""))
            return Outcome(task.number, Done.UNCHANGED)
        edited = there is not None and hash_there not in task.known and is_whole(there)
        is_held = edited and not self._bundle.overwrite
        if before and same and before.sha256 and is_held:
            self._note(before, replace(before, status=Status.EDITED, message=""))
            return Outcome(task.number, Done.EDITED)
        if self._bundle.dry_run and not is_held:
            return Outcome(task.number, Done.MADE)
        content, odd = template.render_with_findings(self._contexts.context(document))
        entry = replace(
            entry, sha256=sha256(content).hexdigest(), status=Status.DONE, time=f"{now():%Y-%m-%d %H:%M:%S}"
        )
        if hash_there == entry.sha256:
            if not self._bundle.dry_run:
                self._pen.write(replace(entry, time=before.time) if before and before.time else entry)
            return Outcome(task.number, Done.UNCHANGED, odd=tuple(odd))
        if is_held:
            raise _edited(task.file, known=bool(task.known))
        kept: list[str] = []

        def before_it_appears() -> None:
            saved = _content(path) not in (None, there)  # meanwhile, by someone
            if saved and not self._bundle.overwrite:
                raise _edited(task.file, known=bool(task.known))
            if saved or edited:
                kept.append(keep_beside(path))
            self._pen.write(entry)

        write_file(path, content, before_it_appears)
        return Outcome(task.number, Done.MADE, odd=tuple(odd), beside=kept[0] if kept else None)

    def _entry(self, task: Task, template: Template) -> Entry:
        document = task.document
        sheets = self._bundle.drawn_on[document.kind.key, document.language]
        return Entry(
            student_id=document.student_id,
            recipient=task.recipient,
            kind=document.kind.key,
            language=document.language,
            file=task.file,
            template=template.path.name,
            template_sha256=template.sha256,
            data_sha256=self._digests.of(document, template.path.parent, sheets),
        )

    def _note(self, before: Entry, entry: Entry) -> None:
        if before != entry and not self._bundle.dry_run:
            self._pen.write(entry)

    def _not_made(self, task: Task, reasons: Sequence[Finding], status: Status = Status.FAILED) -> Outcome:
        if not self._bundle.dry_run:
            with suppress(IepdocsError):  # on a full disk the run's own words must do
                self._pen.write(not_made(task, reasons, status))
        return Outcome(task.number, Done.NOT_MADE, tuple(reasons))


def not_made(task: Task, reasons: Sequence[Finding], status: Status) -> Entry:
    """Return what the journal says of a document that was not made; of one that is there from before, all it has."""
    document = task.document
    message = "; ".join(dict.fromkeys(f"{finding.place}: {finding.message}" for finding in reasons))
    plain = Entry(document.student_id, task.recipient, document.kind.key, document.language, task.file)
    return replace(task.before or plain, status=status, message=message)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise cannot_write(path, error) from None


def is_whole(content: bytes) -> bool:
    """Tell whether a file may be somebody's work: not a Word document that a power cut has left short.

    One that Word has given a password is no .zip, and begins with something else.
    """
    begin = content[:4]
    return zipfile.is_zipfile(io.BytesIO(content)) or not (b"PK\3\4".startswith(begin) or not any(begin))


def keep_beside(path: Path) -> str:
    """Give a file that a person has edited a name of its own beside its place, and return that."""
    for number in range(1, 1000):
        again = f" {number}" if number > 1 else ""
        beside = path.with_stem(f"{path.stem} (edited {now():%Y-%m-%d}{again})")
        if not beside.exists():
            try:
                move(path, beside)
            except OSError as error:
                raise cannot_write(path, error) from None
            return beside.name
    raise cannot_write(path, FileExistsError())


def _edited(file: str, *, known: bool) -> IepdocsError:
    what = (
        "Someone has edited this document since it was made, and what it is made from has changed"
        if known
        else "There is a document of this name that this folder's journal does not know"
    )
    return IepdocsError(
        Finding(
            f"{what}: it was left as it is.",
            "Move it away, or run again with --overwrite: the new one is made, and this one kept beside it.",
            FilePlace(file),
            rule=EDITED_SINCE,
        )
    )

"""Make the documents of a run: each one complete, skipped with its reasons, or failed with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from iepdocs.batch.blocking import Blocking, is_of_content
from iepdocs.batch.bundle import Bundle
from iepdocs.batch.executors import cluster_crew, local_crew, office_crew
from iepdocs.batch.folder import at_work_in, clear
from iepdocs.batch.journal import Beside, Journal, Pen, Status
from iepdocs.batch.names import FileNames
from iepdocs.batch.printing import Pdfs, Printed, Printing, check_column, pdf_of, print_documents
from iepdocs.batch.share import share_out
from iepdocs.batch.summary import write_summary
from iepdocs.batch.work import Done, Outcome, Task, not_made
from iepdocs.documents import Document, Wanted, expand, language_of
from iepdocs.files import cannot_write
from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError
from iepdocs.text import did_you_mean, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from iepdocs.batch.executors import Crew
    from iepdocs.batch.prepare import Prepared, ReadyKind
    from iepdocs.pack import Kind

_MOST_NAMED = 12


@dataclass(frozen=True)
class Skipped:
    """A document that was not made: where it would have been, why, whether there is one from before, and its kind."""

    path: str
    findings: tuple[Finding, ...]
    earlier: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Planned:
    """A document of a run: where it goes, its kind, to whom, in what part and language, and whether as a draft only.

    `done` says what was done about it, or in a dry run would be done; None where the run did not come to it.
    """

    path: str
    kind: str
    recipient: str
    standing: str
    language: str
    draft: bool
    done: Done | None = None


@dataclass(frozen=True)
class Addressee:
    """A contact of a student: what the person is to the student, in words, and whether letters are sent, and how."""

    student_id: str
    name: str
    standing: str
    language: str
    sent: bool


@dataclass
class Report:
    """What a run did.

    Attributes:
        kinds: the kinds that were made, by key.
        planned: the documents that there are, made or not.
        dry_run: whether nothing was to be made.
        interrupted: whether the run was stopped before its end.
        addressees: in a dry run, the contacts of the students wanted.
        lacking: kinds that nobody asked for by name, with the sheets that they need and the workbook lacks.
        findings: the problems of the workbook, but for those of students that were not wanted.
        made: the number of documents by kind, of those that were made in this run.
        unchanged: likewise of those that were there already as they must be.
        edited: the paths of documents that a person has edited since, and that are up to date but for that.
        kept: the paths of what a person had edited, that were kept beside the documents made anew.
        skipped: the documents that were not made.
        odd: what is odd in documents that were made, by their paths.
        beside: what an earlier run left beside documents that were made: a draft of what is final now, or the reverse.
        left: the documents of earlier runs that the workbook has no longer, or under another name.
        left_edited: those of them that a person has edited.
        old_pdfs: PDFs, in a run that makes none, that are not of the documents as they are now.
        manifest: the list of what there is in the folder.
        printed: the PDFs, where they were wanted.
        trouble: what is wrong with the folder itself.
    """

    kinds: Mapping[str, Kind]
    lacking: Sequence[tuple[Kind, list[str]]]
    findings: Sequence[Finding]
    planned: list[Planned] = field(default_factory=list)
    dry_run: bool = False
    interrupted: bool = False
    addressees: Sequence[Addressee] = ()
    made: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    edited: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    odd: dict[str, Sequence[Finding]] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    left_edited: set[str] = field(default_factory=set)
    old_pdfs: list[str] = field(default_factory=list)
    manifest: Path | None = None
    printed: Printed | None = None
    trouble: list[Finding] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether every document is there as it must be."""
        return not (self.interrupted or self.skipped or self.trouble or (self.printed and self.printed.problems))


@dataclass(frozen=True)
class How:
    """How a run goes about it.

    Attributes:
        force: whether to make drafts of documents that only errors of content would stop.
        drafts: the paths of drafts that are made in any case of such documents.
        dry_run: whether to make nothing, and only say what would be made.
        overwrite: whether to make anew what a person has edited since, and keep that beside it.
        jobs: how many processes work at the same time; None for as many as there are cores.
        cluster: the address of a dask.distributed scheduler whose workers do the work instead.
        printing: what is wanted on paper, if anything is.
        summary: where the list of goals is to be written, if anywhere; a dry run writes none.
    """

    force: bool = False
    drafts: Container[str] = ()
    dry_run: bool = False
    overwrite: bool = False
    jobs: int | None = None
    cluster: str | None = None
    printing: Printing | None = None
    summary: Path | None = None


@dataclass(frozen=True)
class Watch:
    """Who is told as work is done, with the number done and the number there are: of documents, and of PDFs."""

    documents: Callable[[int, int], None] | None = None
    pdfs: Callable[[int, int], None] | None = None


@dataclass(frozen=True)
class _Item:
    """A document of a run with its kind and the reasons that stop it."""

    ready: ReadyKind
    document: Document
    path: str
    other: str
    reasons: Sequence[Finding]

    @property
    def recipient(self) -> str:
        recipient = self.document.bound.get("recipient")
        return (recipient.get("contact_name") or "") if recipient else ""


_UNWATCHED = Watch()


def make_documents(prepared: Prepared, out: Path, wanted: Wanted, how: How, watch: Watch = _UNWATCHED) -> Report:
    """Write the documents of a prepared run below a folder.

    What is there already, and would come out the same, is left as it is; what a person has edited is left too. Ctrl-C
    ends the run with what was made so far.

    Args:
        prepared: the checked workbook and its kinds.
        out: the output folder; it is made if it is not there.
        wanted: the students and periods wanted.
        how: how to go about it.
        watch: who is told as work is done.

    Raises:
        IepdocsError: where the folder cannot be written, another run is at work in it, there is no such cluster, or a
            wanted student or period is not there.
    """
    check_wanted(prepared, wanted)
    check_column(how.printing.by if how.printing else None, prepared.contexts.pack)
    kinds = [ready for ready in prepared.kinds if "period" in ready.kind.for_each or not wanted.periods]
    findings = [finding for finding in prepared.findings if _concerns(finding, wanted, prepared)]
    report = Report({ready.kind.key: ready.kind for ready in kinds}, prepared.lacking, findings, dry_run=how.dry_run)
    with ExitStack() as stack:
        journal = Journal(out) if how.dry_run else stack.enter_context(at_work_in(out))
        beside = Beside(out)
        pdfs = Pdfs(out, beside)
        if how.summary and not how.dry_run:
            write_summary(prepared, wanted, how.summary, beside)
        items = _items(kinds, prepared, wanted, how)
        count = sum(not item.reasons for item in items)
        if how.dry_run:
            report.addressees = list(_addressees(prepared, wanted))
            crew = local_crew(1, count)
        else:
            crew = stack.enter_context(cluster_crew(how.cluster)) if how.cluster else local_crew(how.jobs, count)
        outcomes = _outcomes(items, prepared, Path(out), how, journal, crew, watch.documents, report)
        if report.interrupted:
            outcomes |= _made_meanwhile(items, outcomes, journal, out)
        _tell(report, items, outcomes, out)
        if how.printing and not how.dry_run and not report.interrupted:
            crew = crew if how.cluster else office_crew(how.jobs)
            there = [
                (item.document, item.path)
                for number, item in enumerate(items)
                if number in outcomes and outcomes[number].done is not Done.NOT_MADE
            ]
            by_id = prepared.contexts.pack.by_id
            _print(report, there, pdfs, how.printing, crew, watch, by_id=by_id, overwrite=how.overwrite)
        if wanted == Wanted() and not report.interrupted:
            gone = {kind.key for kind, _ in prepared.lacking}
            report.left = _left(journal, items, out, report.kinds.keys() | gone)
            report.left += [pdf for file in report.left if (out / (pdf := pdf_of(file))).is_file()]
            made = {file: journal.known.get(file) or beside.made(file) for file in report.left}
            report.left_edited = {file for file in report.left if _is_edited(out / file, made[file])}
        if not how.printing:
            report.old_pdfs = [pdf_of(item.path) for item in items if pdfs.is_old(item.path)]
        if not how.dry_run:
            _close(report, out, journal, items)
    return report


def _items(kinds: Sequence[ReadyKind], prepared: Prepared, wanted: Wanted, how: How) -> list[_Item]:
    """Return the documents of a run, with their names and the reasons that stop them."""
    blocking = Blocking(prepared)
    pack = prepared.contexts.pack
    names = FileNames(pack)
    documents = [
        (ready, document)
        for ready in kinds
        for document in expand(ready.kind, prepared.contexts, wanted, ready.templates.keys())
    ]
    if wanted != Wanted():
        _name_all(kinds, prepared, names)
    items = []
    for ready, found in documents:
        reasons = blocking.reasons(ready, found)
        draft = replace(found, draft=True)
        day, ending = prepared.contexts.date(found), ready.of(found).template.ending
        path, other = names.path(found, day, ending), names.path(draft, day, ending)
        as_draft = (how.force or other in how.drafts) and all(is_of_content(reason, pack) for reason in reasons)
        if reasons and as_draft:
            items.append(_Item(ready, draft, other, path, ()))
        else:
            items.append(_Item(ready, found, path, other, reasons))
    return items


def _outcomes(
    items: Sequence[_Item],
    prepared: Prepared,
    out: Path,
    how: How,
    journal: Journal,
    crew: Crew,
    watch: Callable[[int, int], None] | None,
    report: Report,
) -> dict[int, Outcome]:
    """Do the work, and return what became of each document by its place in the run."""
    out = out.absolute()
    ready = {
        (ready.kind.key, tag): one
        for ready in {id(item.ready): item.ready for item in items}.values()
        for tag, one in ready.templates.items()
    }
    templates = {key: one.template for key, one in ready.items()}
    drawn_on = {key: one.uses.drawn_on for key, one in ready.items()}
    bundle = Bundle(prepared.contexts, out, how.overwrite, how.dry_run, templates, drawn_on)
    tasks = [
        Task(
            number,
            item.document,
            item.path,
            item.recipient,
            journal.entries.get(item.path),
            frozenset(journal.known.get(item.path, ())),
        )
        for number, item in enumerate(items)
    ]
    outcomes: dict[int, Outcome] = {}
    by_student: dict[str, list[Task]] = defaultdict(list)
    with nullcontext() if how.dry_run else Pen(out) as pen:
        for task, item in zip(tasks, items, strict=True):
            if item.reasons:
                outcomes[task.number] = Outcome(task.number, Done.NOT_MADE, tuple(item.reasons))
                _note(pen, task, item.reasons, Status.NOT_MADE)
            else:
                by_student[item.document.student_id].append(task)
        try:
            for found in share_out(bundle, by_student, crew):
                for outcome in found:
                    outcomes[outcome.number] = outcome
                    if not outcome.is_noted:
                        _note(pen, tasks[outcome.number], outcome.reasons, Status.FAILED)
                if watch:
                    watch(len(outcomes), len(items))
        except KeyboardInterrupt:
            report.interrupted = True
    return outcomes


def _note(pen: Pen | None, task: Task, reasons: Sequence[Finding], status: Status) -> None:
    """Put into the journal why a document was not made, if it does not stand there already."""
    entry = not_made(task, reasons, status)
    if pen and entry != task.before:
        with suppress(IepdocsError):  # on a full disk the report must do
            pen.write(entry)


def _tell(report: Report, items: Sequence[_Item], outcomes: Mapping[int, Outcome], out: Path) -> None:
    """Put into a report what became of the documents, in their order."""
    for number, item in enumerate(items):
        outcome = outcomes.get(number)
        report.planned.append(_planned(item, outcome))
        if outcome is None:
            continue
        key = item.ready.kind.key
        if outcome.done is Done.NOT_MADE:
            report.skipped.append(Skipped(item.path, outcome.reasons, (out / item.path).is_file(), key))
            continue
        counted = report.made if outcome.done is Done.MADE else report.unchanged
        counted[key] += 1
        if outcome.done is Done.EDITED:
            report.edited.append(item.path)
        if outcome.odd:
            report.odd[item.path] = outcome.odd
        if outcome.beside:
            report.kept.append(f"{item.path.rpartition('/')[0]}/{outcome.beside}")
        report.beside += [item.other] if (out / item.other).is_file() else []


def _print(
    report: Report,
    documents: Sequence[tuple[Document, str]],
    pdfs: Pdfs,
    printing: Printing,
    crew: Crew,
    watch: Watch,
    *,
    by_id: bool,
    overwrite: bool,
) -> None:
    """Make the PDFs of the documents that are there."""
    report.printed = Printed()
    try:
        print_documents(documents, pdfs, printing, report.printed, crew, watch.pdfs, by_id=by_id, overwrite=overwrite)
    except KeyboardInterrupt:
        report.interrupted = True
    except IepdocsError as error:
        report.trouble += error.findings
    finally:
        clear(pdfs.out)


def _made_meanwhile(
    items: Sequence[_Item], outcomes: Mapping[int, Outcome], journal: Journal, out: Path
) -> dict[int, Outcome]:
    """Return what the journal says was made by workers that nobody waited for."""
    now = Journal(out).entries
    return {
        number: Outcome(number, Done.MADE)
        for number, item in enumerate(items)
        if number not in outcomes
        and (entry := now.get(item.path)) is not None
        and entry != journal.entries.get(item.path)
        and entry.status == Status.DONE
        and not _is_edited(out / item.path, {entry.sha256})
    }


def _is_edited(path: Path, known: Container[str]) -> bool:
    """Tell whether a file is another than any that was made under its name."""
    try:
        return sha256(path.read_bytes()).hexdigest() not in known
    except OSError:
        return True


def _left(journal: Journal, items: Sequence[_Item], out: Path, kinds: Container[str]) -> list[str]:
    """Return the documents of earlier runs, of the kinds of this one, that are there and are none of this run's."""
    here = {path for item in items for path in (item.path, item.other)}
    return [
        file
        for file, entry in journal.entries.items()
        if file not in here and entry.kind in kinds and entry.sha256 and (out / file).is_file()
    ]


def _close(report: Report, out: Path, journal: Journal, items: Sequence[_Item]) -> None:
    """Write the list of what there is."""
    try:
        journal.join()
        report.manifest = Journal(out).write_manifest(item.path for item in items)
    except IepdocsError as error:
        report.trouble += error.findings
    except OSError as error:
        report.trouble += cannot_write(out, error).findings


def _addressees(prepared: Prepared, wanted: Wanted) -> Iterator[Addressee]:
    contexts = prepared.contexts
    for student_id in contexts.caseload.students:
        if wanted.students and student_id not in wanted.students:
            continue
        for contact in contexts.caseload.all_of("Contacts", student_id):
            known = contexts.recipients.known(contact)
            yield Addressee(
                student_id,
                known.get("contact_name") or "",
                known.get("standing"),
                language_of(contact) or str(contact.get("language")),
                contexts.recipients.gets_mail(contact),
            )


def _planned(item: _Item, outcome: Outcome | None) -> Planned:
    recipient, document = item.document.bound.get("recipient"), item.document
    standing = (recipient.get("standing") or "") if recipient else ""
    done = outcome.done if outcome else None
    return Planned(item.path, item.ready.kind.key, item.recipient, standing, document.language, document.draft, done)


def first_document(prepared: Prepared, ready: ReadyKind) -> Document | None:
    """Return the first document of a kind that no error stops, if there is one."""
    blocking = Blocking(prepared)
    documents = expand(ready.kind, prepared.contexts, Wanted(), ready.templates.keys())
    return next((document for document in documents if not blocking.reasons(ready, document)), None)


def _name_all(kinds: Iterable[ReadyKind], prepared: Prepared, names: FileNames) -> None:
    """Name the documents of a run without limits: a document has its name whatever else is made with it."""
    for ready in kinds:
        for document in expand(ready.kind, prepared.contexts, Wanted(), ready.templates.keys()):
            names.path(document, prepared.contexts.date(document), ready.of(document).template.ending)


def _concerns(finding: Finding, wanted: Wanted, prepared: Prepared) -> bool:
    """Tell whether a finding may concern what is wanted: not if it is at a row of another student, or of a period."""
    place = finding.place
    if wanted.periods and finding.period and fold(finding.period) not in wanted.periods:
        return False
    if not wanted.students or not isinstance(place, CellPlace) or place.row is None:
        return True
    student_id = prepared.contexts.caseload.student_at(place.sheet, place.row)
    return student_id is None or student_id in wanted.students or student_id not in prepared.contexts.caseload.students


def check_wanted(prepared: Prepared, wanted: Wanted) -> None:
    """Hold the students and periods wanted against those there are.

    Raises:
        IepdocsError: naming the nearest, for those that are not there.
    """
    caseload = prepared.contexts.caseload
    periods = {fold(name): name for row in caseload.rows("Reporting Periods") if (name := row.get("period"))}
    findings = [
        *_not_there("--student", "student", wanted.students, caseload.students),
        *_not_there(
            "--period", "reporting period", {periods.get(word, word) for word in wanted.periods}, periods.values()
        ),
    ]
    if findings:
        raise IepdocsError(*findings)


def _not_there(option: str, what: str, wanted: Iterable[str], known: Iterable[str]) -> list[Finding]:
    known = set(known)
    return [
        Finding(
            message=f"There is no {what} '{word}' in the workbook.",
            mend=did_you_mean(word, known, f"There are: {', '.join(sorted(known)[:_MOST_NAMED]) or 'none'}."),
            place=FilePlace(option),
            rule="wanted-unknown",
        )
        for word in sorted(wanted)
        if word not in known
    ]

"""Make the documents of a run: each one complete, skipped with its reasons, or failed with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from iepdocs.batch.names import FileNames
from iepdocs.documents import (
    DECIDING,
    NO_HOLDER,
    NOT_TRANSLATED,
    UNSERVED,
    Document,
    Wanted,
    expand,
    language_of,
    records_in,
)
from iepdocs.files import prepare_folder, write_file
from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError, Severity, own_fault
from iepdocs.text import did_you_mean, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from iepdocs.batch.prepare import Prepared, ReadyKind
    from iepdocs.documents import KindUses
    from iepdocs.pack import Kind, Pack


_MOST_NAMED = 12


@dataclass(frozen=True)
class Skipped:
    """A document that was not made: where it would have been, why, and whether one of an earlier run is there."""

    path: str
    findings: tuple[Finding, ...]
    earlier: bool = False


@dataclass(frozen=True)
class Planned:
    """A document of a run: where it goes, to whom and in what part, in which language, and whether as a draft only."""

    path: str
    recipient: str
    standing: str
    language: str
    draft: bool


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
        addressees: in a dry run, the contacts of the students wanted.
        lacking: kinds that nobody asked for by name, with the sheets that they need and the workbook lacks.
        findings: the problems of the workbook, but for those of students that were not wanted.
        made: the number of documents by kind.
        skipped: the documents that were not made.
        odd: what is odd in documents that were made, by their paths.
        beside: what an earlier run left beside documents that were made: a draft of what is final now, or the reverse.
    """

    kinds: Mapping[str, Kind]
    lacking: Sequence[tuple[Kind, list[str]]]
    findings: Sequence[Finding]
    planned: list[Planned] = field(default_factory=list)
    dry_run: bool = False
    addressees: Sequence[Addressee] = ()
    made: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    odd: dict[str, Sequence[Finding]] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)


def make_documents(
    prepared: Prepared,
    out: Path,
    wanted: Wanted,
    watch: Callable[[int, int], None] | None = None,
    *,
    force: bool = False,
    dry_run: bool = False,
) -> Report:
    """Write the documents of a prepared run below a folder.

    Args:
        prepared: the checked workbook and its kinds.
        out: the output folder; it is made if it is not there.
        wanted: the students and periods wanted.
        watch: called after each document with the number done and the number there are.
        force: whether to make drafts of documents that only errors of content would stop.
        dry_run: whether to make nothing, and only say what would be made.

    Raises:
        IepdocsError: where the folder cannot be written, or a wanted student or period is not there.
    """
    check_wanted(prepared, wanted)
    if not dry_run:
        prepare_folder(out)
    blocking = _Blocking(prepared)
    names = FileNames(prepared.contexts.pack)
    kinds = [ready for ready in prepared.kinds if "period" in ready.kind.for_each or not wanted.periods]
    jobs = [
        (ready, document)
        for ready in kinds
        for document in expand(ready.kind, prepared.contexts, wanted, ready.templates.keys())
    ]
    if wanted != Wanted():
        _name_all(kinds, prepared, names)
    findings = [finding for finding in prepared.findings if _concerns(finding, wanted, prepared)]
    report = Report({ready.kind.key: ready.kind for ready in kinds}, prepared.lacking, findings, dry_run=dry_run)
    if dry_run:
        report.addressees = list(_addressees(prepared, wanted))
    for done, (ready, found) in enumerate(jobs, start=1):
        reasons: Sequence[Finding] = blocking.reasons(ready, found)
        document, reasons = _as_draft(found, reasons, prepared) if force else (found, reasons)
        day, ending = prepared.contexts.date(document), ready.of(document).template.ending
        path = names.path(document, day, ending)
        report.planned.append(_planned(document, path))
        if not dry_run:
            reasons = reasons or _make(prepared, ready, document, out, path, report)
        if reasons:
            report.skipped.append(Skipped(path, tuple(reasons), (out / path).is_file()))
        else:
            report.made[ready.kind.key] += 1
            other = names.path(replace(document, draft=not document.draft), day, ending)
            report.beside += [other] if (out / other).is_file() else []
        if watch:
            watch(done, len(jobs))
    return report


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


def _as_draft(document: Document, reasons: Sequence[Finding], prepared: Prepared) -> tuple[Document, Sequence[Finding]]:
    """Return a document as a draft that nothing stops, if all that would stop it is its content."""
    pack = prepared.contexts.pack
    if reasons and all(_is_of_content(finding, pack) for finding in reasons):
        return replace(document, draft=True), ()
    return document, reasons


def _is_of_content(finding: Finding, pack: Pack) -> bool:
    """Tell whether an error is one of what a plan says: no cell that cannot be read, and no key that is missing."""
    place = finding.place
    if finding.rule in pack.rules or finding.rule in (NO_HOLDER, NOT_TRANSLATED):
        return True
    if finding.rule != "required" or not isinstance(place, CellPlace) or not place.cell:
        return False
    return place.column not in pack.placing_on(place.sheet)


def _planned(document: Document, path: str) -> Planned:
    recipient = document.bound.get("recipient")
    name, standing = (recipient.get("contact_name"), recipient.get("standing")) if recipient else (None, None)
    return Planned(path, name or "", standing or "", document.language, document.draft)


def first_document(prepared: Prepared, ready: ReadyKind) -> Document | None:
    """Return the first document of a kind that no error stops, if there is one."""
    blocking = _Blocking(prepared)
    documents = expand(ready.kind, prepared.contexts, Wanted(), ready.templates.keys())
    return next((document for document in documents if not blocking.reasons(ready, document)), None)


def _name_all(kinds: Iterable[ReadyKind], prepared: Prepared, names: FileNames) -> None:
    """Name the documents of a run without limits: a document has its name whatever else is made with it."""
    for ready in kinds:
        for document in expand(ready.kind, prepared.contexts, Wanted(), ready.templates.keys()):
            names.path(document, prepared.contexts.date(document), ready.of(document).template.ending)


def _concerns(finding: Finding, wanted: Wanted, prepared: Prepared) -> bool:
    """Tell whether a finding may concern the students wanted: not if it is at a row of another."""
    place = finding.place
    if not wanted.students or not isinstance(place, CellPlace) or place.row is None:
        return True
    student_id = prepared.contexts.caseload.student_at(place.sheet, place.row)
    return student_id is None or student_id in wanted.students or student_id not in prepared.contexts.caseload.students


def _make(
    prepared: Prepared, ready: ReadyKind, document: Document, out: Path, path: str, report: Report
) -> Sequence[Finding]:
    """Make one document; return why not, if it cannot be. Whatever happens, the others are made."""
    try:
        content, odd = ready.of(document).template.render_with_findings(prepared.contexts.context(document))
        write_file(out / path, content)
    except IepdocsError as error:
        return error.findings
    except Exception as error:  # noqa: BLE001  (a fault of our own must not stop the run)
        return (own_fault(error, FilePlace(path)),)
    if odd:
        report.odd[path] = tuple(odd)
    return ()


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


class _Blocking:
    """Says which errors of the workbook keep a document from being made: those at what its context uses."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.order = {finding: number for number, finding in enumerate(prepared.findings)}
        self.by_row: dict[tuple[str, int], list[Finding]] = defaultdict(list)
        self.by_column: list[Finding] = []
        for finding in prepared.findings:
            place = finding.place
            if finding.severity is not Severity.ERROR or not isinstance(place, CellPlace):
                continue
            if finding.rule in (UNSERVED, "sheet-missing"):
                continue  # of these there are no documents to stop
            rows = [place.row] if place.row is not None else place.rows
            if rows is None:
                self.by_column.append(finding)
            for row in rows or ():
                self.by_row[place.sheet, row].append(finding)

    def reasons(self, ready: ReadyKind, document: Document) -> list[Finding]:
        found = {finding: None for finding in self.by_column if self._stops(ready, document, finding)}
        for sheet, row in self._rows(ready, document) if self.by_row else ():
            here = self.by_row.get((sheet, row), ())
            found |= {finding: None for finding in here if self._stops(ready, document, finding)}
        if "recipient" in ready.kind.for_each and self.by_row:
            found |= dict.fromkeys(self._standing_unclear(document))
        return sorted(found, key=self.order.__getitem__)

    def _standing_unclear(self, document: Document) -> Iterator[Finding]:
        """Yield what leaves open who holds the rights of a student: a cell of any contact's that cannot be read."""
        contexts = self.prepared.contexts
        for contact in contexts.caseload.all_of("Contacts", document.student_id):
            for finding in self.by_row.get((contact.sheet, contact.row or 0), ()):
                unread = finding.rule != "required" and finding.rule not in contexts.pack.rules
                if unread and isinstance(finding.place, CellPlace) and finding.place.column in DECIDING:
                    yield finding

    def _rows(self, ready: ReadyKind, document: Document) -> Iterator[tuple[str, int]]:
        """Yield the rows that the document draws on, and those of the student that may belong to it."""
        uses = ready.of(document).uses
        context = self.prepared.contexts.context(document, uses.names)
        caseload = self.prepared.contexts.caseload
        records = [
            *document.bound.values(),
            *(record for value in context.values() for record in records_in(value)),
            *(record for title in uses.gathered for record in caseload.loose(title, document.student_id)),
            *(
                record
                for title in uses.selecting
                for record in caseload.all_of(title, document.student_id)
                if title not in uses.bound
            ),
        ]
        for record in records:
            if record.row is not None:
                yield record.sheet, record.row

    def _stops(self, ready: ReadyKind, document: Document, finding: Finding) -> bool:
        rule = self.prepared.contexts.pack.rules.get(finding.rule)
        if rule and rule.documents and ready.kind.key not in rule.documents:
            return False
        return _touches(ready.kind, ready.of(document).uses, finding)


def _touches(kind: Kind, uses: KindUses, finding: Finding) -> bool:
    """Tell whether documents of a kind use what a finding is about: a column, or a whole sheet."""
    place = finding.place
    assert isinstance(place, CellPlace)  # noqa: S101
    if finding.rule == NO_HOLDER:
        return "recipient" in kind.for_each
    if place.column is None:
        return place.sheet in uses.columns
    if place.column in uses.columns.get(place.sheet, ()):
        return True
    return finding.rule != "required" and place.column in uses.selecting.get(place.sheet, ())

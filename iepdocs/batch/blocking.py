"""Which errors of a workbook keep a document from being made, and which of these a draft may have."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from iepdocs.documents import DECIDING, NO_HOLDER, NOT_TRANSLATED, UNSERVED, Document, is_reported, records_in
from iepdocs.findings import CellPlace, Finding, Severity
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iepdocs.batch.prepare import Prepared, ReadyKind
    from iepdocs.documents import KindUses
    from iepdocs.pack import Kind, Pack


_NOTHING = "nothing-to-report"


def is_of_content(finding: Finding, pack: Pack) -> bool:
    """Tell whether an error is one of what a plan says: no cell that cannot be read, and no key that is missing."""
    place = finding.place
    if finding.rule in pack.rules or finding.rule in (NO_HOLDER, NOT_TRANSLATED, _NOTHING):
        return True
    if finding.rule != "required" or not isinstance(place, CellPlace) or not place.cell:
        return False
    return place.column not in pack.placing_on(place.sheet)


class Blocking:
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
        """Return the errors that keep a document from being made, in the order of the workbook's."""
        period, caseload = document.bound.get("period"), self.prepared.contexts.caseload
        if period and not is_reported(caseload, document.student, period):
            return [_nothing_to_report(document)]
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
        period = document.bound.get("period")
        if finding.period and period and fold(period.get("period") or "") != fold(finding.period):
            return False
        return _touches(ready.kind, ready.of(document).uses, finding)


def _nothing_to_report(document: Document) -> Finding:
    said = document.bound["period"].get("period")
    return Finding(
        f"For the period {said} there is no measurement, code or comment of student {document.student_id}."
        if said
        else f"There is no measurement, code or comment of student {document.student_id}.",
        "Enter measurements, or say on the Progress Comments sheet why there are none.",
        CellPlace("Progress"),
        rule=_NOTHING,
    )


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

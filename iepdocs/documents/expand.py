"""From a document kind to its documents: one for each record, or combination of records, that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iepdocs.documents.computed import full_name
from iepdocs.documents.context import Contexts, Document, in_period
from iepdocs.plan import Record
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iepdocs.pack import Kind


@dataclass(frozen=True)
class Wanted:
    """What a run is limited to: students by id, and periods by name as names are compared; none means all."""

    students: frozenset[str] = frozenset()
    periods: frozenset[str] = frozenset()

    @classmethod
    def of(cls, students: Iterable[str], periods: Iterable[str]) -> Wanted:
        """Return the limits for ids and names as a person typed them."""
        return cls(frozenset(map(str.strip, students)), frozenset(map(fold, periods)))


def expand(kind: Kind, contexts: Contexts, wanted: Wanted) -> Iterator[Document]:
    """Yield the documents of a kind, student by student in the workbook's order.

    A record with errors has its document too: whoever makes it says why it cannot be made.
    """
    expander = _Expander(kind, contexts, wanted)
    for student_id, student in contexts.caseload.students.items():
        if not wanted.students or student_id in wanted.students:
            yield from expander.documents({"student": student}, kind.for_each)


def recipients(contexts: Contexts, student: Record) -> list[Record]:
    """Return those who get a copy: every contact who receives mail; without any, 'To the parents of …'."""
    contacts = contexts.caseload.all_of("Contacts", student.student_id or "")
    receiving = [contact for contact in contacts if contact.get("receives_mail")]
    if receiving:
        return receiving
    name = full_name(student)
    language = contexts.pack.sheets["Contacts"].columns["language"].default
    parents = {
        "student_id": student.student_id,
        "contact_name": f"Parents of {name}",
        "mailing_name": f"To the parents of {name}",
        "language": language,
    }
    return [Record("Contacts", None, parents)]


class _Expander:
    def __init__(self, kind: Kind, contexts: Contexts, wanted: Wanted) -> None:
        self.kind = kind
        self.contexts = contexts
        self.caseload = contexts.caseload
        self.wanted = wanted

    def documents(self, bound: Mapping[str, Record], names: tuple[str, ...]) -> Iterator[Document]:
        if not names:
            document = Document(self.kind, bound)
            roots = {path[0] for path in self.kind.where.paths}
            if self.kind.where(self.contexts.context(document, roots)):
                yield document
            return
        name, rest = names[0], names[1:]
        for record in self._records(name, bound["student"]):
            yield from self.documents({**bound, name: record}, rest)

    def _records(self, name: str, student: Record) -> Iterable[Record]:
        if name == "student":
            return [student]
        if name == "recipient":
            return recipients(self.contexts, student)
        if name == "period":
            return self._periods(student)
        sheet = self.contexts.pack.names[name].sheet
        return self.caseload.all_of(sheet.title, student.student_id or "") if sheet else []

    def _periods(self, student: Record) -> list[Record]:
        student_id = student.student_id or ""
        if not self.caseload.has("Reporting Periods"):
            return self._whole_time(student_id)
        found = [period for period in self.caseload.rows("Reporting Periods") if self._reports_in(period, student)]
        if self.wanted.periods:
            has_goals = bool(self.caseload.of("Goals", student_id))
            return [period for period in found if has_goals and fold(period.get("period") or "") in self.wanted.periods]
        days = [measurement.get("date") for measurement in self.caseload.of("Progress", student_id)]
        said = {fold(comment.get("period") or "") for comment in self.caseload.of("Progress Comments", student_id)}
        return [
            period
            for period in found
            if fold(period.get("period") or "") in said or any(in_period(day, period) for day in days)
        ]

    def _whole_time(self, student_id: str) -> list[Record]:
        """Without reporting periods there is one: all that was measured up to the day of the run."""
        measured = (measurement.get("date") for measurement in self.caseload.of("Progress", student_id))
        days = [day for day in measured if day and day <= self.contexts.today]
        if not days:
            return []
        values = {"start_date": min(days), "end_date": max(days)}
        return [Record("Reporting Periods", None, values)]

    def _reports_in(self, period: Record, student: Record) -> bool:
        """Tell whether a period is one of the student's: of the plan's schedule, and the student's school and grade."""
        plan = self.caseload.plan_on(student.student_id or "", period.get("end_date"))
        return (
            _same(period.get("schedule"), plan.get("progress_report_schedule") if plan else None)
            and _same(period.get("school"), student.get("school"))
            and (not period.get("grades") or student.get("grade") in (None, *period.get("grades")))
        )


def _same(one: str | None, other: str | None) -> bool:
    """Tell whether two texts are the same, or one is blank."""
    return not one or not other or fold(one) == fold(other)

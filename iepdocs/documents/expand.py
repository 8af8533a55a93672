"""From a document kind to its documents: one for each record, or combination of records, that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@dataclass(frozen=True)
class Unserved:
    """Someone, or something measured, that no document reaches: where it stands, what is wrong, the mend."""

    record: Record
    column: str
    message: str
    mend: str
    stops: bool


def unserved(kinds: Iterable[Kind], contexts: Contexts) -> Iterator[Unserved]:
    """Yield the students of whom there should be documents but are none, and measurements that no report shows."""
    kinds = list(kinds)
    names = {name for kind in kinds for name in kind.for_each}
    for student in contexts.caseload.students.values():
        if any(_has_letters(kind, contexts, student) for kind in kinds) and not recipients(contexts, student):
            yield Unserved(
                student,
                "student_id",
                "No contact of this student receives mail, so there are no letters.",
                "On the Contacts sheet, say yes under Receives Mail for whoever holds the educational rights.",
                stops=True,
            )
        if "period" in names:
            yield from _unreported(contexts, student)


def _has_letters(kind: Kind, contexts: Contexts, student: Record) -> bool:
    """Tell whether there is something of a kind to send to a student's recipients."""
    sheets = [sheet for name in kind.for_each if (sheet := contexts.pack.names[name].sheet)]
    own = [sheet.title for sheet in sheets if "student_id" in sheet.columns and sheet.title != "Contacts"]
    titles = {*own, *(["Progress"] if "period" in kind.for_each else [])} - {"Students"}
    has = all(contexts.caseload.all_of(title, student.student_id or "") for title in titles)
    return "recipient" in kind.for_each and has


def _unreported(contexts: Contexts, student: Record) -> Iterator[Unserved]:
    caseload = contexts.caseload
    measured = caseload.of("Progress", student.student_id or "")
    periods = periods_of(contexts, student)
    if not periods and (measured or caseload.of("Progress Comments", student.student_id or "")):
        yield Unserved(
            student,
            "student_id",
            "None of the reporting periods is for this student, so there is no progress report.",
            "Mend the schedule, school or grades on the Reporting Periods sheet, or the plan's schedule.",
            stops=True,
        )
        return
    outside = [one for one in measured if not any(in_period(one.get("date"), period) for period in periods)]
    if outside:
        more = f" (and {len(outside) - 1} more of this student)" if len(outside) > 1 else ""
        yield Unserved(
            outside[0],
            "date",
            f"This measurement{more} lies in no reporting period, so no report shows it.",
            "Mend the date, or the dates on the Reporting Periods sheet.",
            stops=False,
        )


def recipients(contexts: Contexts, student: Record) -> list[Record]:
    """Return those who get a copy: every contact who receives mail; without contacts, 'To the parents of …'."""
    contacts = contexts.caseload.all_of("Contacts", student.student_id or "")
    if contacts:
        return [contact for contact in contacts if contact.get("receives_mail") is not False]
    name = " ".join(filter(None, (student.get("first_name"), student.get("last_name"))))
    parents = {
        **contexts.pack.sheets["Contacts"].defaults,
        "student_id": student.student_id,
        "contact_name": f"Parents of {name}",
        "mailing_name": f"To the parents of {name}",
    }
    return [Record("Contacts", None, parents)]


def periods_of(contexts: Contexts, student: Record) -> list[Record]:
    """Return a student's reporting periods: of the plan's schedule, and of the student's school and grade.

    Without a Reporting Periods sheet there is one: all that was measured up to the day of the run.
    """
    caseload = contexts.caseload
    student_id = student.student_id or ""
    if caseload.has("Reporting Periods"):
        return caseload.periods_of(student)
    measured = [measurement.get("date") for measurement in caseload.of("Progress", student_id)]
    days = [day for day in measured if day and day <= contexts.today]
    if days:
        return [Record("Reporting Periods", None, {"start_date": min(days), "end_date": max(days)})]
    return [Record("Reporting Periods", None, {"end_date": contexts.today} if measured else {})]


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
        for record in self._records(name, bound):
            yield from self.documents({**bound, name: record}, rest)

    def _records(self, name: str, bound: Mapping[str, Record]) -> Iterable[Record]:
        if name == "student":
            return [bound["student"]]
        if name == "recipient":
            return recipients(self.contexts, bound["student"])
        if name == "period":
            return self._periods(bound["student"])
        sheet = self.contexts.pack.names[name].sheet
        return self.contexts.records(sheet.title, Document(self.kind, bound), loose=True) if sheet else []

    def _periods(self, student: Record) -> list[Record]:
        """Return the periods wanted; if none is named, those that have measurements or comments."""
        student_id = student.student_id or ""
        found = periods_of(self.contexts, student)
        if self.wanted.periods:
            has_goals = bool(self.caseload.of("Goals", student_id))
            return [period for period in found if has_goals and fold(period.get("period") or "") in self.wanted.periods]
        days = [measurement.get("date") for measurement in self.caseload.of("Progress", student_id)]
        comments = self.caseload.of("Progress Comments", student_id)
        said = {fold(comment.get("period") or "") for comment in comments}
        return [
            period
            for period in found
            if any(in_period(day, period) for day in days)
            or (fold(period.get("period")) in said if period.get("period") else bool(comments))
        ]

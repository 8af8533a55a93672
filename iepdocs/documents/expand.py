"""From a document kind to its documents: one for each record, or combination of records, that it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iepdocs.documents.context import Contexts, Document, in_period
from iepdocs.documents.recipients import best_of, language_of
from iepdocs.plan import Record
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from iepdocs.pack import Kind
    from iepdocs.plan import Caseload


@dataclass(frozen=True)
class Wanted:
    """What a run is limited to: students by id, and periods by name as names are compared; none means all."""

    students: frozenset[str] = frozenset()
    periods: frozenset[str] = frozenset()

    @classmethod
    def of(cls, students: Iterable[str], periods: Iterable[str]) -> Wanted:
        """Return the limits for ids and names as a person typed them."""
        return cls(frozenset(map(str.strip, students)), frozenset(map(fold, periods)))


def expand(kind: Kind, contexts: Contexts, wanted: Wanted, languages: Collection[str] = ("en",)) -> Iterator[Document]:
    """Yield the documents of a kind, student by student in the workbook's order.

    A copy for someone is in a language that they read, where there is one; a document that is for nobody alone is in
    English, and once more in each other language of those who hold the rights.

    A record with errors has its document too: whoever makes it says why it cannot be made.

    Args:
        kind: the document kind.
        contexts: the records.
        wanted: what the run is limited to.
        languages: the tags of the languages that there is a template in.
    """
    expander = _Expander(kind, contexts, wanted, languages)
    for student_id, student in contexts.caseload.students.items():
        if not wanted.students or student_id in wanted.students:
            yield from expander.documents({"student": student}, kind.for_each)


def periods_of(contexts: Contexts, student: Record) -> list[Record]:
    """Return a student's reporting periods: of the plan's schedule, and of the student's school and grade.

    Without a Reporting Periods sheet there is one: all that was measured up to the day of the run.
    """
    caseload = contexts.caseload
    student_id = student.student_id or ""
    if caseload.has("Reporting Periods"):
        return caseload.periods_of(student)
    measured = [measurement.get("date") for measurement in caseload.all_of("Progress", student_id)]
    days = [day for day in measured if day and day <= contexts.today]
    if days:
        return [Record("Reporting Periods", None, {"start_date": min(days), "end_date": max(days)})]
    return [Record("Reporting Periods", None, {"end_date": contexts.today} if measured else {})]


class _Expander:
    def __init__(self, kind: Kind, contexts: Contexts, wanted: Wanted, languages: Collection[str]) -> None:
        self.languages = languages
        self.kind = kind
        self.contexts = contexts
        self.caseload = contexts.caseload
        self.wanted = wanted

    def documents(self, bound: Mapping[str, Record], names: tuple[str, ...]) -> Iterator[Document]:
        if not names:
            document = Document(self.kind, bound)
            if self._is_one(document) or (
                any(record.wrong for record in bound.values()) and self._is_one(self._with_defaults(document))
            ):
                yield from (replace(document, language=tag) for tag in self._tags(document))
            return
        name, rest = names[0], names[1:]
        for record in self._records(name, bound):
            yield from self.documents({**bound, name: record}, rest)

    def _is_one(self, document: Document) -> bool:
        roots = {path[0] for path in self.kind.where.paths}
        return bool(self.kind.where(self.contexts.context(document, roots)))

    def _with_defaults(self, document: Document) -> Document:
        """Return a document with the columns' defaults where what their cells hold is wrong."""
        bound = {name: self._as_if_blank(record) for name, record in document.bound.items()}
        return replace(document, bound=bound)

    def _as_if_blank(self, record: Record) -> Record:
        sheet = self.contexts.pack.sheets[record.sheet]
        defaults = {key: value for key, value in sheet.defaults.items() if key in record.wrong}
        return replace(record, values={**defaults, **record.values}) if defaults else record

    def _records(self, name: str, bound: Mapping[str, Record]) -> Iterable[Record]:
        if name == "student":
            return [bound["student"]]
        if name == "recipient":
            day = self.contexts.date(Document(self.kind, bound))
            return self.contexts.recipients.of(self.kind, bound["student"], self.contexts.named(bound), day)
        if name == "period":
            return self._periods(bound["student"])
        sheet = self.contexts.pack.names[name].sheet
        return self.contexts.records(sheet.title, Document(self.kind, bound), loose=True) if sheet else []

    def _tags(self, document: Document) -> Iterable[str]:
        """Return the languages that a document is made in."""
        if recipient := document.bound.get("recipient"):
            return (best_of(language_of(recipient), self.languages) or "en",)
        if len(self.languages) == 1:
            return ("en",)
        readers = self.contexts.recipients.holders(document.student, self.contexts.date(document))
        return dict.fromkeys(("en", *filter(None, (best_of(language_of(one), self.languages) for one in readers))))

    def _periods(self, student: Record) -> list[Record]:
        """Return the periods wanted; if none is named, those in which something was reported."""
        found = periods_of(self.contexts, student)
        if self.wanted.periods:
            has_goals = bool(self.caseload.all_of("Goals", student.student_id or ""))
            return [period for period in found if has_goals and fold(period.get("period") or "") in self.wanted.periods]
        return [period for period in found if is_reported(self.caseload, student, period)]


def is_reported(caseload: Caseload, student: Record, period: Record) -> bool:
    """Tell whether there are measurements or comments of a student in a period, be it of goals that are not known."""
    student_id = student.student_id or ""
    if any(in_period(one.get("date"), period) for one in caseload.all_of("Progress", student_id)):
        return True
    comments = caseload.all_of("Progress Comments", student_id)
    name = period.get("period")
    return any(not name or fold(one.get("period") or "") == fold(name) for one in comments)

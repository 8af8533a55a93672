"""One document's context: every name that `context.yaml` declares, from the records of a caseload."""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from iepdocs.documents import computed
from iepdocs.documents.progress import Told, teachers_rating
from iepdocs.documents.recipients import HOLDERS, HOLDS_RIGHTS, IS_STUDENT, STANDING, Recipients, language_of
from iepdocs.documents.view import View
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.language import serving
from iepdocs.pack import PRONOUN_FORMS
from iepdocs.plan import Least, Progress, Record, progress_of
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from iepdocs.docx import Chart
    from iepdocs.pack import Kind, Name, Pack, Sheet, Wording
    from iepdocs.plan import Caseload
    from iepdocs.sandbox import Expression

    _Computing = tuple[Mapping[str, Callable[[Any], Any]], Callable[[str], str] | None, list[str]]


@dataclass(frozen=True)
class Document:
    """One document to be made: its kind, and the records that it stands for by their context names.

    `bound` has the student too, whether or not the kind names it. `language` is the tag of the language that it is
    written in, and `draft` whether it is made although something in it is not as it must be.
    """

    kind: Kind
    bound: Mapping[str, Record]
    language: str = "en"
    draft: bool = False

    @property
    def student(self) -> Record:
        """The student whom the document is about."""
        return self.bound["student"]

    @property
    def student_id(self) -> str:
        """The student's id."""
        return self.student.student_id or ""


_LEAST = {one.name for one in fields(Least)}


class Contexts:
    """Builds contexts.

    Args:
        caseload: the records.
        pack: what is declared.
        today: the day of the run.
    """

    def __init__(self, caseload: Caseload, pack: Pack, today: dt.date) -> None:
        _check_computed(pack)
        self.caseload = caseload
        self.pack = pack
        self.today = today
        self.recipients = Recipients(caseload, pack, today)
        self._wordings: dict[str, Wording] = {}
        self._settings: dict[str, Mapping[str, Any]] = {}
        self._progress: dict[tuple[Record, dt.date | None], Progress] = {}
        self._from_district = {sheet.title: _from_district(sheet) for sheet in pack.sheets.values()}
        self._names = {kind.key: pack.names_of(kind) for kind in pack.kinds.values()}

    def over(self, caseload: Caseload) -> Contexts:
        """Return the same for other records of the same workbook."""
        other = copy(self)
        recipients = Recipients(caseload, self.pack, self.today)
        vars(other).update(caseload=caseload, recipients=recipients, _settings={}, _progress={})
        vars(other).pop("schools", None)
        return other

    def context(self, document: Document, names: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the context of a document: all names of its kind, or only those asked for."""
        mine = self._names[document.kind.key]
        scope = _Scope(self, document)
        return {name: scope.value(mine[name]) for name in (mine if names is None else names)}

    def date(self, document: Document) -> dt.date | None:
        """Return the document's own date."""
        return _Scope(self, document).day

    def named(self, bound: Mapping[str, Record]) -> dict[str, Any]:
        """Return records by their context names as a kind's own expressions see them: columns alone."""
        names = self.pack.names
        return {key: View(record, sheet) for key, record in bound.items() if (sheet := names[key].sheet)}

    def records(self, title: str, document: Document, *, loose: bool = False) -> list[Record]:
        """Return the records of a sheet that a document sees: of its plans, its meeting, its student, or all.

        Args:
            title: the sheet.
            document: the document, or one of which only the outer records are known yet.
            loose: whether those of which it cannot be said to what they belong are among them.
        """
        found = _Scope(self, document).records(title)
        if not loose:
            return found
        lost = self.caseload.loose(title, document.student_id)
        return [record for record in self.caseload.all_of(title, document.student_id) if record in found + lost]

    def progress(self, goal: Record, until: dt.date | None) -> Progress:
        """Return how a goal or objective goes by a day, or else the day of the run."""
        key = goal, until  # the record itself: the id of one that is gone is given to another
        if key not in self._progress:
            self._progress[key] = progress_of(
                goal.values,
                [one.values for one in self.caseload.below("Progress", goal)],
                started=goal.plan_start,
                until=until or self.today,
                changed=self._changed(goal),
                least=self._least,
            )
        return self._progress[key]

    def _changed(self, goal: Record) -> dt.date | None:
        """Return the start of the amendment that a goal is from, if it changes one of the plan's."""
        if goal.plan_start is None or not goal.student_id:
            return None
        root = self.caseload.timeline(goal.student_id).root(goal.plan_start)
        key = self.caseload.key(goal.sheet, goal)
        before = (one for one in self.caseload.of(goal.sheet, goal.student_id) if one.plan_start == root)
        is_of_amendment = root != goal.plan_start
        return (
            goal.plan_start
            if is_of_amendment and any(self.caseload.key(goal.sheet, one) == key for one in before)
            else None
        )

    @cached_property
    def _least(self) -> Least:
        return Least(**{key: figure for key, figure in self.pack.params.items() if key in _LEAST})

    def settings(self, tag: str) -> Mapping[str, Any]:
        """Return the district's settings, those in a language in the place of the same in English."""
        if tag not in self._settings:
            settings = dict(self.caseload.settings)
            for one in reversed(serving(tag)):
                ending = f".{one}"
                own = {key: value for key, value in settings.items() if key.endswith(ending) and value is not None}
                settings |= {key.removesuffix(ending): value for key, value in own.items()}
            self._settings[tag] = settings
        return self._settings[tag]

    def said_in(self, tag: str, record: Record) -> Record:
        """Return a record with what it has from the district's settings as they are in a language."""
        defaults = self._from_district.get(record.sheet)
        if tag == "en" or not defaults or record.row is None:
            return record
        english, names = {"district": self.settings("en")}, {"district": self.settings(tag)}
        said = {
            key: value
            for key, default in defaults.items()
            if record.get(key) == default(english) and (value := default(names)) is not None
        }
        return replace(record, values={**record.values, **said})

    def wording(self, tag: str) -> Wording:
        """Return the words of a language, with those that the district has for its own."""
        if tag not in self._wordings:
            self._wordings[tag] = self.pack.wording(tag, self.caseload.settings)
        return self._wordings[tag]

    @cached_property
    def schools(self) -> dict[str, Record]:
        """The schools by name, as names are compared."""
        return {fold(school.get("school")): school for school in self.caseload.rows("Schools") if school.get("school")}


def _from_district(sheet: Sheet) -> dict[str, Expression]:
    """Return the columns of a sheet that are by default what a setting of the district says."""
    return {
        key: column.default_from
        for key, column in sheet.columns.items()
        if column.default_from and {path[0] for path in column.default_from.paths} == {"district"}
    }


def _check_computed(pack: Pack) -> None:
    """See that everything declared beside the columns is an expression, or computed here."""
    unknown = [key for key, name in pack.names.items() if not name.sheet and key not in SPECIAL]
    pending = [(key, name) for key, name in pack.names.items() if name.sheet]
    while pending:
        path, name = pending.pop()
        for key, below in name.fields.items():
            if name.sheet and not below.value and (name.sheet.title, key) not in FIELDS:
                unknown.append(f"{path}.{key}")
            pending.append((f"{path}.{key}", below))
    if unknown:
        raise IepdocsError(
            *(
                Finding(
                    message=f"Nothing says what '{name}' is.",
                    mend="Give it a value, an expression over the columns of its sheet.",
                    place=FilePlace("context.yaml", name),
                    rule="pack-name",
                )
                for name in unknown
            )
        )


class _Scope:
    """What one document sees."""

    def __init__(self, contexts: Contexts, document: Document) -> None:
        self.contexts = contexts
        self.caseload = contexts.caseload
        self.document = document
        self.bound = document.bound
        self.student_id = document.student_id
        self._told: dict[Record, Told] = {}
        self._computing: dict[int, _Computing] = {}

    def value(self, name: Name) -> Any:
        special = SPECIAL.get(name.key)
        if special:
            return special(self, name)
        if name.sheet is None:
            return None
        if name.each:
            return self.views(name, self.records(name.sheet.title))
        return self.view(name, self.bound.get(name.key))

    def view(self, name: Name, record: Record | None) -> View:
        assert name.sheet  # noqa: S101  (only names with a sheet stand for records)
        if not record:
            return View(None, name.sheet, dict.fromkeys(name.fields, _nothing))
        if id(name) not in self._computing:
            self._computing[id(name)] = self._computing_of(name, name.sheet)
        record = self.contexts.said_in(self.document.language, record)
        return View(record, name.sheet, *self._computing[id(name)])

    def _computing_of(self, name: Name, sheet: Sheet) -> _Computing:
        """Return what all views under a name have in common: what computes their fields, and which may be records."""
        choice = self.wording.choice if self.wording.choices else None
        computed: dict[str, Callable[[Any], Any]] = {
            key: partial(_computed, below.value, sheet, choice)
            if below.value
            else partial(FIELDS[sheet.title, key], self, below)
            for key, below in name.fields.items()
        }
        return computed, choice, [key for key, below in name.fields.items() if below.sheet]

    @cached_property
    def wording(self) -> Wording:
        return self.contexts.wording(self.document.language)

    def views(self, name: Name, records: Iterable[Record]) -> list[View]:
        return [self.view(name, record) for record in records]

    @cached_property
    def day(self) -> dt.date | None:
        """The document's date, from names that do not depend on it; None while they are not all known."""
        known = {**self.contexts.named(self.bound), "today": self.contexts.today}
        if not {path[0] for path in self.document.kind.date.paths} <= known.keys():
            return None
        day = self.document.kind.date(known)
        return day if isinstance(day, dt.date) else None

    @cached_property
    def plan(self) -> Record | None:
        return self.bound.get("plan") or self.caseload.plan_on(self.student_id, self.day)

    @cached_property
    def starts(self) -> set[dt.date | None]:
        """The starts of the plans, and their amendments, that the document is about."""
        timeline = self.caseload.timeline(self.student_id)
        if "plan" in self.bound:
            return timeline.family(self.bound["plan"].get("start_date"))
        period = self.bound.get("period")
        first, last = (period.get("start_date"), period.get("end_date")) if period else (self.day, self.day)
        return timeline.within(first, last)

    def records(self, title: str) -> list[Record]:
        """Return the records of a sheet that the document sees: of its plans, its meeting, its student, or all."""
        sheet = self.contexts.pack.sheets[title]
        if "student_id" not in sheet.columns:
            return (
                self.in_language(self.caseload.rows(title))
                if "language" in sheet.columns
                else self.caseload.rows(title)
            )
        if "plan_start" in sheet.columns:
            return self.caseload.under(title, self.student_id, self.starts)
        found = self.caseload.of(title, self.student_id)
        meeting = self.bound.get("meeting") or (self.plan if sheet.of_meeting and self.day else None)
        if sheet.of_meeting and meeting:
            return [record for record in found if record.get("meeting_date") in (None, meeting.get("meeting_date"))]
        return found

    def in_language(self, found: list[Record]) -> list[Record]:
        """Return those of a district's own words that are in the document's language; if there are none, in English."""
        for tag in (self.document.language, "en"):
            mine = [record for record in found if (language_of(record) or "").split("-")[0] == tag.split("-")[0]]
            if mine:
                return mine
        return found

    def district(self, name: Name) -> View:
        return self.view(name, Record("District", 0, self.contexts.settings(self.document.language)))

    def school(self) -> Record | None:
        return self.contexts.schools.get(fold(self.document.student.get("school") or ""))

    def measurements(self, name: Name, goal: Record) -> list[View]:
        found = self.caseload.below("Progress", goal)
        period = self.bound.get("period")
        if period:
            found = [measurement for measurement in found if in_period(measurement.get("date"), period)]
        return self.views(name, sorted(found, key=lambda measurement: measurement.get("date") or dt.date.min))

    def objectives(self, name: Name, goal: Record) -> list[View]:
        mine = {id(record) for record in self.caseload.below("Objectives", goal)}
        return self.views(name, [record for record in self.records("Objectives") if id(record) in mine])

    def comment(self, name: Name, goal: Record) -> View:
        return self.view(name, self.comment_on(goal))

    def comment_on(self, goal: Record) -> Record | None:
        """Return the comment of the period; where no periods are declared, the last one."""
        period = self.bound.get("period")
        found = self.caseload.below("Progress Comments", goal)
        if period and period.get("period"):
            wanted = fold(period.get("period"))
            found = [said for said in found if fold(said.get("period") or "") == wanted]
        return found[-1] if period and found else None

    def progress(self, _: Name, goal: Record) -> dict[str, Any]:
        return self.told(goal).fields

    def chart(self, _: Name, goal: Record) -> Chart | None:
        return self.told(goal).chart()

    def told(self, goal: Record) -> Told:
        """Return how a goal or objective goes by the end of the period, or the day of the run."""
        if goal not in self._told:
            period, student = self.bound.get("period"), self.document.student
            names = {
                "name": student.get("preferred_name") or student.get("first_name") or "",
                "they": computed.pronoun(student, "they", self.wording),
                "day": self.day or self.contexts.today,
            }
            found = self.contexts.progress(goal, period.get("end_date") if period else None)
            said = teachers_rating(self.comment_on(goal), self.caseload.rows("Codes"))
            self._told[goal] = Told(found, said, self.wording, names)
        return self._told[goal]

    def of_recipient(self, name: Name, contact: Record) -> Any:
        """Return what is known of a recipient, or the same of a contact."""
        return self.contexts.recipients.known(contact, self.day).get(name.key)

    def facts(self, name: Name) -> dict[str, Any]:
        kind = self.document.kind
        facts = {
            "kind": kind.key,
            "title": kind.title,
            "date": self.day,
            "language": self.document.language,
            "draft": self.document.draft,
        }
        return {key: facts.get(key) for key in name.fields}


def in_period(day: dt.date | None, period: Record) -> bool:
    """Tell whether a day lies in a reporting period."""
    first, last = period.get("start_date"), period.get("end_date")
    return day is not None and (first is None or first <= day) and (last is None or day <= last)


def _computed(value: Expression, sheet: Sheet, choice: Callable[[str], str] | None, record: Record) -> Any:
    """Work out a field that is declared as an expression over its record's columns."""
    view = View(record, sheet, choice=choice)
    return value({path[0]: view[path[0]] for path in value.paths})


def _nothing(_: object) -> None:
    return None


SPECIAL: dict[str, Callable[[_Scope, Name], Any]] = {
    "school": lambda scope, name: scope.view(name, scope.school()),
    "plan": lambda scope, name: scope.view(name, scope.plan),
    "district": _Scope.district,
    "document": _Scope.facts,
    "terms": lambda scope, _: scope.wording.terms,
    "today": lambda scope, _: scope.contexts.today,
}

FIELDS: dict[tuple[str, str], Callable[[_Scope, Name, Record], Any]] = {
    ("Students", "age"): lambda scope, _, student: computed.age(student, scope.day or scope.contexts.today),
    **{
        ("Students", form): lambda scope, name, student: computed.pronoun(student, name.key, scope.wording)
        for form in PRONOUN_FORMS
    },
    ("Students", "holds_own_rights"): lambda scope, _, student: scope.contexts.recipients.have_passed(
        student, scope.day
    ),
    **{("Contacts", key): _Scope.of_recipient for key in (HOLDS_RIGHTS, STANDING, IS_STUDENT, HOLDERS)},
    ("Services", "frequency"): lambda scope, _, service: computed.frequency(service, scope.wording),
    ("Goals", "measurements"): _Scope.measurements,
    ("Goals", "comment"): _Scope.comment,
    ("Goals", "objectives"): _Scope.objectives,
    ("Goals", "progress"): _Scope.progress,
    ("Goals", "chart"): _Scope.chart,
    ("Objectives", "measurements"): _Scope.measurements,
    ("Objectives", "comment"): _Scope.comment,
    ("Objectives", "progress"): _Scope.progress,
    ("Objectives", "chart"): _Scope.chart,
    ("Progress", "text"): lambda scope, _, measurement: computed.measurement_text(measurement, scope.wording),
}
"""How each field that `context.yaml` declares beside the columns is computed, by its sheet and name."""

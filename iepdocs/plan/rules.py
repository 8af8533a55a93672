"""Holds records against the rules over several cells or sheets that the pack declares."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import CellPlace, Finding, IepdocsError, Severity
from iepdocs.plan.days import COUNTING, for_rules
from iepdocs.sandbox import BLANK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iepdocs.pack import Pack, Rule
    from iepdocs.plan.caseload import Caseload
    from iepdocs.plan.record import Record
    from iepdocs.sandbox import Expression
    from iepdocs.workbook import Table


class RuleValidator:
    """Holds records against the rules over several cells or sheets.

    A rule holds only where every sheet that it looks at has rows, and a document that it may stop is wanted. A column
    that the table lacks is blamed only where a document uses it.

    Args:
        caseload: the records, linked.
        tables: the tables they came from, for the places of cells.
        pack: what is declared.
        today: the day of the run.
        used: the columns that the wanted documents use, by sheet.
        kinds: the keys of the kinds of documents that are wanted.
    """

    def __init__(
        self,
        caseload: Caseload,
        tables: Mapping[str, Table],
        pack: Pack,
        today: dt.date,
        used: Mapping[str, Collection[str]],
        kinds: Collection[str],
    ) -> None:
        self._caseload = caseload
        self._tables = tables
        self._pack = pack
        self._today = today
        self._rules: dict[str, list[_Held]] = defaultdict(list)
        for rule in pack.rules.values():
            is_wanted = not rule.documents or not rule.documents.isdisjoint(kinds)
            if rule.grade.severity and is_wanted and rule.sheet in tables and all(map(caseload.has, rule.sheets)):
                table, mine = tables[rule.sheet], used.get(rule.sheet, ())
                if blamed := [key for key in rule.cells if key in mine or table.has(key)]:
                    self._rules[rule.sheet].append(_Held(rule, blamed))

    def validate(self, students: Collection[str] | None = None) -> list[Finding]:
        """Return a finding at each cell that a broken rule blames.

        Args:
            students: the students whose records are looked at, '' for those that are no student's; None for all.

        Raises:
            IepdocsError: where a rule cannot be worked out with the values there are.
        """
        cases: _Cases = {}
        return [
            finding
            for title, rules in self._rules.items()
            for finding in _broken(
                rules, self._tables[title], _Scope(title, self._caseload, self._pack, self._today, cases), students
            )
        ]


def _broken(rules: Sequence[_Held], table: Table, scope: _Scope, students: Collection[str] | None) -> Iterator[Finding]:
    """Yield what the rules of a sheet find, row by row."""
    for record in scope.records(students):
        case: _Case | None = None
        names: dict[str, Any] = {}
        for held in rules:
            try:
                if not held.needs_names(record):
                    continue
                if case is None:
                    case = scope.case(record)
                    names = scope.names(record, case)
                told = held.broken(record, names, case)
            except IepdocsError as error:
                at = f"{error.findings[0].message} The first such row is {record.row} of {record.sheet}."
                raise IepdocsError(replace(error.findings[0], message=at)) from None
            if told and not scope.is_unclear(record, held.rule):
                for key in held.blamed:
                    yield replace(told, place=table.place(key, record.source))


class Fields:
    """A record as rules see it: `student.grade` is the value of its column, blank where it has none.

    It prints nothing, and is false where there is no such record.
    """

    __slots__ = ("_values",)
    has_fields_alone = True

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Any:
        return self._values.get(key, BLANK)

    def __bool__(self) -> bool:
        return bool(self._values)

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


_PLAIN = (str, dt.date, type(None))
"""The kinds of values that are told apart as they are."""


class _Held:
    """One rule, held against the records of its sheet.

    Attributes:
        rule: the rule.
        blamed: the cells' columns that are told of where a record breaks it.
        kept: what decides it of records that keep it.
    """

    def __init__(self, rule: Rule, blamed: Sequence[str]) -> None:
        self.rule = rule
        self.blamed = blamed
        self.kept: set[tuple[Any, ...]] = set()

    def needs_names(self, record: Record) -> bool:
        """Tell whether the rule is to be worked out: not if a record whose values decide it the same has kept it."""
        own = self.rule.own
        return own is None or case_of(record.values, own) not in self.kept

    def broken(self, record: Record, names: dict[str, Any], case: _Case) -> Finding | None:
        """Return what there is to say where a record breaks the rule, at its sheet."""
        rule = self.rule
        names = dict(names) if rule.given else names
        self._give(names, case, wanted=True)
        if rule.when is None or _value(rule.when, names):
            self._give(names, case, wanted=False)
            if not _value(rule.require, names):
                return Finding(
                    rule.message(names),
                    rule.mend(names),
                    CellPlace(rule.sheet),
                    rule.grade.severity or Severity.NOTE,
                    rule.id,
                    rule.grade.citation,
                    str(_value(rule.period, names)) if rule.period else "",
                )
        if rule.own is not None:
            self.kept.add(case_of(record.values, rule.own))
        return None

    def _give(self, names: dict[str, Any], case: _Case, *, wanted: bool) -> None:
        """Add what the rule gives a name: what its condition asks for, or else the rest."""
        for key, expression in self.rule.given.items():
            if (key in self.rule.asked) is wanted:
                made_of = self.rule.shared.get(key)
                if made_of is None:
                    names[key] = _value(expression, names)
                else:
                    if made_of not in case.given:
                        case.given[made_of] = _listed(_value(expression, names))
                    names[key] = case.given[made_of]


def case_of(values: Mapping[str, Any], columns: Iterable[str]) -> tuple[Any, ...]:
    """Return some values of a record, such that what is equal is decided alike."""
    return tuple(
        [value if (value := values.get(key)).__class__ in _PLAIN else (value.__class__, str(value)) for key in columns]
    )


def _value(expression: Expression, names: Mapping[str, Any]) -> Any:
    """Return the value of an expression, a list where it picks from one."""
    value = expression(names)
    if value is None:
        return BLANK
    return list(value) if hasattr(value, "__next__") else value


def _listed(value: Any) -> Any:
    """Return a value with lists in the place of all that can be gone through only once."""
    kind = value.__class__
    if kind is Fields or kind is str:
        return value
    if isinstance(value, dict):
        return {key: _listed(one) for key, one in value.items()}
    if kind is list or kind is tuple or hasattr(value, "__next__"):
        return (tuple if kind is tuple else list)(map(_listed, value))
    return value


class _Case:
    """What rules see of a student and a plan: the same for all records of both.

    Attributes:
        names: what they may name of them.
        given: what rules have given a name that depends on nothing else, by what it is made of.
    """

    def __init__(self, caseload: Caseload, pack: Pack, record: Record, plan: Record | None) -> None:
        self._caseload = caseload
        self._pack = pack
        self._student_id = student_id = record.student_id or ""
        self._plan = plan
        self._plan_start = record.plan_start
        self._rows_by_sheet: dict[str, list[Fields]] = {}
        self._student = caseload.students.get(student_id)
        start = plan.get("start_date") if plan else None
        original = caseload.plan_from(student_id, caseload.timeline(student_id).root(start)) if start else None
        self.given: dict[str, Any] = {}
        self.names = {
            "student": Fields(self._student.values if self._student else {}),
            "plan": Fields(plan.values if plan else {}),
            "original": Fields((original or plan).values if plan else {}),
            "rows": self.rows,
            "periods": self.periods,
        }

    @for_rules
    def rows(self, title: str) -> list[Fields]:
        known = self._rows_by_sheet
        if title not in known:
            known[title] = [Fields(one.values) for one in self._rows(title)]
        return known[title]

    @for_rules
    def periods(self) -> list[Fields]:
        return [Fields(period.values) for period in self._periods()]

    def _rows(self, title: str) -> list[Record]:
        """Return a sheet's rows of the student, or of all on sheets without students; of the plan on those below it."""
        columns = self._pack.sheets[title].columns
        if "student_id" not in columns:
            return self._caseload.rows(title)
        if "plan_start" in columns and self._plan:
            family = self._caseload.timeline(self._student_id).family(self._plan.get("start_date"))
            return self._caseload.under(title, self._student_id, family)
        return self._caseload.of(title, self._student_id)

    def _periods(self) -> list[Record]:
        """Return the student's reporting periods in which the plan was in effect."""
        if not self._student:
            return []
        timeline = self._caseload.timeline(self._student_id)
        start = self._plan_start or (self._plan.get("start_date") if self._plan else None)
        last = self._plan.get("end_date") if self._plan else None
        return [
            period
            for period in self._caseload.periods_of(self._student)
            if not (first := period.get("start_date"))
            or not (end := period.get("end_date"))
            or not start
            or (start <= end and start in timeline.within(first, end) and not (last and last < first))
        ]


_Cases = dict[tuple[str | None, int, dt.date | None], _Case]


class _Scope:
    """What the rules of a sheet see of its records."""

    def __init__(self, title: str, caseload: Caseload, pack: Pack, today: dt.date, cases: _Cases) -> None:
        self.title = title
        self.caseload = caseload
        self.pack = pack
        self.dated_by = pack.sheets[title].dated_by
        self._cases = cases
        columns = pack.sheets[title].columns
        same_for_all = {
            "params": Fields(pack.params),
            "terms": Fields(caseload.terms),
            "today": today,
            "district": Fields(caseload.settings),
            **COUNTING,
        }
        self._blank = dict.fromkeys(columns, BLANK)
        self._same_for_all = {key: value for key, value in same_for_all.items() if key not in columns}

    def records(self, students: Collection[str] | None) -> list[Record]:
        """Return the records that rules look at: of some students, or '' for those that are no student's."""
        rows, known, all_of = self.caseload.rows(self.title), self.caseload.students, self.caseload.all_of
        if students is not None:
            nobodys = [one for one in rows if one.student_id not in known] if "" in students else []
            rows = [one for mine in students if mine for one in all_of(self.title, mine) if one.student_id == mine]
            rows += nobodys
        return [record for record in rows if record.sheet == self.title]

    def names(self, record: Record, case: _Case) -> dict[str, Any]:
        """Return what a rule may name, for a record."""
        return {**self._blank, **record.values, **self._same_for_all, **case.names}

    def case(self, record: Record) -> _Case:
        """Return the case of a record: its student and the plan that it is, belongs to, or falls into."""
        plan = self._plan(record)
        key = record.student_id, id(plan), record.plan_start
        if key not in self._cases:
            self._cases[key] = _Case(self.caseload, self.pack, record, plan)
        return self._cases[key]

    def is_unclear(self, record: Record, rule: Rule) -> bool:
        """Tell whether a rule looks at rows of which it cannot be said, and has been reported, what they belong to."""
        return any(self.caseload.loose(title, record.student_id or "") for title in rule.sheets - {rule.sheet})

    def _plan(self, record: Record) -> Record | None:
        """Return the plan that a record is, belongs to, or falls into by its date; else the student's last."""
        if record.sheet == "Plans":
            return record
        if record.plan_start:
            return self.caseload.plan_from(record.student_id or "", record.plan_start)
        day = record.get(self.dated_by)
        return self.caseload.plan_on(record.student_id or "", day if isinstance(day, dt.date) else None)

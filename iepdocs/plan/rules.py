"""Holds records against the rules over several cells or sheets that the pack declares."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import Finding, IepdocsError
from iepdocs.plan.days import COUNTING, for_rules
from iepdocs.sandbox import BLANK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from iepdocs.pack import Pack, Rule
    from iepdocs.plan.caseload import Caseload
    from iepdocs.plan.record import Record
    from iepdocs.sandbox import Expression
    from iepdocs.workbook import Table


def broken_rules(
    caseload: Caseload,
    tables: Mapping[str, Table],
    pack: Pack,
    today: dt.date,
    used: Mapping[str, Collection[str]],
    kinds: Collection[str],
) -> list[Finding]:
    """Return a finding at each cell that a broken rule blames.

    A rule holds only where every sheet that it looks at has rows, and a document that it may stop is wanted. A column
    that the table lacks is blamed only where a document uses it.

    Args:
        caseload: the records, linked.
        tables: the tables they came from, for the places of cells.
        pack: what is declared.
        today: the day of the run.
        used: the columns that the wanted documents use, by sheet.
        kinds: the keys of the kinds of documents that are wanted.

    Raises:
        IepdocsError: where a rule cannot be worked out with the values there are.
    """
    by_sheet: dict[str, list[_Held]] = defaultdict(list)
    for rule in pack.rules.values():
        is_wanted = not rule.documents or not rule.documents.isdisjoint(kinds)
        if rule.grade.severity and is_wanted and rule.sheet in tables and all(map(caseload.has, rule.sheets)):
            by_sheet[rule.sheet].append(_Held(rule))
    return [
        finding
        for title, rules in by_sheet.items()
        for finding in _broken(rules, tables[title], _Scope(title, caseload, pack, today), used.get(title, ()))
    ]


def _broken(rules: Sequence[_Held], table: Table, scope: _Scope, used: Collection[str]) -> Iterator[Finding]:
    """Yield what the rules of a sheet find, row by row."""
    for record in scope.caseload.rows(scope.title):
        if record.sheet != scope.title:
            continue
        names: dict[str, Any] = {}
        for held in rules:
            try:
                if not held.needs_names(record):
                    continue
                names = names or scope.names(record)
                told = held.broken(record, names)
            except IepdocsError as error:
                at = f"{error.findings[0].message} The first such row is {record.row} of {record.sheet}."
                raise IepdocsError(replace(error.findings[0], message=at)) from None
            if told and not scope.is_unclear(record, held.rule):
                rule, (message, mend) = held.rule, told
                for key in (key for key in rule.cells if key in used or table.has(key)):
                    place = table.place(key, record.source)
                    yield Finding(message, mend, place, rule.grade.severity, rule.id, rule.grade.citation)  # type: ignore[arg-type]


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


class _Held:
    """One rule, held against the records of its sheet."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.kept: set[tuple[Any, ...]] = set()

    def needs_names(self, record: Record) -> bool:
        """Tell whether the rule is to be worked out: not if a record whose values decide it the same has kept it."""
        return self.rule.own is None or self._case(record) not in self.kept

    def broken(self, record: Record, names: dict[str, Any]) -> tuple[str, str] | None:
        """Return the message and mend where a record breaks the rule."""
        rule = self.rule
        names = dict(names) if rule.given else names
        self._give(names, wanted=True)
        if rule.when is None or _value(rule.when, names):
            self._give(names, wanted=False)
            if not _value(rule.require, names):
                return rule.message(names), rule.mend(names)
        if rule.own is not None:
            self.kept.add(self._case(record))
        return None

    def _give(self, names: dict[str, Any], *, wanted: bool) -> None:
        """Add what the rule gives a name: what its condition asks for, or else the rest."""
        for key, expression in self.rule.given.items():
            if (key in self.rule.asked) is wanted:
                names[key] = _value(expression, names)

    def _case(self, record: Record) -> tuple[Any, ...]:
        values = map(record.get, self.rule.own or ())
        return tuple((value.__class__, str(value)) for value in values)


def _value(expression: Expression, names: Mapping[str, Any]) -> Any:
    """Return the value of an expression, a list where it picks from one."""
    value = expression(names)
    if value is None:
        return BLANK
    return list(value) if isinstance(value, Iterator) else value


class _Scope:
    """What the rules of a sheet see of its records."""

    def __init__(self, title: str, caseload: Caseload, pack: Pack, today: dt.date) -> None:
        self.title = title
        self.caseload = caseload
        self.pack = pack
        self.same_for_all = {
            **dict.fromkeys(pack.sheets[title].columns, BLANK),
            "params": Fields(pack.params),
            "terms": Fields(caseload.terms),
            "today": today,
            "district": Fields(caseload.settings),
            **COUNTING,
        }
        self._known: dict[tuple[str, dt.date | None], dict[str, list[Fields]]] = defaultdict(dict)

    def names(self, record: Record) -> dict[str, Any]:
        """Return what a rule may name, for a record."""
        student_id = record.student_id or ""
        student = self.caseload.students.get(student_id)
        plan = self._plan(record)
        start = plan.get("start_date") if plan else None
        original = (
            self.caseload.plan_from(student_id, self.caseload.timeline(student_id).root(start)) if start else None
        )
        known = self._known[student_id, start]

        @for_rules
        def rows(title: str) -> list[Fields]:
            if title not in known:
                known[title] = [Fields(one.values) for one in self._rows(title, student_id, plan)]
            return known[title]

        @for_rules
        def periods() -> list[Fields]:
            return [Fields(period.values) for period in self._periods(student, record, plan)]

        return {
            **self.same_for_all,
            **record.values,
            "student": Fields(student.values if student else {}),
            "plan": Fields(plan.values if plan else {}),
            "original": Fields((original or plan).values if plan else {}),
            "rows": rows,
            "periods": periods,
        }

    def is_unclear(self, record: Record, rule: Rule) -> bool:
        """Tell whether a rule looks at rows of which it cannot be said, and has been reported, what they belong to."""
        return any(self.caseload.loose(title, record.student_id or "") for title in rule.sheets - {rule.sheet})

    def _plan(self, record: Record) -> Record | None:
        """Return the plan that a record is, belongs to, or falls into by its date; else the student's last."""
        if record.sheet == "Plans":
            return record
        if record.plan_start:
            return self.caseload.plan_from(record.student_id or "", record.plan_start)
        day = record.get(self.pack.sheets[record.sheet].dated_by)
        return self.caseload.plan_on(record.student_id or "", day if isinstance(day, dt.date) else None)

    def _rows(self, title: str, student_id: str, plan: Record | None) -> list[Record]:
        """Return a sheet's rows of the student, or of all on sheets without students; of the plan on those below it."""
        columns = self.pack.sheets[title].columns
        if "student_id" not in columns:
            return self.caseload.rows(title)
        if "plan_start" in columns and plan:
            start = plan.get("start_date")
            return self.caseload.under(title, student_id, self.caseload.timeline(student_id).family(start))
        return self.caseload.of(title, student_id)

    def _periods(self, student: Record | None, record: Record, plan: Record | None) -> list[Record]:
        """Return the student's reporting periods in which the record's plan was in effect."""
        timeline = self.caseload.timeline(student.student_id or "") if student else None
        start = record.plan_start or (plan.get("start_date") if plan else None)
        last = plan.get("end_date") if plan else None
        return [
            period
            for period in (self.caseload.periods_of(student) if student else ())
            if not (first := period.get("start_date"))
            or not (end := period.get("end_date"))
            or not timeline
            or not start
            or (start <= end and start in timeline.within(first, end) and not (last and last < first))
        ]

"""Holds records against the rules over several cells or sheets that the pack declares."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import Finding, IepdocsError
from iepdocs.sandbox import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iepdocs.pack import Pack, Rule
    from iepdocs.plan.caseload import Caseload
    from iepdocs.plan.record import Record
    from iepdocs.workbook import Table


def broken_rules(caseload: Caseload, tables: Mapping[str, Table], pack: Pack, today: dt.date) -> list[Finding]:
    """Return a finding at each cell that a broken rule blames.

    A rule holds only where every sheet that it looks at has rows.

    Args:
        caseload: the records, linked.
        tables: the tables they came from, for the places of cells.
        pack: what is declared.
        today: the day of the run.

    Raises:
        IepdocsError: where a rule cannot be worked out with the values there are.
    """
    return [
        finding
        for rule in pack.rules.values()
        if rule.grade.severity and rule.sheet in tables and all(map(caseload.has, rule.sheets))
        for finding in _Held(rule, caseload, pack, today).findings(tables[rule.sheet])
    ]


class Fields:
    """A record as rules see it: `student.grade` is the value of its column, blank where it has none.

    It prints nothing, and is false where there is no such record.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Any:
        return self._values.get(key, BLANK)

    def __bool__(self) -> bool:
        return bool(self._values)

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


def years_between(first: dt.date, last: dt.date) -> int | str:
    """Return the whole years from one day to another; from February 29 a year is full on March 1.

    Where one of the days is blank, so are the years.
    """
    if BLANK in (first, last):
        return BLANK
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


years_between.for_rules = True  # type: ignore[attr-defined]


class _Held:
    """One rule, held against the records of its sheet."""

    def __init__(self, rule: Rule, caseload: Caseload, pack: Pack, today: dt.date) -> None:
        self.rule = rule
        self.caseload = caseload
        self.pack = pack
        columns = pack.sheets[rule.sheet].columns
        self.same_for_all = {
            **dict.fromkeys(columns, BLANK),
            "params": Fields(pack.params),
            "today": today,
            "district": Fields(caseload.settings),
            "years_between": years_between,
        }
        paths = [*(rule.when.paths if rule.when else ()), *rule.require.paths]
        self.own = sorted({path[0] for path in paths} & columns.keys())
        self.known: dict[tuple[Any, ...], bool] = {}

    def findings(self, table: Table) -> Iterator[Finding]:
        rule = self.rule
        for record in self.caseload.rows(rule.sheet):
            if record.sheet != rule.sheet:
                continue
            try:
                told = self._broken(record)
            except IepdocsError as error:
                at = f"{error.findings[0].message} The first such row is {record.row} of {record.sheet}."
                raise IepdocsError(replace(error.findings[0], message=at)) from None
            if told:
                message, mend = told
                for key in rule.cells:
                    place = table.place(key, record.source)
                    yield Finding(message, mend, place, rule.grade.severity, rule.id, rule.grade.citation)  # type: ignore[arg-type]

    def _broken(self, record: Record) -> tuple[str, str] | None:
        """Return the message and mend where a record breaks the rule."""
        if self._is_kept(record):
            return None
        names = self._names(record)
        return self.rule.message(names), self.rule.mend(names)

    def _is_kept(self, record: Record) -> bool:
        if not self.rule.own_only:
            return self._decide(record)
        case = tuple((value.__class__, str(value)) for value in map(record.get, self.own))
        if case not in self.known:
            self.known[case] = self._decide(record)
        return self.known[case]

    def _decide(self, record: Record) -> bool:
        names = self._names(record)
        when = self.rule.when
        return bool((when is not None and not when(names)) or self.rule.require(names))

    def _names(self, record: Record) -> dict[str, Any]:
        names = {**self.same_for_all, **record.values}
        if self.rule.own_only:
            return names
        student_id = record.student_id or ""
        student = self.caseload.students.get(student_id)
        plan = self._plan(record)

        def rows(title: str) -> list[Fields]:
            return [Fields(one.values) for one in self._rows(title, student_id, plan)]

        rows.for_rules = True  # type: ignore[attr-defined]
        names["student"] = Fields(student.values if student else {})
        names["plan"] = Fields(plan.values if plan else {})
        return {**names, "rows": rows}

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

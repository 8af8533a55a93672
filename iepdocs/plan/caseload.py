"""Records to plans: every record with the student, the plan and the goal that it belongs to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from iepdocs.findings import Finding
from iepdocs.plan.record import Record
from iepdocs.text import fold, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iepdocs.pack import Pack, Sheet
    from iepdocs.workbook import Table

_Key = tuple[Any, ...]
_PERIODS = "Reporting Periods"


class Caseload:
    """The records of a workbook, put together.

    Args:
        records: validated records by sheet.
        tables: the tables they came from, for the places of cells.
        pack: what is declared.

    Attributes:
        students: the students by id.
        findings: keys given twice, and records whose student, plan, goal or period is not there.
    """

    def __init__(self, records: Mapping[str, list[Record]], tables: Mapping[str, Table], pack: Pack) -> None:
        self._pack = pack
        self._tables = tables
        self._records = {title: list(found) for title, found in records.items()}
        self.findings: list[Finding] = []
        self._add_guests()
        self.students: dict[str, Record] = {}
        for student in self.rows("Students"):
            if student.student_id:
                self.students.setdefault(student.student_id, student)
        self._by_student: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for title, found in self._records.items():
            for record in found:
                if record.student_id:
                    self._by_student[title, record.student_id].append(record)
        self._starts = self._find_starts()
        self._periods = {
            fold(period.get("period")): period.get("end_date") for period in self.rows(_PERIODS) if period.get("period")
        }
        self._keys: dict[str, dict[_Key, Record]] = {}
        self._below: dict[str, defaultdict[_Key, list[Record]]] = {}
        for sheet in pack.sheets.values():
            if sheet.title in self._records:
                self._link(sheet.title)
                self._default_from_plan(sheet)

    def rows(self, title: str) -> list[Record]:
        """Return all records of a sheet."""
        return self._records.get(title, [])

    def of(self, title: str, student_id: str) -> list[Record]:
        """Return a student's records of a sheet, in its order, without those that belong nowhere."""
        return [record for record in self.all_of(title, student_id) if not record.loose]

    def all_of(self, title: str, student_id: str) -> list[Record]:
        """Return a student's records of a sheet, loose ones too."""
        return self._by_student.get((title, student_id), [])

    def loose(self, title: str, student_id: str) -> list[Record]:
        """Return a student's records of a sheet of which it cannot be said to what they belong."""
        return [record for record in self.all_of(title, student_id) if record.loose]

    def has(self, title: str) -> bool:
        """Tell whether the workbook has a sheet."""
        return title in self._records

    def below(self, title: str, parent: Record) -> list[Record]:
        """Return the records of a sheet that belong to a goal (but to none of its objectives) or to an objective."""
        if title not in self._below:
            index = self._below[title] = defaultdict(list)
            for record in self.rows(title):
                if not record.loose:
                    index[_goal_key(record, title)].append(record)
        return self._below[title].get(_goal_key(parent, title), [])

    def plan_from(self, student_id: str, start: dt.date | None) -> Record | None:
        """Return the student's plan that starts on a day."""
        plans = self.of("Plans", student_id)
        return next((plan for plan in plans if plan.get("start_date") == start), None)

    def plan_on(self, student_id: str, day: dt.date | None) -> Record | None:
        """Return the student's plan in effect on a day: the last that has started, else the first."""
        starts = [plan.get("start_date") for plan in self.of("Plans", student_id) if plan.get("start_date")]
        return self.plan_from(student_id, _in_effect(sorted(starts), day)) if starts else None

    def starts_in(self, student_id: str, first: dt.date | None, last: dt.date | None) -> set[dt.date | None]:
        """Return the starts of the student's plans in effect at some time from `first` to `last`."""
        starts = self._starts.get(student_id, [])
        if not starts:
            return {None}
        inside = {start for start in starts if (not first or start > first) and (not last or start <= last)}
        return {_in_effect(starts, first or dt.date.min), *inside}

    def _add_guests(self) -> None:
        """Make records of the rows that stand in another sheet's rows, as guardians do in their student's."""
        for sheet in self._pack.sheets.values():
            also_on = sheet.also_on
            if not also_on:
                continue
            defaults = {key: column.default for key, column in sheet.columns.items() if column.default is not None}
            for host in self.rows(also_on.sheet):
                for prefix in also_on.prefixes:
                    guests = also_on.guests(prefix)
                    found = {key: host.get(guest) for guest, key in guests.items() if host.get(guest) is not None}
                    if all(found.get(key) for key in sheet.key if key != "student_id"):
                        values = {**defaults, "student_id": host.student_id, **found}
                        self._records.setdefault(sheet.title, []).append(Record(also_on.sheet, host.row, values))

    def _find_starts(self) -> dict[str, list[dt.date]]:
        starts: dict[str, set[dt.date]] = defaultdict(set)
        title, column = ("Plans", "start_date") if self.has("Plans") else ("Goals", "plan_start")
        for record in self.rows(title):
            if record.student_id and record.get(column):
                starts[record.student_id].add(record.get(column))
        return {student_id: sorted(found) for student_id, found in starts.items()}

    def _link(self, title: str) -> None:
        """Find for each record of a sheet what it belongs to, and keys that stand twice."""
        sheet = self._pack.sheets[title]
        keys: dict[_Key, Record] = {}
        twice: set[Record] = set()
        for record in self.rows(title):
            if record.row is None or record.sheet != title:
                continue
            finding = self._references(record)
            if finding:
                self.findings.append(finding)
                record.loose = True
            if any(sheet.columns[key].required and record.get(key) is None for key in sheet.key):
                record.loose = True
            key = self._key(title, record)
            if record.loose or not sheet.key or (sheet.distinct_when and not record.get(sheet.distinct_when)):
                keys.setdefault(key, record)
            elif (first := keys.setdefault(key, record)) is not record:
                twice |= {first, record}
                self.findings.append(self._duplicate(record, first))
                self.findings.append(self._duplicate(first, record))
        for record in twice:
            record.loose = True
        self._keys[title] = keys

    def _default_from_plan(self, sheet: Sheet) -> None:
        defaults = {key: column.default_from for key, column in sheet.columns.items() if column.default_from}
        for record in self.rows(sheet.title) if defaults else ():
            plan = self.plan_from(record.student_id or "", record.plan_start)
            if plan:
                found = {key: default({"plan": plan.values}) for key, default in defaults.items()}
                record.values = {**found, **record.values}

    def _key(self, title: str, record: Record) -> _Key:
        """Return what the key columns of a sheet hold in a record, of that sheet or one that belongs to it."""
        return tuple(
            record.plan_start if column == "plan_start" else _comparable(record.get(column))
            for column in self._pack.sheets[title].key
        )

    def _references(self, record: Record) -> Finding | None:
        """Resolve the record's plan; return a finding for the first thing it names that is not there."""
        sheet = self._pack.sheets[record.sheet]
        if record.student_id is None:
            return None
        if "Students" in sheet.refers_to and record.student_id not in self.students:
            return self._no_student(record) if self._has_keys("Students") else None
        finding = self._resolve_plan(record, record.student_id) if "plan_start" in sheet.columns else None
        if finding:
            return finding
        for title in sheet.refers_to:
            column = self._named_by(title)
            if title != "Students" and self._has_keys(title) and record.get(column) is not None:
                known = self._periods if title == _PERIODS else self._keys[title]
                key = fold(record.get(column)) if title == _PERIODS else self._key(title, record)
                if key not in known:
                    return self._no_such(record, title, column)
        return None

    def _named_by(self, title: str) -> str:
        """Return the column by which other sheets name a row of a sheet: of its key, the one that is its own."""
        key = self._pack.sheets[title].key
        return key[0] if title == _PERIODS else key[-1]

    def _has_keys(self, title: str) -> bool:
        """Tell whether the workbook has a sheet with the columns that name its rows."""
        sheet = self._pack.sheets[title]
        return self.has(title) and all(
            key in self._tables[title].letters for key in sheet.key if sheet.columns[key].required
        )

    def _resolve_plan(self, record: Record, student_id: str) -> Finding | None:
        starts = self._starts.get(student_id, [])
        given = record.get("plan_start")
        days = " and ".join(shown(start) for start in starts)
        if given is not None:
            record.plan_start = given
            if given in starts or not starts:
                return None
            return self._at(
                record,
                "plan_start",
                f"No plan of this student starts on {shown(given)}.",
                f"The Plans sheet has {days}. Mend the date, or leave it blank for the only plan.",
                "plan-unknown",
            )
        day = self._date(record)
        if len(starts) > 1 and day is None:
            return self._at(
                record,
                "plan_start",
                f"This student has plans from {days}, and the row does not say to which it belongs.",
                "Type the plan's start date into Plan Start.",
                "plan-unclear",
            )
        record.plan_start = _in_effect(starts, day) if starts else None
        return None

    def _date(self, record: Record) -> dt.date | None:
        value = record.get(self._pack.sheets[record.sheet].dated_by)
        if isinstance(value, str):
            value = self._periods.get(fold(value))
        return value if isinstance(value, dt.date) else None

    def _no_student(self, record: Record) -> Finding:
        given = record.student_id or ""
        bare = {student_id.lstrip("0"): student_id for student_id in self.students}
        close = bare.get(given.lstrip("0")) or nearest(given, self.students)
        hint = f"Did you mean {close}? " if close else ""
        return self._at(
            record,
            "student_id",
            f"There is no student {record.student_id} on the Students sheet.",
            f"{hint}Mend the ID, or add the student to the Students sheet.",
            "student-unknown",
        )

    def _no_such(self, record: Record, title: str, column: str) -> Finding:
        if title == _PERIODS:
            there = {shown(period.get(column)) for period in self.rows(title) if period.get(column)}
        else:
            there = {
                shown(found.get(column))
                for found in self._by_student.get((title, record.student_id or ""), ())
                if found.plan_start == record.plan_start and found.get(column) is not None
            }
        has = f"has {', '.join(sorted(there))}" if there else "has none for this student and plan"
        what = self._pack.sheets[title].columns[column].title
        return self._at(
            record,
            column,
            f"There is no {what} {shown(record.get(column))} on the {title} sheet.",
            f"The {title} sheet {has}. Mend this cell, or add the row there.",
            f"{column.replace('_', '-')}-unknown",
        )

    def _duplicate(self, record: Record, other: Record) -> Finding:
        sheet = self._pack.sheets[record.sheet]
        table = self._tables[record.sheet]
        given = [key for key in sheet.key if record.get(key) is not None and key in table.letters]
        titles = ", ".join(sheet.columns[key].title for key in given)
        there = table.address(given[-1], other.row)
        return self._at(
            record,
            given[-1],
            f"This row and the one at {there} have the same {titles}.",
            "Delete one of the two rows, or mend what should differ.",
            "duplicate",
        )

    def _at(self, record: Record, column: str, message: str, mend: str, rule: str) -> Finding:
        place = self._tables[record.sheet].place(column, record.row, record.get(column))
        return Finding(message, mend, place, rule=rule)


def _in_effect(starts: list[dt.date], day: dt.date | None) -> dt.date:
    """Return the last of the sorted starts that is not after a day, else the first; with no day the last."""
    return next((start for start in reversed(starts) if day is None or start <= day), starts[0])


def _goal_key(record: Record, title: str) -> _Key:
    objective = None if title == "Objectives" else record.get("objective_number")
    return record.student_id, record.plan_start, record.get("goal_number"), objective


def _comparable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""What each record belongs to: its student, its plan, its goal; and keys that stand twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from iepdocs.findings import Finding, Severity
from iepdocs.text import did_you_mean, fold, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iepdocs.pack import Column, Pack, Sheet
    from iepdocs.plan.caseload import Caseload, Key
    from iepdocs.plan.record import Record
    from iepdocs.plan.timeline import Timeline
    from iepdocs.workbook import Table

_PERIODS = "Reporting Periods"
_MOST_LOOK_UPS = 200
"""So many wrong ids get a likely one named; with more, something else is wrong."""


def link(caseload: Caseload, tables: Mapping[str, Table], pack: Pack) -> list[Finding]:
    """Say of each record to which plan it belongs, and give it the defaults that come from there.

    A record whose student, plan, goal or period is not there, or whose key stands twice, is marked as loose.

    Args:
        caseload: the records.
        tables: the tables they came from, for the places of cells.
        pack: what is declared.

    Returns:
        A finding for each.
    """
    return pack.graded(_Linker(caseload, tables, pack).findings())


class _Linker:
    def __init__(self, caseload: Caseload, tables: Mapping[str, Table], pack: Pack) -> None:
        self.caseload = caseload
        self.tables = tables
        self.pack = pack
        self.keys: dict[str, dict[Key, Key]] = {}
        bare = Counter(known.lstrip("0") for known in caseload.students)
        self.bare_ids = {known.lstrip("0"): known for known in caseload.students if bare[known.lstrip("0")] == 1}
        self.nameless = [row.row for row in caseload.rows("Students") if row.student_id is None and row.row]
        self.undated: dict[str, bool] = {}
        self.nearest: dict[str, str | None] = {}
        self.named: dict[str, dict[str, str]] = {}

    def findings(self) -> Iterator[Finding]:
        sheets = [sheet for sheet in self.pack.sheets.values() if sheet.title in self.tables]
        own = {
            sheet.title: [record for record in self.caseload.rows(sheet.title) if record.sheet == sheet.title]
            for sheet in sheets
        }
        for sheet in sheets:
            yield from self._placed(own[sheet.title], sheet)
        named = {title for sheet in sheets for title in sheet.refers_to} & own.keys()
        for title in named:
            keys = [self.caseload.key(title, record) for record in own[title]]
            self.keys[title] = dict(zip(keys, keys, strict=True))
        for sheet in sheets:
            yield from self._referred(own[sheet.title], sheet)
            yield from self._twice(own[sheet.title], sheet)
            self._defaults(own[sheet.title], sheet)

    def _placed(self, records: Sequence[Record], sheet: Sheet) -> Iterator[Finding]:
        """Say to which student and plan each record of a sheet belongs."""
        required = [key for key in sheet.key if sheet.columns[key].required]
        for record in records:
            if finding := self._student(record, sheet):
                yield self._marked(record, finding)
            if record.loose:
                self._hold_back(record)
            elif finding := self._plan(record, sheet):
                yield self._marked(record, finding)
            for key in required:
                record.loose |= record.values.get(key) is None
        if "Students" in sheet.refers_to:
            self._hold_back_beside(records)

    def _referred(self, records: Sequence[Record], sheet: Sheet) -> Iterator[Finding]:
        """Look for what the records of a sheet name on others."""
        columns = [column for column in sheet.columns.values() if column.named_on]
        for record in records:
            if not record.loose and (finding := self._reference(record, sheet)):
                yield self._marked(record, finding)
            if columns:
                yield from self._not_named(record, columns)

    def _marked(self, record: Record, finding: Finding) -> Finding:
        grade = self.pack.grades.get(finding.rule)
        record.loose |= grade is None or grade.severity is Severity.ERROR
        return finding

    def _student(self, record: Record, sheet: Sheet) -> Finding | None:
        """Look for the student that the record belongs to."""
        if record.student_id is None or "Students" not in sheet.refers_to:
            return None
        if record.student_id in self.caseload.students or not self._has_keys("Students"):
            return None
        return self._no_student(record)

    def _hold_back(self, record: Record) -> None:
        """Keep a record of no student from being left out of the documents of the one that is likely meant."""
        meant = self._nearest_student(record.student_id or "")
        if meant:
            self.caseload.hold_back(record, meant)

    def _hold_back_beside(self, records: Sequence[Record]) -> None:
        """Keep rows that name no student from being left out of the documents of those in the rows beside them."""
        above: str | None = None
        waiting: list[Record] = []
        for record in records:
            if record.student_id is None:
                waiting.append(record)
                if above:
                    self.caseload.hold_back_beside(record, above)
            elif record.student_id:
                for one in waiting if record.student_id != above else ():
                    self.caseload.hold_back_beside(one, record.student_id)
                above, waiting = record.student_id, []

    def _plan(self, record: Record, sheet: Sheet) -> Finding | None:
        """Find the student's plan that the record belongs to."""
        if record.student_id is None or "Students" not in sheet.refers_to:
            return None
        timeline = self.caseload.timeline(record.student_id)
        amends = record.get("amends") if sheet.title == "Plans" else None
        if amends and (amends not in timeline or amends == record.get("start_date")):
            return self._at(
                record,
                "amends",
                f"No other plan of this student starts on {shown(amends)}.",
                f"The Plans sheet has {_all(timeline)}. Mend the date."
                if timeline.starts
                else "Add the plan that is amended.",
                "plan-unknown",
            )
        if "plan_start" not in sheet.columns:
            return None
        given = record.get("plan_start")
        if given is not None:
            record.plan_start = given
            if given in timeline or not self._has_keys("Plans"):
                return None
            return self._at(
                record,
                "plan_start",
                f"No plan of this student starts on {shown(given)}.",
                f"The Plans sheet has {_all(timeline)}. Mend the date, or leave it blank for the only plan."
                if timeline.starts
                else "Add the plan to the Plans sheet, or leave the cell blank.",
                "plan-unknown",
            )
        if self._has_undated_plan(record.student_id):
            return self._at(
                record,
                "plan_start",
                "The start date of one of this student's plans is missing or wrong, so it is not clear to which plan "
                "this row belongs.",
                "Mend the start date on the Plans sheet.",
                "plan-unclear",
            )
        day = self._date(record, sheet) if len(timeline.starts) > 1 else None
        record.plan_start = timeline.in_effect(day)
        if len(timeline.starts) > 1 and day is None:
            return self._at(
                record,
                "plan_start",
                f"This student has plans from {_all(timeline)}, and the row does not say to which it belongs.",
                f"Type the plan's start date into {sheet.columns['plan_start'].title}.",
                "plan-unclear",
            )
        return None

    def _has_undated_plan(self, student_id: str) -> bool:
        if student_id not in self.undated:
            plans = self.caseload.all_of("Plans", student_id)
            self.undated[student_id] = any(plan.get("start_date") is None for plan in plans)
        return self.undated[student_id]

    def _date(self, record: Record, sheet: Sheet) -> dt.date | None:
        """Return the date of a record; of one that names a reporting period, the period's end."""
        value = record.get(sheet.dated_by)
        if isinstance(value, str) and (period := self.caseload.periods.get(fold(value))):
            value = period.get("end_date")
        return value if isinstance(value, dt.date) else None

    def _reference(self, record: Record, sheet: Sheet) -> Finding | None:
        """Look for the rows of other sheets that the record names."""
        student_id = record.student_id
        if student_id is None:
            return None
        for title in sheet.refers_to:
            if title == "Students":
                continue
            key = self.pack.sheets[title].key
            column = key[0] if title == _PERIODS else key[-1]
            if record.get(column) is None:
                continue
            if title == _PERIODS:
                known = fold(record.get(column)) in self.caseload.periods
            else:
                key = self.caseload.key(title, record)
                known = (same := self.keys.get(title, {}).get(key)) is not None
                if title == "Goals":
                    record.goal = same or key
            if not known and self._has_keys(title):
                if any(lost.get(column) == record.get(column) for lost in self.caseload.loose(title, student_id)):
                    record.loose = True  # what it names is there, and has been reported
                    return None
                return self._no_such(record, title, column)
        return None

    def _not_named(self, record: Record, columns: Iterable[Column]) -> Iterator[Finding]:
        """Yield a warning for each value, of the columns whose values stand on another sheet, that does not."""
        for column in columns:
            value = record.get(column.key)
            if value is None or fold(shown(value)) in (known := self._named(column.named_on)):
                continue
            if known:
                title, _, key = column.named_on.partition(".")
                what = self.pack.sheets[title].columns[key].title
                yield self._at(
                    record,
                    column.key,
                    f"There is no {what} '{shown(value)}' on the {title} sheet.",
                    did_you_mean(shown(value), known.values(), f"It has: {'; '.join(known.values())}."),
                    "name-unknown",
                )

    def _named(self, column: str) -> dict[str, str]:
        """Return the values of another sheet's column as `Schools.school`, by how they are compared."""
        if column not in self.named:
            title, _, key = column.partition(".")
            values = [shown(row.get(key)) for row in self.caseload.rows(title) if row.get(key) is not None]
            self.named[column] = {fold(value): value for value in values}
        return self.named[column]

    def _has_keys(self, title: str) -> bool:
        """Tell whether the workbook has a sheet with the columns that name its rows."""
        sheet = self.pack.sheets[title]
        table = self.tables.get(title)
        return table is not None and all(table.has(key) for key in sheet.key if sheet.columns[key].required)

    def _twice(self, records: list[Record], sheet: Sheet) -> Iterator[Finding]:
        groups: dict[Key, list[Record]] = defaultdict(list)
        for record in records if sheet.key else ():
            if not record.loose and (not sheet.distinct_when or record.get(sheet.distinct_when)):
                groups[(record.plan_start, *self.caseload.key(sheet.title, record))].append(record)
        for group in groups.values():
            for record in group if len(group) > 1 else ():
                if finding := self._duplicate(record, group, sheet):
                    yield self._marked(record, finding)

    def _defaults(self, records: list[Record], sheet: Sheet) -> None:
        defaults = {key: column.default_from for key, column in sheet.columns.items() if column.default_from}
        for record in records if defaults else ():
            plan = self.caseload.plan_from(record.student_id or "", record.plan_start)
            names = {"plan": plan.values if plan else {}, "district": self.caseload.settings}
            found = {key: value for key, default in defaults.items() if (value := default(names)) is not None}
            record.values = {**found, **record.values}

    def _nearest_student(self, student_id: str) -> str | None:
        """Return the id that was meant: the same but for leading zeros, else one hardly different.

        Where a student has no id, it is rather that one's.
        """
        if student_id not in self.nearest:
            is_likely = not self.nameless and len(self.nearest) < _MOST_LOOK_UPS
            near = nearest(student_id, self.caseload.students, 0.8) if is_likely else None
            self.nearest[student_id] = self.bare_ids.get(student_id.lstrip("0")) or near
        return self.nearest[student_id]

    def _no_student(self, record: Record) -> Finding:
        close = self._nearest_student(record.student_id or "")
        hint = f"Did you mean {close}? " if close else ""
        if not close and self.nameless:
            hint = f"Row {self.nameless[0]} of the Students sheet has no ID: is it this one? "
        return self._at(
            record,
            "student_id",
            f"There is no student {record.student_id} on the Students sheet, so this row is in no document.",
            f"{hint}Mend the ID, or add the student to the Students sheet.",
            "student-unknown",
        )

    def _no_such(self, record: Record, title: str, column: str) -> Finding:
        what = self.pack.sheets[title].columns[column].title
        if title == _PERIODS:
            there = [shown(period.get(column)) for period in self.caseload.periods.values()]
            whose = ""
        else:
            mine = self.caseload.all_of(title, record.student_id or "")
            there = sorted({shown(found.get(column)) for found in mine if found.get(column) is not None})
            whose = " for this student" + (f"'s plan of {shown(record.plan_start)}" if record.plan_start else "")
        has = f"The {title} sheet has {', '.join(there)} for this student. " if there and whose else ""
        has = has or (f"The {title} sheet has {', '.join(there)}. " if there else "")
        return self._at(
            record,
            column,
            f"There is no {what} {shown(record.get(column))} on the {title} sheet{whose}.",
            f"{has}Mend this cell, or add the row there.",
            f"{column.replace('_', '-')}-unknown",
        )

    def _duplicate(self, record: Record, group: list[Record], sheet: Sheet) -> Finding | None:
        table = self.tables[sheet.title]
        given = [key for key in sheet.key if record.get(key) is not None and table.has(key)]
        if not given:
            return None
        titles = ", ".join(sheet.columns[key].title for key in given)
        others = [table.address(given[-1], other.source) or "" for other in group if other is not record]
        some = others[:3] + [f"{len(others) - 3} more"] * (len(others) > 3)  # noqa: PLR2004
        return self._at(
            record,
            given[-1],
            f"This row and the one at {' and '.join(some)} have the same {titles}.",
            "Delete one of them, or mend what should differ.",
            "duplicate",
        )

    def _at(self, record: Record, column: str, message: str, mend: str, rule: str) -> Finding:
        return Finding(message, mend, self.tables[record.sheet].place(column, record.source), rule=rule)


def _all(timeline: Timeline) -> str:
    """Return the starts of a student's plans, for messages."""
    return " and ".join(map(shown, timeline.starts))

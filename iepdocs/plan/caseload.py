"""The records of a workbook by student, plan and goal."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from iepdocs.plan.record import Record
from iepdocs.plan.timeline import Timeline
from iepdocs.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from iepdocs.pack import Pack, Sheet

Key = tuple[Any, ...]


class Caseload:
    """The records of a workbook, looked up by what they belong to.

    `iepdocs.plan.links` says of each record to which plan it belongs, and marks as loose those of which that
    cannot be said.

    Args:
        records: validated records by sheet.
        settings: the district's settings.
        pack: what is declared.

    Attributes:
        students: the students by id.
        periods: the first reporting period of each name, by the name as names are compared.
    """

    def __init__(self, records: Mapping[str, Sequence[Record]], settings: Mapping[str, Any], pack: Pack) -> None:
        self._pack = pack
        self.settings = settings
        self._records = {title: list(found) for title, found in records.items()}
        self._add_guests()
        self.students: dict[str, Record] = {}
        for student in self.rows("Students"):
            if student.student_id:
                self.students.setdefault(student.student_id, student)
        self.periods: dict[str, Record] = {}
        for period in self.rows("Reporting Periods"):
            if period.get("period"):
                self.periods.setdefault(fold(period.get("period")), period)
        self._by_student: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for title, found in self._records.items():
            for record in found:
                if record.student_id:
                    self._by_student[title, record.student_id].append(record)
        self._beside: dict[tuple[str, str], list[Record]] = defaultdict(list)
        self._begin()
        self._there = {title for title, found in self._records.items() if found}
        self._keys = {
            title: (sheet.key, sheet.key.index("plan_start") if "plan_start" in sheet.key else None)
            for title, sheet in pack.sheets.items()
        }

    def _begin(self) -> None:
        """Begin with nothing worked out of the records yet."""
        self._timelines: dict[str, Timeline] = {}
        self._below: dict[str, dict[Key, list[Record]]] = {}
        self._periods_of: dict[str, list[Record]] = {}
        vars(self).pop("_students_at", None)

    def part(self, student_ids: Iterable[str]) -> Caseload:
        """Return the same caseload with the records of some students alone, and all that are no student's."""
        part = copy(self)
        students = {one: self.students[one] for one in student_ids}
        keys = [(title, one) for title in self._records for one in students]
        mine = {key: found for key in keys if (found := self._by_student.get(key))}
        records = {
            title: [record for one in students for record in mine.get((title, one), ())]
            if "student_id" in self._pack.sheets[title].columns
            else found
            for title, found in self._records.items()
        }
        beside = {key: found for key in keys if (found := self._beside.get(key))}
        vars(part).update(students=students, _by_student=mine, _beside=beside, _records=records)
        part._begin()  # noqa: SLF001  (its own)
        return part

    def has(self, title: str) -> bool:
        """Tell whether the workbook has rows of a sheet; an empty sheet is as good as none."""
        return title in self._there

    def rows(self, title: str) -> list[Record]:
        """Return all records of a sheet."""
        return self._records.get(title, [])

    def all_of(self, title: str, student_id: str) -> list[Record]:
        """Return a student's records of a sheet, in its order, loose ones too."""
        return self._by_student.get((title, student_id), [])

    def of(self, title: str, student_id: str) -> list[Record]:
        """Return a student's records of a sheet, without the loose ones."""
        return [record for record in self.all_of(title, student_id) if not record.loose]

    def loose(self, title: str, student_id: str) -> list[Record]:
        """Return a student's records of a sheet of which it cannot be said to what they belong."""
        own = [record for record in self.all_of(title, student_id) if record.loose]
        return own + self._beside.get((title, student_id), [])

    def hold_back(self, record: Record, student_id: str) -> None:
        """Take note that a record of nobody may be a student's: documents that would lack it are not made."""
        self._by_student[record.sheet, student_id].append(record)

    def hold_back_beside(self, record: Record, student_id: str) -> None:
        """Take note that a record that names no student stands beside a student's, and may be one of them."""
        self._beside[record.sheet, student_id].append(record)

    def student_at(self, title: str, row: int) -> str | None:
        """Return whose record stands in a row."""
        return self._students_at.get((title, row))

    @cached_property
    def _students_at(self) -> dict[tuple[str, int | None], str | None]:
        return {(title, record.row): record.student_id for title, found in self._records.items() for record in found}

    @cached_property
    def terms(self) -> dict[str, str]:
        """The district's words, in English."""
        return dict(self._pack.wording("en", self.settings).terms)

    def periods_of(self, student: Record) -> list[Record]:
        """Return the reporting periods declared for a student's school and grade, and the schedule of the plan."""
        student_id = student.student_id or ""
        if student_id not in self._periods_of:
            found = [period for period in self.rows("Reporting Periods") if self._reports_in(period, student)]
            self._periods_of[student_id] = found
        return self._periods_of[student_id]

    def _reports_in(self, period: Record, student: Record) -> bool:
        plan = self.plan_on(student.student_id or "", period.get("end_date"))
        return (
            _same(period.get("schedule"), plan.get("progress_report_schedule") if plan else None)
            and _same(period.get("school"), student.get("school"))
            and (not period.get("grades") or student.get("grade") in (None, *period.get("grades")))
        )

    def timeline(self, student_id: str) -> Timeline:
        """Return the student's plans in time; without a Plans sheet, as the Goals sheet names their starts."""
        if student_id not in self._timelines:
            plans, goals = (
                [one for one in self.all_of(title, student_id) if one.student_id == student_id]  # none held back
                for title in ("Plans", "Goals")
            )
            named = {start for goal in goals if (start := goal.get("plan_start"))} if not self.has("Plans") else ()
            self._timelines[student_id] = Timeline(plans, named)
        return self._timelines[student_id]

    def plan_from(self, student_id: str, start: dt.date | None) -> Record | None:
        """Return the student's plan or amendment that starts on a day."""
        return next((plan for plan in self.of("Plans", student_id) if plan.get("start_date") == start), None)

    def plan_on(self, student_id: str, day: dt.date | None) -> Record | None:
        """Return the student's plan in effect on a day, or the last amendment of it begun by then."""
        if not day:
            return self.plan_from(student_id, self.timeline(student_id).in_effect(day))
        starts = [start for start in self.timeline(student_id).within(day, day) if start]
        return self.plan_from(student_id, max(starts)) if starts else None

    def under(self, title: str, student_id: str, starts: Collection[dt.date | None]) -> list[Record]:
        """Return a student's records of a sheet that belong to the plans and amendments of some starts.

        Of those of one key in a plan and its amendment, the amendment's stand, in the place of the others.
        """
        found = [record for record in self.of(title, student_id) if record.plan_start in starts]
        if not self._pack.sheets[title].key or len({record.plan_start for record in found}) <= 1:
            return found
        standing: dict[Key, list[Record]] = defaultdict(list)
        for record in found:
            mine = standing[self.key(title, record)]
            if mine and _later(record, mine[0]):
                mine.clear()
            if not mine or mine[0].plan_start == record.plan_start:
                mine.append(record)
        return [record for mine in standing.values() for record in mine]

    def key(self, title: str, record: Record) -> Key:
        """Return the key of a sheet's row, as a record of that sheet or of one that refers to it has it.

        Of a plan's amendments it is the same as of the plan.
        """
        columns, at = self._keys[title]
        values = record.values
        found = [
            _folded(value) if (value := values.get(column)).__class__ is str else _comparable(value)
            for column in columns
        ]
        if at is not None:
            found[at] = self.timeline(record.student_id or "").root(record.plan_start)
        return tuple(found)

    def below(self, title: str, parent: Record) -> list[Record]:
        """Return the records of a sheet that belong to a goal (but to none of its objectives) or to an objective."""
        if title not in self._below:
            index: dict[Key, list[Record]] = defaultdict(list)
            for record in self.rows(title):
                if not record.loose:
                    index[self._goal_key(record, title)].append(record)
            self._below[title] = index
        return self._below[title].get(self._goal_key(parent, title), [])

    def _goal_key(self, record: Record, title: str) -> Key:
        if record.goal is None:
            record.goal = self.key("Goals", record)
        has_objectives = title != "Objectives" and self.has("Objectives")
        return record.goal, record.get("objective_number") if has_objectives else None

    def _add_guests(self) -> None:
        """Make records of the rows that stand in another sheet's rows, as guardians do in their student's.

        One who stands on the sheet itself too is taken from there.
        """
        for sheet in self._pack.sheets.values():
            also_on = sheet.also_on
            there = {_name(record, sheet) for record in self.rows(sheet.title)} if also_on else set()
            for host in self.rows(also_on.sheet) if also_on else ():
                for guests in map(also_on.guests, also_on.prefixes) if also_on else ():
                    found = {key: host.get(guest) for guest, key in guests.items() if host.get(guest) is not None}
                    values = {**sheet.defaults, "student_id": host.student_id, **found}
                    guest = Record(host.sheet, host.row, values, source=host.source)
                    name = _name(guest, sheet)
                    if all(name) and name not in there:
                        there.add(name)
                        self._records.setdefault(sheet.title, []).append(guest)


_folded = lru_cache(maxsize=1 << 12)(fold)
"""The same few texts, one below the other, are compared again and again."""


def _name(record: Record, sheet: Sheet) -> tuple[str, ...]:
    """Return the key of a row as names are compared."""
    return tuple(fold(str(record.get(key) or "")) for key in sheet.key)


def _same(one: str | None, other: str | None) -> bool:
    """Tell whether two texts are the same, or one is blank."""
    return not one or not other or fold(one) == fold(other)


def _later(one: Record, other: Record) -> bool:
    return bool(one.plan_start and (other.plan_start is None or one.plan_start > other.plan_start))


def _comparable(value: Any) -> Any:
    if value.__class__ is list:
        return tuple(map(_comparable, value))
    return fold(value) if value.__class__ is str else value

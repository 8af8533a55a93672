"""A validated record: one row of a sheet, with its values by the columns' keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from iepdocs.workbook import Row


@dataclass(slots=True, eq=False)
class Record:
    """A row after validation.

    Attributes:
        sheet: the sheet's title.
        row: its row number there; None where it stands for no row.
        values: what its cells hold, and the columns' defaults where they are blank.
        plan_start: the start of the plan that it belongs to, on sheets under a plan.
        source: the row of the workbook that it was read from, if it was; it is not pickled with the record.
        wrong: the columns that have no value because what their cells hold is wrong.
        loose: whether it could not be said to what it belongs.
        student_id: the student it is about, on sheets that have one.
        goal: the key of the goal that it is or belongs to, once that was asked.
    """

    sheet: str
    row: int | None
    values: Mapping[str, Any]
    plan_start: dt.date | None = None
    source: Row | None = None
    wrong: frozenset[str] = frozenset()
    loose: bool = False
    student_id: str | None = field(init=False, repr=False)
    goal: tuple[Any, ...] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.student_id = self.values.get("student_id")

    def __reduce__(self) -> tuple[Any, ...]:
        return Record, (self.sheet, self.row, self.values, self.plan_start, None, self.wrong, self.loose)

    def get(self, key: str) -> Any:
        """Return a value, or None if it is blank."""
        return self.values.get(key)

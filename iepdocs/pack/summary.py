"""The columns of the list of goals, as `summary.yaml` declares them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace
from iepdocs.pack.names import Name, unknown_names
from iepdocs.pack.shape import TEXT, check_names, check_shape, stop_at
from iepdocs.sandbox import Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "summary.yaml"
_ENDS = {"type": "list", "schema": {"type": "integer"}, "minlength": 2, "maxlength": 2}
_COLUMN = {
    "title": {**TEXT, "required": True},
    "value": {**TEXT, "required": True},
    "help": TEXT,
    "format": TEXT,
    "width": {"type": "integer", "min": 1, "max": 200},
    "bar": {**_ENDS, "excludes": "icons"},
    "icons": _ENDS,
}
GOALS, OBJECTIVES = "goals", "objectives"
"""The context names whose items are the rows."""


@dataclass(frozen=True, slots=True)
class SummaryColumn:
    """A column of the list of goals.

    Attributes:
        key: its name in the declaration.
        title: its header.
        value: what it shows of a row.
        help: what stands in the comment of its header.
        format: Excel's number format.
        width: its width in characters; 0 for a usual one.
        bar: the numbers of an empty and of a full bar, where it is drawn as one.
        icons: the numbers from which the second and the third of three symbols stand, where it is shown as one.
    """

    key: str
    title: str
    value: Expression
    help: str = ""
    format: str = ""
    width: int = 0
    bar: tuple[int, int] | None = None
    icons: tuple[int, int] | None = None


def load_summary(declared: Mapping[str, Any], names: Mapping[str, Name]) -> list[SummaryColumn]:
    """Build the columns in their order.

    Args:
        declared: the content of `summary.yaml`.
        names: the names of the context.

    Raises:
        IepdocsError: naming the key, where a declaration is wrong.
    """
    check_names(declared, _FILE)
    check_shape(declared, {key: {"type": "dict", "schema": _COLUMN} for key in declared}, _FILE)
    goal = replace(names[GOALS], each="")
    known = {
        **{key: names[key] for key in ("student", "period")},
        "goal": goal,
        "item": goal,
        "objective": replace(goal.fields[OBJECTIVES], each=""),
    }
    columns = []
    for key, column in declared.items():
        value = Expression(column["value"], FilePlace(_FILE, f"{key}.value"))
        stop_at(unknown_names(value.paths, known, _FILE, f"{key}.value"))
        columns.append(
            SummaryColumn(
                key,
                column["title"],
                value,
                column.get("help", ""),
                column.get("format", ""),
                column.get("width", 0),
                _two(column.get("bar")),
                _two(column.get("icons")),
            )
        )
    return columns


def _two(ends: list[int] | None) -> tuple[int, int] | None:
    return (ends[0], ends[1]) if ends else None

"""What people type into cells, read as the type that the column declares.

What cannot be read as that type is returned as it is: validation then says what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from iepdocs.text import fold, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.pack import Column

_YES = {"yes", "y", "true", "x", "✓", "✔", "☒", "☑"}
_NO = {"no", "n", "false", "☐"}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DATES = ("%Y-%m-%d", "%m/%d/%Y")
_TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p")


def read_value(value: Any, column: Column) -> Any:
    """Read a cell's value as its column's type; None if the cell is blank.

    Args:
        value: what openpyxl gives: text, number, boolean, date, time or None.
        column: the column's declaration.
    """
    if isinstance(value, str) and not (value := value if column.long else value.strip()).strip():
        return None
    if value is None:
        return None
    read = _READERS.get(column.type)
    typed = read(value) if read else value
    if isinstance(value, str) and column.keeps_text and shown(typed) != value:
        typed = value
    if typed == []:
        return None
    return _choice(typed, column) if "allowed" in column.rules else typed


def read_extra(value: Any) -> Any:
    """Read a cell of a column that nothing declares: as it is, a date without a time as a date."""
    if isinstance(value, str) and not value.strip():
        return None
    return _date(value) if isinstance(value, dt.datetime) else value


def _string(value: Any) -> Any:
    return value if isinstance(value, str | dt.date | dt.time | dt.timedelta) else shown(value)


def _boolean(value: Any) -> Any:
    word = fold(value) if isinstance(value, str) else value
    return True if word in _YES else False if word in _NO else value


def _number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value) if value.lstrip("+-").isdecimal() else _whole(float(value))
    return _whole(value) if isinstance(value, float) else value


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else number


def _date(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, str):
        for form in _DATES:
            try:
                return dt.datetime.strptime(value, form).date()  # noqa: DTZ007
            except ValueError:
                continue
    return value


def _time(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.time()
    if isinstance(value, str):
        for form in _TIMES:
            try:
                return dt.datetime.strptime(value.upper().replace(".", ""), form).time()  # noqa: DTZ007
            except ValueError:
                continue
    return value


def _list(value: Any) -> Any:
    if not isinstance(value, str):
        return [_string(value)]
    return [part.strip() for part in re.split(r"[;\n]", value) if part.strip()]


def _choice(value: Any, column: Column) -> Any:
    if isinstance(value, list):
        return [_choice(part, column) for part in value]
    if not isinstance(value, str):
        return value
    for allowed in column.rules["allowed"]:
        if fold(value) in (fold(str(allowed)), fold(column.words.get(allowed, ""))):
            return allowed
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "number": _number,
    "integer": _number,
    "float": _number,
    "date": _date,
    "time": _time,
    "list": _list,
}

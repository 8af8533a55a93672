"""What people type into cells, read as the type that the column declares.

What cannot be read as that type is returned as it is: validation then says what is wrong with it. What validation could
not say as well, because a value can mean two things or is no longer what was typed, is a doubt.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any

from iepdocs.findings import Severity
from iepdocs.measurement import Measurement
from iepdocs.text import fold, nearest, shown
from iepdocs.workbook import dates
from iepdocs.workbook.cells import Cell, State
from iepdocs.workbook.frequency import read_frequency
from iepdocs.workbook.reading import (
    LONGEST,
    DateOrder,
    Doubt,
    Reading,
    decimal_comma,
    number_of,
    percent_of,
    plain,
    stripped,
    whole,
)
from iepdocs.workbook.results import read_result, read_shown_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iepdocs.pack import Column

__all__ = ["DateOrder", "Doubt", "Reading", "read_extra", "read_value"]

_YES = {"yes", "y", "true", "x", "✓", "✔", "☒", "☑", "checked", "on", "1"}
_NO = {"no", "n", "false", "☐", "unchecked", "off", "0"}
_NEITHER = {"-", "--", "---", "n/a", "na", "?", "none", "✗", "✘"}

_NUMBERS = {"number", "integer", "float"}
_NOT_DATES = {"string", "list", "measurement"} | _NUMBERS
_EXACT = 1e15
"""Excel keeps 15 digits of a number."""
_LONG_NUMBER = 1e11
"""Excel itself writes longer numbers with an exponent."""
_EXPONENT = re.compile(r"E[+-]?\d+$", re.IGNORECASE)
_LIKE = 0.8
_MOST_JOINTS = 20

_AGAIN = "Give the cell the format Text and type it again."
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|v)\.?", re.IGNORECASE)


def read_value(cell: Cell, column: Column, order: DateOrder = "month first") -> Reading:
    """Read a cell as its column's type.

    Args:
        cell: what the cell holds and shows.
        column: the column's declaration.
        order: whether 3/4/2026 is March 4 or April 3.
    """
    reading = _unusable(cell)
    if reading:
        return reading
    if column.spellings and column.type != "list" and (choice := _match(_look(cell), column)) is not None:
        return Reading(choice)
    declared = column.rules.get("type", "string")
    types = {declared} if isinstance(declared, str) else {*declared}
    if isinstance(cell.value, dt.date) and column.type in _NOT_DATES:
        if types & {"date", "datetime"}:
            return _as_it_is(cell)
        fraction = dates.fraction_of_date(cell.value, _look(cell), order)
        return Reading(doubt=_turned(dates.turned(cell.value, _look(cell)), fraction, column))
    reading = _READERS.get(column.type, _as_it_is)(cell, column, order)
    if isinstance(cell.value, str) and reading.doubt and "string" in types - {column.type}:
        return Reading(_look(cell))
    return reading


def read_extra(cell: Cell) -> Reading:
    """Read a cell of a column that nothing declares: as it is, and a number that is shown as a code as that code."""
    reading = _unusable(cell)
    if reading:
        return reading
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        look = stripped(cell.shown)
        digits = re.sub(r"[,\s]", "", look)
        number = number_of(digits)
        is_code = re.match(r"[+-]?0\d", digits) or number is None or not math.isclose(number, value)
        return Reading(look if is_code and not _EXPONENT.search(look) else whole(value))
    return _as_it_is(cell)


def _unusable(cell: Cell) -> Reading | None:
    """Return the reading of a cell that is blank or has no value; None if it has one."""
    match cell.state:
        case State.VALUE:
            return None if cell.value is not None and _look(cell) else Reading()
        case State.ERROR:
            message, mend = f"The cell shows the error {cell.shown}.", "Mend its formula, or type the value itself."
            return Reading(doubt=Doubt(message, mend, "cell-error"))
        case State.UNCALCULATED:
            message = "This cell holds a formula that has never been calculated."
            mend = "Open the workbook in Excel, save it, and try again."
            return Reading(doubt=Doubt(message, mend, "formula-uncalculated"))
        case State.IMPOSSIBLE_DATE:
            message = f"The cell should show a date, but its number {cell.shown} is no day of the calendar."
            mend = "Type the date again, such as 3/15/2026. If no date is meant, give the cell the format General."
            return Reading(doubt=Doubt(message, mend, "date-impossible"))


def _look(cell: Cell) -> str:
    """Return what a person sees in a cell, without the white space around it."""
    return stripped(cell.value if isinstance(cell.value, str) else cell.shown)


def _as_it_is(cell: Cell, _column: Column | None = None, _order: DateOrder = "month first") -> Reading:
    value = cell.value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return Reading(value.date())
    return Reading(_look(cell) if isinstance(value, str) else whole(value) if isinstance(value, float) else value)


def _turned(message: str, fraction: str, column: Column) -> Doubt:
    """Return the doubt of what Excel turned into a date."""
    mend = _AGAIN
    if column.type == "measurement":
        mend = f"If {fraction} was meant, type {fraction}. If not: {_AGAIN[0].lower()}{_AGAIN[1:]}"
    elif column.type in _NUMBERS:
        mend = (
            f"Give the cell the format Number and type the number again. If {fraction} was meant, type one of the two."
        )
    return Doubt(message, mend, "date-for-value")


def _date_in_text(text: str, column: Column, order: DateOrder) -> Doubt | None:
    """Return the doubt of a date that Excel made and saved as text, as 5-Apr in a .csv."""
    fraction = dates.fraction_of_text(text, order)
    return (
        _turned(f"'{text}' is a date: Excel makes one of what is typed as 4/5.", fraction, column) if fraction else None
    )


# text


def _string(cell: Cell, column: Column, _order: DateOrder) -> Reading:
    text, doubt = _text_of(cell, column)
    if not text:
        return Reading()
    if "allowed" in column.rules:
        return _choice(text, column, doubt)
    if column.notation == "service frequency" and not doubt:
        return read_frequency(text)
    if column.notation == "person name":
        return _person(text, column)
    return Reading(text, doubt)


def _text_of(cell: Cell, column: Column) -> tuple[str, Doubt | None]:
    """Return the text that a cell shows, freed in codes of what no one sees, and what is doubtful about it."""
    value, doubt = cell.value, None
    text = value if isinstance(value, str) and column.long else _look(cell)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        if _EXPONENT.search(text):
            seen = text
            text = f"{value:.0f}" if value == int(value) or abs(value) >= _EXACT else shown(value)
            doubt = None if abs(value) >= _LONG_NUMBER else _number_for_text(seen, text)
        if abs(value) >= _EXACT:
            doubt = _digits_lost(text)
    elif isinstance(value, dt.time | dt.timedelta):
        message = f"Excel takes what was typed here for a time, and shows it as {text}."
        doubt = Doubt(
            message, f"If no time is meant: {_AGAIN[0].lower()}{_AGAIN[1:]}", "date-for-value", Severity.WARNING
        )
    return plain(text) if column.code or "allowed" in column.rules else text, doubt


def _digits_lost(text: str) -> Doubt:
    return Doubt(
        f"Excel keeps 15 digits of a number; the last ones of {text} may be wrong.",
        "Give the cell the format Text and type the number again, or import that column as text.",
        "digits-lost",
        Severity.WARNING,
    )


def _number_for_text(seen: str, text: str) -> Doubt:
    return Doubt(
        f"Excel took what was typed here for a number: it shows {seen}, which is read as {text}.",
        f"If that is not what was typed: {_AGAIN[0].lower()}{_AGAIN[1:]}",
        "number-for-text",
        Severity.WARNING,
    )


def _person(text: str, column: Column) -> Reading:
    """Read `Last, First`. A suffix belongs to the last name, unless the column fills one of its own."""
    names = [" ".join(name.split()) for name in text.split(",")] if len(text) <= LONGEST else []
    suffixes = [name for name in names[1:] if _SUFFIX.fullmatch(name)]
    names = [name for name in names if name not in suffixes]
    if len(names) != 2 or len(suffixes) > 1 or not all(names):  # noqa: PLR2004
        last, _, first = text[:LONGEST].rpartition(" ")[::-1] if "," not in text else ("", "", "")
        mend = "Type it as Last, First, such as Okafor, Maya."
        if last and first:
            mend = f"If {last} is the last name, type {last}, {first}."
        return Reading(text, Doubt("Which is the last name is not clear.", mend, "name-unclear", Severity.WARNING))
    last, first = names
    base, _, suffix = last.rpartition(" ")
    if base and _SUFFIX.fullmatch(suffix) and not suffixes:
        last, suffixes = base, [suffix]
    if suffixes and "suffix" not in column.fills:
        return Reading(text, parts={"last": f"{last} {suffixes[0]}", "first": first})
    return Reading(text, parts={"last": last, "first": first, **({"suffix": suffixes[0]} if suffixes else {})})


# choices


def _folded(text: str) -> str:
    return fold(plain(text)) if len(text) <= LONGEST else ""


def _known(column: Column) -> Mapping[str, Any]:
    """Return the column's choices by their codes, else their words, else their other spellings, all folded."""
    choices = column.rules.get("allowed", ())
    known = {_folded(str(choice)): choice for choice in reversed(choices)}
    for choice in choices:
        known.setdefault(_folded(str(column.words.get(choice, choice))), choice)
    for word, choice in column.spellings.items():
        known.setdefault(_folded(word), choice)
    known.pop("", None)
    return known


def _match(text: str, column: Column) -> Any:
    """Return the choice that a text is; None if it is none."""
    return text if text in column.rules.get("allowed", ()) else _known(column).get(_folded(text))


def _choice(text: str, column: Column, doubt: Doubt | None = None) -> Reading:
    """Read one choice; what is none stays text."""
    known = _known(column)
    choice = _match(text, column)
    if choice is not None:
        return Reading(choice, doubt)
    clash = None
    joints = list(_joints(text)) if len(text) <= LONGEST else []
    found = [(known.get(_folded(left)), known.get(_folded(right))) for left, right, _ in joints]
    agreed = next((first for first, second in found if first is not None and first == second), None)
    if agreed is not None:
        return Reading(agreed, doubt)
    for (left, right, tight), (first, second) in zip(joints, found, strict=True):
        if first is not None and second is not None:
            clash = clash or (left, right)
        elif not tight and (first is not None or second is not None):
            part, other = (left, right) if first is not None else (right, left)
            one = first if first is not None else second
            rival = _rival(one, part, other, known)
            if rival is None:
                return Reading(one, doubt)
            clash = clash or ((part, other) if rival else None)
    if not clash:
        return Reading(text, doubt)
    mend = "Type the one that is meant" + (", or put a semicolon between several." if column.type == "list" else ".")
    return Reading(doubt=Doubt(f"'{clash[0]}' and '{clash[1]}' are not the same choice.", mend, "choice-unclear"))


def _joints(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the two parts of `330 - Resource`, `330: Resource`, `Resource (330)`, and whether both must be known."""
    if found := re.fullmatch(r"([^()]*)\(([^()]*)\) ?(.*)", text):
        yield f"{found[1]}{found[3]}", found[2], False
    for found, _ in zip(re.finditer(r" - |: ?| ?= ?|-| ", text), range(_MOST_JOINTS), strict=False):
        yield text[: found.start()], text[found.end() :], found[0] in ("-", " ")


def _rival(choice: Any, part: str, other: str, known: Mapping[str, Any]) -> str | None:
    """Return what speaks against a choice, one part of which is known: None if nothing, '' if one cannot say.

    A code stands whatever its words are, unless they are nearly those of another choice; words stand beside a code
    that is not ours. Words beside unknown words may be another choice altogether.
    """
    is_code = _folded(part) == _folded(str(choice)) and re.fullmatch(r"[A-Z0-9./+]+", str(choice))
    if is_code:
        near = nearest(_folded(other), known, _LIKE)
        return other if near and known[near] != choice else None
    return None if re.fullmatch(r"[A-Z]{1,3}|[A-Z]{0,4}\d{1,6}[A-Z]?", other.strip()) else ""


_SEVERAL = (r",", r"\|", r"/", r"[,/|&+]|\band\b")


def _list(cell: Cell, column: Column, _order: DateOrder) -> Reading:
    """Read one or more, parted by semicolons and lines; choices also by commas, slashes or `and`, if all are known."""
    value = cell.value
    text, doubt = (value, None) if isinstance(value, str) else _text_of(cell, column)
    clean = plain if column.code or "allowed" in column.rules else stripped
    parts = [part for part in map(clean, re.split(r"[;\r\n]+", text)) if part]
    if "allowed" not in column.rules or len(parts) > LONGEST:
        return Reading(parts or None, doubt)
    known = _known(column)
    choices: list[Any] = []
    for part in parts:
        if _match(part, column) is None and (several := _several(part, known)):
            choices += several
            continue
        reading = _choice(part, column)
        if reading.doubt:
            return reading
        choices.append(reading.value)
    return Reading(list(dict.fromkeys(choices)) or None, doubt)


def _several(text: str, known: Mapping[str, Any]) -> list[Any]:
    """Return the choices of `parent, student and advocate`; none if one of them is not known."""
    for mark in _SEVERAL:
        parts = [part for part in map(_folded, re.split(mark, text, flags=re.IGNORECASE)) if part]
        if len(parts) > 1 and all(part in known for part in parts):
            return [known[part] for part in parts]
    return []


# yes or no, numbers


def _boolean(cell: Cell, _column: Column, _order: DateOrder) -> Reading:
    if isinstance(cell.value, bool):
        return Reading(cell.value)
    look = _look(cell)
    word = _folded(look).removesuffix(".")
    if word in _YES or word in _NO:
        return Reading(word in _YES)
    if word in _NEITHER:
        doubt = Doubt(f"It is not clear whether '{look}' means no.", "Type yes or no, or leave it blank.", "yes-or-no")
        return Reading(doubt=doubt)
    return Reading(look) if isinstance(cell.value, str) else _as_it_is(cell)


def _number(cell: Cell, column: Column, order: DateOrder) -> Reading:
    value, look = cell.value, _look(cell)
    if isinstance(value, bool):
        return Reading(value)
    if not isinstance(value, str | int | float):
        return Reading(look)
    words = plain(look) if len(look) <= LONGEST else ""
    percent = percent_of(words)
    number = whole(value) if not isinstance(value, str) else percent if percent is not None else number_of(words)
    if number is None:
        return Reading(look, decimal_comma(words, "decimal-comma") or _date_in_text(look, column, order))
    if column.notation == "percent" and 0 < number <= 1 and percent is None and "percent" not in words.casefold():
        doubt = Doubt(
            f"{look} can mean {shown(round(number * 100, 10))} % or {shown(number)} %.",
            f"Type {shown(round(number * 100, 10))} % or {shown(number)} %.",
            "percent-or-fraction",
        )
        return Reading(number, doubt)
    return Reading(number)


def _measurement(cell: Cell, column: Column, order: DateOrder) -> Reading:
    value, look = cell.value, _look(cell)
    if isinstance(value, bool):
        return Reading(Measurement(look))
    if isinstance(value, int | float):
        return read_shown_number(look, value)
    reading = read_result(look)
    if isinstance(value, dt.time | dt.timedelta) and reading.value and reading.value.number is None:
        mend = "Type minutes and seconds as 1:35, or as 1 min 35 s."
        return Reading(doubt=Doubt(f"The cell shows a time of day, {look}.", mend, "date-for-value"))
    if reading.value and reading.value.number is None and (doubt := _date_in_text(look, column, order)):
        return Reading(doubt=doubt)
    return reading


# dates and times


def _date(cell: Cell, _column: Column, order: DateOrder) -> Reading:
    value, look = cell.value, _look(cell)
    if isinstance(value, str):
        found = dates.date_of(look, order)
        return Reading(doubt=found) if isinstance(found, Doubt) else Reading(look if found is None else found)
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = dates.date_of(look, order) if re.fullmatch(r"\d{4}|\d{8}", look) else None
        doubt = found if isinstance(found, Doubt) else dates.serial_doubt(value, look, order)
        return Reading(found if isinstance(found, dt.date) else whole(value), doubt)
    if isinstance(value, dt.date):
        reading = _as_it_is(cell)
        return Reading(reading.value, dates.date_doubt(value, order))
    return Reading(value if isinstance(value, bool) else look)


def _time(cell: Cell, _column: Column, order: DateOrder) -> Reading:
    value, look = cell.value, _look(cell)
    time: dt.time | None = None
    if isinstance(value, str):
        time = dates.time_of(look)
        found = dates.date_of(look, order) if time is None else None
        time = found.time() if isinstance(found, dt.datetime) else time
    elif isinstance(value, dt.time):
        time = value
    elif isinstance(value, dt.timedelta):
        time = dates.time_of_duration(value)
    elif isinstance(value, dt.datetime):
        time = value.time() if ":" in cell.shown else None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        time = dates.time_of(look) if look.isdecimal() else None
        if time is None and (meant := dates.time_of_number(value)):
            message = f"The cell shows the number {look}; as a time that would be {dates.clock(meant)}."
            return Reading(doubt=Doubt(message, "Type the time, such as 3:30 PM.", "time-unclear"))
    if time is None:
        return Reading(look) if isinstance(value, str | dt.timedelta) else _as_it_is(cell)
    if dates.night_doubt(time, look):
        message = f"{look} without AM or PM is {dates.clock(time)}, in the night."
        other = dates.clock(time.replace(hour=time.hour + 12))
        return Reading(
            time, Doubt(message, f"If the afternoon is meant, type {other}.", "time-unclear", Severity.WARNING)
        )
    return Reading(time)


_READERS: dict[str, Callable[[Cell, Column, DateOrder], Reading]] = {
    "string": _string,
    "boolean": _boolean,
    **dict.fromkeys(_NUMBERS, _number),
    "measurement": _measurement,
    "date": _date,
    "time": _time,
    "list": _list,
}

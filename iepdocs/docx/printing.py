"""How values print in a document: bare, and through the filters that forms need."""

from __future__ import annotations

import datetime as dt
import re
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

_PHONE = re.compile(
    r"(?:\+?1[-. ]*)?\(?([2-9]\d\d)\)?[-. ]*([2-9]\d\d)[-. ]*(\d{4})(?:[-,. ]*(?:ext\.?|x)[-. ]*(\d{1,6}))?",
    re.IGNORECASE,
)
"""A telephone number of the North American Numbering Plan, with an extension."""
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class FilterError(Exception):
    """What a filter cannot do with what it is given, as the end of a sentence that begins with it."""


def printed(value: Any) -> Any:
    """Return a value as it prints with no filter.

    A date in its long form, a time with AM or PM, yes or no, a list joined, a whole number without `.0`, nothing
    for a blank. In text a line break is a line break.
    """
    if isinstance(value, Markup) or hasattr(value, "__html__"):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return f"{date(value)}, {time(value.time())}"
    if isinstance(value, dt.date):
        return date(value)
    if isinstance(value, dt.time):
        return time(value)
    if isinstance(value, list | tuple | GeneratorType):
        return ", ".join(str(printed(item)) for item in value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    return value


def date(value: Any, form: str = "long") -> Any:
    """`{{ plan.start_date|date('short') }}`: March 4, 2026 is 3/4/2026."""
    if form not in ("long", "short"):
        raise FilterError("takes 'long' or 'short'")
    if not isinstance(value, dt.date):
        return value
    if form == "short":
        return f"{value.month}/{value.day}/{value.year}"
    return f"{_MONTHS[value.month - 1]} {value.day}, {value.year}"


def time(value: Any) -> Any:
    """`{{ meeting.start_time|time }}`: 3:30 PM."""
    if not isinstance(value, dt.time):
        return value
    return f"{value.hour % 12 or 12}:{value.minute:02} {'AM' if value.hour < 12 else 'PM'}"  # noqa: PLR2004


def yesno(value: Any) -> str:
    """`{{ plan.factor_blind|yesno }}`: yes where there is something, else no; a text 'no' is no."""
    return "yes" if _is_true(value) else "no"


def checkbox(value: Any) -> str:
    """`{{ plan.factor_blind|checkbox }}`: a ticked box where true, else an empty one."""
    return "☒" if _is_true(value) else "☐"


def _is_true(value: Any) -> bool:
    return bool(value) and not (isinstance(value, str) and value.strip().casefold() in {"no", "false", "none"})


def join_and(values: Any) -> str:
    """`{{ notice.action|join_and }}`: propose and refuse; with three or more a, b, and c."""
    words = [str(printed(value)) for value in (values if isinstance(values, list | tuple) else [values]) if value]
    if len(words) > 2:  # noqa: PLR2004
        return f"{', '.join(words[:-1])}, and {words[-1]}"
    return " and ".join(words)


def phone(value: Any) -> Any:
    """`{{ contact.phone|phone }}`: 6035550143 is (603) 555-0143; what is no number of the US stays as it is."""
    found = _PHONE.fullmatch(str(printed(value)).strip())
    if not found:
        return value
    area, exchange, line, extension = found.groups()
    return f"({area}) {exchange}-{line}" + (f", ext. {extension}" if extension else "")


def lines(value: Any) -> Any:
    """`{{ accommodations|map(attribute='accommodation')|lines }}`: each on a line of its own."""
    if isinstance(value, list | tuple | GeneratorType):
        return "\n".join(str(printed(item)) for item in value)
    return value


class Paragraphs(str):
    """A text each line of which is to be a paragraph, formatted as the one in which the tag is."""

    __slots__ = ()


def paragraphs(value: Any) -> Any:
    """`{{ plan.student_strengths|paragraphs }}`: each line a paragraph of its own, and blank lines none."""
    text = str(printed(lines(value)))
    return Paragraphs("\n".join(line for line in text.split("\n") if line.strip()))


def possessive(value: Any) -> str:
    """`{{ student.first_name|possessive }}`: Ana's, and James's as well."""
    name = str(printed(value)).rstrip()
    return f"{name}\u2019s" if name else ""


def safe(value: Any) -> Any:
    """`{{ note|safe }}`, `{{ note|e }}`: the value as it is. It is text, and escaped when it is printed, once."""
    return value


FILTERS: dict[str, Callable[..., Any]] = {
    "date": date,
    "time": time,
    "yesno": yesno,
    "checkbox": checkbox,
    "join_and": join_and,
    "phone": phone,
    "lines": lines,
    "paragraphs": paragraphs,
    "possessive": possessive,
    "safe": safe,
    "e": safe,
    "escape": safe,
    "forceescape": safe,
}

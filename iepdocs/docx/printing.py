"""How values print in a document: bare, and through the filters that forms need."""

from __future__ import annotations

import datetime as dt
import re
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from iepdocs.language import ENGLISH, Language

if TYPE_CHECKING:
    from collections.abc import Callable

_PHONE = re.compile(
    r"(?:\+?1[-. ]*)?\(?([2-9]\d\d)\)?[-. ]*([2-9]\d\d)[-. ]*(\d{4})(?:[-,. ]*(?:ext\.?|x)[-. ]*(\d{1,6}))?",
    re.IGNORECASE,
)
"""A telephone number of the North American Numbering Plan, with an extension."""


class FilterError(Exception):
    """What a filter cannot do with what it is given, as the end of a sentence that begins with it."""


class Paragraphs(str):
    """A text each line of which is to be a paragraph, formatted as the one in which the tag is."""

    __slots__ = ()


class Printing:
    """How values print in a language.

    Args:
        language: the language of the document.
    """

    def __init__(self, language: Language = ENGLISH) -> None:
        self.language = language

    def printed(self, value: Any) -> Any:
        """Return a value as it prints with no filter.

        A date in its long form, a time with AM or PM, yes or no, a list joined, a whole number without `.0`, nothing
        for a blank. In text a line break is a line break.
        """
        if isinstance(value, Markup) or hasattr(value, "__html__"):
            return value
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.yesno(value)
        if isinstance(value, float):
            return f"{value:.15g}"
        if isinstance(value, dt.datetime):
            return f"{self.date(value)}, {self.time(value.time())}"
        if isinstance(value, dt.date):
            return self.date(value)
        if isinstance(value, dt.time):
            return self.time(value)
        if isinstance(value, list | tuple | GeneratorType):
            return ", ".join(str(self.printed(item)) for item in value)
        if isinstance(value, str):
            return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
        return value

    def date(self, value: Any, form: str = "long") -> Any:
        """`{{ plan.start_date|date('short') }}`: March 4, 2026 is 3/4/2026."""
        if form not in ("long", "short"):
            raise FilterError("takes 'long' or 'short'")
        return self.language.date(value, form) if isinstance(value, dt.date) else value

    def time(self, value: Any) -> Any:
        """`{{ meeting.start_time|time }}`: 3:30 PM."""
        return self.language.time(value) if isinstance(value, dt.time) else value

    def yesno(self, value: Any) -> str:
        """`{{ plan.factor_blind|yesno }}`: yes where there is something, else no; a text 'no' is no."""
        return self.language.yes if _is_true(value) else self.language.no

    def join_and(self, values: Any) -> str:
        """`{{ notice.action|join_and }}`: propose and refuse; with three or more a, b, and c."""
        values = values if isinstance(values, list | tuple | GeneratorType) else [values]
        return self.language.joined([str(self.printed(value)) for value in values if value])

    def phone(self, value: Any) -> Any:
        """`{{ contact.phone|phone }}`: 6035550143 is (603) 555-0143; what is no number of the US stays as it is."""
        found = _PHONE.fullmatch(str(self.printed(value)).strip())
        if not found:
            return value
        area, exchange, line, extension = found.groups()
        return f"({area}) {exchange}-{line}" + (f", ext. {extension}" if extension else "")

    def lines(self, value: Any) -> Any:
        """`{{ accommodations|map(attribute='accommodation')|lines }}`: each on a line of its own."""
        if isinstance(value, list | tuple | GeneratorType):
            return "\n".join(str(self.printed(item)) for item in value)
        return value

    def paragraphs(self, value: Any) -> Any:
        """`{{ plan.student_strengths|paragraphs }}`: each line a paragraph of its own, and blank lines none."""
        text = str(self.printed(self.lines(value)))
        return Paragraphs("\n".join(line for line in text.split("\n") if line.strip()))

    def possessive(self, value: Any) -> str:
        """`{{ student.first_name|possessive }}`: Ana's, and James's as well."""
        name = str(self.printed(value)).rstrip()
        return f"{name}\u2019s" if name else ""

    def upper_first(self, value: Any) -> str:
        """`{{ terms.case_manager|upper_first }}`: Case manager. The first letter is a capital, the others stay."""
        text = str(self.printed(value))
        return text[:1].upper() + text[1:]

    @property
    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters that forms need, by the names that templates use."""
        return {
            "date": self.date,
            "time": self.time,
            "yesno": self.yesno,
            "checkbox": checkbox,
            "join_and": self.join_and,
            "phone": self.phone,
            "lines": self.lines,
            "paragraphs": self.paragraphs,
            "possessive": self.possessive,
            "upper_first": self.upper_first,
            "safe": safe,
            "e": safe,
            "escape": safe,
            "forceescape": safe,
        }


def checkbox(value: Any) -> str:
    """`{{ plan.factor_blind|checkbox }}`: a ticked box where true, else an empty one."""
    return "☒" if _is_true(value) else "☐"


def safe(value: Any) -> Any:
    """`{{ note|safe }}`, `{{ note|e }}`: the value as it is. It is text, and escaped when it is printed, once."""
    return value


def _is_true(value: Any) -> bool:
    return bool(value) and not (isinstance(value, str) and value.strip().casefold() in {"no", "false", "none"})


FILTERS = frozenset(Printing().filters)
"""The names of the filters that forms need."""

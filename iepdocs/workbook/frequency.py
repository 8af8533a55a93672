"""How often and how long a service is given, as people write it: `30 min x 5 Times = 150 min Weekly`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iepdocs.findings import Severity
from iepdocs.text import shown
from iepdocs.workbook.reading import LONGEST, Doubt, Reading, plain, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

_RULE = "frequency-unclear"
_WHOLE = "In Sessions, Minutes per Session and Per you can say it in figures."

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "half": 0.5}
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_HOURS = dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 60)
_MINUTES = dict.fromkeys(("min", "mins", "minute", "minutes"), 1) | _HOURS
_COUNTS = {"time", "times", "session", "sessions", "visit", "visits", "meeting", "meetings"}
_PERIODS = {
    **dict.fromkeys(("day", "days", "daily"), "day"),
    **dict.fromkeys(("week", "weeks", "wk", "weekly"), "week"),
    **dict.fromkeys(("month", "months", "mo", "mth", "monthly"), "month"),
    **dict.fromkeys(("quarter", "qtr", "quarterly"), "quarter"),
    "trimester": "trimester",
    **dict.fromkeys(("semester", "sem"), "semester"),
    "reportingperiod": "reporting period",
    **dict.fromkeys(("year", "years", "yr", "yearly", "annually", "annum", "annual"), "year"),
    "cycle": "cycle",
}
_FILLING = {"and", "a", "an", "of", "for"}
_SHARED = {"in", "over", "across", "into"}

_AMBIGUOUS = re.compile(r"\b(?:bi|semi) ?-? ?(?:weekly|monthly|annual(?:ly)?|yearly)\b")
_EVERY_OTHER = re.compile(r"\bevery (?:other|second|third|2nd|3rd|two|three|2|3)\b|\bfortnight(?:ly)?\b|\balternat\w+")
_OPEN = re.compile(
    r"\d ?(?:-|to|or) ?\d"
    r"|\b(?:up to|at least|at most|no more|no less|minimum|maximum|max|approx\w*|about|or|not|except)\b"
)
_SAME = (
    (re.compile(r"\breporting periods?\b"), "reportingperiod"),
    (re.compile(r"\b(?:school|academic|calendar) (?=day|week|month|year)"), ""),
    (re.compile(r"\b(?:per|each|every|a) (?:session|visit|time)\b"), " "),
    (re.compile(r"\b\d{1,2}[ -]day (?=cycle)"), ""),
    (re.compile(r"\b\d{1,2} ?: ?\d{1,2}\b"), " "),
    (re.compile(r"½"), " half "),
    (re.compile(r"[\u00d7\u2715*]"), " x "),
)
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d{1,4})?|\.\d{1,4}|[^\W\d_]+|=", re.ASCII)


def read_frequency(text: str) -> Reading:
    """Read the wording of a service's frequency, which is kept, into `sessions`, `minutes` and `per`.

    Minutes without a number of sessions are one session's: `300 min yearly` is 1 session of 300 minutes a year, so that
    sessions times minutes are the minutes in all.
    """
    words = plain(text).casefold() if len(text) <= LONGEST else ""
    if found := _AMBIGUOUS.search(words):
        message = f"'{found[0]}' can mean twice in that time, or once in two of them."
        mend = "Write it so that it can mean one thing only, such as 2 times a week or every other week."
        return Reading(text, Doubt(message, mend, _RULE, Severity.WARNING))
    if not words or _EVERY_OTHER.search(words) or _OPEN.search(words):
        return _unread(text)
    for pattern, same in _SAME:
        words = pattern.sub(same, words)
    scan = _Scan()
    scan.read(_TOKEN.findall(words))
    return _unread(text) if scan.unclear else _resolved(text, scan)


@dataclass(slots=True)
class _Scan:
    """What the words of a frequency say, in the order in which they say it."""

    sessions: list[float] = field(default_factory=list)
    minutes: list[float] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    order: str = ""
    """`m`, `p` and `s` for minutes, periods and sessions as they follow one another."""
    days: bool = False
    """Whether the sessions were counted as days."""
    shared: bool = False
    """Whether the minutes are said to be given in so many sessions."""
    unclear: bool = False
    number: float | None = None
    """The number whose noun is still to come."""
    lead: str = ""
    """The word before that number."""
    times: bool = False
    """Whether the next number counts sessions, as in `x 5`."""
    total: bool = False
    """Whether the next minutes are those of all sessions."""

    def read(self, words: Sequence[str]) -> None:
        """Read all words, one after the other."""
        words = [word for word in words if word not in _FILLING]
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
            value = _value(word)
            if value is not None:
                self._number(value, before, after)
            elif word in _TIMES:
                self._count(_TIMES[word])
            elif word in _MINUTES:
                self._minutes(word)
            elif word in _COUNTS:
                self._sessions()
            elif word in _PERIODS:
                self._period(word)
            elif self.number is not None and word != "x":
                self.unclear = True
            else:
                self._sign(word, before)
        self.unclear |= self.number is not None

    def _number(self, value: float, before: str, after: str) -> None:
        if self.number is not None:
            self.unclear |= after not in _MINUTES
            self._sessions()
        if self.times and after not in _MINUTES:
            self._count(value)
        else:
            self.number, self.lead = value, before
        self.times = False

    def _count(self, number: float) -> None:
        self.sessions.append(number)
        self.order += "s"

    def _sessions(self) -> None:
        if self.number is not None:
            self._count(self.number)
            self.shared |= self.lead in _SHARED
            self.number = None

    def _minutes(self, unit: str) -> None:
        if self.number is None:
            return
        minutes, self.number = self.number * _MINUTES[unit], None
        into = self.totals if self.total else self.minutes
        if self.lead in _HOURS and unit not in _HOURS and into:
            into[-1] += minutes
        else:
            into.append(minutes)
            self.order += "m"

    def _period(self, word: str) -> None:
        if self.number is None:
            self.periods.append(_PERIODS[word])
            self.order += "p"
            self.total = False
        else:
            self.unclear |= word not in ("day", "days")
            self._sessions()
            self.days = True

    def _sign(self, word: str, before: str) -> None:
        if word == "x":
            self.times = self.number is None
            self._sessions()
        elif word == "total" and before in _MINUTES and self.minutes:
            self.totals.append(self.minutes.pop())
        elif word in ("=", "total"):
            self.total = True


def _value(word: str) -> float | None:
    if word[0].isdecimal() or word[0] == ".":
        return float(word.replace(",", ""))
    return _NUMBERS.get(word)


def _resolved(text: str, scan: _Scan) -> Reading:
    """Return what the words come to: nothing if they name two of a thing."""
    if scan.days and {*scan.periods} == {"day", "week"}:
        scan.periods = ["week"]
    if scan.shared and not scan.totals:
        scan.minutes, scan.totals = [], scan.minutes
    said: dict[str, list[Any]] = {
        "sessions": scan.sessions,
        "minutes": scan.minutes,
        "per": scan.periods,
        "total": scan.totals,
    }
    if {len({*values}) for values in said.values()} not in ({0, 1}, {1}):
        return _unread(text)
    parts = {key: values[0] for key, values in said.items() if values}
    total = parts.pop("total", None)
    if total is None and not scan.days and re.match("mp+s", scan.order):
        return Reading(text, _each_or_all(parts))
    doubt = None
    if total is not None and {"sessions", "minutes"} <= parts.keys():
        doubt = _wrong_total(parts, total)
    elif total is not None:
        parts["minutes"] = round(total / (parts.get("sessions") or 1), 2)
    if "per" not in parts:
        doubt = doubt or _without_period(text)
    elif "minutes" in parts:
        parts.setdefault("sessions", 1)
    return Reading(text, doubt, {key: whole(value) for key, value in parts.items()})


def _unread(text: str) -> Reading:
    """Return a wording as it is, with a note if it has figures: one without has no sessions and minutes to read."""
    if not any(map(str.isdecimal, text)):
        return Reading(text)
    message = f"'{text[:LONGEST]}' could not be read as sessions and minutes; it is printed as written."
    return Reading(text, Doubt(message, _WHOLE, _RULE, Severity.NOTE))


def _without_period(text: str) -> Doubt:
    message = f"'{text}' does not say in which time, such as each week."
    return Doubt(message, "Add weekly, monthly or what is meant.", _RULE, Severity.NOTE)


def _each_or_all(parts: dict[str, Any]) -> Doubt:
    each, sessions = shown(parts["minutes"]), shown(parts["sessions"])
    return Doubt(
        f"It is not clear whether each session has {each} minutes, or all {sessions} together.",
        f"Write {sessions} x {each} min, or {each} min in {sessions} sessions.",
        _RULE,
        Severity.WARNING,
    )


def _wrong_total(parts: dict[str, Any], total: float) -> Doubt | None:
    product = whole(round(parts["sessions"] * parts["minutes"], 2))
    if product == total:
        return None
    sessions, minutes = shown(parts["sessions"]), shown(parts["minutes"])
    return Doubt(
        f"{sessions} times {minutes} minutes are {shown(product)} minutes, not {shown(whole(total))}.",
        "Mend the figure that is wrong.",
        "frequency-total",
        Severity.WARNING,
    )

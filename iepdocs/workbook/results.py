"""Results as teachers write them: `80 %`, `4 of 5`, `+ + - +`, `1:35`, a level's name."""

from __future__ import annotations

import re

from iepdocs.findings import Severity
from iepdocs.measurement import Measurement
from iepdocs.text import shown
from iepdocs.workbook.reading import LONGEST, Doubt, Reading, decimal_comma, number_of, percent_of, plain, whole

_RULE = "measurement-unclear"
_FIGURE = r"(\d{1,6}(?:\.\d{1,6})?)"
_TRIALS = re.compile(
    rf"{_FIGURE} ?(?:/|(?:correct |right )?(?:out )?of) ?{_FIGURE}"
    r"(?: (?:trials?|times|tries|correct|right|opportunities|attempts|items|questions|problems|probes|sessions))?",
    re.ASCII,
)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d(?:\.\d{1,3})?)", re.ASCII)
_SPELLED = re.compile(
    rf"(?:{_FIGURE} ?(?:hours?|hrs?|h)\.?)?[ ,]{{0,2}}(?:{_FIGURE} ?(?:minutes?|mins?)\.?)?[ ,]{{0,2}}"
    rf"(?:{_FIGURE} ?(?:seconds?|secs?|s)\.?)?",
    re.ASCII,
)
_WITH_UNIT = re.compile(
    rf"{_FIGURE} ?(?:c?wc?pm|(?:correct )?words?(?: correct)?(?: ?(?:per|a|/) ?min(?:ute|\.)?)?|points?|pts\.?|times)",
    re.ASCII,
)
_RIGHT, _WRONG = set("+✓✔√☑y"), set("-✗✘☐n")
_MARKS = re.compile(r"[+\-✓✔√☑✗✘☐ ,;|]+|[yn](?:[ ,;|]{1,3}[yn])+")
_UNCLEAR = re.compile(
    r"(?:[<>≤≥~≈±]|about |around |approx\w*\.? |at least |at most |up to |over |under |nearly )=? ?\d.*"
    r"|\d[\d.,]* ?%? ?(?:-|to|or) ?\d[\d.,]* ?%?(?: .*)?"
    r"|\d[\d.,]* ?%? ?[+?]"
    r"|\d[\d.]* ?(?:/|of|%)[^=(]*[=(].*",
    re.ASCII,
)


def read_result(text: str) -> Reading:
    """Read a result that is written as text; what is understood as no figure is kept as words."""
    words = plain(text).casefold() if len(text) <= LONGEST else ""
    if (number := number_of(words)) is not None:
        return Reading(Measurement(text, number))
    if (number := percent_of(words)) is not None:
        return Reading(Measurement(text, number, unit="percent"))
    if (trials := _trials(words) or _marks(words)) is not None:
        return _checked(text, *trials)
    if (seconds := _seconds(words)) is not None:
        return Reading(Measurement(text, seconds, unit="seconds"))
    if found := _WITH_UNIT.fullmatch(words):
        return Reading(Measurement(text, number_of(found[1])))
    doubt = decimal_comma(words, _RULE, Severity.WARNING)
    if _UNCLEAR.fullmatch(words):
        doubt = Doubt(
            f"'{text}' is no one figure: it is kept as words and stands in no chart.",
            "If one figure was measured, type that, such as 65 %.",
            _RULE,
            Severity.WARNING,
        )
    return Reading(Measurement(text), doubt)


def read_shown_number(text: str, number: float) -> Reading:
    """Read a number that a cell shows as text: 0.8 shown as 4/5 is 4 of 5, 57 shown as 57 birds is 57."""
    reading = read_result(text)
    return reading if reading.doubt or reading.value.number is not None else Reading(Measurement(text, whole(number)))


def _checked(text: str, right: float, total: float) -> Reading:
    if not total:
        return Reading(
            doubt=Doubt(
                f"'{text}' is a result of no trials.", "Type how many of how many were right, such as 4 of 5.", _RULE
            )
        )
    if right > total:
        return Reading(
            doubt=Doubt(
                f"'{text}' has more right than there were trials.",
                f"If {shown(total)} of {shown(right)} is meant, type that.",
                _RULE,
            )
        )
    return Reading(Measurement(text, right, total, "trials"))


def _trials(words: str) -> tuple[float, float] | None:
    """Return right and total of `4/5`, `7 of 10 trials`, and `4/5 (80 %)` if the percentage agrees."""
    pieces = [piece for piece in re.split(r" ?[=(),;] ?", words) if piece]
    found = [match for piece in pieces if (match := _TRIALS.fullmatch(piece))]
    percents = [percent for piece in pieces if (percent := percent_of(piece)) is not None]
    if len(found) != 1 or len(found) + len(percents) != len(pieces) or len(pieces) > 2:  # noqa: PLR2004
        return None
    right, total = (whole(float(figure)) for figure in found[0].groups())
    agrees = not percents or (total and abs(100 * right / total - percents[0]) <= 1)
    return (right, total) if agrees else None


def _marks(words: str) -> tuple[int, int] | None:
    """Return right and total of a row of marks; a row of dashes alone is none, unless they stand apart."""
    if not _MARKS.fullmatch(words):
        return None
    right, wrong = (sum(mark in marks for mark in words) for marks in (_RIGHT, _WRONG))
    if right + wrong < 2 or len(words) == 2 or (not right and "--" in words):  # noqa: PLR2004  (+- is a mark of its own)
        return None
    return right, right + wrong


def _seconds(words: str) -> float | None:
    found = _CLOCK.fullmatch(words) or _SPELLED.fullmatch(words)
    if not found or not any(found.groups()):
        return None
    hours, minutes, seconds = (float(figure or 0) for figure in found.groups())
    return whole(round(hours * 3600 + minutes * 60 + seconds, 3))

"""What became of a cell, and the small change of reading: text freed of what no one sees, and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from iepdocs.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

DateOrder = Literal["month first", "day first"]

LONGEST = 300
"""No notation is longer: what is longer is text."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a cell is asked about, as a finding will say it."""

    message: str
    mend: str
    rule: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell as its column's type.

    Attributes:
        value: typed as the column; None if the cell is blank or nothing can be said.
        doubt: why the cell is asked about; where it is an error the value is not used.
        parts: what the words say besides, for the columns in `column.fills`: `{'sessions': 2, 'minutes': 30}`.
    """

    value: Any = None
    doubt: Doubt | None = None
    parts: Mapping[str, Any] = field(default_factory=dict)


_INVISIBLE = "".join(
    map(chr, [*range(9), *range(0xE, 0x1C), 0x7F, 0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010)])
) + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0E, 0xFE0F, 0xFEFF]))
_WHITE = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
_PLAIN = {
    **dict.fromkeys(map(ord, _INVISIBLE)),
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x2018, 0x2019, 0x201A, 0x201B, 0x02BC, 0x2032, 0xB4, 0x60), "'"),
    **dict.fromkeys((0x201C, 0x201D, 0x201E, 0x201F, 0x2033, 0xAB, 0xBB), '"'),
    **dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE63), "-"),
}
_NUMBER = r"[+-]?(?:[1-9]\d{0,2}(?:[ ,]\d{3}){1,6}(?:\.\d{0,20})?|\d{1,30}(?:\.\d{0,20})?|\.\d{1,20})"
_ONE_NUMBER = re.compile(_NUMBER, re.ASCII)
_PERCENT = re.compile(rf"({_NUMBER}) ?(?:%|percent|per cent|pct\.?)", re.ASCII | re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"([+-]?(?:0,\d{1,9}|\d{1,9},(?:\d{1,2}|\d{4,9}))) ?%?", re.ASCII)


def stripped(text: str) -> str:
    """Return text without outer white space, of whatever width; '' if there is nothing to see."""
    return text.strip(_WHITE + _INVISIBLE)


def plain(text: str) -> str:
    """Return text as one would type it: nothing invisible, single spaces, plain quotes, dashes and letters."""
    return " ".join(text.translate(_PLAIN).split())


def number_of(text: str) -> float | None:
    """Return the number that a plain text is: `1,234`, `-5`, `.5`; None for all else."""
    if len(text) > LONGEST or not _ONE_NUMBER.fullmatch(text):
        return None
    digits = text.replace(",", "").replace(" ", "")
    return int(digits) if digits.lstrip("+-").isdecimal() else whole(float(digits))


def percent_of(text: str) -> float | None:
    """Return the percentage that a plain text is: 85.5 of `85.5 %`; None for all else."""
    found = _PERCENT.fullmatch(text[: LONGEST + 1])
    return number_of(found[1]) if found else None


def decimal_comma(text: str, rule: str, severity: Severity = Severity.ERROR) -> Doubt | None:
    """Return the question about a plain text such as `85,5`."""
    found = _DECIMAL_COMMA.fullmatch(text[: LONGEST + 1])
    if not found:
        return None
    meant = text.replace(",", ".")
    return Doubt(
        f"'{text}' has a comma where a point should be.", f"If {meant} is meant, type {meant}.", rule, severity
    )


def whole(number: float) -> float:
    """Return a number without a fraction as an integer."""
    return int(number) if isinstance(number, float) and number.is_integer() else number

"""What a goal is measured in: results as teachers write them, as numbers that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from iepdocs.measurement import Measurement
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["percent", "trials", "seconds", "levels", "yes/no", "number"]
_KINDS: dict[str, Kind] = {
    "percent": "percent",
    "trials correct": "trials",
    "duration": "seconds",
    "latency": "seconds",
    "rubric": "levels",
    "prompt level": "levels",
    "yes/no": "yes/no",
}
_WORDS = {"yes": 1.0, "y": 1.0, "no": 0.0, "n": 0.0, "+": 1.0, "-": 0.0, "true": 1.0, "false": 0.0}
_SECONDS = {"sec": 1, "min": 60, "hour": 3600, "hr": 3600}
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of results.

    Attributes:
        kind: what a number on it means: percent, trials (correct of `total`), seconds, levels (the first is 1), yes/no
            (1 and 0), or a plain number of `unit`.
        unit: what is counted, as the goal says.
        total: the number of trials in which results are reckoned.
        levels: the names of the levels, from the lowest.
        in_parts: of percents, whether the goal writes them as parts of one, 0.8 for 80 %.
        counted: whether it counts something, so that there is nothing below 0.
        per: for a rate, the minutes in which it is reckoned, of results that say how long was observed; else 0.
        seconds: for lengths of time, how many seconds a number without minutes and seconds stands for; 0 if unknown.
    """

    kind: Kind
    unit: str = ""
    total: float | None = None
    levels: tuple[str, ...] = ()
    in_parts: bool = False
    counted: bool = False
    per: int = 0
    seconds: int = 0

    @property
    def least(self) -> float | None:
        """The lowest number there can be."""
        if self.kind == "number":
            return 0.0 if self.counted else None
        return 1.0 if self.kind == "levels" else 0.0

    @property
    def most(self) -> float | None:
        """The highest number there can be."""
        highest = {"percent": 100.0, "trials": self.total, "yes/no": 1.0, "levels": float(len(self.levels))}
        return highest.get(self.kind)

    def number(self, result: Any, minutes: float | None = None) -> float | None:
        """Return a result as a number on this scale; None if it is none, or is in another unit.

        Args:
            result: what was measured, as read.
            minutes: how long was observed.
        """
        if not isinstance(result, Measurement):
            return None
        if self.kind == "levels":
            return self._level(result)
        if self.kind == "yes/no":
            return self._yes(result)
        if result.number is None:
            return None
        if self.kind == "number":
            return self._plain(result, minutes)
        figures = {"percent": self._percent, "trials": self._trials, "seconds": self._seconds}
        return figures[self.kind](result)

    def _level(self, result: Measurement) -> float | None:
        names = [fold(level) for level in self.levels]
        if fold(result.text) in names:
            return float(names.index(fold(result.text)) + 1)
        is_number = result.number is not None and result.unit == "" and 1 <= result.number <= len(names)
        return result.number if is_number else None

    def _yes(self, result: Measurement) -> float | None:
        if result.unit == "trials" and result.total:
            return 1.0 if result.number == result.total else 0.0
        word = _WORDS.get(fold(result.text))
        return word if word is not None else result.number if result.number in (0, 1) else None

    def _percent(self, result: Measurement) -> float | None:
        number = result.number or 0.0
        if result.unit == "trials":
            return _HUNDRED * number / result.total if result.total else None
        if result.unit == "" and 0 < number <= 1:  # 0.8 may be eight tenths, or less than one percent
            return _HUNDRED * number if self.in_parts else number if number == 1 else None
        return number if result.unit in ("percent", "") else None

    def _trials(self, result: Measurement) -> float | None:
        number = result.number or 0.0
        if result.unit == "percent":
            return number * self.total / _HUNDRED if self.total else None
        if result.unit == "seconds":
            return None
        if result.total and self.total:
            return number * self.total / result.total
        return number

    def _seconds(self, result: Measurement) -> float | None:
        number = result.number or 0.0
        if result.unit == "seconds":
            return number
        return number * self.seconds if result.unit == "" and self.seconds else None

    def _plain(self, result: Measurement, minutes: float | None) -> float | None:
        number = result.number or 0.0
        if self.per and minutes:
            return number / minutes * self.per
        return number if result.unit in ("", "trials") else None


def scale_of(goal: Mapping[str, Any], results: Iterable[Any]) -> Scale:
    """Return the scale of a goal or objective.

    Where the goal does not say what it is measured in, its target, or else the results, show it.

    Args:
        goal: its columns.
        results: what was measured, as read.
    """
    found = [
        one for one in (goal.get("target_value"), goal.get("baseline_value"), *results) if isinstance(one, Measurement)
    ]
    unit, levels = goal.get("measure_unit") or "", tuple(map(str, goal.get("scale") or ()))
    kind = _kind(goal.get("measure_type"), levels, found)
    return Scale(
        kind,
        unit,
        total=next((one.total for one in found if one.total), None) if kind == "trials" else None,
        levels=levels,
        in_parts=kind == "percent" and _is_part(goal.get("target_value")),
        counted=goal.get("measure_type") in ("count", "rate"),
        per=(60 if "hour" in fold(unit) else 1) if goal.get("measure_type") == "rate" else 0,
        seconds=_seconds(unit, found) if kind == "seconds" else 0,
    )


def _kind(measure_type: str | None, levels: tuple[str, ...], found: list[Measurement]) -> Kind:
    if measure_type:
        kind = _KINDS.get(measure_type, "number")
        return "number" if kind == "levels" and not levels else kind
    if levels:
        return "levels"
    shown = {"percent": "percent", "trials": "trials", "seconds": "seconds"}
    first = next((one.unit for one in found if one.number is not None), "")
    if not any(one.number is not None for one in found) and any(fold(one.text) in _WORDS for one in found):
        return "yes/no"
    return shown.get(first, "number")  # type: ignore[return-value]


def _is_part(target: Any) -> bool:
    is_bare = isinstance(target, Measurement) and target.unit == "" and target.number is not None
    return is_bare and 0 < target.number <= 1


def _seconds(unit: str, found: list[Measurement]) -> int:
    """Return what a bare number stands for: what the unit says, or seconds where nothing is written as 1:35."""
    said = next((seconds for word, seconds in _SECONDS.items() if word in fold(unit)), 0)
    return said or (0 if any(one.unit == "seconds" for one in found) else 1)

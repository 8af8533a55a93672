"""A goal's progress as documents tell it: figures and sentences in the document's language, and what the teacher says.

What the teacher wrote wins: figures are offered beside it, and no sentence says anything else.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

from iepdocs.documents.charts import chart_of, phases_of
from iepdocs.language import Translated
from iepdocs.plan import KEPT
from iepdocs.sandbox import BLANK
from iepdocs.text import fold, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iepdocs.docx import Chart
    from iepdocs.pack import Wording
    from iepdocs.plan import Progress, Record
    from iepdocs.plan.trend import Line

_FINE = 10
"""Where a goal's way is shorter, numbers have a decimal."""
_SOON = dt.timedelta(weeks=4)
"""An estimate that is nearer than that to a report's own day is of no day."""
_TOLD = 12
"""So many results and phases, the last ones, are told in words for who cannot see a chart."""
ENOUGH = "enough"
_CODED = {"met": True, "sufficient": True, ENOUGH: True, "insufficient": False}
"""What a teacher's rating answers to whether progress is enough."""
_AS_CODED = {"on track": "sufficient"}
"""The ratings that the legend of codes calls otherwise."""


def teachers_rating(comment: Record | None, codes: Iterable[Record]) -> str | None:
    """Return what the teacher says of a goal: `met`, `sufficient`, `insufficient` or `not introduced`, if anything.

    The answer to whether progress is sufficient counts before the code; a yes alone, `enough`, may mean the first two.

    Args:
        comment: the comment of the period.
        codes: the legend.
    """
    if comment is None:
        return None
    said, code = comment.get("sufficient"), fold(comment.get("code") or "")
    rating = next((one.get("rating") for one in codes if code and fold(one.get("code") or "") == code), None)
    if said is None:
        return str(rating) if rating else None
    if said:
        return str(rating) if rating in ("met", "sufficient") else ENOUGH
    return "insufficient"


def disagrees(progress: Progress, rating: str | None) -> bool:
    """Tell whether the figures say something else than the teacher."""
    computed = progress.rating and _AS_CODED.get(progress.rating, progress.rating)
    if rating == ENOUGH and computed in ("met", "sufficient"):
        return False
    return bool(rating and computed) and computed not in (rating, "too little data")


class Told:
    """Tells of one goal or objective.

    Args:
        progress: how it goes.
        rating: what the teacher says of it.
        wording: the words of the document's language.
        names: what sentences name beside the figures: `name` and `they` of the student, and `day`, the document's.
    """

    def __init__(self, progress: Progress, rating: str | None, wording: Wording, names: Mapping[str, Any]) -> None:
        self.progress = progress
        self.rating = rating
        self.wording = wording
        self.names = names

    @property
    def verdict(self) -> str | None:
        """What the teacher says of the goal, or else the numbers; None where neither says anything."""
        computed = self.progress.rating
        said = None if computed == "too little data" else _AS_CODED.get(computed or "", computed)
        if self.rating == ENOUGH:
            return said if said == "met" else "sufficient"
        return self.rating or said

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The fields of `goal.progress`, by the names that `context.yaml` declares."""
        progress = self.progress
        latest, best, baseline = progress.latest, progress.best, progress.baseline
        fields = {
            "count": len(progress.points),
            "latest": self._amount(latest.value if latest else None, unit=True),
            "latest_date": latest and latest.day,
            "best": self._amount(best.value if best else None, unit=True),
            "best_date": best and best.day,
            "baseline": self._amount(baseline.value if baseline else None),
            "target": self._amount(progress.target),
            "percent": None if progress.percent is None else round(progress.percent),
            "slope": self._slope(progress.trend),
            "slope_least_squares": self._slope(progress.least_squares),
            "projected": self._amount(self._rounded(progress.projected)),
            "expected_date": progress.expected,
            "rating": self._phrase("progress_rating", progress.rating, rating=progress.rating or ""),
            "rule": self._phrase("progress_rule", progress.rule, rule=progress.rule or ""),
            "verdict": self.verdict,
            "sufficient": progress.is_sufficient if self.rating is None else None,
            "coded": _CODED.get(self.rating or ""),
            "summary": self._said("progress_summary"),
            "follows": self._said("progress_follows"),
        }
        return {key: BLANK if value is None or value == "" else value for key, value in fields.items()}

    def chart(self) -> Chart | None:
        """Return the chart of the goal; None where nothing has been measured."""
        progress, language, scale = self.progress, self.wording.language, self.progress.scale
        shown_points = progress.points[-_TOLD:]
        told = {
            **self._told,
            "count": len(progress.points),
            "results": "; ".join(f"{language.date(one.day, 'day')}: {self._amount(one.value)}" for one in shown_points),
            "left": len(progress.points) - len(shown_points),
            "aim": progress.aim is not None,
            "slope": self._slope(progress.trend, told=True) or "",
            "unit": "" if scale.kind in ("seconds", "percent", "trials") else scale.unit,
            "phases": "; ".join(f"{language.date(day, 'day')}: {name}" for day, name in phases_of(progress)[-_TOLD:]),
            "changed": language.date(progress.changed) if progress.changed else "",
        }
        names = {
            "text": " ".join(self.wording.phrases["chart"](told).split()),
            "unit": self._unit(),
            **{key: self.wording.phrases[f"chart_{key}"]({}) for key in ("results", "aim", "trend", "changed")},
        }
        return chart_of(progress, names, is_english=language.is_english)

    def _unit(self) -> str:
        """Return what stands along the axis of values; of levels the names of the first and the last."""
        scale = self.progress.scale
        if scale.kind == "levels":
            return f"1 {scale.levels[0]} \u2013 {len(scale.levels)} {scale.levels[-1]}"
        if scale.kind == "yes/no":
            return f"0 {self.wording.language.no}, 1 {self.wording.language.yes}"
        return "%" if scale.kind == "percent" else scale.unit

    def _phrase(self, phrase: str, word: str | None, **names: Any) -> Any:
        """Return a word as the document says it, compared in English."""
        return Translated(word, self.wording.phrases[phrase](names)) if word else None

    def _said(self, phrase: str) -> str:
        return " ".join(self.wording.phrases[phrase](self._told).split())

    @cached_property
    def _told(self) -> dict[str, Any]:
        """What sentences name."""
        progress, language = self.progress, self.wording.language
        latest, baseline, target_date = progress.latest, progress.baseline, progress.target_date
        agrees = not disagrees(progress, self.rating)
        verdict = {"on track": True, "insufficient": False}.get(progress.rating or "") if agrees else None
        in_time = progress.expected and (not target_date or progress.expected <= target_date)
        is_ahead_of_us = progress.expected and progress.expected > self.names["day"]
        expected = progress.expected if verdict is True and in_time and is_ahead_of_us else None
        is_ahead = bool(latest and target_date and latest.day < target_date)
        is_short = verdict is False and is_ahead and not in_time and not progress.is_reached
        return {
            "name": self.names["name"],
            "they": self.names["they"],
            "iep_team": self.wording.terms["iep_team"],
            "latest": self._amount(latest.value if latest else None, unit=True) or "",
            "latest_date": language.date(latest.day, "day") if latest else "",
            "start": self._amount(baseline.value if baseline else None) or "",
            "start_date": self._day(baseline.day if baseline else None),
            "change": self._change(),
            "target": self._amount(progress.target) or "",
            "target_date": language.date(target_date) if target_date else "",
            "times": progress.times[0],
            "of": progress.times[1] or progress.times[0],
            "reached": progress.is_reached and progress.rating != "met",
            "kept": progress.direction in KEPT,
            "met": agrees and progress.rating == "met",
            "was_met": self._day(progress.met_on) if agrees else "",
            "offered": self.rating in (None, ENOUGH),
            "soon": bool(expected and expected <= self.names["day"] + _SOON),
            "expected": self._day(expected),
            "projected": (self._amount(self._rounded(progress.projected)) or "") if is_short else "",
            "unclear": self.rating is None and progress.rating == "too little data",
            "rating": self.verdict or "",
        }

    def _day(self, day: dt.date | None) -> str:
        """Return a day in words, with its year if it is another than that of the last result."""
        latest = self.progress.latest
        if day is None or latest is None:
            return ""
        return self.wording.language.date(day, "day" if day.year == latest.day.year else "long")

    def _change(self) -> str:
        progress = self.progress
        if not progress.latest or not progress.baseline:
            return ""
        change = progress.latest.value - progress.baseline.value
        return "up" if change > 0 else "down" if change < 0 else "same"

    def _amount(self, value: float | None, *, unit: bool = False) -> str | None:
        """Return a value as a person says it on this scale: 80%, 4 of 5, 1:35, with reminders, 64 words a minute."""
        if value is None:
            return None
        scale, phrases = self.progress.scale, self.wording.phrases
        if scale.kind == "seconds":
            minutes, seconds = divmod(round(value), 60)
            return f"{minutes}:{seconds:02}"
        if scale.kind == "levels":
            return scale.levels[min(max(round(value), 1), len(scale.levels)) - 1]
        if scale.kind == "yes/no":
            return self.wording.language.yes if value else self.wording.language.no
        number = shown(_figure(value))
        if scale.kind == "percent":
            return phrases["percent"]({"number": number})
        if scale.kind == "trials" and scale.total:
            return phrases["correct_of"]({"correct": number, "total": shown(scale.total)})
        return f"{number} {scale.unit}" if unit and scale.unit else number

    def _rounded(self, value: float | None) -> float | None:
        """Return an estimate no finer than it can be."""
        progress = self.progress
        if value is None or progress.target is None or progress.baseline is None:
            return value
        scale = progress.scale
        is_whole = scale.kind == "trials" or (scale.counted and not scale.per)
        return round(value, 1 if abs(progress.target - progress.baseline.value) < _FINE and not is_whole else 0)

    def _slope(self, line: Line | None, *, told: bool = False) -> str | None:
        """Return how much a line rises a week, on the goal's scale; told in a sentence, as a person says it."""
        if line is None:
            return None
        if not told:
            return f"{line.slope:+.2g}"
        sign, size = "-" if line.slope < 0 else "+", abs(line.slope)
        if self.progress.scale.kind == "seconds":
            return f"{sign}{self._amount(size)}"
        number = shown(_figure(size))
        return f"{sign}{number}%" if self.progress.scale.kind == "percent" else f"{sign}{number}"


def _figure(value: float) -> float:
    """Return a number as it is told: with a decimal, or with two digits that say something where it is small."""
    if not value or abs(value) >= 1:
        return round(float(value), 2 if abs(value) < _FINE else 1)
    return round(float(value), 1 - math.floor(math.log10(abs(value))))

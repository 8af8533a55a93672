"""What teachers report of goals, held against what they measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.documents.progress import disagrees, teachers_rating
from iepdocs.documents.remark import Remark
from iepdocs.findings import Severity
from iepdocs.plan import in_another_unit
from iepdocs.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from iepdocs.documents.context import Contexts
    from iepdocs.plan import Record

DISAGREES = "progress-disagrees"
LEFT_OUT = "measured-otherwise"
_IN_WORDS = {
    "met": "that the goal is met",
    "on track": "that progress is enough",
    "sufficient": "that progress is enough",
    "enough": "that progress is enough",
    "insufficient": "that progress is not enough",
    "not introduced": "that it is not introduced yet",
}


def reported(contexts: Contexts) -> Iterator[Remark]:
    """Yield where the last word of a teacher on a goal is another than that of the numbers, and results left out.

    Goals of students who are not there, where a district lets these pass, are in no document and are not looked at.
    """
    for title in ("Goals", "Objectives"):
        for goal in contexts.caseload.rows(title):
            if not goal.loose and goal.student_id in contexts.caseload.students:
                yield from _left_out(contexts, goal)
                yield from _other(contexts, goal)


def _other(contexts: Contexts, goal: Record) -> Iterator[Remark]:
    caseload = contexts.caseload
    said = [(end, one) for one in caseload.below("Progress Comments", goal) if (end := _end(contexts, one))]
    if not said:
        return
    end, comment = max(said, key=lambda one: one[0])
    rating = teachers_rating(comment, caseload.rows("Codes"))
    progress = contexts.progress(goal, end) if rating else None
    if rating and progress and progress.rating and disagrees(progress, rating):
        yield Remark(
            comment,
            "sufficient" if comment.get("sufficient") is not None else "code",
            f"This says {_IN_WORDS[rating]}; the results say {_IN_WORDS[progress.rating]} ({progress.rule}).",
            "Yours is printed, and no estimate with it. Look at the chart once more, or say why in the comment.",
            Severity.NOTE,
            DISAGREES,
        )


def _end(contexts: Contexts, comment: Record) -> dt.date | None:
    """Return the end of a comment's period, if it is over."""
    period = contexts.caseload.periods.get(fold(comment.get("period") or ""))
    end: dt.date | None = period.get("end_date") if period else None
    return end if end and end <= contexts.today else None


def _left_out(contexts: Contexts, goal: Record) -> Iterator[Remark]:
    if goal.get("measure_type") is None and goal.get("target_value") is None:
        return
    rows = contexts.caseload.below("Progress", goal)
    scale, odd = in_another_unit(goal.values, [one.values for one in rows])
    if not odd:
        return
    has_no_scale = goal.get("measure_type") in ("rubric", "prompt level") and not goal.get("scale")
    more = f" (and {len(odd) - 1} more of this goal)" if len(odd) > 1 else ""
    measured = goal.get("measure_type") or scale.kind
    yield Remark(
        rows[odd[0]],
        "value",
        f"This result{more} is not in what the goal is measured in, {measured}: chart and figures leave it out.",
        "The goal's Scale is blank: list its levels there, lowest first, with semicolons between: full physical;"
        " gesture; independent."
        if has_no_scale
        else "Write it in the unit of the goal's target, or mend Measure Type, Measure Unit or Scale of the goal.",
        Severity.WARNING,
        LEFT_OUT,
    )

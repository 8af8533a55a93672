"""A student's plans in time: which is in effect on a day, and which plan an amendment amends."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from iepdocs.plan.record import Record


class Timeline:
    """The starts of a student's plans.

    An amendment is no plan of its own (34 CFR 300.324(a)(6) leaves to the district whether to redraft the whole): what
    belongs to the plan that it amends belongs to it too.

    Attributes:
        starts: the starts of the plans, in order, without amendments.
    """

    def __init__(self, plans: Iterable[Record], other_starts: Iterable[dt.date] = ()) -> None:
        """Take the Plans records of a student; where there are none, the starts that other sheets name."""
        dated = sorted((plan for plan in plans if plan.get("start_date")), key=lambda plan: plan.get("start_date"))
        self.starts: list[dt.date] = []
        self._amended: dict[dt.date, dt.date] = {}
        for plan in dated:
            start, amends = plan.get("start_date"), plan.get("amends")
            if not amends and plan.get("meeting_type") == "amendment":
                amends = self.in_effect(start)  # the plan begun before; if there is none, it is a plan of its own
            if amends and amends != start:
                self._amended[start] = amends
            else:
                self.starts.append(start)
        self.starts = sorted({*self.starts, *other_starts})

    def __contains__(self, start: dt.date) -> bool:
        return start in self.starts or start in self._amended

    def in_effect(self, day: dt.date | None) -> dt.date | None:
        """Return the start of the plan in effect on a day: the last begun, else the first; with no day the last."""
        if not self.starts:
            return None
        return self.starts[max(bisect_right(self.starts, day) - 1, 0)] if day else self.starts[-1]

    def root(self, start: dt.date | None) -> dt.date | None:
        """Return the start of the plan that an amendment amends, through amendments of amendments; else the start."""
        if start not in self._amended:
            return start
        return next(iter(self.family(start) - self._amended.keys()), start)

    def family(self, start: dt.date | None) -> set[dt.date | None]:
        """Return the starts whose records a plan or amendment has: its own, and those of all that it amends."""
        found = {start}
        while start in self._amended and self._amended[start] not in found:
            start = self._amended[start]
            found.add(start)
        return found

    def within(self, first: dt.date | None, last: dt.date | None) -> set[dt.date | None]:
        """Return the starts of the plans, amendments too, in effect at some time from `first` to `last`."""
        later = {start for start in self.starts if (not first or start > first) and (not last or start <= last)}
        found = {self.in_effect(first) if first else next(iter(self.starts), None), *later}
        amendments = {start for start in self._amended if self.root(start) in found and (not last or start <= last)}
        return found | amendments

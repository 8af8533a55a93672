"""Counting years and days, as the rules of a pack do; where a day is blank, so is what is counted from it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from iepdocs.sandbox import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable

    Counted = TypeVar("Counted", bound=Callable[..., object])


def for_rules(function: Counted) -> Counted:
    """Let the rules of a pack call a function."""
    function.for_rules = True  # type: ignore[attr-defined]
    return function


@for_rules
def years_between(first: dt.date, last: dt.date) -> int | str:
    """Return the whole years from one day to another; from February 29 a year is full on March 1."""
    if BLANK in (first, last):
        return BLANK
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


@for_rules
def years_after(first: dt.date, years: int) -> dt.date | str:
    """Return the day on which so many years from a day are full."""
    if first == BLANK:
        return BLANK
    try:
        return first.replace(year=first.year + years)
    except ValueError:  # February 29
        return dt.date(first.year + years, 3, 1)


@for_rules
def days_between(first: dt.date, last: dt.date) -> int | str:
    """Return the days from one day to another; negative where the other is earlier."""
    return BLANK if BLANK in (first, last) else (last - first).days


@for_rules
def days_after(first: dt.date, days: int) -> dt.date | str:
    """Return the day so many days after a day."""
    return BLANK if first == BLANK else first + dt.timedelta(days)


COUNTING = {function.__name__: function for function in (years_between, years_after, days_between, days_after)}
"""The functions by the names that rules call them by."""

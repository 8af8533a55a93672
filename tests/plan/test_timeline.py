from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from iepdocs.plan import Record
from iepdocs.plan.timeline import Timeline

JANUARY, MARCH, MAY, OCTOBER = (dt.date(2026, month, 12) for month in (1, 3, 5, 10))


def plan(start: dt.date, **values: Any) -> Record:
    return Record("Plans", 2, {"start_date": start, **values})


def amendment(start: dt.date, of: dt.date | None = None) -> Record:
    return plan(start, meeting_type="amendment", **({"amends": of} if of else {}))


def test_an_amendment_of_an_amendment_has_all_that_it_amends() -> None:
    timeline = Timeline([plan(JANUARY), amendment(MARCH, JANUARY), amendment(MAY, MARCH)])
    assert timeline.starts == [JANUARY]
    assert timeline.family(MAY) == {MAY, MARCH, JANUARY}
    assert timeline.root(MAY) == JANUARY


def test_an_amendment_that_names_no_plan_amends_the_one_begun_before() -> None:
    assert Timeline([plan(JANUARY), amendment(MARCH), plan(OCTOBER)]).family(MARCH) == {MARCH, JANUARY}


def test_an_amendment_before_any_plan_is_a_plan_of_its_own() -> None:
    assert Timeline([amendment(MARCH)]).starts == [MARCH]
    assert Timeline([amendment(MARCH), plan(OCTOBER)]).starts == [MARCH, OCTOBER]


def test_a_plan_that_amends_itself_is_a_plan() -> None:
    assert Timeline([plan(JANUARY), plan(MARCH, amends=MARCH)]).starts == [JANUARY, MARCH]


def test_plans_that_amend_each_other_end() -> None:
    timeline = Timeline([plan(MARCH, amends=MAY), plan(MAY, amends=MARCH)])
    assert timeline.family(MARCH) == {MARCH, MAY}
    assert timeline.root(MARCH) in {MARCH, MAY}


@pytest.mark.parametrize(
    ("day", "start"), [(JANUARY, JANUARY), (MAY, JANUARY), (OCTOBER, OCTOBER), (dt.date(2025, 1, 1), JANUARY)]
)
def test_in_effect_is_the_last_plan_begun_else_the_first(day: dt.date, start: dt.date) -> None:
    assert Timeline([plan(OCTOBER), plan(JANUARY)]).in_effect(day) == start

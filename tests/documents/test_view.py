"""Records as templates see them: values, words and codes, and blanks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from iepdocs.documents import records_in
from iepdocs.documents.view import View
from iepdocs.plan import Record
from iepdocs.sandbox import BLANK, Sandbox

if TYPE_CHECKING:
    from iepdocs.pack import Pack

MARCH = dt.date(2026, 3, 4)


def view(pack: Pack, **values: Any) -> View:
    return View(Record("Plans", 2, values), pack.sheets["Plans"])


def asked(expression: str, **names: Any) -> Any:
    return Sandbox().compile_expression(expression)(**names)


def test_a_column_is_reached_by_its_key(pack: Pack) -> None:
    plan = view(pack, start_date=MARCH, general_education_percent=82)
    assert asked("plan.start_date", plan=plan) == MARCH
    assert asked("plan['general_education_percent'] > 79", plan=plan) is True


def test_a_choice_is_its_full_words_and_its_code_is_beside_it(pack: Pack) -> None:
    plan = view(pack, educational_environment="RC80")
    assert asked("plan.educational_environment", plan=plan) == "Inside the regular class 80% or more of the day"
    assert asked("plan.educational_environment_code", plan=plan) == "RC80"


def test_a_blank_choice_has_a_blank_code(pack: Pack) -> None:
    assert asked("plan.educational_environment_code", plan=view(pack)) == ""


def test_a_choice_without_other_words_is_itself(pack: Pack) -> None:
    assert asked("plan.plan_type", plan=view(pack, plan_type="504")) == "504"


def test_a_column_that_the_workbook_adds_is_reached_too(pack: Pack) -> None:
    assert asked("plan.bus_route", plan=view(pack, bus_route=7)) == 7


def test_what_is_no_column_is_undefined(pack: Pack) -> None:
    assert asked("plan.strat_date is defined", plan=view(pack)) is False
    assert asked("plan.start_date is defined", plan=view(pack)) is True


def test_a_record_is_true_and_none_is_false(pack: Pack) -> None:
    assert view(pack)
    assert not View(None, pack.sheets["Plans"])


def test_where_there_is_no_record_every_field_is_blank(pack: Pack) -> None:
    assert asked("plan.start_date", plan=View(None, pack.sheets["Plans"])) == ""


@pytest.mark.parametrize(
    "expression",
    [
        "blank",
        "blank < day",
        "blank > day",
        "day <= blank",
        "day >= blank",
        "blank < 3",
        "3 < blank",
        "blank > 'a'",
        "'a' > blank",
        "blank == day",
        "blank == 0",
    ],
)
def test_a_blank_is_false_and_compares_with_nothing(expression: str) -> None:
    assert not asked(expression, blank=BLANK, day=MARCH)


@pytest.mark.parametrize(
    "template",
    ["{{ blank }}", "{{ blank|upper }}", "{{ blank|join(', ') }}", "{% for item in blank %}x{% endfor %}"],
)
def test_a_blank_prints_nothing(template: str) -> None:
    assert Sandbox().from_string(template).render(blank=BLANK) == ""


def test_records_with_blanks_can_be_sorted(pack: Pack) -> None:
    plans = [view(pack, start_date=MARCH), view(pack), view(pack, start_date=dt.date(2025, 3, 4))]
    assert len(asked("plans|sort(attribute='start_date')", plans=plans)) == 3


def test_a_record_itself_prints_nothing(pack: Pack) -> None:
    assert str(view(pack, start_date=MARCH)) == ""


def test_the_records_of_a_value_are_its_own_and_those_below(pack: Pack) -> None:
    goal, measurement = Record("Goals", 2, {}), Record("Progress", 5, {})
    below = [View(measurement, pack.sheets["Progress"])]
    goals = [View(goal, pack.sheets["Goals"], {"measurements": lambda _: below}), View(None, pack.sheets["Goals"])]
    assert list(records_in(goals)) == [goal, measurement]
    assert list(records_in(View(goal, pack.sheets["Goals"], {"measurements": lambda _: below}, holding=()))) == [goal]
    assert list(records_in("text")) == []

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from jinja2 import TemplateSyntaxError
from jinja2.exceptions import SecurityError

from iepdocs.sandbox import ITEM, Expression, Sandbox, used_paths


def rendered(source: str, **names: Any) -> str:
    return Sandbox().from_string(source).render(names)


def paths(source: str) -> set[str]:
    """Return the longest paths that a template reads, as one writes them."""
    found = {".".join(path).replace(".[]", "[]") for path in used_paths(Sandbox().parse(source))}
    return {path for path in found if not any(longer.startswith((f"{path}.", f"{path}[")) for longer in found)}


def test_an_expression_gives_its_value_for_the_names_of_a_row() -> None:
    is_iep = Expression("plan_type == 'IEP' and not amendment")
    assert is_iep({"plan_type": "IEP", "amendment": False}) is True
    assert is_iep({"plan_type": "504", "amendment": False}) is False


def test_a_name_that_is_not_there_is_none_in_an_expression() -> None:
    assert Expression("plan_type")({}) is None


def test_an_expression_keeps_the_type_of_its_value() -> None:
    assert Expression("a or b")({"a": None, "b": dt.date(2026, 3, 2)}) == dt.date(2026, 3, 2)


@pytest.mark.parametrize("source", ["plan_type ==", "", "a }} {{ b", "{% if a %}", "a | no_such_filter", "a b"])
def test_what_is_no_expression_is_refused_when_it_is_read(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Expression(source)


def test_an_expression_says_which_names_it_reads() -> None:
    assert Expression("plan.plan_type == 'IEP' or not today").paths == {("plan",), ("plan", "plan_type"), ("today",)}


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{{ 'reading'.upper() }}", "READING"),
        ("{{ day.strftime('%Y') }}", "2026"),
        ("{{ {'a': 1}.items()|list }}", "[('a', 1)]"),
        ("{{ (7).bit_length() }}", "3"),
        ("{{ range(3)|list }}", "[0, 1, 2]"),
        ("{{ cycler('odd', 'even').next() }}", "odd"),
        ("{% for n in [1, 2] %}{{ loop.cycle('odd', 'even') }}{% endfor %}", "oddeven"),
        ("{% set box = namespace(n=1) %}{{ box.n }}", "1"),
        ("{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice('a') }}", "aa"),
    ],
)
def test_plain_values_methods_and_jinjas_own_functions_may_be_called(source: str, printed: str) -> None:
    assert rendered(source, day=dt.date(2026, 3, 2)) == printed


def test_dict_is_one_of_jinjas_own_functions() -> None:
    assert rendered("{{ dict(a=1).a }}") == "1"


def test_text_may_be_formatted() -> None:
    assert rendered("{{ '{} of {}'.format(4, 5) }}") == "4 of 5"


class Stranger:
    def __call__(self) -> str:
        return "called"

    def method(self) -> str:
        return "called"


@pytest.mark.parametrize("source", ["{{ stranger() }}", "{{ stranger.method() }}", "{{ kind() }}", "{{ run('ls') }}"])
def test_what_was_handed_in_is_not_called(source: str) -> None:
    with pytest.raises(SecurityError):
        rendered(source, stranger=Stranger(), kind=Stranger, run=print)


@pytest.mark.parametrize(
    "source",
    [
        "{{ cycler.__init__.__globals__.os.getcwd() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ day.__reduce__() }}",
    ],
)
def test_a_template_does_not_reach_pythons_insides(source: str) -> None:
    with pytest.raises(SecurityError):
        rendered(source, day=dt.date(2026, 3, 2))


def test_a_format_shows_nothing_of_pythons_insides() -> None:
    assert rendered("{{ '{0.__class__}'.format(1) }}") == ""


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("{{ student.last_name }}", {"student.last_name"}),
        ("{{ student['last_name'] }}", {"student.last_name"}),
        ("{{ student.last_name.upper() }}", {"student.last_name"}),
        ("{{ student.last_name|default(student.first_name) }}", {"student.last_name", "student.first_name"}),
        ("{% if plan.esy is true and not draft %}x{% endif %}", {"plan.esy", "draft"}),
        ("{{ a.b if c.d else e.f }}", {"a.b", "c.d", "e.f"}),
        ("{{ goals[0].area }}", {"goals[].area"}),
        ("{{ goals[:2][0].area }}", {"goals[].area"}),
        ("{{ words[student.grade] }}", {"words[]", "student.grade"}),
        ("{{ (goals|first).area }}", {"goals[].area"}),
        ("{{ goals|length }}", {"goals"}),
        ("{{ goals|map(attribute='area')|join(', ') }}", {"goals[].area"}),
        ("{{ goals|selectattr('esy')|map(attribute='area')|list }}", {"goals[].esy", "goals[].area"}),
        ("{{ goals|rejectattr('esy', 'equalto', plan.esy)|list }}", {"goals[].esy", "plan.esy"}),
    ],
)
def test_a_template_reads_the_names_that_it_prints_and_asks(source: str, read: set[str]) -> None:
    assert paths(source) == read


def test_an_attribute_may_be_one_of_an_attribute() -> None:
    read = used_paths(Sandbox().parse("{{ goals|map(attribute='comment.code')|list }}"))
    assert ("goals", ITEM, "comment", "code") in read


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("{% for goal in goals %}{{ goal.area }}{% endfor %}", {"goals[].area"}),
        ("{% for goal in goals if goal.esy %}{% endfor %}", {"goals[].esy"}),
        ("{% for goal in goals|sort(attribute='area') %}{{ goal.goal }}{% endfor %}", {"goals[].area", "goals[].goal"}),
        (
            "{% for goal in goals %}{% for step in goal.objectives %}{{ step.status }}{% endfor %}{% endfor %}",
            {"goals[].objectives[].status"},
        ),
        ("{% for goal in goals %}{{ loop.index }}{% endfor %}", {"goals"}),
        ("{% for key, value in words.items() %}{{ key }}{{ value }}{% endfor %}", {"words"}),
        ("{% for goal in goals %}{% else %}{{ goal }}{% endfor %}", {"goals", "goal"}),
        ("{% for goal in goals %}{% endfor %}{{ goal.area }}", {"goals", "goal.area"}),
    ],
)
def test_names_are_followed_through_loops(source: str, read: set[str]) -> None:
    assert paths(source) == read


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("{% set who = student %}{{ who.last_name }}", {"student.last_name"}),
        ("{% set first = goals[0] %}{{ first.area }}", {"goals[].area"}),
        ("{% if draft %}{% set who = student %}{% endif %}{{ who.last_name }}", {"draft", "student.last_name"}),
        ("{% for goal in goals %}{% set g = goal %}{% endfor %}{{ g.area }}", {"goals[]", "g.area"}),
        ("{% set box = namespace(n=plan.esy) %}{% set box.n = plan.notes %}{{ box.n }}", {"plan.esy", "plan.notes"}),
    ],
)
def test_names_are_followed_through_assignments(source: str, read: set[str]) -> None:
    assert paths(source) == read


@pytest.mark.parametrize(
    "source",
    [
        "{{ range(3)|list }}",
        "{% set text = 'a' %}{{ text.upper() }}",
        "{% macro line(label) %}{{ label }}{{ caller() }}{% endmacro %}{{ line('a') }}",
    ],
)
def test_what_a_template_makes_itself_is_not_read(source: str) -> None:
    assert paths(source) == set()


def test_a_set_block_makes_its_name() -> None:
    assert paths("{% set address %}{{ school.city }}{% endset %}{{ address }}") == {"school.city"}


def test_names_are_followed_through_with() -> None:
    assert paths("{% with who = student %}{{ who.last_name }}{% endwith %}") == {"student.last_name"}


def test_a_call_block_makes_its_parameters() -> None:
    source = "{% macro each() %}{{ caller(1) }}{% endmacro %}{% call(number) each() %}{{ number }}{% endcall %}"
    assert paths(source) == set()


@pytest.mark.parametrize("source", ["{{ goals|groupby('area') }}", "{{ goals|sum('area') }}"])
def test_an_attribute_given_by_position_is_read(source: str) -> None:
    assert paths(source) == {"goals[].area"}


def test_names_are_followed_through_groupby() -> None:
    source = "{% for area, group in goals|groupby(attribute='area') %}{{ group[0].goal }}{% endfor %}"
    assert paths(source) == {"goals[].area", "goals[].goal"}

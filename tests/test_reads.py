from __future__ import annotations

import pytest

from iepdocs.reads import ALL, ITEM, names_read
from iepdocs.sandbox import Sandbox


def paths(source: str) -> set[str]:
    """Return the longest paths that a template reads, as one writes them."""
    found = {".".join(path).replace(".[]", "[]") for path in names_read(Sandbox().parse(source)) if ALL not in path}
    return {path for path in found if not any(longer.startswith((f"{path}.", f"{path}[")) for longer in found)}


def test_an_attribute_may_be_one_of_an_attribute() -> None:
    read = names_read(Sandbox().parse("{{ goals|map(attribute='comment.code')|list }}"))
    assert ("goals", ITEM, "comment", "code") in read


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
        ("{{ words[student.grade] }}", {"words.[?]", "student.grade"}),
        ("{{ (goals|first).area }}", {"goals[].area"}),
        ("{{ goals|selectattr(words[0])|list|length }}", {"goals[].[?]", "words[]"}),
        ("{{ goals|length }}", {"goals"}),
        ("{{ goals|map(attribute='area')|join(', ') }}", {"goals[].area"}),
        ("{{ goals|selectattr('esy')|map(attribute='area')|list }}", {"goals[].esy", "goals[].area"}),
        ("{{ goals|rejectattr('esy', 'equalto', plan.esy)|list }}", {"goals[].esy", "plan.esy"}),
    ],
)
def test_a_template_reads_the_names_that_it_prints_and_asks(source: str, read: set[str]) -> None:
    assert paths(source) == read


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


def test_several_attributes_to_sort_by_are_each_read() -> None:
    assert paths("{{ goals|sort(attribute='area,goal') }}") == {"goals[].area", "goals[].goal"}


@pytest.mark.parametrize(
    ("source", "read"),
    [
        (
            "{% for _, some in goals|groupby('area') %}{% for g in some %}{{ g.goal }}{% endfor %}{% endfor %}",
            "goal",
        ),
        ("{% for row in goals|batch(2) %}{% for g in row %}{{ g.goal }}{% endfor %}{% endfor %}", "goal"),
        (
            "{% for s in goals|map(attribute='objectives') %}{{ s[0].status }}{% endfor %}",
            "objectives.[].status",
        ),
        ("{% for g in (goals if esy else others) %}{{ g.goal }}{% endfor %}", "goal"),
        ("{% for g in goals or others %}{{ g.goal }}{% endfor %}", "goal"),
        ("{% for g in goals + others %}{{ g.goal }}{% endfor %}", "goal"),
        ("{% for g in goals|default([]) %}{{ g.goal }}{% endfor %}", "goal"),
    ],
)
def test_items_are_followed_through_what_keeps_them(source: str, read: str) -> None:
    assert ("goals", ITEM, *read.split(".")) in names_read(Sandbox().parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "{% macro row(g) %}{{ g.goal }}{% endmacro %}{{ row(goals[0]) }}",
        "{% for g in [goals[0]] %}{{ g.goal }}{% endfor %}",
        "{{ goals[0]|tojson }}",
    ],
)
def test_a_record_handed_on_to_where_it_cannot_be_followed_is_read_whole(source: str) -> None:
    assert ("goals", ITEM, ALL) in names_read(Sandbox().parse(source))


def test_a_name_may_stand_for_what_any_branch_has_made_it() -> None:
    source = "{% set p = student %}{% if other %}{% set p = recipient %}{% endif %}{{ p.last_name }}"
    assert {("student", "last_name"), ("recipient", "last_name")} <= names_read(Sandbox().parse(source))

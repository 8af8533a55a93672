from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import IepdocsError
from iepdocs.pack import load_pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.pack import Element
    from tests.pack.conftest import MakeDistrict

    LoadElements = Callable[[str], dict[str, Element]]

KIND = """
title: Bus Letter
template: bus_letter.docx
for_each: [plan, recipient]
date: today
needs: [Students, Plans]
uses: [Contacts, Goals, Objectives, Progress, Progress Comments, Team, Contact Log]
context: [student, contacts, goals, team, contact_log]
file: "{last_name}"
elements:
"""


@pytest.fixture
def load(make_district: MakeDistrict) -> LoadElements:
    """Return a function that loads a kind with these elements, and returns them by key."""

    def load(elements: str) -> dict[str, Element]:
        pack = load_pack(make_district({"documents/bus_letter.yaml": KIND + elements}))
        return {element.key: element for element in pack.kinds["bus_letter"].elements}

    return load


def test_an_element_lists_names_of_which_inner_lists_stand_for_one_another(load: LoadElements) -> None:
    element = load('  "34 CFR 300.9(a)": {says: a goal, names: [goal.goal, [plan.notes, goal.area]]}')[
        "34 CFR 300.9(a)"
    ]
    assert element.names == (("goal.goal",), ("plan.notes", "goal.area"))
    assert element.citation == "34 CFR 300.9(a)"


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("[free, no cost]", (("free", "no cost"),)),
        ("[[notice], [hearing, review]]", (("notice",), ("hearing", "review"))),
        ("[free, [notice], no cost]", (("free", "no cost"), ("notice",))),
    ],
)
def test_a_text_is_one_of_some_phrases_or_one_of_each_inner_list(
    load: LoadElements, said: str, groups: tuple[tuple[str, ...], ...]
) -> None:
    element = load(f"  a: {{says: that it is free, text: {{en: {said}}}}}")["a"]
    assert element.phrases("en") == element.phrases("en-GB") == groups
    assert element.phrases("vi") == ()


def test_what_no_regulation_asks_for_says_so(load: LoadElements) -> None:
    assert load('  "custom: stop": {says: the stop, names: [plan.notes]}')["custom: stop"].citation == "custom, not law"


def test_elements_stand_in_the_order_of_the_regulation(load: LoadElements) -> None:
    ordered = [
        "34 CFR 104.36",
        "34 CFR 300.9(c)(1)",
        "34 CFR 300.300",
        "34 CFR 300.300(b)(1)",
        "34 CFR 300.320(a)(2)(ii)",
        "34 CFR 300.320(a)(6)(i)",
        "34 CFR 300.320(a)(6)(ii)(A)",
        "34 CFR 300.320(a)(6)(ii)(B)",
        "34 CFR 300.320(a)(6)(iv)",
        "34 CFR 300.320(a)(6)(ix)",
        "34 CFR 300.320(a)(10)",
        "34 CFR 300.320(b)",
        "custom: stop",
    ]
    declared = "".join(f'  "{key}": {{says: the stop, names: [plan.notes]}}\n' for key in sorted(ordered, reverse=True))
    assert list(load(declared)) == ordered


@pytest.mark.parametrize("key", ["()", "", "34 CFR 300.9(²)"])
def test_an_element_may_be_called_what_is_no_citation(load: LoadElements, key: str) -> None:
    assert list(load(f'  "{key}": {{says: a stop, names: [plan.notes]}}')) == [key]


def test_a_district_adds_a_phrase_of_its_own_and_leaves_an_element_out(make_district: MakeDistrict) -> None:
    folder = make_district(
        {
            "documents/prior_written_notice.yaml": 'elements: {"34 CFR 300.506": {text: {en: [a neutral helper]}},'
            ' "34 CFR 300.153": null}'
        }
    )
    elements = {element.key: element for element in load_pack(folder).kinds["prior_written_notice"].elements}
    assert elements["34 CFR 300.506"].phrases("en") == (("a neutral helper",),)
    assert elements["34 CFR 300.506"].says
    assert "34 CFR 300.153" not in elements


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        ("goal.baseline", True),
        ("objective.objective", True),
        ("objective.comment.code", True),
        ("measurement.text", True),
        ("contact.method", True),
        ("contact.language", True),
        ("recipient.contact_name", True),
        ("team", True),
        ("goal.bus", False),
        ("goals.baseline", False),
        ("notice.description", True),
        ("notice.bus", False),
        ("contact.bus", False),
    ],
)
def test_names_are_those_of_any_kind_as_templates_write_them(load: LoadElements, name: str, *, exists: bool) -> None:
    declared = f"  a: {{says: the bus, names: [[plan.notes, {name}]]}}"
    if exists:
        assert load(declared)
        return
    with pytest.raises(IepdocsError) as raised:
        load(declared)
    assert {str(finding.place) for finding in raised.value.findings} == {"documents/bus_letter.yaml, elements.a.names"}
    assert all(finding.mend for finding in raised.value.findings)


def test_a_misspelt_name_is_told_from_the_right_one(load: LoadElements) -> None:
    with pytest.raises(IepdocsError) as raised:
        load("  a: {says: the bus, names: [goal.basline]}")
    [finding] = raised.value.findings
    assert finding.mend == "Did you mean goal.baseline?"


@pytest.mark.parametrize(
    ("declared", "inside"),
    [
        ("{names: [plan.notes]}", "elements.a.says"),
        ("{says: the bus}", "elements.a"),
        ("{says: the bus, names: plan.notes}", "elements.a.names"),
        ("{says: the bus, text: [free]}", "elements.a.text"),
        ("{says: the bus, text: {en: free}}", "elements.a.text.en"),
        ("{says: the bus, nmaes: [plan.notes]}", "elements.a.nmaes"),
        ("the bus", "elements.a"),
    ],
)
def test_what_can_be_no_element_is_named(load: LoadElements, declared: str, inside: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        load(f"  a: {declared}")
    assert [str(finding.place) for finding in raised.value.findings] == [f"documents/bus_letter.yaml, {inside}"]

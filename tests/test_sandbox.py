from __future__ import annotations

import copy
import datetime as dt
import pickle
from typing import Any

import pytest
from jinja2.exceptions import SecurityError

from iepdocs.findings import FilePlace, IepdocsError
from iepdocs.sandbox import BLANK, Expression, Sandbox, Sentence


def rendered(source: str, **names: Any) -> str:
    return Sandbox().from_string(source).render(names)


def expression(source: str) -> Expression:
    return Expression(source, FilePlace("schema/plans.yaml", "amends.required_when"))


def test_an_expression_gives_its_value_for_the_names_of_a_row() -> None:
    is_iep = expression("plan_type == 'IEP' and not amendment")
    assert is_iep({"plan_type": "IEP", "amendment": False}) is True
    assert is_iep({"plan_type": "504", "amendment": False}) is False


def test_a_name_that_is_not_there_is_none_in_an_expression() -> None:
    assert expression("plan_type")({}) is None


def test_an_expression_keeps_the_type_of_its_value() -> None:
    assert expression("a or b")({"a": None, "b": dt.date(2026, 3, 2)}) == dt.date(2026, 3, 2)


def test_a_name_after_a_dict_is_its_method_or_else_its_item() -> None:
    goal = {"area": "Reading", "keys": 2}
    assert rendered("{{ goal.area }}: {{ goal.keys()|list }}{{ goal.goal }}", goal=goal) == "Reading: ['area', 'keys']"


@pytest.mark.parametrize("source", ["plan_type ==", "", "a }} {{ b", "{% if a %}", "a | no_such_filter", "a b"])
def test_what_is_no_expression_is_refused_when_it_is_read(source: str) -> None:
    with pytest.raises(IepdocsError):
        expression(source)


AS_IN_IF = "Write it as in a template's {% if … %}, without the braces."


@pytest.mark.parametrize(
    ("source", "problem", "mend"),
    [
        ("area|uper == 'A'", "there is no 'uper'", "Did you mean upper?"),
        ("area|zzzz", "there is no 'zzzz'", AS_IN_IF),
        ("area is defnied", "there is no 'defnied'", "Did you mean defined?"),
        ("area ==", "something is missing in it", AS_IN_IF),
        ("", "something is missing in it", AS_IN_IF),
        ("area.", "something is missing in it", AS_IN_IF),
        ("area = 'A'", "'=' does not go with what is before it", "To compare, write two equal signs: ==."),
        ("area == “A”", "'“' should not stand there", "Type straight quotes: ' or \"."),
        ("area == 'A", "a quote is missing", AS_IN_IF),
        ("rows('Goals'", "')' is missing", AS_IN_IF),
        ("area)", "')' should not stand there", AS_IN_IF),
        ("a && b", "'&' should not stand there", "Write and, or and not as words in small letters."),
        ("a AND b", "'AND' does not go with what is before it", "Write and, or and not as words in small letters."),
        ("a, b", "there is more after its end", AS_IN_IF),
        ("{{ a }}", "'}' stands where ':' should", AS_IN_IF),
    ],
)
def test_what_is_wrong_with_an_expression_is_said_in_plain_words(source: str, problem: str, mend: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        expression(source)
    [finding] = raised.value.findings
    assert (finding.message, finding.mend) == (f"'{source}' is no expression: {problem}.", mend)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ area|uper }}", "there is no 'uper'"),
        ("{{ 'area'|uper }}", "there is no 'uper'"),
        ("{{ area", "its braces are not closed"),
        ("{{ area }", "'}' should not stand there"),
        ("{{ }}", "something is missing in it"),
        ("{% if area %}Ask.", "'if' is not closed"),
        ("{% endif %}", "there is no 'endif' to go with"),
        ("{# Ask.", "its braces are not closed"),
    ],
)
def test_what_is_wrong_with_a_sentence_is_said_in_plain_words(source: str, problem: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        Sentence(source, FilePlace("rules/ours.yaml", "ours.message"))
    [finding] = raised.value.findings
    assert finding.message == f"This sentence cannot be read: {problem}."


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("area + 1", "a value is of another kind than it needs"),
        ("1 / 0", "it divides by zero"),
        ("nobody.name.first", "a name in it stands for nothing"),
        ("'a' * 999999", "it asks for what is not allowed"),
        ("area.__class__.__base__", "it asks for what is not allowed"),
    ],
)
def test_what_cannot_be_worked_out_says_why(source: str, problem: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        expression(source)({"area": "Reading"})
    assert raised.value.findings[0].message == f"'{source}' cannot be worked out for every row: {problem}."


@pytest.mark.parametrize("source", [f"{'(' * 900}1{')' * 900}", "not " * 3000 + "a", "1" + "+1" * 3000])
def test_what_has_too_much_in_each_other_is_refused(source: str) -> None:
    place = FilePlace("rules/ours.yaml", "ours.message")
    with pytest.raises(IepdocsError, match="it has too much in each other"):
        expression(source)
    with pytest.raises(IepdocsError, match="it has too much in each other"):
        Sentence(f"{{{{ {source} }}}}", place)
    with pytest.raises(IepdocsError, match="it has too much in each other"):
        Sentence("{% if a %}" * 900 + "{% endif %}" * 900, place)


def test_an_expression_says_which_names_it_reads() -> None:
    assert expression("plan.plan_type == 'IEP' or not today").paths == {("plan",), ("plan", "plan_type"), ("today",)}


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


@pytest.mark.parametrize("source", ["{{ goals.append(1) }}", "{{ goals.clear() }}", "{{ words.update(a=1) }}"])
def test_what_a_template_is_given_cannot_be_changed(source: str) -> None:
    with pytest.raises(SecurityError):
        rendered(source, goals=[1], words={})


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ("attribute='area'", "-1 a3 b4 b2"),
        ("true, attribute='area'", "b4 b2 a3 -1"),
        ("attribute='area,number'", "-1 a3 b2 b4"),
    ],
)
def test_sorting_puts_what_is_blank_before_all_else(options: str, order: str) -> None:
    goals = [
        {"area": "b", "number": 4},
        {"area": "", "number": 1},
        {"area": "a", "number": 3},
        {"area": "b", "number": 2},
    ]
    source = "{% for g in goals|sort(OPTIONS) %}{{ g.area or '-' }}{{ g.number }} {% endfor %}"
    assert rendered(source.replace("OPTIONS", options), goals=goals).strip() == order


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


def test_a_blank_is_none_and_compares_with_nothing_in_templates_and_expressions() -> None:
    assert rendered("{{ blank is none }} {{ blank is not none }} {{ blank < 3 }}", blank=BLANK) == "True False False"
    assert expression("percent is none")({"percent": BLANK}) is True
    assert expression("percent < 100")({"percent": BLANK}) is False
    assert expression("percent")({"percent": BLANK}) is None


def test_a_blank_is_the_same_in_copies_and_in_other_processes() -> None:
    assert copy.deepcopy({"percent": BLANK})["percent"] is BLANK
    assert pickle.loads(pickle.dumps(BLANK)) is BLANK  # noqa: S301  (our own)

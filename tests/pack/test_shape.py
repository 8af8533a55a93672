"""What is said of a declaration that is not as it should be, whatever file of a pack it stands in."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.findings import FilePlace, IepdocsError
from iepdocs.pack import RecordValidator, load_pack
from iepdocs.pack.shape import check_shape

if TYPE_CHECKING:
    from iepdocs.findings import Finding
    from tests.pack.conftest import MakeDistrict

NO_NAME = "Write one word of letters, digits and _ that begins with a letter, such as bus_route."
IN_QUOTES = "Write it in quotes."
IN_BRACKETS = "Write it in brackets, with commas between: [one, another]."
AS_LINES = "Write each on a line of its own below, indented: 'name: value'."


def found(make_district: MakeDistrict, file: str, text: str) -> list[Finding]:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({file: text}))
    return list(raised.value.findings)


@pytest.mark.parametrize(
    ("file", "text", "inside", "message", "mend"),
    [
        ("documents/iep.yaml", "titel: IEP", "titel", "There is no 'titel' here.", "Did you mean title?"),
        ("documents/iep.yaml", "title: 504", "title", "'title' should be a text, not 504.", IN_QUOTES),
        ("documents/iep.yaml", "title: true", "title", "'title' should be a text, not true.", IN_QUOTES),
        ("documents/iep.yaml", "title:", "title", "'title' is empty.", "Write its value after the colon"),
        ("documents/iep.yaml", "for_each: []", "for_each", "'for_each' is empty.", "Write its value after the colon"),
        ("documents/iep.yaml", "needs: Plans", "needs", "'needs' should be a list, not Plans.", IN_BRACKETS),
        ("documents/iep.yaml", "needs: [3]", "needs", "Each item of 'needs' should be a text, not 3.", IN_QUOTES),
        ("documents/iep.yaml", "order: one", "order", "'order' should be a whole number, not one.", "Write the number"),
        (
            "documents/iep.yaml",
            "template: forms/iep.docx",
            "template",
            "'forms/iep.docx' is no template.",
            "Write the name of a Word file alone, such as iep.docx.",
        ),
        ("schema/bus.yaml", "title: Bus", "columns", "'columns' is missing.", "Add a line 'columns: …'."),
        (
            "schema/bus.yaml",
            "{title: A/B, columns: {}}",
            "title",
            "'A/B' is no title of a sheet.",
            "Excel takes at most 31 characters",
        ),
        (
            "schema/goals.yaml",
            "columns: {area: {meta: {long: 'yes'}}}",
            "columns.area.meta.long",
            "'long' should be true or false, not yes.",
            "Write true or false, without quotes.",
        ),
        (
            "schema/goals.yaml",
            "columns: {area: {meta: text}}",
            "columns.area.meta",
            "'meta' should be lines of 'name: value', not text.",
            AS_LINES,
        ),
        (
            "schema/goals.yaml",
            "columns: {area: {type: 3}}",
            "columns.area.type",
            "'type' should be a text or a list, not 3.",
            IN_QUOTES,
        ),
        (
            "schema/goals.yaml",
            "columns: {area: {type: []}}",
            "columns.area.type",
            "'type' is empty.",
            "Write its value",
        ),
        (
            "schema/goals.yaml",
            "columns: {area: {meta: {notation: persent}}}",
            "columns.area.meta.notation",
            "'persent' is no choice for 'notation'.",
            "Did you mean percent?",
        ),
        (
            "district.yaml",
            "age_of_majority: 200",
            "age_of_majority",
            "200 is too large.",
            "It must be at most 21.",
        ),
        (
            "district.yaml",
            "age_of_majority: 3",
            "age_of_majority",
            "3 is too small.",
            "It must be at least 18.",
        ),
        (
            "schema/goals.yaml",
            "columns: {area: {allowed: []}}",
            "columns.area.allowed",
            "'allowed' is empty.",
            "Write its value after the colon",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_mend(
    make_district: MakeDistrict, file: str, text: str, inside: str, message: str, mend: str
) -> None:
    [finding] = found(make_district, file, text)
    assert (finding.place, finding.message) == (FilePlace(file, inside), message)
    assert finding.mend.startswith(mend)


@pytest.mark.parametrize("rule", ["contains: [a]", "allowed: [a]", "forbidden: [a]"])
def test_a_value_of_a_kind_that_a_rule_cannot_compare_is_an_error_at_it(make_district: MakeDistrict, rule: str) -> None:
    schema = f"columns: {{buses: {{type: list, {rule}}}}}"
    files = {"schema/district.yaml": schema, "district.yaml": "buses: [{a: b}]\nage_of_majority: 18"}
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district(files))
    [finding] = raised.value.findings
    assert (finding.place, finding.message) == (
        FilePlace("district.yaml", "buses"),
        "'buses' is not as it should be.",
    )


@pytest.mark.parametrize("key", ["3", "true", "not", "bus route", "bus-route", "''"])
@pytest.mark.parametrize(
    ("file", "text", "above"),
    [
        ("schema/students.yaml", "columns: {%s: {}}", "columns."),
        ("schema/contacts.yaml", "also_on: {columns: {%s: phone}}", "also_on.columns."),
        ("schema/contacts.yaml", "also_on: {prefixes: {%s: [Parent]}}", "also_on.prefixes."),
        ("context.yaml", "%s: {help: The bus.}", ""),
        ("context.yaml", "student: {fields: {%s: {help: The bus.}}}", "student.fields."),
        ("terms/en.yaml", "%s: bus", ""),
        ("district.yaml", "rules: {%s: 3}", "rules."),
    ],
)
def test_what_templates_and_rules_are_to_name_must_be_a_name(
    make_district: MakeDistrict, file: str, text: str, above: str, key: str
) -> None:
    [finding] = found(make_district, file, text % key)
    word = key.strip("'")
    assert finding.place == FilePlace(file, f"{above}{word}")
    assert (finding.message, finding.mend) == (f"'{word}' can be no name in a template.", NO_NAME)


@pytest.mark.parametrize("key", ["3", "true", "null"])
@pytest.mark.parametrize(
    ("file", "text", "inside"),
    [
        ("schema/students.yaml", "%s: a", "%s"),
        ("schema/students.yaml", "columns: {grade: {meta: {%s: a}}}", "columns.grade.meta.%s"),
        ("schema/contacts.yaml", "also_on: {%s: a}", "also_on.%s"),
        ("documents/iep.yaml", "%s: a", "%s"),
        ("context.yaml", "student: {%s: a}", "student.%s"),
        ("context.yaml", "student: {fields: {full_name: {%s: a}}}", "student.full_name.%s"),
        ("district.yaml", "%s: a", "%s"),
    ],
)
def test_a_key_that_looks_like_a_number_is_unknown_like_any_other(
    make_district: MakeDistrict, file: str, text: str, inside: str, key: str
) -> None:
    [finding] = found(make_district, file, text % key)
    assert finding.place == FilePlace(file, inside % key)
    assert finding.message == f"There is no '{key}' here."


@pytest.mark.parametrize("title", ["Bus: Line", "'Bus", "Bus'", "History", "history", "B" * 32])
def test_a_sheet_has_a_title_that_excel_takes(make_district: MakeDistrict, title: str) -> None:
    [finding] = found(make_district, "schema/bus.yaml", f'{{title: "{title}", columns: {{}}}}')
    assert (str(finding.place), finding.message) == ("schema/bus.yaml, title", f"'{title}' is no title of a sheet.")


def test_a_key_that_is_missing_for_want_of_spelling_is_told_once(make_district: MakeDistrict) -> None:
    [finding] = found(make_district, "schema/bus.yaml", "{titel: Bus, columns: {}}")
    assert (finding.place, finding.mend) == (FilePlace("schema/bus.yaml", "titel"), "Did you mean title?")


def test_a_long_list_of_what_is_known_is_cut(make_district: MakeDistrict) -> None:
    [finding] = found(make_district, "schema/goals.yaml", "columns: {area: {meta: {named_on: Nowhere.xyz}}}")
    assert finding.mend.startswith("Known here: Accommodations.student_id, ")
    assert finding.mend.count(", ") == 59
    assert finding.mend.endswith(" more.")


RULES: tuple[dict[str, Any], ...] = (
    {},
    {"type": "string"},
    {"type": ["integer", "boolean"]},
    {"type": "integer", "min": 2},
    {"type": "string", "minlength": 1, "regex": "[a-z]*"},
    {"type": "string", "allowed": ["a", "b"]},
    {"allowed": [1, "a"]},
    {"type": "list", "minlength": 1, "schema": {"type": "string", "nullable": True}},
    {"anyof": [{"type": "string"}, {"type": "list", "minlength": 1, "schema": {"type": ["string", "integer"]}}]},
    {"type": "dict"},
    {"type": ["string", "dict"], "keysrules": {"regex": "a.*"}, "valuesrules": {"type": ["string", "list"]}},
    {"type": "dict", "schema": {"a": {"type": "string", "required": True}, "b": {"type": "integer"}}},
    {"type": "dict", "schema": {"a": {"type": "dict", "allow_unknown": True, "schema": {"b": {"type": "string"}}}}},
)
WORDS = st.sampled_from(["", "a", "ab", "A", "1"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | WORDS,
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "ab"]), below, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("rules", RULES, ids=str)
@given(value=VALUES)
def test_what_passes_is_what_cerberus_takes(rules: dict[str, Any], value: Any) -> None:
    takes = RecordValidator({"key": rules}).validate({"key": value}, normalize=False)
    with nullcontext() if takes else pytest.raises(IepdocsError):
        check_shape({"key": value}, {"key": rules}, "file.yaml")

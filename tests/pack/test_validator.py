"""What is said of a column's rules that Cerberus does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import FilePlace, IepdocsError
from iepdocs.pack import RecordValidator, load_pack

if TYPE_CHECKING:
    from tests.pack.conftest import MakeDistrict

DOCUMENTED = "Cerberus's own documentation has its rules."


@pytest.mark.parametrize(
    ("rules", "inside", "message", "mend"),
    [
        ("{requird: true}", "requird", "Cerberus has no rule 'requird'.", "Did you mean required?"),
        ("{3: true}", "3", "Cerberus has no rule '3'.", DOCUMENTED),
        ("{type: strng}", "type", "There is no type 'strng'.", "Did you mean string?"),
        ("{type: [string, x]}", "type", "There is no type 'x'.", "Known here: "),
        ("{anyof: [{type: strng}]}", "anyof.type", "There is no type 'strng'.", "Did you mean string?"),
        ("{type: list, schema: {colour: 3}}", "schema.colour", "Cerberus has no rule 'colour'.", DOCUMENTED),
        (
            "{required: 'yes'}",
            "required",
            "Cerberus does not take this 'required': must be of boolean type.",
            DOCUMENTED,
        ),
        ("{items: [a]}", "items", "Rules set definition a not found.", DOCUMENTED),
        ("{regex: '('}", "regex", "'(' is no pattern: missing ), unterminated subpattern.", DOCUMENTED),
        ("{anyof: [{regex: '*'}]}", "regex", "'*' is no pattern: nothing to repeat.", DOCUMENTED),
        ("{regex: 'a{99999999999}'}", "regex", "'a{99999999999}' is no pattern: there is too much in it.", DOCUMENTED),
        ("{type: list, schema: {type: null}}", "schema.type", "Cerberus does not take this 'type'.", DOCUMENTED),
        ("{anyof: some text}", "anyof", "Cerberus does not take this 'anyof'.", DOCUMENTED),
        ("{type: string, allof: [null], empty: true}", "allof", "Cerberus does not take this 'allof'.", DOCUMENTED),
        ("{noneof_type: [[3]]}", "noneof.type", "Cerberus does not take this 'type'.", DOCUMENTED),
        ("{type: list, contains: [{}]}", "contains", "Cerberus does not take this 'contains'.", DOCUMENTED),
        ("{type: integer, items: [{}]}", "", "Cerberus does not take 'type' and 'items' together.", DOCUMENTED),
        ("{type: list, schema: {rename: {}}}", "", "Cerberus does not take 'type' and 'schema' together.", DOCUMENTED),
        (
            "{keyschema: {type: string}, keysrules: {type: string}}",
            "",
            "Cerberus does not take 'keyschema' and 'keysrules' together.",
            DOCUMENTED,
        ),
    ],
)
def test_a_rule_that_cerberus_does_not_know_is_named_at_its_key(
    make_district: MakeDistrict, rules: str, inside: str, message: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"schema/students.yaml": f"columns: {{bus: {rules}}}"}))
    [finding] = raised.value.findings
    assert finding.place == FilePlace("schema/students.yaml", f"columns.bus.{inside}".rstrip("."))
    assert finding.message == message
    assert finding.mend.startswith(mend)


def test_rules_that_differ_by_1_for_true_alone_are_looked_at_each(make_district: MakeDistrict) -> None:
    columns = "columns: {one: {required: true}, other: {required: 1}}"
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"schema/goals.yaml": columns}))
    assert [finding.place for finding in raised.value.findings] == [
        FilePlace("schema/goals.yaml", "columns.other.required")
    ]


def test_the_same_mistake_in_two_columns_is_told_of_both(make_district: MakeDistrict) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"schema/goals.yaml": "columns: {one: {requird: true}, other: {requird: true}}"}))
    assert [finding.place for finding in raised.value.findings] == [
        FilePlace("schema/goals.yaml", f"columns.{key}.requird") for key in ("one", "other")
    ]


@pytest.mark.parametrize("key", ["one", "other"])
def test_a_short_form_of_cerberus_is_written_out_in_every_column_that_has_it(
    make_district: MakeDistrict, key: str
) -> None:
    short = "{anyof_type: [date, integer]}"
    pack = load_pack(make_district({"schema/goals.yaml": f"columns: {{one: {short}, other: {short}}}"}))
    column = pack.sheets["Goals"].columns[key]
    assert column.rules == {"anyof": [{"type": "date"}, {"type": "integer"}]}
    validator = RecordValidator.of_known({key: column.rules})
    assert [validator.validate({key: value}, normalize=False) for value in (3, "three")] == [True, False]

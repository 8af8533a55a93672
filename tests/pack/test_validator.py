"""What is said of a column's rules that Cerberus does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import FilePlace, IepdocsError
from iepdocs.pack import load_pack

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
    ],
)
def test_a_rule_that_cerberus_does_not_know_is_named_at_its_key(
    make_district: MakeDistrict, rules: str, inside: str, message: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"schema/students.yaml": f"columns: {{bus: {rules}}}"}))
    [finding] = raised.value.findings
    assert finding.place == FilePlace("schema/students.yaml", f"columns.bus.{inside}")
    assert finding.message == message
    assert finding.mend.startswith(mend)

"""Rules over several cells or sheets, and the grades of iepdocs' own checks, as a district declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import FilePlace, IepdocsError, Severity
from iepdocs.pack import Grade, load_pack

if TYPE_CHECKING:
    from tests.pack.conftest import MakeDistrict

RULE = """
age-of-the-bus:
  sheet: Students
  when: last_name
  require: {require}
  cells: [{cells}]
  severity: warning
  message: {message}
  mend: Ask.
"""


def rule(require: str = "grade == '4'", cells: str = "grade", message: str = "Grade {{ grade }}.") -> str:
    return RULE.format(require=require, cells=cells, message=message)


def test_a_district_adds_a_rule(make_district: MakeDistrict) -> None:
    pack = load_pack(make_district({"rules/buses.yaml": rule("rows('Goals') and student.grade == plan.plan_type")}))
    added = pack.rules["age-of-the-bus"]
    assert added.sheets == {"Students", "Goals", "Plans"}
    assert (added.grade, added.own_only) == (Grade(Severity.WARNING), False)


def test_a_rule_of_the_same_id_is_laid_over_the_built_in_one_key_by_key(make_district: MakeDistrict) -> None:
    built_in = load_pack().rules["plan-dates"]
    changed = load_pack(make_district({"rules/ours.yaml": "plan-dates: {severity: note}"})).rules["plan-dates"]
    assert (changed.grade.severity, changed.require.source) == (Severity.NOTE, built_in.require.source)


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("duplicate: warning", Severity.WARNING),
        ("duplicate: ignore", None),
        ("duplicate: {severity: note}", Severity.NOTE),
    ],
)
def test_a_line_grades_a_check_of_iepdocs_again(
    make_district: MakeDistrict, line: str, severity: Severity | None
) -> None:
    assert load_pack(make_district({"rules/ours.yaml": line})).grades["duplicate"].severity is severity


@pytest.mark.parametrize(
    ("file", "place", "mend"),
    [
        ("duplicte: ignore", "severity", "Did you mean duplicate?"),
        (rule().replace("Students", "Studens"), "age-of-the-bus.sheet", "Did you mean Students?"),
        (rule(cells="grad"), "age-of-the-bus.cells", "Did you mean grade?"),
        (rule("grad == '4'"), "age-of-the-bus", "Did you mean grade?"),
        (rule("student.grad == '4'"), "age-of-the-bus", "Did you mean grade?"),
        (rule("params.meeting_notice_day > 1"), "age-of-the-bus", "Did you mean meeting_notice_days?"),
        (rule("rows('Gaols')"), "age-of-the-bus.require", "Did you mean Goals?"),
        (rule("grade =="), "age-of-the-bus.require", "Write it as in a template"),
        (rule(message="'Grade {{ grade.'"), "age-of-the-bus.message", "Write names of columns in double braces"),
        (rule(message="'{{ grad }}'"), "age-of-the-bus", "Did you mean grade?"),
        (rule().replace("mend: Ask.", "mend: Ask.\n  colour: red"), "age-of-the-bus.colour", "Known here:"),
        (rule().replace("  mend: Ask.\n", ""), "age-of-the-bus.mend", "Add a line 'mend: …'."),
        (rule().replace("warning", "bad"), "age-of-the-bus.severity", "Known here: error, warning, note, ignore."),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_the_right_word(
    make_district: MakeDistrict, file: str, place: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"rules/buses.yaml": file}))
    [finding] = raised.value.findings
    assert finding.place == FilePlace("rules/buses.yaml", place)
    assert finding.mend.startswith(mend)

"""Rules over several cells or sheets, and the grades of iepdocs' own checks, as a district declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import FilePlace, IepdocsError, Severity
from iepdocs.pack import Grade, load_pack

if TYPE_CHECKING:
    from iepdocs.findings import Finding
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


def only_mistake(make_district: MakeDistrict, file: str) -> Finding:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"rules/buses.yaml": file}))
    [finding] = raised.value.findings
    return finding


def test_a_district_adds_a_rule(make_district: MakeDistrict) -> None:
    pack = load_pack(make_district({"rules/buses.yaml": rule("rows('Goals') and student.grade == plan.plan_type")}))
    added = pack.rules["age-of-the-bus"]
    assert added.sheets == {"Students", "Goals", "Plans"}
    assert (added.grade, added.own) == (Grade(Severity.WARNING), None)


def test_a_rule_looks_at_the_sheets_that_any_of_its_parts_names(make_district: MakeDistrict) -> None:
    message = "'{{ rows(''Services'')|length }} services, {{ plan.end_date }}'"
    added = load_pack(make_district({"rules/buses.yaml": rule(message=message)})).rules["age-of-the-bus"]
    assert added.sheets == {"Students", "Services", "Plans"}
    assert added.own is None


def test_a_rule_that_reads_its_own_row_alone_looks_at_nothing_else(make_district: MakeDistrict) -> None:
    require = "grade == '4' or today > date_of_birth or params.meeting_notice_days or district.age_of_majority"
    added = load_pack(make_district({"rules/buses.yaml": rule(require)})).rules["age-of-the-bus"]
    assert added.sheets == {"Students"}
    assert added.own == ("date_of_birth", "grade", "last_name")


def test_a_rule_without_a_severity_is_an_error_and_without_when_holds_for_all(make_district: MakeDistrict) -> None:
    file = rule().replace("  severity: warning\n", "").replace("  when: last_name\n", "")
    added = load_pack(make_district({"rules/buses.yaml": file})).rules["age-of-the-bus"]
    assert (added.grade, added.when) == (Grade(Severity.ERROR), None)


def test_the_regulation_that_asks_for_a_check_may_be_named(make_district: MakeDistrict) -> None:
    grades = load_pack(make_district({"rules/ours.yaml": "duplicate: {citation: Board policy 7}"})).grades
    assert grades["duplicate"] == Grade(Severity.ERROR, "Board policy 7")


def test_a_rule_that_is_switched_off_stays_declared(make_district: MakeDistrict) -> None:
    off = load_pack(make_district({"rules/ours.yaml": "plan-dates: ignore"})).rules["plan-dates"]
    assert off.grade.severity is None


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
        (rule().replace("Students", "Studens"), "age-of-the-bus.sheet", "Did you mean Students?"),
        (rule(cells="grad"), "age-of-the-bus.cells", "Did you mean grade?"),
        (rule().replace("mend: Ask.", "mend: Ask.\n  colour: red"), "age-of-the-bus.colour", "Known here:"),
        (rule().replace("  mend: Ask.\n", ""), "age-of-the-bus.mend", "Add a line 'mend: …'."),
        (rule().replace("require:", "requre:"), "age-of-the-bus.requre", "Did you mean require?"),
        (rule().replace("warning", "bad"), "age-of-the-bus.severity", "Known here: error, warning, note, ignore."),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_the_right_word(
    make_district: MakeDistrict, file: str, place: str, mend: str
) -> None:
    finding = only_mistake(make_district, file)
    assert finding.place == FilePlace("rules/buses.yaml", place)
    assert finding.mend.startswith(mend)


@pytest.mark.parametrize("key", ["when", "require", "message", "mend"])
@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ("grad", "Did you mean grade?"),
        ("student.grad", "Did you mean student.grade?"),
        ("plan['end_dat']", "Did you mean plan.end_date?"),
        ("district.age_of_maturity", "Did you mean district.age_of_majority?"),
        ("params.meeting_notice_day", "Did you mean params.meeting_notice_days?"),
        ("params.bell", "Known here: params.meeting_notice_days, "),
        ("date_of_birth.yaer", "'date_of_birth' is a value, with nothing below it."),
        ("rows('Gaols')", "Did you mean Goals?"),
        ("rows('Goals', 'Plans')", "Write it such as rows('Goals')."),
        ("rows(title='Goals')", "Write it such as rows('Goals')."),
        ("rows(*['Goals'])", "Write it such as rows('Goals')."),
        ("rows('Go' ~ 'als')", "Write it such as rows('Goals')."),
        ("rows(grade)", "Write it such as rows('Goals')."),
        ("rows(3)", "Write it such as rows('Goals')."),
        ("rows()", "Write it such as rows('Goals')."),
        ("rows|length", "Write it such as rows('Goals')."),
        ("rows('Goals')[0].aera", "Did you mean Goals.area?"),
        ("rows('Goals')|selectattr('aera')|list", "Did you mean Goals.area?"),
        ("rows('Goals')|map(attribute='aera')|list", "Did you mean Goals.area?"),
        ("(rows('Goals')|sort(attribute='area')|first).aera", "Did you mean Goals.area?"),
        ("rows('Progress')[0].value.numbr", "Did you mean Progress.value.number?"),
        ("rows('Goals').area", "'rows('Goals')' is a list"),
        ("grade|uper", "Did you mean upper?"),
        ("grade ==", "Write"),
    ],
)
def test_a_mistake_in_a_part_of_a_rule_is_named_at_that_part(
    make_district: MakeDistrict, key: str, wrong: str, mend: str
) -> None:
    parts = {"when": "last_name", "require": "grade", "message": "Grade {{ grade }}.", "mend": "Ask."}
    parts[key] = f"{{{{ {wrong} }}}}" if key in ("message", "mend") else wrong
    lines = "".join(f'  {name}: "{part}"\n' for name, part in parts.items())
    file = f"ours:\n  sheet: Students\n  cells: [grade]\n{lines}"
    finding = only_mistake(make_district, file)
    assert finding.place == FilePlace("rules/buses.yaml", f"ours.{key}")
    assert finding.mend.startswith(mend)


@pytest.mark.parametrize(
    "require",
    [
        "rows('Goals')[0].area == 'Reading'",
        "rows('Goals')|selectattr('area', 'equalto', 'Reading')|map(attribute='goal')|list",
        "rows('Progress')|sum(attribute='value.number') > rows('Progress')[0].date.year",
        "(rows('Progress')|groupby('date')|first).list[0].goal_number",
        "(rows('Goals') + rows('Goals'))|length == rows('Goals')|length * 2",
    ],
)
def test_what_is_read_of_rows_are_columns_of_their_sheet(make_district: MakeDistrict, require: str) -> None:
    assert "age-of-the-bus" in load_pack(make_district({"rules/buses.yaml": rule(f'"{require}"')})).rules


def test_what_is_wrong_in_several_parts_is_named_at_once(make_district: MakeDistrict) -> None:
    file = rule(require="grad == '4'", cells="grad", message="'{{ grad }}'")
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"rules/buses.yaml": file}))
    assert [str(finding.place) for finding in raised.value.findings] == [
        "rules/buses.yaml, age-of-the-bus.cells",
        "rules/buses.yaml, age-of-the-bus.require",
        "rules/buses.yaml, age-of-the-bus.message",
    ]


@pytest.mark.parametrize(
    ("file", "place", "message", "mend"),
    [
        ("duplicte: ignore", "duplicte", "There is no rule 'duplicte'.", "Did you mean duplicate?"),
        ("duplicte: {severity: note}", "duplicte", "There is no rule 'duplicte'.", "Did you mean duplicate?"),
        ("plan-datse: {message: No.}", "plan-datse", "There is no rule 'plan-datse'.", "Did you mean plan-dates?"),
        ("3: ignore", "3", "There is no rule '3'.", "Known here: consent-without-date, "),
        ("null: ignore", "null", "There is no rule 'null'.", "Known here: consent-without-date, "),
        ("duplicate:", "duplicate.severity", "'severity' is empty.", "Write its value after the colon"),
        ("duplicate: 3", "duplicate.severity", "'severity' should be a text, not 3.", "Write it in quotes."),
        ("duplicate: off", "duplicate.severity", "'off' is no choice for 'severity'.", "Known here: error, "),
        ("duplicate: {3: note}", "duplicate.3", "There is no '3' here.", "Known here: severity, citation."),
        (
            "duplicate: {severty: note}",
            "duplicate.severty",
            "There is no 'severty' here.",
            "Did you mean severity?",
        ),
        (
            "duplicate: {severity: note, cells: [area], when: area}",
            "duplicate.cells",
            "'duplicate' is a check of iepdocs itself, of which only severity and citation can be changed.",
            "Take out cells, when; or, for a rule of your own, give it another id.",
        ),
    ],
)
def test_a_grade_that_grades_nothing_is_named(
    make_district: MakeDistrict, file: str, place: str, message: str, mend: str
) -> None:
    finding = only_mistake(make_district, file)
    assert (finding.place, finding.message) == (FilePlace("rules/buses.yaml", place), message)
    assert finding.mend.startswith(mend)


def test_two_rules_of_one_id_in_a_pack_are_named(make_district: MakeDistrict) -> None:
    district = make_district({"rules/a.yaml": rule(), "rules/b.yaml": rule()})
    with pytest.raises(IepdocsError) as raised:
        load_pack(district)
    [finding] = raised.value.findings
    assert str(finding.place) == "rules/b.yaml, age-of-the-bus"
    assert finding.message == "The rule 'age-of-the-bus' is declared in rules/a.yaml already."

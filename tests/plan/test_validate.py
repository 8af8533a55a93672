"""What validation says of rows: in the built-in sheets, and in a sheet whose columns a district declares."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cerberus import errors
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iepdocs.findings import CellPlace, Severity
from iepdocs.measurement import Measurement
from iepdocs.pack import Column, RecordValidator, Sheet, load_pack
from iepdocs.plan import SheetValidator
from iepdocs.plan.validate import missing, wrong_value
from iepdocs.workbook import Row, Table, open_workbook
from tests.support import STUDENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from iepdocs.findings import Finding
    from iepdocs.pack import Pack
    from iepdocs.plan import Record
    from tests.support import MakeWorkbook

    BusSheet = Callable[..., Sheet]
    CheckCell = Callable[[dict[str, Any], Any], list[Finding]]

PLANS = ["Student ID", "Start Date", "Plan Type", "Meeting Date", "End Date", "Review Date"]
OCTOBER = dt.date(2026, 10, 13)
OF_ROUTE = "The number on the bus. Example: A7"
AS_A_DATE = "Type it as month/day/year, such as 3/15/2026."


def validated(
    workbook: Path, pack: Pack, title: str, used: Collection[str] | None = None
) -> tuple[list[Record], list[Finding]]:
    sheet = pack.sheets[title]
    return SheetValidator(sheet, sheet.columns if used is None else used).validate(
        open_workbook(workbook, pack).tables[title]
    )


def said(findings: list[Finding]) -> list[str]:
    return [f"{finding.place}: {finding.message}" for finding in findings]


@pytest.fixture
def bus_pack(tmp_path: Path) -> Callable[..., Pack]:
    """Return a function that declares a sheet Bus with a column Route of some Cerberus rules."""

    def declare(rules: dict[str, Any], **others: dict[str, Any]) -> Pack:
        meta = {"help": "The number on the bus.", "example": "A7"}
        schema = tmp_path / "district" / "schema" / "bus.yaml"
        schema.parent.mkdir(parents=True)
        schema.write_text(json.dumps({"title": "Bus", "columns": {"route": {**rules, "meta": meta}, **others}}))
        return load_pack(tmp_path / "district")

    return declare


@pytest.fixture
def check_cell(bus_pack: Callable[..., Pack], make_workbook: MakeWorkbook) -> CheckCell:
    """Return a function that validates one cell of a column with some Cerberus rules."""

    def check(rules: dict[str, Any], value: Any) -> list[Finding]:
        workbook = make_workbook({"Bus": [["Driver", "Route"], ["Kim", value]]})
        others = {key: {"type": "string"} for key in ("driver", "stop")}
        return validated(workbook, bus_pack(rules, **others), "Bus")[1]

    return check


@pytest.mark.parametrize(
    ("rules", "value", "message", "mend"),
    [
        ({"type": "integer"}, "seven", "'seven' is not a whole number.", "Type a whole number, without words."),
        ({"type": "integer"}, 7.5, "'7.5' is not a whole number.", "Type a whole number, without words."),
        ({"type": "number"}, "seven", "'seven' is not a number.", "Type the number alone, without words."),
        ({"type": "date"}, "soon", "'soon' is not a date.", AS_A_DATE),
        ({"type": "time"}, "teatime", "'teatime' is not a time of day.", "Type it such as 3:30 PM."),
        ({"type": "boolean"}, "maybe", "'maybe' is neither yes nor no.", "Type yes or no."),
        ({"type": "boolean"}, 2, "'2' is neither yes nor no.", "Type yes or no."),
        ({"type": "boolean"}, OCTOBER, "'10/13/2026' is neither yes nor no.", "Type yes or no."),
        ({"allowed": ["A7", "B7"]}, "C7", "'C7' is not a choice for Route.", "Use one of: A7; B7."),
        (
            {"allowed": ["red", "blue"]},
            "rde",
            "'rde' is not a choice for Route.",
            "Did you mean 'red'? Use one of: red; blue.",
        ),
        (
            {"type": "list", "allowed": ["A7"]},
            "A7; C7",
            "'C7' is not a choice for Route.",
            "Use one of: A7. Put a semicolon between several.",
        ),
        (
            {"type": "list", "allowed": ["A7", "B7"]},
            "C7; D7",
            "'C7', 'D7' are not choices for Route.",
            "Use one of: A7; B7. Put a semicolon between several.",
        ),
        (
            {"allowed": [f"line {number}" for number in range(41)]},
            "lime 7",
            "'lime 7' is not a choice for Route.",
            "Did you mean 'line 7'? Pick one from the list in the blank workbook (iepdocs new).",
        ),
        ({"type": "list", "schema": {"regex": "[A-Z]7"}}, "A7; x", "'x' is not written as Route should be.", OF_ROUTE),
        ({"type": "list", "minlength": 2}, "A7", "'A7' is not accepted for Route.", OF_ROUTE),
        ({"forbidden": ["A7"]}, "A7", "'A7' is not accepted for Route.", OF_ROUTE),
        ({"dependencies": "stop"}, "A7", "'A7' is not accepted for Route.", OF_ROUTE),
        ({"type": "number", "min": 3}, 2, "2 is too small for Route.", "It must be at least 3."),
        ({"type": "number", "min": "0.5"}, 0.25, "0.25 is too small for Route.", "It must be at least 0.5."),
        (
            {"type": "date", "min": "2026-10-01"},
            dt.date(2026, 9, 14),
            "9/14/2026 is too early for Route.",
            "It must be 10/1/2026 or later.",
        ),
        (
            {"type": "time", "max": "15:30"},
            dt.time(16),
            "4:00 PM is too late for Route.",
            "It must be 3:30 PM or earlier.",
        ),
        ({"type": "number", "max": 3}, 4, "4 is too large for Route.", "It must be at most 3."),
        ({"regex": "[A-Z][0-9]"}, "7A", "'7A' is not written as Route should be.", OF_ROUTE),
    ],
)
def test_a_wrong_value_is_named_in_plain_words_at_its_cell(
    check_cell: CheckCell, rules: dict[str, Any], value: object, message: str, mend: str
) -> None:
    [finding] = check_cell(rules, value)
    assert str(finding.place) == "Bus B2 (Route)"
    assert finding.message == message
    assert finding.mend == mend
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ({"minlength": 3}, "A7"),
        ({"maxlength": 1}, "A7"),
        ({"forbidden": ["A7"]}, "A7"),
        ({"contains": "b"}, "A7"),
        ({"dependencies": "stop"}, "A7"),
        ({"excludes": "driver"}, "A7"),
        ({"readonly": True}, "A7"),
        ({"type": "list", "schema": {"type": "string", "maxlength": 2}}, "A7; long"),
        ({"anyof": [{"type": "integer"}, {"regex": "x+"}]}, "A7"),
        ({"noneof": [{"regex": "A.*"}]}, "A7"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_no_message_speaks_cerberus(check_cell: CheckCell, rules: dict[str, Any], value: object) -> None:
    [finding] = check_cell(rules, value)
    assert not any(rule in finding.message for rule in rules)
    assert not set("(){}[]") & set(finding.message)


@pytest.mark.parametrize("value", ["A77", "xA7", "A7\nB"])
def test_a_pattern_matches_the_whole_value(check_cell: CheckCell, value: str) -> None:
    assert len(check_cell({"regex": "[A-Z][0-9]"}, value)) == 1


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ({"regex": "[A-Z][0-9]"}, "A7"),
        ({"type": ["number", "string"], "regex": "[0-9]+ of [0-9]+"}, 4),
        ({"type": "number", "min": 3, "max": 4}, 3),
        ({"type": "number", "min": 3, "max": 4}, 4),
        ({"type": "number", "min": 3, "max": 4}, 3.5),
        ({"type": "date"}, OCTOBER),
        ({"type": "time"}, dt.time(15, 30)),
        ({"type": "boolean"}, "Yes"),
        ({"type": "list", "allowed": ["A7", "B7"]}, "B7; A7"),
        ({"type": "integer", "required": True}, 0),
    ],
)
def test_a_value_that_keeps_the_rules_is_accepted(check_cell: CheckCell, rules: dict[str, Any], value: object) -> None:
    assert check_cell(rules, value) == []


@pytest.mark.parametrize("rules", [{"type": "number", "min": 0}, {"type": "number", "max": 100}])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_passes_no_range(
    bus_pack: Callable[..., Pack], rules: dict[str, Any], value: float
) -> None:
    sheet = bus_pack(rules).sheets["Bus"]
    table = Table(sheet, columns={"route": 1}, rows=[Row(2, {"route": value})])
    records, [finding] = SheetValidator(sheet, sheet.columns).validate(table)
    assert isinstance(finding.place, CellPlace)
    assert finding.place.cell == "A2"
    assert records[0].get("route") is None


@pytest.mark.parametrize(
    "kind",
    [
        "number",
        "integer",
        "float",
    ],
)
def test_true_is_no_number(check_cell: CheckCell, kind: str) -> None:
    [finding] = check_cell({"type": kind}, True)  # noqa: FBT003
    assert finding.message.startswith("'TRUE' is not a")


def test_a_date_with_a_time_is_asked_to_be_a_date_alone(check_cell: CheckCell) -> None:
    [finding] = check_cell({"type": "date"}, dt.datetime(2026, 9, 14, 10, 30))  # noqa: DTZ001
    assert finding.message == "9/14/2026 10:30 is a date with a time."


def test_a_date_is_held_against_the_earliest_that_a_pack_allows(check_cell: CheckCell) -> None:
    assert len(check_cell({"type": "date", "min": "2026-01-01"}, dt.date(2025, 6, 1))) == 1


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("Goals", "Baseline Date"),
        ("Goals", "Target Date"),
        ("Objectives", "Baseline Date"),
        ("Objectives", "Target Date"),
        ("Progress", "Date"),
    ],
)
def test_no_goal_is_measured_before_its_student_was_born(
    make_workbook: MakeWorkbook, pack: Pack, title: str, header: str
) -> None:
    days = [dt.date(1989, 12, 31), dt.date(1990, 1, 1)]
    workbook = make_workbook({title: [["Student ID", header], *(["00042", day] for day in days)]})
    _, findings = validated(workbook, pack, title, {"student_id"})
    assert [finding.severity for finding in findings] == [Severity.ERROR]
    assert said(findings) == [f"{title} B2 ({header}): 12/31/1989 is too early for {header}."]


def test_the_nearest_choice_is_asked_about_before_all_are_named(make_workbook: MakeWorkbook, pack: Pack) -> None:
    rows = [["Student ID", "Contact Name", "Relationship"], ["00042", "Rosa Reyes", "mothr"]]
    _, [finding] = validated(make_workbook({"Contacts": rows}), pack, "Contacts")
    assert finding.mend.startswith("Did you mean 'mother'? Use one of: mother; father; ")


def test_a_choice_may_be_written_in_words_for_its_code(make_workbook: MakeWorkbook, pack: Pack) -> None:
    rows = [["Student ID", "Start Date", "Educational Environment"], ["00042", OCTOBER, "homebound or hospital"]]
    [plan], findings = validated(make_workbook({"Plans": rows}), pack, "Plans", {"educational_environment"})
    assert findings == []
    assert plan.get("educational_environment") == "HH"


def test_a_wrong_value_is_no_part_of_the_record(make_workbook: MakeWorkbook, pack: Pack) -> None:
    rows = [["Student ID", "Goal Number", "Date", "Value"], ["00042", "1", "soon", 43]]
    [record], _ = validated(make_workbook({"Progress": rows}), pack, "Progress")
    assert record.values == {"student_id": "00042", "goal_number": "1", "value": Measurement("43", 43)}


def test_a_value_of_another_type_than_a_packs_is_not_what_the_column_holds(bus_pack: Callable[..., Pack]) -> None:
    sheet = bus_pack({"type": "set"}).sheets["Bus"]
    table = Table(sheet, columns={"route": 1}, rows=[Row(2, {"route": "A7"})])
    _, [finding] = SheetValidator(sheet, sheet.columns).validate(table)
    assert (finding.message, finding.mend) == ("'A7' is not what this column holds.", OF_ROUTE)


def test_without_help_a_wrong_value_is_for_whoever_declared_the_column(
    bus_pack: Callable[..., Pack], make_workbook: MakeWorkbook
) -> None:
    pack = bus_pack({"type": "string"}, stop={"regex": "[0-9]+"})
    _, [finding] = validated(make_workbook({"Bus": [["Route", "Stop"], ["A7", "Elm"]]}), pack, "Bus")
    assert (finding.message, finding.mend) == (
        "'Elm' is not written as Stop should be.",
        "Ask whoever declared the column what it should hold.",
    )


def test_of_several_faults_of_a_value_its_type_is_told(check_cell: CheckCell) -> None:
    [finding] = check_cell({"type": "integer", "min": 3, "allowed": [4, 5]}, "seven")
    assert finding.message == "'seven' is not a whole number."


def test_a_missing_column_that_a_rule_of_the_state_asks_for_says_which(make_workbook: MakeWorkbook, pack: Pack) -> None:
    workbook = make_workbook({"Notices": [["Student ID", "Notice Date"], ["00042", OCTOBER]]})
    _, findings = validated(workbook, pack, "Notices", {"explanation"})
    [finding] = [finding for finding in findings if "Explanation" in str(finding.place)]
    assert finding.message == "Explanation is missing."
    assert finding.citation == "34 CFR 300.503(b)(2)"


def test_a_blank_cell_is_named(make_workbook: MakeWorkbook, pack: Pack) -> None:
    students = [*STUDENTS[:2], ["00107", None, *STUDENTS[2][2:]]]
    _, findings = validated(make_workbook({"Students": students}), pack, "Students", {"last_name"})
    assert said(findings) == ["Students B3 (Last Name): Last Name is blank."]
    assert findings[0].mend == "Fill it in: the student's legal last name. Example: Okafor"


def test_only_a_used_column_is_required(make_workbook: MakeWorkbook, pack: Pack) -> None:
    workbook = make_workbook({"Students": [["Student ID"], ["00042"]]})
    assert validated(workbook, pack, "Students", {"student_id"})[1] == []
    assert said(validated(workbook, pack, "Students", {"student_id", "grade"})[1]) == [
        "Students (Grade): Grade is missing."
    ]


def test_a_wrong_value_is_found_in_a_column_that_nothing_uses(make_workbook: MakeWorkbook, pack: Pack) -> None:
    workbook = make_workbook({"Students": [["Student ID", "Grade"], ["00042", "fuorth"]]})
    assert said(validated(workbook, pack, "Students", {"student_id"})[1]) == [
        "Students B2 (Grade): 'fuorth' is not a choice for Grade."
    ]


def test_a_missing_column_is_one_finding_however_many_rows(make_workbook: MakeWorkbook, pack: Pack) -> None:
    students = [["Student ID"], *([f"{number:05}"] for number in range(50))]
    _, [finding] = validated(make_workbook({"Students": students}), pack, "Students", {"grade"})
    assert isinstance(finding.place, CellPlace)
    assert (finding.place.cell, finding.place.header) == (None, "Grade")
    assert finding.mend.startswith("Add the column: the student's grade now")


def test_a_missing_column_that_some_rows_want_is_one_finding(make_workbook: MakeWorkbook, pack: Pack) -> None:
    rows = [["Student ID", "Start Date", "Meeting Date"], *(["00042", OCTOBER, OCTOBER] for _ in range(50))]
    _, findings = validated(make_workbook({"Plans": rows}), pack, "Plans", {"end_date"})
    assert said(findings) == ["Plans (End Date): End Date is missing."]


@pytest.mark.parametrize("students", [[["Student ID"], ["00042"]], [["Student ID", "Case Manager"], ["00042", None]]])
def test_what_is_missing_is_as_bad_as_its_column_says(
    make_workbook: MakeWorkbook, pack: Pack, students: list[list[Any]]
) -> None:
    _, findings = validated(make_workbook({"Students": students}), pack, "Students", {"case_manager", "grade"})
    assert {finding.message.split(" is ")[0]: finding.severity for finding in findings} == {
        "Case Manager": Severity.WARNING,
        "Grade": Severity.ERROR,
    }


def test_a_blank_that_stands_for_the_default_is_not_required_otherwise(make_workbook: MakeWorkbook, pack: Pack) -> None:
    rows = [PLANS, ["00042", OCTOBER, None, OCTOBER, None, None], ["00107", OCTOBER, "504", OCTOBER, None, None]]
    _, findings = validated(make_workbook({"Plans": rows}), pack, "Plans", {"end_date", "review_date"})
    assert said(findings) == [
        "Plans E2 (End Date): End Date is blank.",
        "Plans F3 (Review Date): Review Date is blank.",
    ]


def test_a_condition_that_is_not_met_requires_nothing(make_workbook: MakeWorkbook, pack: Pack) -> None:
    rows = [
        ["Student ID", "Service Type", "Frequency", "Sessions"],
        ["00042", "related service", "4 x 30 min weekly", None],
        ["00042", "supplementary aid", None, None],
        ["00042", "related service", None, None],
    ]
    _, findings = validated(make_workbook({"Services": rows}), pack, "Services", {"sessions"})
    assert said(findings) == ["Services D4 (Sessions): Sessions is blank."]


def test_a_condition_on_a_wrong_value_leaves_the_wrong_value_to_be_reported(
    make_workbook: MakeWorkbook, pack: Pack
) -> None:
    rows = [["Student ID", "Start Date", "General Education Percent"], ["00042", OCTOBER, "about 80"]]
    used = {"general_education_percent", "nonparticipation_explanation"}
    _, findings = validated(make_workbook({"Plans": rows}), pack, "Plans", used)
    assert "Plans C2 (General Education Percent): 'about 80' is not a number." in said(findings)


def test_the_blank_cells_of_a_row_are_named_from_left_to_right(make_workbook: MakeWorkbook, pack: Pack) -> None:
    headers = [column.title for column in pack.sheets["Plans"].columns.values()]
    rows = [headers, ["00042", *[None] * (len(headers) - 1)]]
    _, findings = validated(make_workbook({"Plans": rows}), pack, "Plans")
    named = [finding.place.header for finding in findings if isinstance(finding.place, CellPlace)]
    assert named == [header for header in headers if header in named]


def test_a_cell_that_shows_an_error_is_not_called_blank_too(make_workbook: MakeWorkbook, pack: Pack) -> None:
    workbook = make_workbook({"Students": [["Student ID", "Grade"], ["00042", "#REF!"]]})
    assert said(open_workbook(workbook, pack).findings) == ["Students B2 (Grade): The cell shows the error #REF!."]
    assert validated(workbook, pack, "Students", {"grade"})[1] == []


def test_blank_cells_have_their_defaults_in_the_record(make_workbook: MakeWorkbook, pack: Pack) -> None:
    rows = [["Student ID", "Contact Name", "Receives Mail"], ["00042", "Rosa", None], ["00042", "Juan", "no"]]
    records, _ = validated(make_workbook({"Contacts": rows}), pack, "Contacts")
    assert [record.get("language") for record in records] == ["English", "English"]


def test_a_packs_column_with_a_cerberus_default_is_filled_in(
    bus_pack: Callable[..., Pack], make_workbook: MakeWorkbook
) -> None:
    pack = bus_pack({"type": "string", "default": "A1"}, driver={"type": "string"})
    records, findings = validated(make_workbook({"Bus": [["Driver", "Route"], ["Kim", None]]}), pack, "Bus")
    assert findings == []
    assert records[0].values == {"driver": "Kim", "route": "A1"}


def test_a_packs_column_needs_no_help_for_a_whole_sentence(
    bus_pack: Callable[..., Pack], make_workbook: MakeWorkbook
) -> None:
    pack = bus_pack({"type": "string"}, stop={"type": "string", "required": True})
    _, [finding] = validated(make_workbook({"Bus": [["Route", "Stop"], ["A7", None]]}), pack, "Bus")
    assert finding.message == "Stop is blank."
    assert finding.mend == "Fill it in."


# each distinct value is decided once: the same as each row as a whole


def row_by_row(table: Table) -> tuple[list[dict[str, Any]], list[str]]:
    """Validate each row as a whole by one Validator with all rules; return the records and what is wrong or blank."""
    sheet = table.sheet
    validator = RecordValidator({key: column.rules for key, column in sheet.columns.items()}, allow_unknown=True)
    records, found = [], []
    for row in table.rows:
        validator.validate(row.values, normalize=False)
        blank, wrong = [], []
        for error in sorted(validator._errors, key=lambda error: error.rule == "allowed"):
            key = error.document_path[0]
            if error.code == errors.REQUIRED_FIELD.code:
                blank.append(missing(sheet.columns[key], table.place(key, row)))
            elif key not in wrong:
                wrong.append(key)
                found.append(wrong_value(error, sheet.columns[key], table.place(key, row)))
        found += blank
        records.append({key: value for key, value in row.values.items() if key not in wrong})
    return records, sorted(map(str, found))


def at_once(table: Table) -> tuple[list[dict[str, Any]], list[str]]:
    records, findings = SheetValidator(table.sheet, table.sheet.columns).validate(table)
    return [dict(record.values) for record in records], sorted(map(str, findings))


NUMBERS = [0, 1, 1.0, -3, 2.5, 100, math.nan, math.inf]
VALUES = [
    *NUMBERS, True, False, "1", "A7", "yes", "yesterday", "x", OCTOBER, dt.datetime(2026, 9, 14, 10), dt.time(10),  # noqa: DTZ001
    ["A7"], ["A7", "x"], [1], [True], [1.0], Measurement("57", 57), Measurement("1"),
]  # fmt: skip
RULES = st.dictionaries(
    st.sampled_from(["required", "allowed", "regex", "min", "max", "minlength", "forbidden", "contains", "readonly"]),
    st.none(),
    max_size=3,
).map(
    lambda names: {
        name: {
            "required": True, "allowed": ["A7", "1", 1], "regex": "yes|no|[A-Z][0-9]", "min": 1, "max": 2,
            "minlength": 2, "forbidden": ["x", 0], "contains": "A7", "readonly": True,
        }[name]
        for name in names
    }
)  # fmt: skip
TYPES = st.sampled_from(
    ["string", "number", "integer", "float", "boolean", "date", "time", "list", "measurement", ["number", "string"]]
)
OF_OTHERS = st.sampled_from(
    [{}, {}, {}, {"dependencies": "b"}, {"dependencies": {"b": [1, "A7"]}}, {"excludes": "b"},
     {"excludes": ["a", "c"], "required": True}, {"anyof": [{"type": "integer"}, {"dependencies": ["a"]}]},
     {"noneof": [{"regex": "A.*"}]}]
)  # fmt: skip
OF_A_TYPE: st.SearchStrategy[dict[str, Any]] = st.just({}) | TYPES.map(lambda kind: {"type": kind})
COLUMN = st.builds(lambda rules, kind, others: {**rules, **kind, **others}, RULES, OF_A_TYPE, OF_OTHERS)


@settings(deadline=None)
@given(
    st.fixed_dictionaries({"a": COLUMN, "b": COLUMN, "c": COLUMN}),
    st.lists(st.dictionaries(st.sampled_from(["a", "b", "c", "extra"]), st.sampled_from(VALUES)), max_size=8),
)
def test_deciding_each_value_once_finds_what_deciding_each_row_finds(
    rules: dict[str, dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    columns = {key: Column(key, key.upper(), of_column) for key, of_column in rules.items()}
    sheet = Sheet("Bus", "schema/bus.yaml", columns)
    table = Table(sheet, columns={"a": 1, "b": 2, "c": 3}, rows=[Row(n, row) for n, row in enumerate(rows, 2)])
    try:
        expected = row_by_row(table)
    except TypeError:  # a rule that Cerberus cannot hold against such a value stops both
        assume(False)  # noqa: FBT003
    assert repr(at_once(table)) == repr(expected)


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(["Students", "Goals", "Progress", "Plans", "Team"]), st.data())
def test_the_built_in_sheets_are_decided_alike(pack: Pack, title: str, data: st.DataObject) -> None:
    sheet = replace(
        pack.sheets[title],
        columns={
            key: replace(column, required_when=None, default=None) for key, column in pack.sheets[title].columns.items()
        },
    )
    row = st.dictionaries(st.sampled_from(list(sheet.columns)), st.sampled_from(VALUES), max_size=12)
    rows = data.draw(st.lists(row, max_size=6))
    columns = {key: number for number, key in enumerate(sheet.columns, 1)}
    table = Table(sheet, columns=columns, rows=[Row(n, values) for n, values in enumerate(rows, 2)])
    assert repr(at_once(table)) == repr(row_by_row(table))

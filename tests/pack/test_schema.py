from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import FilePlace, IepdocsError, Severity
from iepdocs.pack import load_pack
from iepdocs.pack.schema import title_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.pack import Column, Pack
    from tests.pack.conftest import MakeDistrict


@pytest.fixture
def bus_pack(make_district: MakeDistrict) -> Callable[[str], Pack]:
    """Return a function that loads a pack with one more sheet, Buses, declared as given."""

    def load(declared: str) -> Pack:
        return load_pack(make_district({"schema/buses.yaml": declared}))

    return load


def column(pack: Pack, key: str) -> Column:
    return pack.sheets["Buses"].columns[key]


def places(raised: pytest.ExceptionInfo[IepdocsError]) -> set[str | None]:
    assert all(isinstance(finding.place, FilePlace) for finding in raised.value.findings)
    return {str(finding.place) for finding in raised.value.findings}


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("student_id", "Student ID"),
        ("date_of_birth", "Date of Birth"),
        ("esy", "ESY"),
        ("iep_date", "IEP Date"),
        ("address_2", "Address 2"),
        ("plan_504", "Plan 504"),
        ("of_age", "Of Age"),
    ],
)
def test_a_header_is_its_key_in_title_case(key: str, title: str) -> None:
    assert title_of(key) == title


def test_a_column_may_have_a_title_of_its_own(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {line: {type: string, meta: {title: Bus Line}}}}")
    assert column(pack, "line").title == "Bus Line"


def test_what_cerberus_is_to_hold_values_against_has_no_meta(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {line: {type: integer, min: 1, meta: {help: The line.}}}}")
    assert column(pack, "line").rules == {"type": "integer", "min": 1}
    assert column(pack, "line").help == "The line."


def test_the_type_of_a_column_is_the_first_of_several_and_text_without_one(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {line: {type: [number, string]}, driver: {}}}")
    assert column(pack, "line").type == "number"
    assert column(pack, "driver").type == "string"


def test_choices_are_in_words_where_there_are_words(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {size: {allowed: [S, L], meta: {words: {S: small bus}}}}}")
    assert column(pack, "size").choices == ["small bus", "L"]


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_choices_that_are_numbers_have_words_and_spellings(bus_pack: Callable[[str], Pack], kind: str) -> None:
    meta = "{words: {1: small bus}, spellings: {2: [large]}}"
    size = column(
        bus_pack(f"{{title: Buses, columns: {{line: {{type: {kind}, allowed: [1, 2], meta: {meta}}}}}}}"), "line"
    )
    assert size.choices == ["small bus", "2"]
    assert size.spellings == {"large": size.rules["allowed"][1]}


def test_a_missing_value_is_an_error_unless_the_column_says_otherwise(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {line: {}, driver: {meta: {severity: note}}}}")
    assert column(pack, "line").missing is Severity.ERROR
    assert column(pack, "driver").missing is Severity.NOTE


def test_a_column_may_be_required_by_the_rest_of_its_row(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {lift: {}, aide: {meta: {required_when: lift == 'yes'}}}}")
    required = column(pack, "aide").required_when
    assert required is not None
    assert required({"lift": "yes"})
    assert not required({"lift": None})


def test_a_blank_cell_may_fall_back_on_the_plan(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {until: {type: date, meta: {default_from: plan.end_date}}}}")
    fallback = column(pack, "until").default_from
    assert fallback is not None
    assert fallback({"plan": {"end_date": "June"}}) == "June"


def test_sheets_come_in_their_order_and_then_by_title(make_district: MakeDistrict) -> None:
    sheets = {
        "schema/a.yaml": "{title: Zebras, columns: {}}",
        "schema/b.yaml": "{title: Ants, columns: {}}",
        "schema/c.yaml": "{title: First, order: 0, columns: {}}",
    }
    titles = list(load_pack(make_district(sheets)).sheets)
    assert titles[:2] == ["First", "Students"]
    assert titles[-2:] == ["Ants", "Zebras"]


def test_rows_that_may_stand_in_another_sheet_add_their_columns_there(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack(
        """
        title: Buses
        also_on: {sheet: Students, prefixes: [morning, noon], columns: {bus: line}}
        columns:
          lift: {type: boolean}
          line: {required: true, regex: '[0-9]+', meta: {help: The line., default: '1', required_when: lift}}
        """
    )
    guest = pack.sheets["Students"].columns["noon_bus"]
    assert guest.title == "Noon Bus"
    assert guest.help == "The line."
    assert guest.rules == {"regex": "[0-9]+"}
    assert guest.default is None
    assert guest.required_when is None
    assert "morning_bus" in pack.sheets["Students"].columns


def test_a_header_of_rows_on_another_sheet_is_no_second_name_of_itself(bus_pack: Callable[[str], Pack]) -> None:
    also_on = "{sheet: Students, prefixes: [noon], columns: {bus: line, of_day: leaves}}"
    pack = bus_pack(f"{{title: Buses, also_on: {also_on}, columns: {{line: {{}}, leaves: {{type: time}}}}}}")
    guest = pack.sheets["Students"].columns["noon_of_day"]
    assert guest.title == "Noon of Day"
    assert guest.aliases == ()


@pytest.mark.parametrize(
    ("declared", "place"),
    [
        ("columns: {line: {}}", "schema/buses.yaml, title"),
        ("title: Buses", "schema/buses.yaml, columns"),
        ("{title: Buses, columns: {}, colour: red}", "schema/buses.yaml, colour"),
        ("{title: Buses, columns: [line]}", "schema/buses.yaml, columns"),
        ("{title: Buses, columns: {line: text}}", "schema/buses.yaml, columns.line"),
        ("{title: Buses, columns: {line: }}", "schema/buses.yaml, columns.line"),
        ("{title: Buses, key: line, columns: {line: {}}}", "schema/buses.yaml, key"),
        ("{title: Buses, layout: columns, columns: {line: {}}}", "schema/buses.yaml, layout"),
        ("{title: Buses, columns: {line: {meta: {severity: fatal}}}}", "schema/buses.yaml, columns.line.meta.severity"),
        ("{title: Buses, columns: {line: {meta: {long: long}}}}", "schema/buses.yaml, columns.line.meta.long"),
        (
            "{title: Buses, columns: {line: {meta: {required_when: a ==}}}}",
            "schema/buses.yaml, columns.line.meta.required_when",
        ),
        (
            "{title: Buses, columns: {line: {meta: {default_from: plan.}}}}",
            "schema/buses.yaml, columns.line.meta.default_from",
        ),
    ],
)
def test_what_no_sheet_can_be_is_named_with_file_and_key(
    bus_pack: Callable[[str], Pack], declared: str, place: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack(declared)
    assert places(raised) == {place}


def test_all_that_is_wrong_in_a_file_is_named_at_once(bus_pack: Callable[[str], Pack]) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack("{columns: {line: text}, colour: red}")
    assert places(raised) == {
        "schema/buses.yaml, title",
        "schema/buses.yaml, colour",
        "schema/buses.yaml, columns.line",
    }


def test_a_misspelt_key_of_meta_is_named(bus_pack: Callable[[str], Pack]) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack("{title: Buses, columns: {line: {meta: {hlep: The line.}}}}")
    assert places(raised) == {"schema/buses.yaml, columns.line.meta.hlep"}


def test_the_mend_names_what_is_known_at_that_key(bus_pack: Callable[[str], Pack]) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack("{title: Buses, columns: {line: {meta: {severity: fatal}}}}")
    [finding] = raised.value.findings
    assert "warning" in finding.mend


@pytest.mark.parametrize("key", ["504", "true"])
def test_a_column_that_is_no_word_is_named(bus_pack: Callable[[str], Pack], key: str) -> None:
    with pytest.raises(IepdocsError, match=key):
        bus_pack(f"{{title: Buses, columns: {{{key}: {{}}}}}}")


def test_two_files_for_one_sheet_are_named(bus_pack: Callable[[str], Pack]) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack("{title: Students, columns: {line: {}}}")
    [finding] = raised.value.findings
    assert str(finding.place) == "schema/buses.yaml, title"
    assert finding.mend == "To change that sheet, name the file as there: schema/students.yaml."


@pytest.mark.parametrize(
    ("meta", "place"),
    [
        ("required_when: lien == 'yes'", "schema/buses.yaml, columns.aide.meta.required_when"),
        ("default_from: lien", "schema/buses.yaml, columns.aide.meta.default_from"),
        ("choices_of: Students.lien", "schema/buses.yaml, columns.aide.meta.choices_of"),
        ("default_from: plan.lien", "schema/buses.yaml, columns.aide.meta.default_from"),
    ],
)
def test_an_unknown_name_in_an_expression_is_named(bus_pack: Callable[[str], Pack], meta: str, place: str) -> None:
    with pytest.raises(IepdocsError, match="lien") as raised:
        bus_pack(f"{{title: Buses, columns: {{line: {{}}, aide: {{meta: {{{meta}}}}}}}}}")
    assert places(raised) == {place}


def test_choices_are_not_taken_from_a_column_that_has_none(bus_pack: Callable[[str], Pack]) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack("{title: Buses, columns: {aide: {meta: {choices_of: Students.last_name}}}}")
    [finding] = raised.value.findings
    assert str(finding.place) == "schema/buses.yaml, columns.aide.meta.choices_of"
    assert finding.message == "There is no column with choices 'Students.last_name'."


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("key", "[lien]"),
        ("refers_to", "[Lien]"),
        ("dated_by", "lien"),
        ("distinct_when", "lien"),
    ],
)
def test_a_column_or_sheet_that_is_not_there_is_named(bus_pack: Callable[[str], Pack], key: str, said: str) -> None:
    with pytest.raises(IepdocsError, match=r"(?i)lien") as raised:
        bus_pack(f"{{title: Buses, {key}: {said}, columns: {{line: {{}}}}}}")
    assert places(raised) == {f"schema/buses.yaml, {key}"}


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ("reporting_periods", "[period, lien]"),
        ("objectives", "[student_id, lien, goal_number, objective_number]"),
    ],
)
def test_a_column_that_is_not_there_is_named_also_where_other_sheets_go_by_it(
    make_district: MakeDistrict, sheet: str, key: str
) -> None:
    with pytest.raises(IepdocsError, match="lien") as raised:
        load_pack(make_district({f"schema/{sheet}.yaml": f"key: {key}"}))
    assert places(raised) == {f"schema/{sheet}.yaml, key"}


@pytest.mark.parametrize(
    "rule",
    [
        "dependencies: lien",
        "dependencies: [line, lien]",
        "dependencies: {^lien: [a]}",
        "excludes: lien",
        "excludes: [lien]",
    ],
)
def test_a_column_that_another_depends_on_is_there(bus_pack: Callable[[str], Pack], rule: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack(f"{{title: Buses, columns: {{line: {{}}, aide: {{{rule}}}}}}}")
    [finding] = raised.value.findings
    assert str(finding.place) == f"schema/buses.yaml, columns.aide.{rule.partition(':')[0]}"
    assert finding.message == "There is no column 'lien'."
    assert finding.mend == "Did you mean line?"


@pytest.mark.parametrize(
    ("also_on", "place"),
    [
        ("{sheet: Lien, prefixes: [noon], columns: {bus: line}}", "also_on.sheet"),
        ("{sheet: Students, prefixes: [noon], columns: {bus: lien}}", "also_on.columns"),
        ("{sheet: Students, columns: {bus: line}}", "also_on.prefixes"),
        ("{sheet: Students, prefixes: [student], columns: {id: line}}", "also_on"),
    ],
)
def test_rows_that_can_stand_nowhere_are_named(bus_pack: Callable[[str], Pack], also_on: str, place: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack(f"{{title: Buses, also_on: {also_on}, columns: {{line: {{}}}}}}")
    assert places(raised) == {f"schema/buses.yaml, {place}"}


@pytest.mark.parametrize(
    ("declared", "place", "message"),
    [
        (
            "{line: {}, route: {meta: {title: LINE}}}",
            "columns.route.meta.title",
            "'LINE' is the header of the column 'line' already.",
        ),
        (
            "{line: {meta: {title: Route}}, route: {}}",
            "columns.route.meta.title",
            "'Route' is the header of the column 'line' already.",
        ),
        (
            "{seats: {type: integer, meta: {default: many}}}",
            "columns.seats.meta.default",
            "'many' is no value for the column 'seats'.",
        ),
        (
            "{since: {type: date, min: 2026-09-01, meta: {default: 2026-08-31}}}",
            "columns.since.meta.default",
            "'8/31/2026' is no value for the column 'since'.",
        ),
        (
            "{student_id: {type: integer}}",
            "columns.student_id.type",
            "The column 'student_id' says what a row belongs to, and cannot be of the type integer.",
        ),
        (
            "{plan_start: {}}",
            "columns.plan_start.type",
            "The column 'plan_start' says what a row belongs to, and cannot be of the type string.",
        ),
    ],
)
def test_a_column_that_cannot_be_is_named(
    bus_pack: Callable[[str], Pack], declared: str, place: str, message: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pack(f"{{title: Buses, columns: {declared}}}")
    [finding] = raised.value.findings
    assert (str(finding.place), finding.message) == (f"schema/buses.yaml, {place}", message)


def test_a_blank_cell_may_mean_a_date(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {since: {type: date, meta: {default: 2026-09-01}}}}")
    assert column(pack, "since").default == dt.date(2026, 9, 1)


@pytest.mark.parametrize("title", ["goals", "GOALS!", "reportingperiods"])
def test_a_title_that_differs_from_another_in_nothing_that_counts_is_named(
    bus_pack: Callable[[str], Pack], title: str
) -> None:
    with pytest.raises(IepdocsError, match=r"^schema/buses\.yaml, title: .* is declared in schema/.*s\.yaml already"):
        bus_pack(f"{{title: '{title}', columns: {{}}}}")


def test_a_title_that_iepdocs_goes_by_stays(make_district: MakeDistrict) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"schema/reporting_periods.yaml": "title: Terms"}))
    [finding] = raised.value.findings
    assert str(finding.place) == "schema/reporting_periods.yaml, title"
    assert finding.message == "iepdocs itself goes by the title 'Reporting Periods', and no sheet has it."


def test_the_type_of_a_built_in_column_stays(make_district: MakeDistrict) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"schema/students.yaml": "columns: {grade: {type: integer}}"}))
    [finding] = raised.value.findings
    assert str(finding.place) == "schema/students.yaml, columns.grade.type"
    assert finding.message == "iepdocs counts on the type of the column 'grade', string."


def test_the_limits_of_a_date_are_dates(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {since: {type: date, min: 2026-09-01}}}")
    assert column(pack, "since").rules["min"] == dt.date(2026, 9, 1)


def test_the_limits_of_a_time_are_times(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {leaves: {type: time, min: 7:30}}}")
    assert column(pack, "leaves").rules["min"] == dt.time(7, 30)


@pytest.mark.parametrize("limit", ["2026-13-01", "yesterday", "5"])
def test_a_limit_that_is_no_date_is_named(bus_pack: Callable[[str], Pack], limit: str) -> None:
    with pytest.raises(IepdocsError, match=limit) as raised:
        bus_pack(f"{{title: Buses, columns: {{since: {{type: date, max: {limit}}}}}}}")
    assert places(raised) == {"schema/buses.yaml, columns.since.max"}


@pytest.mark.parametrize("limit", ["0.5", "-0.25"])
def test_a_limit_of_a_number_may_be_a_fraction(bus_pack: Callable[[str], Pack], limit: str) -> None:
    pack = bus_pack(f"{{title: Buses, columns: {{miles: {{type: number, min: {limit}}}}}}}")
    assert column(pack, "miles").rules["min"] == float(limit)


def test_choices_of_a_text_column_are_text(bus_pack: Callable[[str], Pack]) -> None:
    pack = bus_pack("{title: Buses, columns: {line: {type: string, allowed: [1, 2, express]}}}")
    assert column(pack, "line").rules["allowed"] == ["1", "2", "express"]

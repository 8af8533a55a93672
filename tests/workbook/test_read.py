from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from iepdocs.findings import CellPlace, Finding, IepdocsError, Severity
from iepdocs.workbook import Table, Workbook, open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from iepdocs.pack import Pack
    from tests.support import MakeTemplate, MakeWorkbook

    Read = Callable[[dict[str, Sequence[Sequence[Any]]]], Workbook]
    ReadRows = Callable[..., tuple[Table, list[Finding]]]

GOALS = ["Student ID", "Goal Number", "Area"]
DAY = dt.date(2026, 3, 2)
TEN_PAST = dt.datetime(2026, 3, 2, 10, 10)  # noqa: DTZ001


@pytest.fixture
def read(make_workbook: MakeWorkbook, pack: Pack) -> Read:
    """Return a function that writes sheets to a workbook and opens it."""
    return lambda sheets: open_workbook(make_workbook(sheets), pack)


@pytest.fixture
def read_goals(read: Read) -> ReadRows:
    """Return a function that reads rows as the sheet Goals."""

    def read_rows(*rows: Sequence[Any]) -> tuple[Table, list[Finding]]:
        workbook = read({"Goals": rows})
        return workbook.tables["Goals"], workbook.findings

    return read_rows


@pytest.fixture
def read_settings(read: Read) -> ReadRows:
    """Return a function that reads rows as the sheet District, below its header."""

    def read_rows(*rows: Sequence[Any]) -> tuple[Table, list[Finding]]:
        workbook = read({"District": [["Setting", "Value"], *rows]})
        return workbook.tables["District"], workbook.findings

    return read_rows


def settings(table: Table) -> dict[str, Any]:
    [row] = table.rows
    return row.values


def test_a_row_holds_its_values_by_column_each_of_its_type(read: Read) -> None:
    workbook = read(
        {
            "Meetings": [
                ["Student ID", "Meeting Date", "Start Time", "Purpose", "Location"],
                [42, dt.date(2026, 10, 6), dt.time(10), "Annual Review; 504", " Room 12 "],
            ]
        }
    )
    [row] = workbook.tables["Meetings"].rows
    assert row.values == {
        "student_id": "42",
        "meeting_date": dt.date(2026, 10, 6),
        "start_time": dt.time(10),
        "purpose": ["annual review", "504"],
        "location": "Room 12",
    }
    assert workbook.findings == []


def test_columns_may_stand_in_any_order_under_titles_as_people_write_them(read_goals: ReadRows) -> None:
    table, _ = read_goals(["AREA:", "student id *", "goal_number"], ["reading", "00042", "1"])
    assert table.rows[0].values == {"area": "reading", "student_id": "00042", "goal_number": "1"}


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers(read_goals: ReadRows) -> None:
    table, _ = read_goals([], GOALS, [None, " ", ""], ["00042", "1"], [], ["00107", "1"])
    assert [(row.number, row.values["student_id"]) for row in table.rows] == [(4, "00042"), (6, "00107")]


def test_blank_cells_are_left_out_of_a_row(read_goals: ReadRows) -> None:
    table, _ = read_goals(GOALS, ["00042", None, "  "])
    assert table.rows[0].values == {"student_id": "00042"}


def test_cells_under_no_header_are_left_alone_and_named(read_goals: ReadRows) -> None:
    table, findings = read_goals([*GOALS, None, "  "], ["00042", "1", "reading", "see file", "?"])
    assert table.rows[0].values == {"student_id": "00042", "goal_number": "1", "area": "reading"}
    assert [str(finding.place) for finding in findings] == ["Goals D1", "Goals E1"]
    assert {finding.severity for finding in findings} == {Severity.WARNING}


def test_a_header_that_nearly_is_one_is_asked_about(read_goals: ReadRows) -> None:
    _, [finding] = read_goals([*GOALS, "Measurment Method"], ["00042", "1", "reading", "weekly"])
    assert str(finding.place) == "Goals D1 (Measurment Method)"
    assert finding.mend.startswith("Did you mean 'Measurement Method'?")


def test_title_rows_above_the_headers_are_passed_over(read_goals: ReadRows) -> None:
    table, findings = read_goals(["Maple Valley, goals"], [None], GOALS, ["00042", "1", "reading"])
    assert [row.number for row in table.rows] == [4]
    assert findings == []


def test_a_sheet_without_headers_is_one_problem(read_goals: ReadRows) -> None:
    table, [finding] = read_goals(["00042", "1", "reading"], ["00107", "1", "writing"])
    assert table.rows == []
    assert finding.message == "No row of this sheet holds its headers."


def test_a_column_that_nothing_declares_is_kept_as_it_is(read_goals: ReadRows) -> None:
    table, findings = read_goals([*GOALS, "Bus Route"], ["00042", "1", "reading", 7], ["00042", "2", "writing", " "])
    assert table.extra == {"bus_route"}
    assert table.rows[0].values["bus_route"] == 7
    assert "bus_route" not in table.rows[1].values
    assert findings == []


def test_a_day_in_a_column_that_nothing_declares_is_a_day(read_goals: ReadRows) -> None:
    table, _ = read_goals([*GOALS, "Bus Since", "Bus At"], ["00042", "1", "reading", DAY, TEN_PAST])
    assert (table.rows[0].values["bus_since"], table.rows[0].values["bus_at"]) == (DAY, TEN_PAST)


@pytest.mark.parametrize(("first", "second"), [("Area", "AREA"), ("Area", "area:"), ("Bus Route", "bus-route")])
def test_a_header_that_stands_twice_is_named_with_both_cells(read_goals: ReadRows, first: str, second: str) -> None:
    table, [finding] = read_goals(["Student ID", first, second], ["00042", "reading", "writing"])
    assert str(finding.place) == f"Goals C1 ({second})"
    assert f"'{first}' stands in B1 already" in finding.message
    assert finding.severity is Severity.ERROR
    assert "writing" not in table.rows[0].values.values()


def test_error_cells_are_named_and_hold_no_value(read_goals: ReadRows) -> None:
    table, findings = read_goals([*GOALS, "Standard", "Bus"], ["00042", "1", "#REF!", "#N/A", "#VALUE!"])
    assert [str(finding.place) for finding in findings] == ["Goals C2 (Area)", "Goals D2 (Standard)", "Goals E2 (Bus)"]
    assert findings[1].message == "The cell shows the error #N/A."
    assert table.rows[0].values == {"student_id": "00042", "goal_number": "1"}
    assert table.rows[0].unreadable == {"area", "standard", "bus"}


def test_a_row_of_nothing_but_an_error_is_a_row(read_goals: ReadRows) -> None:
    table, _ = read_goals(GOALS, ["#N/A"])
    assert [row.unreadable for row in table.rows] == [{"student_id"}]


@pytest.mark.parametrize("surname", ["None", "NA", "Null", "N/A", "nan", "TRUE"])
def test_a_child_may_be_called_anything(read: Read, surname: str) -> None:
    workbook = read({"Students": [["Student ID", "Last Name"], ["00042", surname]]})
    assert workbook.tables["Students"].rows[0].values["last_name"] == surname


def test_a_place_has_cell_header_as_written_and_value_as_shown(read_goals: ReadRows) -> None:
    table, _ = read_goals(["Student ID", "GOAL NUMBER", "Target Date"], ["00042", "1", dt.date(2027, 3, 1)])
    [row] = table.rows
    assert table.place("goal_number", row) == CellPlace("Goals", "B2", "GOAL NUMBER", "1", 2, "goal_number")
    assert table.place("target_date", row).value == "2027-03-01"  # the format that openpyxl gives a date


def test_the_place_of_a_column_that_is_not_there_has_its_title(read_goals: ReadRows) -> None:
    table, _ = read_goals(GOALS, ["00042", "1", "reading"])
    assert str(table.place("measurement_method", table.rows[0])) == "Goals row 2 (Measurement Method)"
    assert str(table.place("measurement_method")) == "Goals (Measurement Method)"


def test_an_address_goes_past_the_letter_z(read_goals: ReadRows) -> None:
    table, _ = read_goals([*["Student ID"], *[f"Extra {n}" for n in range(26)], "Area"], ["00042"])
    assert table.address("area", table.rows[0]) == "AB2"


@pytest.mark.parametrize("title", ["reporting periods", "Reporting_Periods", "REPORTING PERIODS "])
def test_a_sheet_is_matched_like_a_header(read: Read, title: str) -> None:
    assert list(read({title: [["Period"]]}).tables) == ["Reporting Periods"]


def test_a_sheet_that_nothing_declares_is_left_alone_with_a_note(read: Read) -> None:
    workbook = read({"Goals": [GOALS], "Scratch": [["call the school"]]})
    assert list(workbook.tables) == ["Goals"]
    [finding] = workbook.findings
    assert str(finding.place) == "Scratch"
    assert finding.severity is Severity.NOTE


def test_the_sheets_that_iepdocs_adds_itself_need_no_note(read: Read) -> None:
    assert read({"Instructions": [["Read me"]], "Lists": [["yes"]]}).findings == []


def test_of_two_sheets_with_one_name_the_second_is_named_and_not_read(read: Read) -> None:
    workbook = read({"Goals": [GOALS, ["00042", "1", "reading"]], "Goals ": [GOALS, ["00107", "1", "writing"]]})
    assert [row.values["student_id"] for row in workbook.tables["Goals"].rows] == ["00042"]
    [finding] = workbook.findings
    assert isinstance(finding.place, CellPlace)
    assert finding.place.sheet == "Goals"
    assert finding.message.startswith("The sheet 'Goals ' has the same name as the sheet 'Goals'")
    assert finding.severity is Severity.ERROR


def test_a_sheet_with_nothing_on_it_is_a_table_without_rows(read: Read) -> None:
    table = read({"Goals": []}).tables["Goals"]
    assert (table.rows, table.columns) == ([], {})


def test_a_sheet_of_charts_is_left_alone(tmp_path: Path, pack: Pack) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([1])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1))
    book.create_chartsheet("Progress").add_chart(chart)
    book.save(tmp_path / "plans.xlsx")
    assert open_workbook(tmp_path / "plans.xlsx", pack).tables == {}


def test_a_file_that_claims_too_small_a_sheet_is_read_to_its_end(make_workbook: MakeWorkbook, pack: Pack) -> None:
    path = make_workbook({"Goals": [GOALS, ["00042", "1", "reading"], ["00107", "1", "writing"]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<dimension ref="A1:C3"/>', b'<dimension ref="A1"/>')
    assert b'<dimension ref="A1"/>' in parts[sheet]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert [row.values["area"] for row in open_workbook(path, pack).tables["Goals"].rows] == ["reading", "writing"]


def test_settings_are_a_row_of_names_and_values(read_settings: ReadRows) -> None:
    table, findings = read_settings(
        ["DISTRICT NAME", "Fern Valley"],
        ["504 Coordinator", "Peter Lindgren"],
        ["zip", 98101],
        ["Age of majority", "19"],
    )
    assert settings(table) == {
        "district_name": "Fern Valley",
        "coordinator_504": "Peter Lindgren",
        "zip": "98101",
        "age_of_majority": 19,
    }
    assert findings == []


def test_settings_need_no_header(read: Read) -> None:
    table = read({"District": [["City", "Fernhill"], ["State", "WA"]]}).tables["District"]
    assert settings(table) == {"city": "Fernhill", "state": "WA"}


def test_a_remark_under_no_name_is_no_setting(read_settings: ReadRows) -> None:
    table, _ = read_settings(["City", "Fernhill"], [None, "ask Helen about the rest"], ["#", "1"])
    assert settings(table) == {"city": "Fernhill"}


def test_the_place_of_a_setting_is_its_value(read_settings: ReadRows) -> None:
    table, _ = read_settings(["City", "Fernhill"], ["Age of majority", "old"])
    assert str(table.place("age_of_majority", table.rows[0])) == "District B3 (Age of majority)"


def test_settings_that_nothing_declares_are_kept(read_settings: ReadRows) -> None:
    table, _ = read_settings(["Bus Company", "Yellow"], ["terms.iep_team", "ARD committee"])
    assert settings(table) == {"bus_company": "Yellow", "terms.iep_team": "ARD committee"}
    assert table.extra == {"bus_company", "terms.iep_team"}


def test_a_word_of_the_districts_that_there_is_not_is_named(read_settings: ReadRows) -> None:
    _, [finding] = read_settings(["terms.iep_tem", "ARD committee"], ["terms.yes", "Yes"])
    assert finding.message == "'terms.iep_tem' is none of the district's words."
    assert str(finding.place) == "District A2 (terms.iep_tem)"
    assert finding.mend == "Did you mean terms.iep_team?"


def test_a_remark_beside_a_setting_is_not_its_value(read_settings: ReadRows) -> None:
    table, _ = read_settings(["Phone", None, "ask the office"])
    assert "phone" not in settings(table)


def test_an_error_cell_is_no_setting(read_settings: ReadRows) -> None:
    table, findings = read_settings(["Phone", "#N/A"])
    assert "phone" not in settings(table)
    assert [str(finding.place) for finding in findings] == ["District B2 (Phone)"]


def test_a_setting_that_stands_twice_is_named(read_settings: ReadRows) -> None:
    _, findings = read_settings(["Phone", "555-0100"], ["phone", "555-0199"])
    assert [str(finding.place) for finding in findings] == ["District A3 (phone)"]


def test_a_blank_setting_keeps_its_place(read_settings: ReadRows) -> None:
    table, _ = read_settings(["District Name", None])
    assert str(table.place("district_name", table.rows[0])) == "District B2 (District Name)"


def test_a_file_that_is_not_there_is_named(tmp_path: Path, pack: Pack) -> None:
    with pytest.raises(IepdocsError) as raised:
        open_workbook(tmp_path / "plans.xlsx", pack)
    [finding] = raised.value.findings
    assert str(finding.place).endswith("plans.xlsx")


def test_another_office_file_is_no_workbook(make_template: MakeTemplate, pack: Pack) -> None:
    document = make_template("Dear parents")
    with pytest.raises(IepdocsError, match="but a Word document"):
        open_workbook(document.rename(document.with_suffix(".xlsx")), pack)


def test_a_workbook_with_a_broken_sheet_is_refused_whole(make_workbook: MakeWorkbook, pack: Pack) -> None:
    path = make_workbook({"Goals": [GOALS, ["00042", "1", "reading"]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content[:-30] if name.endswith("sheet1.xml") else content)
    with pytest.raises(IepdocsError, match="damaged and cannot be read"):
        open_workbook(path, pack)

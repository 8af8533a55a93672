"""The list of goals beside a run of progress reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import iepdocs
from iepdocs.findings import IepdocsError
from iepdocs.workbook.listing import listing
from tests.documents.test_progress import GOAL, GOES_ILL, rows, sheets
from tests.support import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.pack import Pack
    from tests.support import MakeWorkbook, Rows


def listed(workbook: Path, folder: Path, **wanted: Any) -> list[dict[str, Any]]:
    """Return the rows of the list, by the headers."""
    path = folder / "goals.xlsx"
    iepdocs.generate(workbook, folder / "out", date=TODAY, summary=path, **wanted)
    header, *found = openpyxl.load_workbook(path)["Goals"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in found]


@pytest.fixture
def caseload() -> dict[str, Rows]:
    """Return the sheets of a student with four goals: not being reached, met, without numbers, with too few."""
    made = sheets(*GOES_ILL)
    goals = [{**GOAL, "Goal Number": str(number), "Area": "reading"} for number in (4, 3, 2, 1)]
    goals[1] |= {"Measure Type": None, "Baseline Value": None, "Target Value": None}
    made["Goals"] = rows(*goals)
    made["Progress"] += [["00042", "2", row[2], 95] for row in made["Progress"][1:5]]
    made["Progress"] += [["00042", "4", made["Progress"][1][2], 50]]
    objective = {"Student ID": "00042", "Goal Number": "2", "Objective Number": "a", "Objective": "Reads 60."}
    return {**made, "Objectives": rows(objective)}


def test_stalled_and_met_goals_come_first(
    make_workbook: MakeWorkbook, tmp_path: Path, caseload: dict[str, Rows]
) -> None:
    found = listed(make_workbook(caseload), tmp_path)
    assert [(row["Goal"], row["Look at"]) for row in found] == [("1", 0), ("2", 1), ("4", 2), ("3", 2), ("2.a", 2)]
    stalled, met, *_ = found
    assert stalled["What Follows"].startswith("If it stays like this")
    assert (met["What the Results Say"], met["By Which Rule"]) == ("met", "the criterion of the goal")


def test_what_the_results_call_stalled_comes_first_though_the_teacher_does_not(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    [row] = listed(make_workbook(sheets(*GOES_ILL, said={"Sufficient": "yes"})), tmp_path)
    assert (row["Look at"], row["Teacher and Results Differ"]) == (0, "differ")


def test_figures_are_numbers_and_dates_that_excel_sorts(
    make_workbook: MakeWorkbook, tmp_path: Path, caseload: dict[str, Rows]
) -> None:
    first, *_ = listed(make_workbook(caseload), tmp_path)
    assert (first["Percent of the Way"], first["Results"], first["Student ID"]) == (6, 8, "00042")
    assert first["Trend a Week (Estimate)"] == 0
    assert f"{first['Measured On']:%Y-%m-%d}" == "2026-10-27"


def test_a_text_that_looks_like_a_formula_is_a_text(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "goals.xlsx"
    path.write_bytes(listing("Goals", pack.summary[:1], [["=1+1"]]))
    cell = openpyxl.load_workbook(path)["Goals"]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_excel_filters_the_list_and_draws_bars_and_symbols(
    make_workbook: MakeWorkbook, tmp_path: Path, caseload: dict[str, Rows]
) -> None:
    listed(make_workbook(caseload), tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "goals.xlsx")["Goals"]
    assert sheet.auto_filter.ref == sheet.dimensions
    drawn = {rule.type for found in sheet.conditional_formatting for rule in found.rules}
    assert drawn == {"dataBar", "iconSet"}


def test_only_those_wanted_are_listed(make_workbook: MakeWorkbook, tmp_path: Path, caseload: dict[str, Rows]) -> None:
    caseload["Reporting Periods"].append(["Q2", TODAY, TODAY])
    assert {row["Period"] for row in listed(make_workbook(caseload), tmp_path, periods=["Q2"])} == {"Q2"}
    with pytest.raises(IepdocsError, match="no student '00099'"):
        listed(make_workbook(caseload), tmp_path, students=["00099"])


def test_without_progress_reports_it_is_said_that_there_is_no_list(
    make_workbook: MakeWorkbook, tmp_path: Path, caseload: dict[str, Rows]
) -> None:
    del caseload["Progress"]
    with pytest.raises(IepdocsError, match="no progress report in this run"):
        listed(make_workbook(caseload), tmp_path)
    assert not (tmp_path / "goals.xlsx").exists()


def test_the_list_of_an_earlier_run_is_replaced_and_what_is_another_s_is_left_alone(
    make_workbook: MakeWorkbook, tmp_path: Path, caseload: dict[str, Rows]
) -> None:
    workbook = make_workbook(caseload)
    plans = workbook.read_bytes()
    listed(workbook, tmp_path)
    assert len(listed(workbook, tmp_path)) == 5
    edited = openpyxl.load_workbook(tmp_path / "goals.xlsx")
    edited["Goals"]["A2"] = "call the parents"
    edited.save(tmp_path / "goals.xlsx")
    with pytest.raises(IepdocsError, match="left alone"):
        listed(workbook, tmp_path)
    assert openpyxl.load_workbook(tmp_path / "goals.xlsx")["Goals"]["A2"].value == "call the parents"
    with pytest.raises(IepdocsError, match="left alone"):
        iepdocs.generate(workbook, tmp_path / "out", date=TODAY, summary=workbook)
    assert workbook.read_bytes() == plans


def test_the_list_is_a_workbook(make_workbook: MakeWorkbook, tmp_path: Path, caseload: dict[str, Rows]) -> None:
    with pytest.raises(IepdocsError, match="is a workbook of Excel") as raised:
        iepdocs.generate(make_workbook(caseload), tmp_path / "out", date=TODAY, summary=tmp_path / "out/manifest.csv")
    assert raised.value.findings[0].mend == "Write it such as manifest.xlsx."

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from iepdocs import new_workbook
from iepdocs.measurement import Measurement
from iepdocs.pack import Pack, sample_workbook
from iepdocs.workbook import open_workbook
from iepdocs.workbook.blank import write_workbook
from iepdocs.workbook.reading import stripped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.datavalidation import DataValidation

    from iepdocs.pack import Column, Sheet

SHIPPED = Path(__file__).parents[2] / "templates" / "xlsx" / "plans.xlsx"
IN_XML = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufffe\uffff")
TEXTS = st.lists(st.text(IN_XML, min_size=1).filter(stripped), min_size=1, max_size=20)
LOOKS_LIKE_MORE = [
    "=1+1",
    "+1",
    "-",
    "@here",
    "'quoted",
    "#N/A",
    "00042",
    "12",
    "1e5",
    "TRUE",
    "2026-03-02",
    "4/5",
    "80 %",
    "a & b < c",
    "_x000D_",
    "  two\n\n  lines ",
]


@pytest.fixture(scope="module")
def blank(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the blank workbook."""
    path = tmp_path_factory.mktemp("blank") / "plans.xlsx"
    write_workbook(path, pack)
    return path


@pytest.fixture(scope="module")
def book(blank: Path) -> openpyxl.Workbook:
    """Return the blank workbook as openpyxl reads it."""
    return openpyxl.load_workbook(blank)


def sheets_of_rows(pack: Pack) -> list[Sheet]:
    return [sheet for sheet in pack.sheets.values() if sheet.layout == "rows"]


def sheet_of(book: openpyxl.Workbook, title: str) -> Worksheet:
    sheet = book[title]
    assert isinstance(sheet, Worksheet)
    return sheet


class Field(NamedTuple):
    """A column in a workbook: the cell of its title, and the validation of its first value."""

    column: Column
    header: Cell | MergedCell
    validation: DataValidation | None


def fields(pack: Pack, book: openpyxl.Workbook) -> Iterator[Field]:
    for sheet in pack.sheets.values():
        worksheet = sheet_of(book, sheet.title)
        for number, column in enumerate(sheet.columns.values(), start=1):
            if sheet.layout == "settings":
                yield Field(column, worksheet.cell(number + 1, 1), validation_of(worksheet, f"B{number + 1}"))
            else:
                letter = get_column_letter(number)
                yield Field(column, worksheet.cell(1, number), validation_of(worksheet, f"{letter}2"))


def validation_of(worksheet: Worksheet, address: str) -> DataValidation | None:
    return next((each for each in worksheet.data_validations.dataValidation if address in each.cells), None)


def choices_of(validation: DataValidation, book: openpyxl.Workbook) -> list[str]:
    """Return what a drop-down offers."""
    title, cells = str(validation.formula1).split("!")
    return [cell.value for [cell] in sheet_of(book, title)[cells.replace("$", "")]]


def content_of(path: Path) -> dict[str, Any]:
    """Return what a person finds in a workbook: cells, comments and validations by sheet."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: (
            {
                cell.coordinate: (cell.value, cell.comment.text if cell.comment else None)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            },
            {
                (str(each.sqref), each.type, each.operator, each.formula1, each.error, each.showErrorMessage)
                for each in sheet.data_validations.dataValidation
            },
        )
        for sheet in book.worksheets
    }


def written_and_read(path: Path, pack: Pack, rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    write_workbook(path, pack, rows)
    workbook = open_workbook(path, pack)
    assert workbook.findings == []
    return {title: [row.values for row in table.rows] for title, table in workbook.tables.items() if title in rows}


def test_it_has_every_sheet_in_order_after_the_instructions(pack: Pack, book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["Instructions", *pack.sheets, "Lists"]
    assert sheet_of(book, "Lists").sheet_state == "hidden"


def test_each_sheet_has_every_column_in_order(pack: Pack, book: openpyxl.Workbook) -> None:
    for sheet in sheets_of_rows(pack):
        headers = [cell.value for cell in sheet_of(book, sheet.title)[1]]
        assert headers == [column.title for column in sheet.columns.values()]


def test_settings_are_rows_of_name_and_value(pack: Pack, book: openpyxl.Workbook) -> None:
    names = [cell.value for cell in sheet_of(book, "District")["A"]]
    assert names == ["Setting", *(column.title for column in pack.sheets["District"].columns.values())]
    assert {cell.value for cell in sheet_of(book, "District")["B"]} == {"Value", None}


def test_the_instructions_name_every_document_and_sheet(pack: Pack, book: openpyxl.Workbook) -> None:
    told = {str(row[0].value): str(row[1].value) for row in sheet_of(book, "Instructions").iter_rows()}
    assert {sheet.title: sheet.help for sheet in pack.sheets.values()}.items() <= told.items()
    for kind in pack.kinds.values():
        assert all(title in told[kind.title] for title in kind.sheets)


def test_every_header_tells_what_goes_into_its_column(pack: Pack, book: openpyxl.Workbook) -> None:
    for column, header, _ in fields(pack, book):
        assert header.comment is not None
        assert header.comment.text.splitlines()[:2] == [column.help, f"Example: {column.example}"]


def test_a_header_says_whether_its_column_is_required(pack: Pack, book: openpyxl.Workbook) -> None:
    for column, header, _ in fields(pack, book):
        assert header.comment is not None
        assert ("Required." in header.comment.text.splitlines()) is column.required


def test_a_header_says_how_to_write_one_or_more(book: openpyxl.Workbook) -> None:
    purpose = sheet_of(book, "Meetings")["G1"]
    assert purpose.value == "Purpose"
    assert purpose.comment is not None
    assert "One or more, with semicolons between: initial eligibility; initial IEP;" in purpose.comment.text


def test_choices_are_drop_downs(pack: Pack, book: openpyxl.Workbook) -> None:
    for column, _, validation in fields(pack, book):
        offered = choices_of(validation, book) if validation is not None and validation.type == "list" else []
        assert offered == (["yes", "no"] if column.type == "boolean" else column.choices)


def test_a_drop_down_refuses_what_it_does_not_offer_unless_several_may_be_typed(
    pack: Pack, book: openpyxl.Workbook
) -> None:
    for column, _, validation in fields(pack, book):
        if validation is not None and validation.type == "list":
            assert validation.showErrorMessage is (column.type != "list")


def test_drop_downs_reach_a_thousand_rows_down(pack: Pack, book: openpyxl.Workbook) -> None:
    for sheet in sheets_of_rows(pack):
        worksheet = sheet_of(book, sheet.title)
        for letter in map(get_column_letter, range(1, len(sheet.columns) + 1)):
            assert validation_of(worksheet, f"{letter}2") is validation_of(worksheet, f"{letter}1001")


def test_dates_are_formatted_and_checked_as_dates(pack: Pack, book: openpyxl.Workbook) -> None:
    for column, _, validation in fields(pack, book):
        assert (validation is not None and validation.type == "date") is (column.type == "date")


@pytest.mark.parametrize(
    ("key", "number_format"),
    [("student_id", "@"), ("date_of_birth", "m/d/yyyy"), ("grade", "@"), ("zip", "@"), ("start_time", "h:mm AM/PM")],
)
def test_columns_have_the_format_of_what_goes_into_them(
    pack: Pack, book: openpyxl.Workbook, key: str, number_format: str
) -> None:
    formats = {
        sheet_of(book, sheet.title).column_dimensions[get_column_letter(number)].number_format
        for sheet in sheets_of_rows(pack)
        for number, column in enumerate(sheet.columns, start=1)
        if column == key
    }
    assert formats == {number_format}


def test_the_header_stays_in_sight(pack: Pack, book: openpyxl.Workbook) -> None:
    for sheet in pack.sheets.values():
        pane = sheet_of(book, sheet.title).freeze_panes
        assert pane is not None
        assert range_boundaries(pane)[1] == 2


def test_the_blank_workbook_reads_as_no_rows_and_no_problem(pack: Pack, blank: Path) -> None:
    workbook = open_workbook(blank, pack)
    assert workbook.findings == []
    assert list(workbook.tables) == list(pack.sheets)
    assert not any(row.values for table in workbook.tables.values() for row in table.rows)
    assert all(table.columns.keys() == table.sheet.columns.keys() for table in workbook.tables.values())


def test_the_shipped_blank_workbook_is_the_one_that_is_written_now(blank: Path) -> None:
    assert content_of(SHIPPED) == content_of(blank)


def test_a_workbook_of_some_documents_has_the_comments_and_choices_of_the_whole_one(
    book: openpyxl.Workbook, tmp_path: Path
) -> None:
    new_workbook(tmp_path / "progress.xlsx", kinds=["progress_report"])
    small = openpyxl.load_workbook(tmp_path / "progress.xlsx")
    titles = [title for title in small.sheetnames if title not in ("Instructions", "Lists")]
    assert titles
    for title in titles:
        of_all = {column[0]: column[1:] for column in as_found(sheet_of(book, title), book)}
        for header, *found in as_found(sheet_of(small, title), small):
            assert tuple(found) == of_all[header]


def test_its_instructions_tell_of_its_own_documents_and_sheets_alone(pack: Pack, tmp_path: Path) -> None:
    new_workbook(tmp_path / "progress.xlsx", kinds=["progress_report"])
    book = openpyxl.load_workbook(tmp_path / "progress.xlsx")
    told = {row[0].value for row in sheet_of(book, "Instructions").iter_rows()}
    assert told & {kind.title for kind in pack.kinds.values()} == {"Progress Report"}
    assert told & pack.sheets.keys() == set(book.sheetnames) - {"Instructions", "Lists"}


def as_found(sheet: Worksheet, book: openpyxl.Workbook) -> Iterator[tuple[Any, ...]]:
    """Yield of each column its header, and what it tells and offers."""
    for number, cell in enumerate(sheet[1], start=1):
        letter = get_column_letter(number)
        validation = validation_of(sheet, f"{letter}2")
        is_list = validation is not None and validation.type == "list"
        dimension = sheet.column_dimensions[letter]
        yield (
            cell.value,
            cell.comment.text if cell.comment else None,
            cell.fill.fgColor.rgb,
            choices_of(validation, book) if validation is not None and is_list else validation and validation.type,
            (dimension.number_format, dimension.width),
        )


def test_the_sample_comes_back_as_it_was_written(pack: Pack, tmp_path: Path) -> None:
    tables = open_workbook(sample_workbook(), pack).tables
    rows = {title: [row.values for row in table.rows] for title, table in tables.items()}
    assert rows["Students"]
    assert written_and_read(tmp_path / "plans.xlsx", pack, rows) == rows


def test_values_of_every_type_come_back(pack: Pack, tmp_path: Path) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "Meetings": [
            {"student_id": "00042", "meeting_date": dt.date(2026, 10, 6), "start_time": dt.time(10, 30)},
            {"student_id": "00107", "purpose": ["annual review", "504"]},
        ],
        "Plans": [{"general_education_percent": 82.5, "factor_blind": False, "educational_environment": "RC80"}],
        "Progress": [{"value": Measurement("57", 57)}, {"value": Measurement("4 of 5", 4, 5, "trials")}],
        "District": [{"district_name": "Fern Valley", "age_of_majority": 18, "zip": "01234"}],
    }
    assert written_and_read(tmp_path / "plans.xlsx", pack, rows) == rows


def test_a_choice_is_written_in_the_words_of_its_drop_down(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "plans.xlsx"
    write_workbook(path, pack, {"Plans": [{"educational_environment": "RC80", "factor_blind": False}]})
    words = pack.sheets["Plans"].columns["educational_environment"].words["RC80"]
    assert {words, "no"} == {cell.value for cell in sheet_of(openpyxl.load_workbook(path), "Plans")[2]} - {None}


@pytest.mark.parametrize("text", LOOKS_LIKE_MORE)
def test_text_that_looks_like_more_comes_back_as_text(pack: Pack, tmp_path: Path, text: str) -> None:
    rows = {"Goals": [{"area": text.strip(), "goal": text}]}
    assert written_and_read(tmp_path / "plans.xlsx", pack, rows) == rows


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_every_long_text_comes_back_as_it_is(
    pack: Pack, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    small = replace(pack, sheets={"Goals": pack.sheets["Goals"]})
    rows = {"Goals": [{"goal": text} for text in texts]}
    assert written_and_read(tmp_path_factory.mktemp("texts") / "plans.xlsx", small, rows) == rows


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_every_short_text_comes_back_without_the_space_around_it(
    pack: Pack, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    small = replace(pack, sheets={"Goals": pack.sheets["Goals"]})
    read = written_and_read(
        tmp_path_factory.mktemp("texts") / "plans.xlsx", small, {"Goals": [{"area": text} for text in texts]}
    )
    assert read == {"Goals": [{"area": stripped(text)} for text in texts]}


def test_a_place_that_cannot_be_written_is_an_error_of_the_system(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_workbook(tmp_path / "nowhere" / "plans.xlsx", pack)

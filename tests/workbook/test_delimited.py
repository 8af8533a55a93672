from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.workbook.delimited import read_delimited, read_folder

if TYPE_CHECKING:
    from pathlib import Path


def read(data: bytes | str) -> list[tuple[int, dict[int, str]]]:
    data = data.encode() if isinstance(data, str) else data
    [sheet] = read_delimited(data, "Students")
    cells = [(number, cell) for number, row in sheet.rows for cell in row.values()]
    assert all(cell.value == cell.shown for _, cell in cells)
    return [(number, {column: cell.shown for column, cell in row.items()}) for number, row in sheet.rows]


def rows(data: bytes | str) -> list[list[str]]:
    return [list(row.values()) for _, row in read(data)]


def test_a_file_of_excel_with_its_mark_and_semicolons() -> None:
    data = b"\xef\xbb\xbfStudent ID;First Name\r\n00042;Jos\xc3\xa9\r\n"
    assert read(data) == [(1, {1: "Student ID", 2: "First Name"}), (2, {1: "00042", 2: "José"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_arrive_in_every_encoding_that_excel_writes(encoding: str) -> None:
    assert rows("Student ID,Name\n00042,José “Pepe”\n".encode(encoding))[1] == ["00042", "José “Pepe”"]


def test_a_file_of_no_such_encoding_is_an_error() -> None:
    with pytest.raises(ValueError, match="encoding"):
        read(b"Name\nJos\x81\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    text = f"Student ID{delimiter}Name{end}00042{delimiter}Ana{end}"
    assert rows(text) == [["Student ID", "Name"], ["00042", "Ana"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_between_nothing_but_quotes(delimiter: str) -> None:
    assert rows(f'"Student ID"{delimiter}"Name"\n"00042"{delimiter}"Ana"\n') == [
        ["Student ID", "Name"],
        ["00042", "Ana"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Grade;Name;Areas\n4;"Reyes, Ana";reading\n6;"Okafor, Ben";"math, writing"\n',
        "Grade;Name;Goal\n4;Ana;Ana will read, write, and spell\n6;Ben;Ben will add, and subtract\n",
        "Fern Valley, Fall 2026\n\nGrade;Name;Areas\n4;Ana;reading\n6;Ben;math\n",
        '"a";"b, c";"d"\n"1";"2, 3";"4"\n',
    ],
    ids=["in quotes", "in sentences", "in a banner", "all quoted"],
)
def test_commas_in_the_text_of_a_file_of_semicolons(text: str) -> None:
    assert {len(row) for row in rows(text)} - {1} == {3}


def test_choices_with_semicolons_in_a_file_of_commas() -> None:
    assert rows("ID,Areas\n1,reading;math\n2,math;writing\n")[1] == ["1", "reading;math"]


def test_a_file_of_one_column() -> None:
    assert rows("Student ID\n00042\n00107\n00108\nReyes, Ana\n") == [
        ["Student ID"],
        ["00042"],
        ["00107"],
        ["00108"],
        ["Reyes, Ana"],
    ]


def test_the_line_that_tells_excel_the_delimiter_is_no_row() -> None:
    assert read("sep=|\r\nID|Name, First\r\n1|Reyes, Ana\r\n")[0] == (1, {1: "ID", 2: "Name, First"})


def test_quotes_keep_delimiters_line_breaks_and_quotes() -> None:
    text = 'ID,Goal\n1,"Ana will read\r\n""aloud"", daily"\n2,a 5" line\n'
    assert rows(text)[1:] == [["1", 'Ana will read\n"aloud", daily'], ["2", 'a 5" line']]


def test_stray_quotes_stay() -> None:
    assert rows('ID,Name\n1,"Ana" Reyes\n2,Ben\n')[2] == ["2", "Ben"]


def test_a_quote_that_is_never_closed_is_named_with_its_row() -> None:
    with pytest.raises(ValueError, match="in row 3 is not closed"):
        read('ID,Name\n1,Ana\n2,"Ben\n3,Cleo\n')


def test_numbers_that_a_program_keeps_as_text_for_excel() -> None:
    assert rows('ID,Name\n="00042",Ana\n"=""00107""",Ben\n')[1:] == [["00042", "Ana"], ["00107", "Ben"]]


def test_blank_cells_and_rows_are_left_out_and_counted() -> None:
    assert read("ID,Name,Grade\n\n1,,4\n,,\n2,Ben,\n") == [
        (1, {1: "ID", 2: "Name", 3: "Grade"}),
        (3, {1: "1", 3: "4"}),
        (5, {1: "2", 2: "Ben"}),
    ]


def test_nothing_is_trimmed_or_turned_into_a_number() -> None:
    assert rows("ID , Name\n 1E5,TRUE \n") == [["ID ", " Name"], [" 1E5", "TRUE "]]


def test_bytes_of_zero_are_dropped() -> None:
    assert rows(b"ID,Name\n1,A\0na\n\0\0\0") == [["ID", "Name"], ["1", "Ana"]]


def test_an_empty_file_is_a_sheet_without_rows() -> None:
    assert read(b"") == read(b"\xef\xbb\xbf") == []


def test_a_field_longer_than_any_cell_is_an_error() -> None:
    with pytest.raises(ValueError, match="not closed"):
        read('ID\n"' + "a" * 200_000 + '"\n')


def test_more_columns_than_excel_has_are_an_error() -> None:
    with pytest.raises(ValueError, match="more columns"):
        read("," * 20_000)


def test_more_rows_than_excel_has_are_an_error() -> None:
    with pytest.raises(ValueError, match="more rows"):
        read("\n" * 1_100_000)


def test_equal_cells_are_one() -> None:
    [sheet] = read_delimited(b"yes,yes", "a")
    assert sheet.rows[0][1][1] is sheet.rows[0][1][2]


_FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\ufeff="), min_size=1)


@given(st.lists(st.lists(_FIELD, min_size=2, max_size=2), min_size=1), st.sampled_from(",;\t|"))
def test_any_text_arrives(table: list[list[str]], delimiter: str) -> None:
    file = io.StringIO()
    file.write(f"sep={delimiter}\n")
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    assert rows(file.getvalue()) == table


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    try:
        read(noise)
    except ValueError:
        return


def test_a_folder_is_a_workbook_of_its_csv_files(tmp_path: Path) -> None:
    (tmp_path / "Students.csv").write_bytes(b"Student ID\n00042\n")
    (tmp_path / "Goals.CSV").write_bytes(b"Goal Number\n1\n")
    (tmp_path / "Progress.csv").write_bytes(b"")
    (tmp_path / "notes.txt").write_bytes(b"call the school")
    (tmp_path / "._Students.csv").write_bytes(b"\0\5\26\7")
    (tmp_path / "old.csv").mkdir()
    sheets = read_folder(tmp_path)
    assert [(sheet.title, len(sheet.rows)) for sheet in sheets] == [("Goals", 2), ("Progress", 0), ("Students", 2)]


@pytest.mark.parametrize(("content", "reason"), [(b"Jos\x81", "encoding"), (b"%PDF-1.7", "a PDF")])
def test_a_file_of_a_folder_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "Goals.csv").write_bytes(content)
    with pytest.raises(ValueError, match=f"^Goals.csv cannot be read: .*{reason}"):
        read_folder(tmp_path)

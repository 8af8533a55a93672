from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from iepdocs.archive import problem_with

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeTemplate, MakeWorkbook

EXCEL = "an Excel workbook (.xlsx)"
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
WEB_PAGE = b"<html><table><tr><td>Student ID</td></tr><tr><td>00042</td></tr></table></html>"


def zip_of(path: Path, *names: str, size: int = 10) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, bytes(size))
    return path


def message(path: Path) -> str:
    problem = problem_with(path, EXCEL)
    assert problem is not None
    return problem[0]


def test_a_workbook_is_no_problem(make_workbook: MakeWorkbook) -> None:
    assert problem_with(make_workbook({"Students": [["Student ID"]]}), EXCEL) is None


def test_a_word_document_is_no_problem(make_template: MakeTemplate) -> None:
    assert problem_with(make_template("{{ student.full_name }}"), "a Word document (.docx)") is None


def test_a_file_that_is_not_there_is_named_as_such(tmp_path: Path) -> None:
    assert message(tmp_path / "plans.xlsx") == "There is no such file."


def test_a_folder_is_called_a_folder(tmp_path: Path) -> None:
    assert message(tmp_path) == "This is a folder, not a file."


def test_a_password_or_an_old_format_is_named_with_what_was_wanted(tmp_path: Path) -> None:
    path = tmp_path / "plans.xlsx"
    path.write_bytes(OLD_OR_LOCKED)
    assert "This is not an Excel workbook (.xlsx): it is protected by a password" in message(path)


@pytest.mark.parametrize("content", [b"", b"Student ID,Last Name\r\n00042,Reyes\r\n", WEB_PAGE, b"PK\x03\x04"])
def test_a_file_of_another_kind_is_none_that_was_wanted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plans.xlsx"
    path.write_bytes(content)
    assert message(path) == "This is not an Excel workbook (.xlsx), or it is damaged."


def test_a_workbook_cut_short_is_damaged(make_workbook: MakeWorkbook) -> None:
    path = make_workbook({"Students": [["Student ID"]]})
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged" in message(path)


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "\\\\server\\share"])
def test_a_part_that_points_out_of_the_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "forbidden names" in message(zip_of(tmp_path / "plans.xlsx", "[Content_Types].xml", name))


def test_a_part_whose_name_only_has_dots_in_it_is_no_problem(tmp_path: Path) -> None:
    assert problem_with(zip_of(tmp_path / "plans.xlsx", "xl/sheet..1.xml"), EXCEL) is None


def test_a_file_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path: Path) -> None:
    assert "unpack" in message(zip_of(tmp_path / "plans.xlsx", "xl/sheet1.xml", size=65 << 20))


def test_a_small_file_may_be_packed_as_tightly_as_it_likes(tmp_path: Path) -> None:
    assert problem_with(zip_of(tmp_path / "plans.xlsx", "xl/sheet1.xml", size=1 << 20), EXCEL) is None


def test_a_file_that_unpacks_to_more_than_a_gigabyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plans.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/sheet1.xml", b"")
        archive.filelist[0].file_size = (1 << 30) + 1
        archive.filelist[0].compress_size = 1 << 29
    assert "unpack" in message(path)

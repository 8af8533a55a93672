"""What a file is, told by its content, and what is said of one that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import IepdocsError
from iepdocs.workbook.encryption import encrypt
from iepdocs.workbook.sources import read_package, read_sheets
from tests.support import progress_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeTemplate, MakeWorkbook

TITLES = ["Students", "Goals", "Progress"]


def refused(path: Path, password: str | None = None) -> tuple[str, str]:
    """Return the rule and the message of the one finding that stops the reading."""
    with pytest.raises(IepdocsError) as raised:
        read_sheets(path, password)
    [finding] = raised.value.findings
    assert finding.mend.endswith(".")
    return finding.rule, finding.message


@pytest.fixture
def protected(make_workbook: MakeWorkbook, tmp_path: Path) -> Path:
    path = tmp_path / "protected.xlsx"
    path.write_bytes(encrypt(make_workbook(progress_sheets()).read_bytes(), "maple"))
    return path


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".csv", ".txt", ""])
def test_a_workbook_is_one_under_any_ending(make_workbook: MakeWorkbook, ending: str) -> None:
    path = make_workbook(progress_sheets())
    assert [sheet.title for sheet in read_sheets(path.rename(path.with_name(f"plans{ending}")))] == TITLES


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty file"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"PK\x03\x04", "a damaged file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a damaged Office file"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "plans.xlsx"
    path.write_bytes(content)
    assert refused(path) == ("workbook-unreadable", f"This is no workbook, but {what}.")


def test_a_word_document_is_called_one(make_template: MakeTemplate) -> None:
    assert refused(make_template("Dear parents"))[1] == "This is no workbook, but a Word document (.docx)."


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.xlsx")[1] == "There is no such file."


def test_a_folder_without_lists_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path)[1] == "There is no .csv file in this folder."


def test_a_list_of_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "Goals.csv").write_bytes(b"%PDF-1.7")
    assert refused(tmp_path)[1].startswith("Goals.csv cannot be read")


def test_a_protected_workbook_asks_for_its_password(protected: Path) -> None:
    assert refused(protected)[0] == "password-needed"
    assert refused(protected, "oak") == ("workbook-unreadable", "The workbook does not open by this password.")
    assert [sheet.title for sheet in read_sheets(protected, "maple")] == TITLES


def test_only_an_excel_package_can_be_mended(make_workbook: MakeWorkbook, protected: Path, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "Goals.csv").write_text("Student ID,Goal Number\n00042,1\n")
    plain = make_workbook(progress_sheets())
    assert read_package(plain) == plain.read_bytes()
    assert (read_package(protected, "maple") or b"").startswith(b"PK")
    assert read_package(tmp_path / "Goals.csv") is None
    assert read_package(tmp_path / "lists") is None

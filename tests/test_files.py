from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.files import prepare_folder, write_file
from iepdocs.findings import IepdocsError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_written_whole_into_folders_that_are_made(tmp_path: Path) -> None:
    write_file(tmp_path / "iep" / "a.docx", b"content")
    assert (tmp_path / "iep" / "a.docx").read_bytes() == b"content"


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    write_file(tmp_path / "a.docx", b"old")
    write_file(tmp_path / "a.docx", b"new")
    assert (tmp_path / "a.docx").read_bytes() == b"new"


def test_where_a_target_cannot_be_replaced_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a.docx" / "in the way").mkdir(parents=True)
    with pytest.raises(IepdocsError) as raised:
        write_file(tmp_path / "a.docx", b"content")
    assert "close it there" in raised.value.findings[0].mend
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


def test_a_folder_that_is_a_file_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(IepdocsError) as raised:
        prepare_folder(tmp_path / "out")
    assert str(raised.value.findings[0].place).endswith("out")

"""`iepdocs check --annotate` and `--password-file`, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner

from iepdocs.cli import cli
from iepdocs.workbook.encryption import decrypt, encrypt, is_encrypted
from tests.support import GOALS, progress_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.support import MakeWorkbook

WRONG = progress_sheets(Goals=[GOALS[0], [*GOALS[1][:4], None, GOALS[1][5]], GOALS[2]])


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["check", *map(str, arguments), "--date", "2026-11-25"])


@pytest.fixture
def protected(make_workbook: MakeWorkbook, tmp_path: Path) -> Path:
    folder = tmp_path / "protected"
    folder.mkdir()
    path = folder / "plans.xlsx"
    path.write_bytes(encrypt(make_workbook(WRONG).read_bytes(), "maple"))
    return path


def test_the_copy_has_a_list_first_and_a_comment_at_the_cell(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    result = run(make_workbook(WRONG), "--annotate", tmp_path / "marked.xlsx")
    assert (result.exit_code, "Wrote" in result.output) == (1, True)
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert marked.sheetnames == ["Problems", "Students", "Goals", "Progress"]
    comment = marked["Goals"]["E2"].comment
    assert comment is not None
    assert "Goal is blank." in comment.text


def test_a_file_that_is_there_is_left_alone(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    out = tmp_path / "marked.xlsx"
    out.write_bytes(b"mine")
    result = run(make_workbook(WRONG), "--annotate", out)
    assert (result.exit_code, out.read_bytes()) == (2, b"mine")


def test_the_copy_of_a_list_is_a_workbook_and_must_be_called_one(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    for title, rows in progress_sheets().items():
        lines = (",".join(str(value) for value in row) for row in rows)
        (lists / f"{title}.csv").write_text("\n".join(lines), encoding="utf-8")
    assert run(lists, "--annotate", tmp_path / "marked.csv").exit_code == 2
    assert run(lists, "--annotate", tmp_path / "marked.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx")["Students"]["A2"].value == "00042"


@pytest.mark.parametrize("line", [b"maple\n", b"maple\r\nnot this\r\n", b"\xef\xbb\xbfmaple"])
def test_the_first_line_of_a_file_is_the_password(protected: Path, tmp_path: Path, line: bytes) -> None:
    (tmp_path / "word.txt").write_bytes(line)
    assert run(protected, "--password-file", tmp_path / "word.txt").exit_code == 1


@pytest.mark.parametrize("content", [b"oak\n", b"", b"\xff\xfe\x00"])
def test_another_password_ends_with_2(protected: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "word.txt").write_bytes(content)
    result = run(protected, "--password-file", tmp_path / "word.txt")
    assert (result.exit_code, "Traceback" in result.output) == (2, False)


def test_nobody_is_asked_where_there_is_no_terminal(protected: Path) -> None:
    result = run(protected)
    assert (result.exit_code, "--password-file" in result.output) == (2, True)


def test_the_copy_of_a_protected_workbook_is_protected_and_nothing_else_is_left(
    protected: Path, tmp_path: Path
) -> None:
    (tmp_path / "word.txt").write_text("maple")
    out = protected.parent / "marked.xlsx"
    run(protected, "--password-file", tmp_path / "word.txt", "--annotate", out)
    assert {path.name for path in protected.parent.iterdir()} == {"plans.xlsx", "marked.xlsx"}
    assert is_encrypted(out.read_bytes())
    assert decrypt(out.read_bytes(), "maple").startswith(b"PK")

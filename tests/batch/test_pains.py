"""What has hurt users of other tools: batches that die in the middle, names, and lists that Excel garbles."""

from __future__ import annotations

import csv
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

import iepdocs
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, progress_sheets, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeWorkbook, Rows


def named(*last_names: str, first_name: str = "Ana") -> dict[str, Rows]:
    """Return the sheets of as many students as there are names, with a goal and a result each."""
    ids = {f"{number:05}": name for number, name in enumerate(last_names, start=41)}
    students = [STUDENTS[0], *([one, name, first_name, *STUDENTS[1][3:]] for one, name in ids.items())]
    goals = [GOALS[0], *([one, *GOALS[1][1:]] for one in ids)]
    return progress_sheets(
        Students=students, Goals=goals, Progress=[PROGRESS[0], *([i, *PROGRESS[1][1:]] for i in ids)]
    )


def listed(out: Path) -> list[dict[str, str]]:
    with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_p39_one_file_that_word_holds_costs_no_other(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    out = tmp_path / "out"
    held = out / "progress_report" / "Lee, Ana 00042 2026-09-14.docx"
    (held / "as a folder cannot be replaced").mkdir(parents=True)
    workbook = make_workbook(named("Reyes", "Lee", "Okafor"))
    report = iepdocs.generate(workbook, out, date=TODAY)
    assert report.made["progress_report"] == 2
    [skipped] = report.skipped
    assert skipped.path == "progress_report/Lee, Ana 00042 2026-09-14.docx"
    assert "close it there" in skipped.findings[0].mend
    assert [row["status"] for row in listed(out)] == ["done", "failed", "done"]
    assert not list(out.rglob("~*"))
    (held / "as a folder cannot be replaced").rmdir()
    held.rmdir()
    assert iepdocs.generate(workbook, out, date=TODAY).made["progress_report"] == 1
    assert [row["status"] for row in listed(out)] == ["done"] * 3


def test_p40_names_that_are_no_file_names(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    names = ["A/B", "O:Neil?", "CON", "Lee.", "N" * 120, "lee.", "../x", "\u202eeeL"]
    out = tmp_path / "out"
    iepdocs.generate(make_workbook(named(*names)), out, date=TODAY)
    rows = listed(out)
    assert [row["student_id"] for row in rows] == [f"{number:05}" for number in range(41, 49)]
    for row, name in zip(rows, names, strict=True):
        assert name.strip("\u202e") in text_of(out / row["file"])
        assert not PureWindowsPath(row["file"]).is_reserved()
        assert not set(row["file"]) & set(':?*"<>|\\')
        assert row["file"].count("/") == 1
    assert len({row["file"].casefold() for row in rows}) == len(names)


def test_p41_a_list_that_excel_reads_right(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    out = tmp_path / "out"
    iepdocs.generate(make_workbook(named("Núñez", first_name="José")), out, date=TODAY)
    content = (out / "manifest.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    [row] = content.decode("utf-8-sig").splitlines()[1:]
    assert row.startswith("00041,")
    assert '"progress_report/Núñez, José 00041 2026-09-14.docx"' in row

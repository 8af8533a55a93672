"""From a file of any kind that schools keep their lists in to its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.archive import problem_with
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.workbook.xlsx import read_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.workbook.cells import CellSheet


def read_sheets(path: Path, password: str | None = None) -> list[CellSheet]:
    """Read all sheets of a workbook.

    Raises:
        IepdocsError: where the file cannot be read.
    """
    problem = problem_with(path, "an Excel workbook (.xlsx)")
    if problem:
        raise _unreadable(path, *problem)
    try:
        return read_xlsx(path.read_bytes())
    except Exception:  # noqa: BLE001  (a hostile file may raise anything)
        raise _unreadable(
            path,
            "This file cannot be read as an Excel workbook.",
            "Open it in Excel and save it again as an Excel workbook (.xlsx).",
        ) from None


def _unreadable(path: Path, message: str, mend: str) -> IepdocsError:
    return IepdocsError(Finding(message, mend, FilePlace(str(path)), rule="workbook-unreadable"))

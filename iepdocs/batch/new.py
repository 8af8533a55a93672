"""Write a workbook to fill in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from iepdocs.files import write_file
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.pack import sample_workbook
from iepdocs.workbook import open_workbook
from iepdocs.workbook.blank import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.pack import Pack


def make_workbook(path: Path, pack: Pack, *, sample: bool) -> None:
    """Write the blank workbook of a pack, or with the sample's rows in it.

    Raises:
        IepdocsError: where the file is there already, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise IepdocsError(
            Finding(
                message="The name of a workbook ends in .xlsx.",
                mend=f"Name it {path.name}.xlsx.",
                place=FilePlace(str(path)),
                rule="cannot-write",
            )
        )
    if path.exists():
        raise IepdocsError(
            Finding(
                message="There is a file of this name already, and it was left alone.",
                mend="Choose another name, or move the file away.",
                place=FilePlace(str(path)),
                rule="cannot-write",
            )
        )
    tables = open_workbook(sample_workbook(), pack).tables if sample else {}
    rows = {title: [row.values for row in table.rows] for title, table in tables.items()}
    content = io.BytesIO()
    write_workbook(content, pack, rows)
    write_file(path, content.getvalue())

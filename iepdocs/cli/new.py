"""`iepdocs new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iepdocs.cli import options
from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("path", type=options.PATH)
@click.option("--sample", is_flag=True, help="Fill it with the plans of an invented district.")
@options.district
def new(path: Path, *, sample: bool, district: Path | None) -> None:
    """Write a workbook to fill in to PATH (.xlsx): every sheet and column, with help and drop-downs."""
    from iepdocs.pack import load_pack, sample_workbook  # noqa: PLC0415  (heavy)
    from iepdocs.workbook import open_workbook, write_workbook  # noqa: PLC0415

    if path.exists():
        raise IepdocsError(
            Finding(
                message="There is a file of this name already, and it was left alone.",
                mend="Choose another name, or move the file away.",
                place=FilePlace(str(path)),
                rule="cannot-write",
            )
        )
    pack = load_pack(district)
    tables = open_workbook(sample_workbook(), pack).tables if sample else {}
    rows = {title: [row.values for row in table.rows] for title, table in tables.items()}
    try:
        write_workbook(path, pack, rows)
    except OSError as error:
        raise IepdocsError(
            Finding(
                message=f"This cannot be written: {error.strerror or type(error).__name__}.",
                mend="Choose another folder or name.",
                place=FilePlace(str(path)),
                rule="cannot-write",
            )
        ) from None
    click.echo(f"Wrote {path}. Open it in Excel; its first sheet says how to fill it in.")

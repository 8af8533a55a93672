"""`iepdocs new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import iepdocs
from iepdocs.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("path", type=options.PATH)
@click.option("--sample", is_flag=True, help="Fill it with the plans of an invented district.")
@options.district
def new(path: Path, *, sample: bool, district: Path | None) -> None:
    """Write a workbook to fill in to PATH (.xlsx): every sheet and column, with help and drop-downs."""
    iepdocs.new_workbook(path, sample=sample, district=district)
    click.echo(f"Wrote {path}. Open it in Excel; its first sheet says how to fill it in.")

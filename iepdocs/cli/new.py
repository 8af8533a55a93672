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
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help="Only the sheets and columns of this kind of document. May be repeated.",
)
@click.option(
    "--sheet",
    "sheets",
    multiple=True,
    metavar="TITLE",
    help="With --kind: this sheet too, which such documents use. May be repeated.",
)
@options.district
@options.templates
def new(
    path: Path,
    *,
    sample: bool,
    kinds: tuple[str, ...],
    sheets: tuple[str, ...],
    district: Path | None,
    templates: Path | None,
) -> None:
    """Write a workbook to fill in to PATH (.xlsx): every sheet and column, with help and drop-downs.

    With --kind it has only the sheets and columns that such documents use, the required ones first.
    """
    others = iepdocs.new_workbook(
        path, sample=sample, kinds=kinds, sheets=sheets, district=district, templates=templates
    )
    click.echo(f"Wrote {path}. Open it in Excel; its first sheet says how to fill it in.")
    if others:
        click.echo(f'The documents also use, if there: {", ".join(others)}. --sheet "{others[0]}" adds one.')

"""`iepdocs check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import iepdocs
from iepdocs.cli import options
from iepdocs.cli.output import count, show_findings
from iepdocs.findings import has_errors

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


@click.command()
@options.workbook
@options.kinds
@options.district
@options.templates
@options.date
@click.pass_context
def check(
    context: click.Context,
    workbook: Path,
    kinds: tuple[str, ...],
    district: Path | None,
    templates: Path | None,
    date: dt.date | None,
) -> None:
    """List all problems of WORKBOOK: the cell, what is wrong, and how to mend it.

    Ends with status 0 if there is no error, 1 if there is one, 2 if the workbook cannot be read.
    """
    findings = iepdocs.check(workbook, kinds=kinds, district=district, templates=templates, date=date)
    show_findings(findings)
    if findings:
        click.echo()
    click.echo(f"{workbook.name}: {count(findings)}.")
    context.exit(int(has_errors(findings)))

"""`iepdocs check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import iepdocs
from iepdocs.cli import options
from iepdocs.cli.columns import clean
from iepdocs.cli.output import FORMAT, FORMATS, TABLE, count, show_findings, write_findings
from iepdocs.cli.password import with_password
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
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default=TABLE,
    show_default=True,
    help="How to print them: csv opens in Excel, json is for programs.",
)
@click.option(
    "--annotate",
    type=options.PATH,
    metavar="OUT.xlsx",
    help="Write a copy of the workbook with the problems marked, explained in comments, and listed on a first sheet.",
)
@options.password_file
@click.pass_context
def check(
    context: click.Context,
    workbook: Path,
    kinds: tuple[str, ...],
    district: Path | None,
    templates: Path | None,
    date: dt.date | None,
    output_format: str,
    annotate: Path | None,
    password_file: Path | None,
) -> None:
    """List all problems of WORKBOOK: the cell, what is wrong, and how to mend it.

    WORKBOOK is an Excel workbook (.xlsx, .xlsm, .xlsb, .xls), an .ods or .csv file, or a folder of .csv files.

    The most useful come first, and a fault that repeats down a column is one entry. In csv and json each cell has
    its own; if the workbook cannot be read, they say that in the same form.

    Ends with status 0 if there is no error, 1 if there is one, 2 if the workbook cannot be read.
    """
    context.meta[FORMAT] = output_format
    findings = with_password(
        lambda password: iepdocs.check(
            workbook,
            kinds=kinds,
            district=district,
            templates=templates,
            date=date,
            password=password,
            annotate=annotate,
        ),
        password_file,
    )
    if output_format == TABLE:
        entries = show_findings(findings)
        if entries:
            click.echo()
        different = f" ({entries} different problems)" if entries > 1 else " (all the same)"
        click.echo(f"{clean(workbook.name)}: {count(findings)}{different if entries < len(findings) else ''}.")
        if annotate:
            click.echo(f"Wrote {annotate}: the same workbook with the problems marked and listed.")
    else:
        write_findings(findings, output_format)
    context.exit(int(has_errors(findings)))

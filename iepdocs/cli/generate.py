"""`iepdocs generate`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

import iepdocs
from iepdocs.cli import options
from iepdocs.cli.output import ProgressBar, show_findings, show_plan, show_report
from iepdocs.cli.password import with_password
from iepdocs.findings import has_errors

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


@click.command()
@options.workbook
@click.option(
    "--out",
    type=options.PATH,
    default="out",
    show_default=True,
    metavar="DIR",
    help="The folder to write into.",
)
@options.kinds
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this student. May be repeated.")
@click.option(
    "--period", "periods", multiple=True, metavar="NAME", help="Only progress reports of this period. May be repeated."
)
@options.district
@options.templates
@options.date
@click.option(
    "--force",
    is_flag=True,
    help="Make documents despite errors in what plans say, as drafts: DRAFT stands in their names and on their pages.",
)
@click.option(
    "--summary",
    type=options.PATH,
    metavar="OUT.xlsx",
    help="Write beside a list of the goals that the progress reports show, with their figures, for Excel.",
)
@click.option("--dry-run", is_flag=True, help="Make nothing: say who gets letters and why, and what would be made.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Make anew also documents that someone has edited since; the edited ones are kept beside the new.",
)
@options.name
@options.no_names
@click.option("--pdf", is_flag=True, help="Make a PDF of each document too, beside it, with LibreOffice.")
@click.option(
    "--combine",
    is_flag=True,
    help="Put the PDFs of each kind into one file to print on both sides of the paper, in the folder 'print'.",
)
@click.option(
    "--by", metavar="COLUMN", help="One such file for each school, case_manager or other column of the Students sheet."
)
@click.option("--soffice", type=options.PATH, metavar="FILE", help="Where LibreOffice is, if it is not found.")
@click.option("--word", is_flag=True, help="Let Microsoft Word make the PDFs, on Windows or macOS.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes work at the same time; without it, as many as the computer has cores.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Let the workers of this running dask.distributed scheduler make the documents. The data travel to them.",
)
@options.password_file
@click.pass_context
def generate(
    context: click.Context,
    workbook: Path,
    out: Path,
    kinds: tuple[str, ...],
    students: tuple[str, ...],
    periods: tuple[str, ...],
    district: Path | None,
    templates: Path | None,
    date: dt.date | None,
    *,
    force: bool,
    dry_run: bool,
    overwrite: bool,
    name: str | None,
    no_names: bool,
    jobs: int | None,
    cluster: str | None,
    pdf: bool,
    combine: bool,
    by: str | None,
    soffice: Path | None,
    word: bool,
    summary: Path | None,
    password_file: Path | None,
) -> None:
    """Make the documents of WORKBOOK, in Word.

    The workbook is checked first. A document that an error touches is skipped, and the others are made. Run again, only
    what has changed is made anew, and what someone has edited in Word is left alone. What became of every document
    stands in manifest.csv in the folder.

    Ends with status 0 if there was no error, 1 if there was one, 2 if the workbook, a template or the folder cannot
    be used.
    """
    started = time.monotonic()
    with ProgressBar("Making documents") as bar, ProgressBar("Making PDFs") as pdf_bar:
        report = with_password(
            lambda password: iepdocs.generate(
                workbook,
                out,
                kinds=kinds,
                students=students,
                periods=periods,
                district=district,
                templates=templates,
                date=date,
                password=password,
                watch=None if dry_run else bar.watch,
                force=force,
                dry_run=dry_run,
                summary=summary,
                overwrite=overwrite,
                jobs=jobs,
                cluster=cluster,
                name=name,
                no_names=no_names,
                pdf=pdf,
                combine=combine,
                by=by and by.strip().lower().replace(" ", "_"),
                soffice=soffice,
                word=word,
                watch_pdfs=pdf_bar.watch,
            ),
            password_file,
        )
    show_findings(report.findings)
    if dry_run:
        show_plan(report)
    show_report(report, out, time.monotonic() - started)
    if summary and not dry_run:
        click.echo(f"Summary:   {summary.resolve()}")
    context.exit(int(has_errors(report.findings) or not report.is_complete))

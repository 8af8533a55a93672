"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

PATH = click.Path(path_type=Path)

workbook = click.argument("workbook", type=PATH)
kinds = click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind of document. May be repeated."
)
district = click.option(
    "--district", type=PATH, metavar="DIR", help="Your district's folder of declarations and templates."
)
templates = click.option("--templates", type=PATH, metavar="DIR", help="Your folder of Word templates (.docx).")
date = click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d", "%m/%d/%Y"]),
    metavar="YYYY-MM-DD",
    callback=lambda _, __, value: value and value.date(),
    help="The day of the run, if not today.",
)
name = click.option(
    "--name",
    metavar="PATTERN",
    help="How files are named, such as '{school}/{last_name} {student_id} {document} {date}'.",
)
no_names = click.option("--no-names", is_flag=True, help="Name files by student IDs and dates alone.")
password_file = click.option(
    "--password-file",
    type=PATH,
    metavar="FILE",
    help="A text file whose first line is the workbook's password. Without it you are asked.",
)

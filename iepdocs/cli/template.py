"""`iepdocs template`: check, preview and render Word templates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import iepdocs
from iepdocs.cli import options
from iepdocs.cli.columns import clean
from iepdocs.cli.output import (
    FORMAT,
    JSON,
    TABLE,
    count,
    show_error,
    show_template_findings,
    write_template_findings,
)
from iepdocs.findings import FilePlace, Finding, IepdocsError, has_errors

if TYPE_CHECKING:
    import datetime as dt

_kind = click.option("--kind", metavar="KIND", help="What the template is for; else its file name says so.")
_file = click.argument("path", type=options.PATH, metavar="FILE")


@click.group()
def template() -> None:
    """Check, preview and render Word templates."""


@template.command()
@click.argument("paths", nargs=-1, required=True, type=options.PATH, metavar="FILE...")
@_kind
@options.district
@options.templates
@click.option(
    "--accessibility",
    is_flag=True,
    help="Look also for what people with a disability cannot read (WCAG 2.1, Section 508).",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice([TABLE, JSON]),
    default=TABLE,
    show_default=True,
    help="How to print them: json is for programs.",
)
@click.pass_context
def check(
    context: click.Context,
    paths: tuple[Path, ...],
    kind: str | None,
    district: Path | None,
    templates: Path | None,
    *,
    accessibility: bool,
    output_format: str,
) -> None:
    """List all problems of each template FILE: where, what is wrong, and how to mend it.

    What a template is for is said by its file name, such as iep.docx or iep.es.docx, or by --kind.

    Ends with status 0 if there is no error, 1 if there is one, 2 if a file cannot be read.
    """
    context.meta[FORMAT] = output_format
    closed = [path for path in paths if not path.name.startswith("~$")]  # what Word keeps beside an open document
    found = iepdocs.check_templates(
        closed, kind=kind, district=district, templates=templates, accessibility=accessibility
    )
    everything = [finding for findings in found.values() for finding in findings]
    if output_format == JSON:
        write_template_findings(everything)
    else:
        for path, findings in found.items():
            click.echo(f"{click.style(clean(path.name), bold=True)}: {count(findings)}.")
            show_template_findings(findings)
    unreadable = any(finding.rule == "template-unreadable" for finding in everything)
    context.exit(2 if unreadable else int(has_errors(everything)))


@template.command()
@_file
@_kind
@click.option("--blank", is_flag=True, help="Show every field as its own name, highlighted.")
@click.option("--out", type=options.PATH, metavar="OUT.docx", help="The document to write; else one in the folder out.")
@options.district
@options.templates
@options.date
def preview(
    path: Path,
    kind: str | None,
    *,
    blank: bool,
    out: Path | None,
    district: Path | None,
    templates: Path | None,
    date: dt.date | None,
) -> None:
    """Show what FILE makes of the plans of an invented student, or with --blank where each field lands."""
    out = out or Path("out", f"{path.stem} preview.docx")
    _other_than(out, path, "template")
    odd = iepdocs.preview_template(path, out, kind=kind, blank=blank, district=district, templates=templates, date=date)
    show_template_findings(odd)
    click.echo(f"Wrote {out}. Open it in Word.")


@template.command()
@_file
@click.option("--data", type=options.PATH, required=True, metavar="DATA.json", help="The names and their values.")
@click.option("--out", type=options.PATH, required=True, metavar="OUT.docx", help="The document to write.")
def render(path: Path, data: Path, out: Path) -> None:
    """Fill FILE with any data: an object of names and values in JSON.

    A name that is not in the data prints nothing, and is named.
    """
    from iepdocs.files import write_file  # noqa: PLC0415

    _other_than(out, path, "template")
    _other_than(out, data, "file with the data")
    context = _read_data(data)
    content, odd = iepdocs.Template(path).render_with_findings(context)
    write_file(out, content)
    if odd:
        show_error(IepdocsError(*odd))


def _other_than(out: Path, path: Path, what: str) -> None:
    """Refuse to write over what was read.

    Raises:
        IepdocsError: where the two are one file.
    """
    if out.resolve() == path.resolve():
        message = f"This is the {what} itself, and it was left alone."
        raise IepdocsError(
            Finding(message, "Choose another name for the document.", FilePlace(str(out)), rule="cannot-write")
        )


def _read_data(path: Path) -> dict[str, Any]:
    """Read the names and values for a template.

    Raises:
        IepdocsError: where the file cannot be read or is no object in JSON.
    """
    mend = 'Write names and values in braces, such as {"student": {"first_name": "Ana"}}.'
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        message, mend = f"This file cannot be opened: {error.strerror}.", "Check its name and folder."
    except UnicodeDecodeError:
        message, mend = "This file is not written in UTF-8.", "Save it again with the encoding UTF-8."
    except json.JSONDecodeError as error:
        message = f"This is not JSON: line {error.lineno}, character {error.colno}: {error.msg}."
    except (RecursionError, ValueError):
        message = "This JSON is nested too deep, or holds a number that is too long."
    else:
        if isinstance(data, dict):
            return data
        message = "This is JSON, but not an object of names and values."
    raise IepdocsError(Finding(message, mend, FilePlace(str(path)), rule="data-unreadable"))

"""The command line: a file for each command, options in, one call, output."""

from __future__ import annotations

import sys

import click

from iepdocs import __version__
from iepdocs.cli.check import check
from iepdocs.cli.fields import fields
from iepdocs.cli.generate import generate
from iepdocs.cli.new import new
from iepdocs.cli.output import FORMAT, TABLE, show_error
from iepdocs.cli.status import status
from iepdocs.cli.template import template
from iepdocs.findings import FilePlace, IepdocsError, own_fault


class _Group(click.Group):
    """Catches what stops a command, in one place: the findings, and faults of iepdocs itself."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except IepdocsError as error:
            show_error(error, ctx.meta.get(FORMAT, TABLE))
            ctx.exit(2)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt, BrokenPipeError):
            raise
        except OSError as error:
            click.echo(f"iepdocs: the output cannot be written: {error.strerror}.", err=True)
            ctx.exit(2)
        except Exception as error:  # noqa: BLE001  (a traceback may hold a child's data)
            show_error(IepdocsError(own_fault(error, FilePlace("iepdocs"))), ctx.meta.get(FORMAT, TABLE))
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="iepdocs %(version)s")
def cli() -> None:
    """Make special-education documents from a spreadsheet, in your own Word templates.

    Start with 'iepdocs new plans.xlsx' for a blank workbook, or with --sample for one filled with invented students.
    """


for command in (new, check, generate, status, template, fields):
    cli.add_command(command)


def main() -> None:
    """Run the command line; text that the terminal or file cannot show is replaced, not fatal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    cli()

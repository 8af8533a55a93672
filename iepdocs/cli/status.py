"""`iepdocs status`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

import iepdocs
from iepdocs.cli import options
from iepdocs.cli.columns import clean
from iepdocs.cli.output import MOST_PATHS
from iepdocs.cli.password import with_password

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from iepdocs.batch import Standing


@click.command()
@click.argument("out", type=options.PATH)
@click.argument("workbook", type=options.PATH, required=False)
@options.kinds
@options.district
@options.templates
@options.date
@options.name
@options.no_names
@options.password_file
@click.pass_context
def status(
    context: click.Context,
    out: Path,
    workbook: Path | None,
    kinds: tuple[str, ...],
    district: Path | None,
    templates: Path | None,
    date: dt.date | None,
    name: str | None,
    *,
    no_names: bool,
    password_file: Path | None,
) -> None:
    """Say how the documents in the folder OUT stand.

    They are done, edited by someone since, missing, not made or failed; with WORKBOOK also out of date, or no longer in
    it.

    Ends with status 0 if nothing is left to do, 1 if something is, 2 if the folder or the workbook cannot be read.
    """
    found = with_password(
        lambda password: iepdocs.status(
            out,
            workbook,
            kinds=kinds,
            district=district,
            templates=templates,
            date=date,
            password=password,
            name=name,
            no_names=no_names,
        ),
        password_file,
    )
    context.exit(0 if _show(found) else 1)


def _show(found: list[Standing]) -> bool:
    """Print how documents stand, and return whether nothing is left to do."""
    from iepdocs.batch import IN_ORDER, State  # noqa: PLC0415  (heavy: everything)

    counts = Counter(one.state for one in found)
    for state in State:
        mine = [one for one in found if one.state is state]
        if not mine or state is State.DONE:
            continue
        click.secho(f"\n{state.capitalize()}", bold=True)
        for one in mine[:MOST_PATHS]:
            click.echo(f"  {clean(one.file)}")
            if one.message:
                click.echo(f"         {clean(one.message)}")
        if len(mine) > MOST_PATHS:
            click.echo(f"  and {len(mine) - MOST_PATHS} more")
    counted = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    click.echo(f"\nDocuments: {counted or 'none; there was nothing to make'}")
    return all(one.state in IN_ORDER for one in found)

"""`iepdocs fields`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iepdocs.cli import options
from iepdocs.cli.citations import show_citations, write_citations
from iepdocs.cli.output import CSV, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iepdocs.pack import Name


@click.command()
@click.argument("kind", required=False)
@click.option("--citations", is_flag=True, help="List what the law asks of the documents, and what carries it.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice([TABLE, CSV]),
    default=TABLE,
    show_default=True,
    help="How to print the citations: csv is for spreadsheet programs.",
)
@options.district
@options.templates
def fields(
    kind: str | None, *, citations: bool, output_format: str, district: Path | None, templates: Path | None
) -> None:
    """List the names that a template may use: of KIND, or of all kinds of documents.

    With --citations it lists what the law asks of each: the regulation, what it asks for, the columns that answer, and
    where these are in the English template.
    """
    from iepdocs.pack import load_pack  # noqa: PLC0415  (heavy)

    pack = load_pack(district, templates)
    if citations:
        from iepdocs.batch import elements  # noqa: PLC0415  (heavy)

        kinds = [pack.kind(kind)] if kind else pack.kinds.values()
        write = write_citations if output_format == CSV else show_citations
        write([(each, elements(each, pack)) for each in kinds], pack)
        return
    names = pack.names_of(pack.kind(kind)) if kind else pack.names
    for name in names.values():
        click.secho(
            f"\n{name.key}" + (f"  (a list: {{% for {name.each} in {name.key} %}})" if name.each else ""),
            bold=True,
        )
        click.echo(f"  {name.help}")
        rows = list(_rows(name.each or name.key, name.below({})))
        formatter = click.HelpFormatter(width=110)
        if rows:
            with formatter.indentation():
                formatter.write_dl(rows, col_max=44)
            click.echo(formatter.getvalue(), nl=False)


_TYPES = {"string": "text", "boolean": "yes or no", "integer": "whole number", "list": "one or more"}


def _rows(above: str, names: Mapping[str, Name]) -> Iterator[tuple[str, str]]:
    for name in names.values():
        kind = f"list: {{% for {name.each} in {above}.{name.key} %}}" if name.each else _TYPES.get(name.type, name.type)
        example = f" Example: {name.example}" if name.example else ""
        yield f"{above}.{name.key}", f"{f'[{kind}] ' if kind else ''}{name.help}{example}"
        if not name.is_value:
            yield from _rows(name.each or f"{above}.{name.key}", name.below({}))

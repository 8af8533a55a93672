"""`iepdocs fields`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iepdocs.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iepdocs.pack import Name


@click.command()
@click.argument("kind", required=False)
@options.district
def fields(kind: str | None, district: Path | None) -> None:
    """List the names that a template may use: of KIND, or of all kinds of documents."""
    from iepdocs.pack import load_pack  # noqa: PLC0415  (heavy)

    pack = load_pack(district)
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

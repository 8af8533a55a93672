"""What `iepdocs fields --citations` prints: what the law asks of documents, and what carries it."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

import click

from iepdocs.cli.columns import beside, clean, wrap
from iepdocs.cli.output import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iepdocs.documents import Carried
    from iepdocs.pack import Kind, Pack

_HEADERS = ("Kind", "Citation", "Asks for", "Names", "Columns", "Place in the template")
_ASKED = (28, 80)
_CARRIES = (2, 42, 62)
"""How wide columns are, two spaces between them: a line has 110."""
_STATEMENT = re.compile(r"\{%.*?(?:%\}|(?=\"|$))")


def show_citations(found: Iterable[tuple[Kind, Sequence[Carried]]], pack: Pack) -> None:
    """Print what each kind is asked for, and below it what carries it and where."""
    for kind, carried in found:
        click.secho(f"\n{clean(kind.title)} ({kind.key})", bold=True)
        if not carried:
            click.echo("Nothing is declared.")
        for element, parts in groupby(carried, key=lambda one: one.element):
            _show(_ASKED, element.citation, element.says)
            for part in parts:
                _show(_CARRIES, "", _what(part, pack), _where(part))


def write_citations(found: Iterable[tuple[Kind, Sequence[Carried]]], pack: Pack) -> None:
    """Write the same to stdout as CSV, a row for each name or text."""
    rows = [
        (kind.key, one.element.citation, one.element.says, " or ".join(one.names), _what(one, pack), _where(one))
        for kind, carried in found
        for one in carried
    ]
    write_csv(_HEADERS, rows)


def _show(widths: Sequence[int], *texts: str) -> None:
    wrapped = [wrap(clean(text).split(), width) for text, width in zip(texts, widths, strict=True)]
    for line in beside(wrapped, widths):
        click.echo(line)


def _what(one: Carried, pack: Pack) -> str:
    """Return the columns that carry an element, by sheet; without any the names, or that it is a text."""
    by_sheet: dict[str, list[str]] = {}
    for use in one.uses:
        by_sheet.setdefault(use.sheet, []).extend(
            [pack.sheets[use.sheet].columns[use.column].title] if use.column else []
        )
    columns = [f"{title}: {', '.join(headers)}" if headers else title for title, headers in by_sheet.items()]
    return "; ".join(columns) or " or ".join(one.names) or "the template's own words"


def _where(one: Carried) -> str:
    """Return the first place that carries an element; of a heading, without its conditions."""
    return _STATEMENT.sub("", one.places[0].where) if one.places else "nowhere"

"""What commands print."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import click

from iepdocs.findings import CellPlace, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from click._termui_impl import ProgressBar as ClickProgressBar

    from iepdocs.batch import Report
    from iepdocs.findings import Finding, IepdocsError

_MOST_REASONS = 3
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def show_error(error: IepdocsError) -> None:
    """Print what stopped a command, on stderr."""
    for finding in error.findings:
        _show(finding, str(finding.place), err=True)


def show_findings(findings: Sequence[Finding]) -> None:
    """Print the findings of a workbook, sheet by sheet, errors first."""
    order = list(Severity)
    by_sheet: dict[str, list[Finding]] = {}
    for finding in findings:
        place = finding.place
        by_sheet.setdefault(place.sheet if isinstance(place, CellPlace) else str(place), []).append(finding)
    for sheet, found in by_sheet.items():
        click.secho(f"\n{sheet}", bold=True)
        for finding in sorted(found, key=lambda one: order.index(one.severity)):
            place = finding.place
            if isinstance(place, CellPlace):
                where = place.cell or (f"row {place.row}" if place.row else "")
                title = f" ({place.header})" if place.header and where else ""
                _show(finding, f"{where}{title}")
            else:
                _show(finding, place.inside or "")


def count(findings: Iterable[Finding]) -> str:
    """Return how many errors, warnings and notes there are, in words."""
    found = [finding.severity for finding in findings]
    counts = [(found.count(severity), severity.value) for severity in Severity]
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n) or "no problems"


def _show(finding: Finding, where: str, *, err: bool = False) -> None:
    label = click.style(finding.severity.value, fg=_COLORS[finding.severity])
    head = f"  {label}  {where + ': ' if where else ''}{finding.message}"
    citation = f" ({finding.citation})" if finding.citation else ""
    click.echo(head + citation, err=err)
    click.echo(f"         {finding.mend}", err=err)


class ProgressBar:
    """A progress bar on stderr that starts with the first document; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._bar: ClickProgressBar[int] | None = None

    def watch(self, done: int, total: int) -> None:
        """Take note that so many of all are done."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, label="Making documents", show_pos=True, file=sys.stderr)
            self._stack.enter_context(self._bar)
        self._bar.update(done - self._bar.pos)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()


def show_report(report: Report, out: Path, seconds: float) -> None:
    """Print what a run did: the documents skipped and why, then a table of what was made."""
    if report.skipped:
        click.secho("\nNot made", bold=True)
    for skipped in report.skipped:
        click.echo(f"  {skipped.path}" + (" (one of an earlier run is still there)" if skipped.earlier else ""))
        for finding in skipped.findings[:_MOST_REASONS]:
            click.echo(f"         {finding.place}: {finding.message}")
            if finding not in report.findings:
                click.echo(f"         {finding.mend}")
        more = len(skipped.findings) - _MOST_REASONS
        if more > 0:
            click.echo(f"         and {more} more above.")
    not_made = [skipped.path.partition("/")[0] for skipped in report.skipped]
    rows = [(kind.title, str(report.made[key]), str(not_made.count(key) or "")) for key, kind in report.kinds.items()]
    rows.append(("All", str(report.made.total()), str(len(report.skipped) or "")))
    width = max(len(row[0]) for row in rows) + 2
    click.secho(f"\n{'Document':{width}}{'made':>8}{'not made':>10}", bold=True)
    for title, made, skipped_count in rows:
        click.echo(f"{title:{width}}{made:>8}{skipped_count:>10}")
    for kind, absent in report.lacking:
        click.echo(f"No {kind.title}: the workbook has no rows on the sheet {' or '.join(absent)}.")
    own = [finding for skipped in report.skipped for finding in skipped.findings if finding not in report.findings]
    click.echo(f"\nProblems:  {count([*report.findings, *own])}")
    click.echo(f"Folder:    {out.resolve()}")
    click.echo(f"Time:      {seconds:.1f} seconds")

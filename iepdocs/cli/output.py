"""What commands print."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import ExitStack
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Self

import click

from iepdocs.cli.columns import beside, clean, width_of, wrap
from iepdocs.cli.groups import cells, grouped
from iepdocs.excel_csv import csv_bytes
from iepdocs.findings import CellPlace, Severity, TemplatePlace
from iepdocs.language import language_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from click._termui_impl import ProgressBar as ClickProgressBar

    from iepdocs.batch import Report
    from iepdocs.batch.printing import Printed
    from iepdocs.cli.groups import Group
    from iepdocs.findings import Finding, IepdocsError

TABLE, JSON, CSV = "table", "json", "csv"
FORMATS = (TABLE, JSON, CSV)
FORMAT = "iepdocs.format"
"""Where a command leaves in its context's meta how findings are to be printed, also those that stop it."""
_MOST_REASONS = 3
_MOST_OTHERS = 4
MOST_PATHS = 12
_SOON = 0.5
"""Seconds after which a speed says something."""
_LONGEST_VALUE, _LONGEST_OTHER = 80, 30
_NARROWEST, _WIDEST, _NO_TERMINAL = 80, 160, 120
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_WOULD = {"unchanged": "there already", "edited": "edited since, and left alone"}
_KEYS = ("sheet", "cell", "header", "value", "message", "mend", "severity", "rule", "citation")
_TEMPLATE_KEYS = ("part", "heading", "table", "row", "column", "paragraph")
"""What a program is told of a problem: of a workbook, and where it is in a template."""


def show_error(error: IepdocsError, output_format: str = TABLE) -> None:
    """Print what stopped a command, on stderr; in a format for programs on stdout as well."""
    for finding in error.findings:
        label = click.style(finding.severity, fg=_COLORS[finding.severity])
        click.echo(f"  {label}  {clean(f'{finding.place}: {_message(finding)}')}", err=True)
        click.echo(f"         {clean(finding.mend)}", err=True)
    if output_format != TABLE:
        write_findings(error.findings, output_format)


def show_findings(findings: Sequence[Finding]) -> int:
    """Print the findings of a workbook as a table for each sheet, and return how many entries these have."""
    tables = {title: [(group, _columns(group)) for group in groups] for title, groups in grouped(findings).items()}
    entries = [columns for table in tables.values() for _, columns in table]
    if not entries:
        return 0
    width = min(max(get_terminal_size().columns, _NARROWEST), _WIDEST) if sys.stdout.isatty() else _NO_TERMINAL
    widths = [
        min(max(width_of(" ".join(paragraph)) for paragraphs in column for paragraph in paragraphs), width // 5)
        for column in list(zip(*entries, strict=True))[:-1]
    ]
    widths.append(width - 3 - sum(size + 2 for size in widths if size))
    for title, table in tables.items():
        found = [finding for group, _ in table for finding in group.findings]
        click.echo(f"\n{click.style(clean(title), bold=True)}: {count(found)}")
        for group, columns in table:
            wrapped = [_lines(paragraphs, size) for paragraphs, size in zip(columns, widths, strict=True)]
            first, *more = beside(wrapped, widths)
            severity = group.first.severity
            click.echo(f"  {click.style(severity, fg=_COLORS[severity])}{first.removeprefix(severity)}")
            for line in more:
                click.echo(f"  {line}")
    return len(entries)


def write_findings(findings: Iterable[Finding], output_format: str) -> None:
    """Write findings to stdout for a program, as bytes: an array of JSON, or CSV for Excel."""
    records = [dict(zip(_KEYS, _record(finding), strict=True)) for finding in findings]
    if output_format == JSON:
        _write_json(records)
        return
    write_csv(_KEYS, (record.values() for record in records))


def write_csv(headers: Sequence[str], rows: Iterable[Iterable[str | None]]) -> None:
    """Write a table to stdout as bytes: CSV for Excel."""
    click.echo(csv_bytes(headers, rows), nl=False)


def write_template_findings(findings: Iterable[Finding]) -> None:
    """Write findings in templates to stdout for a program: an array of JSON."""
    records = [
        {
            "template": place.path,
            **{key: getattr(place, key, None) for key in _TEMPLATE_KEYS},
            "message": finding.message,
            "mend": finding.mend,
            "severity": finding.severity.value,
            "rule": finding.rule or None,
            "citation": finding.citation or None,
        }
        for finding in findings
        if not isinstance(place := finding.place, CellPlace)
    ]
    _write_json(records)


def _write_json(records: object) -> None:
    text = json.dumps(records, ensure_ascii=False, indent=2) + "\n"
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False)


def show_template_findings(findings: Iterable[Finding]) -> None:
    """Print what is wrong in a template, each with the place where a person looks for it."""
    for finding in findings:
        place = finding.place
        where, paragraph = (place.where, place.paragraph) if isinstance(place, TemplatePlace) else (None, None)
        click.echo(f"  {click.style(finding.severity, fg=_COLORS[finding.severity])}  {clean(_message(finding))}")
        for line in (where, paragraph and f'"{paragraph}"', finding.mend):
            if line:
                click.echo(f"         {clean(line)}")


def count(findings: Iterable[Finding]) -> str:
    """Return how many errors, warnings and notes there are, in words."""
    found = [finding.severity for finding in findings]
    counts = [(found.count(severity), severity.value) for severity in Severity]
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n) or "no problems"


def _columns(group: Group) -> list[list[list[str]]]:
    """Return what a table says of a group: columns of paragraphs of words."""
    place = group.first.place
    spot = cells(group.places) if isinstance(place, CellPlace) else (place.inside or "").split()
    header = clean(", ".join(group.headers)).split()
    others = [f"'{_short(value, _LONGEST_OTHER)}' in {cell}" for value, cell in group.others.items()]
    if len(others) > _MOST_OTHERS + 1:
        others[_MOST_OTHERS:] = [f"{len(others) - _MOST_OTHERS} other values"]
    also = f" Also {', '.join(others)}." if others else ""
    message = _message(group.first)
    if isinstance(place, CellPlace) and place.value:
        message = message.replace(place.value, _short(place.value, _LONGEST_VALUE))
    return [
        [[group.first.severity]],
        [[clean(word) for word in spot]],
        [header],
        [clean(message + also).split(), clean(group.first.mend).split()],
    ]


def _lines(paragraphs: list[list[str]], width: int) -> list[str]:
    """Return paragraphs as lines; all but the first are indented."""
    first, *more = paragraphs
    return wrap(first, width) + [f"  {line}" for paragraph in more for line in wrap(paragraph, width - 2)]


def _message(finding: Finding) -> str:
    return finding.message + (f" ({finding.citation})" if finding.citation else "")


def _short(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}\u2026"


def _record(finding: Finding) -> tuple[str | None, ...]:
    """Return a finding's values for `_KEYS`; a place that has no key there stands before the message."""
    place = finding.place
    said = (finding.mend, finding.severity.value, finding.rule or None, finding.citation or None)
    if not isinstance(place, CellPlace):
        return (None, None, None, None, f"{place}: {finding.message}", *said)
    rows = "" if place.cell else " ".join(cells([place]))
    message = f"{rows.capitalize()}: {finding.message}" if rows else finding.message
    return (place.sheet, place.cell, place.header, place.value, message, *said)


class ProgressBar:
    """A progress bar on stderr that starts with the first document; nothing where stderr is no terminal."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._stack = ExitStack()
        self._bar: ClickProgressBar[int] | None = None
        self._began = 0.0

    def watch(self, done: int, total: int) -> None:
        """Take note that so many of all are done."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._began = time.monotonic()
            self._bar = click.progressbar(
                length=total, label=self._label, show_pos=True, file=sys.stderr, item_show_func=self._speed
            )
            self._stack.enter_context(self._bar)
        self._bar.update(done - self._bar.pos, done)

    def _speed(self, done: int | None) -> str | None:
        seconds = time.monotonic() - self._began
        return f"{done / seconds:,.0f} a second" if done and seconds > _SOON else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()


def show_plan(report: Report) -> None:
    """Print who gets letters, and as what, and the documents that would be made."""
    click.secho("\nWho gets letters", bold=True)
    for one in report.addressees:
        sent = f"letters in {language_name(one.language)}" if one.sent else "nothing is sent"
        click.echo(f"  {clean(f'{one.student_id}  {one.name}: {one.standing}; {sent}.')}")
    click.secho("\nWhat would be made", bold=True)
    stopped = {skipped.path for skipped in report.skipped}
    for planned in report.planned:
        if planned.path not in stopped:
            there = planned.done and _WOULD.get(planned.done)
            click.echo(f"  {clean(planned.path)}" + (f" ({there})" if there else ""))
            if planned.recipient:
                said = [planned.standing, "" if planned.language == "en" else f"in {language_name(planned.language)}"]
                click.echo(f"         {clean(f'to {planned.recipient}: ' + '; '.join(filter(None, said)))}")


def show_report(report: Report, out: Path, seconds: float) -> None:
    """Print what a run did: the documents skipped and why, then a table of what was made."""
    _show_skipped(report)
    _show_odd(report.odd)
    _show_counts(report)
    for kind, absent in report.lacking:
        click.echo(f"No {kind.title}: the workbook has no rows on the sheet {' or '.join(absent)}.")
    show_paths("Edited by someone since they were made, and left as they are:", report.edited)
    kept = [*report.kept, *(report.printed.kept if report.printed else ())]
    show_paths("Kept beside the new ones, as someone had edited them:", kept)
    show_paths("Left by an earlier run beside what was made now, to be deleted:", report.beside)
    edited = [f"{path} (someone has edited it)" if path in report.left_edited else path for path in report.left]
    show_paths("Left by an earlier run, and no longer in the workbook or named otherwise now:", edited, most=None)
    show_paths("PDFs that do not show the documents as they are now; --pdf makes them anew:", report.old_pdfs)
    if report.printed:
        _show_printed(report.printed)
    for finding in report.trouble:
        click.echo(clean(f"{finding.place}: {finding.message} {finding.mend}"))
    of_documents = [*(skipped.findings for skipped in report.skipped), *report.odd.values(), report.trouble]
    of_documents += [report.printed.problems] if report.printed else []
    own = [finding for findings in of_documents for finding in findings if finding not in report.findings]
    click.echo(f"\nProblems:  {count([*report.findings, *own])}")
    if report.interrupted:
        left = sum(planned.done is None for planned in report.planned)
        what = f"{left} documents were not come to" if left else "not all PDFs were made"
        click.echo(f"Stopped:   {what}. Run the same command again to go on.")
    click.echo("Nothing was made: this was a dry run." if report.dry_run else f"Folder:    {out.resolve()}")
    if report.manifest:
        click.echo(f"List:      {report.manifest.name}, what became of each document")
    click.echo(f"Time:      {seconds:.1f} seconds")


def _show_skipped(report: Report) -> None:
    """Print the documents that were not made, with the first reasons."""
    if report.skipped:
        click.secho("\nNot made", bold=True)
    for skipped in report.skipped:
        click.echo(f"  {skipped.path}" + (" (one of an earlier run is still there)" if skipped.earlier else ""))
        for finding in skipped.findings[:_MOST_REASONS]:
            click.echo(f"         {clean(f'{finding.place}: {finding.message}')}")
            if finding not in report.findings:
                click.echo(f"         {clean(finding.mend)}")
        more = len(skipped.findings) - _MOST_REASONS
        if more > 0:
            click.echo(f"         and {more} more above.")


def _show_printed(printed: Printed) -> None:
    """Print what became of the PDFs."""
    before = f", {printed.unchanged} as before" if printed.unchanged else ""
    click.echo(f"PDFs:      {printed.made} made{before}")
    for path, pages in printed.files.items():
        click.echo(f"To print:  {clean(path)}, {pages} page{'s' if pages > 1 else ''}")
    if printed.problems:
        click.secho("\nNo PDF", bold=True)
    for finding in printed.problems:
        click.echo(clean(f"  {finding.place}: {finding.message}"))
        click.echo(clean(f"         {finding.mend}"))


def _show_counts(report: Report) -> None:
    """Print how many documents of each kind were made, were there already, and were not made."""
    not_made = Counter(skipped.kind for skipped in report.skipped)
    headers = ("Document", "made", "as before", "not made")
    rows = [
        (kind.title, report.made[key], report.unchanged[key], not_made[key])
        for key, kind in report.kinds.items()
        if report.made[key] or report.unchanged[key] or not_made[key] or len(report.kinds) == 1
    ]
    rows.append(("All", report.made.total(), report.unchanged.total(), not_made.total()))
    shown = [0, 1, *(number for number in (2, 3) if number == 3 or rows[-1][number])]  # noqa: PLR2004
    width = max(len(row[0]) for row in rows) + 2
    click.secho(f"\n{headers[0]:{width}}" + "".join(f"{headers[at]:>11}" for at in shown[1:]), bold=True)
    for row in rows:
        click.echo(f"{row[0]:{width}}" + "".join(f"{row[at] if at == 1 else row[at] or '':>11}" for at in shown[1:]))
    drafts = sum(planned.draft for planned in report.planned)
    if drafts:
        click.echo(f"{drafts} of them drafts only, with DRAFT at the end of the name: they have open problems.")


def show_paths(title: str, paths: Sequence[str], most: int | None = MOST_PATHS) -> None:
    """Print some documents under a title, if there are any: at most so many, or all."""
    if paths:
        click.echo(title)
        click.echo("".join(f"  {clean(path)}\n" for path in paths[:most]), nl=False)
        if most is not None and len(paths) > most:
            click.echo(f"  and {len(paths) - most} more")


def _show_odd(odd: Mapping[str, Sequence[Finding]]) -> None:
    """Print what is odd in documents that were made: once for all in which it is the same."""
    if odd:
        click.secho("\nMade, and to be looked at", bold=True)
    paths: dict[Finding, list[str]] = {}
    for path, findings in odd.items():
        for finding in findings:
            paths.setdefault(finding, []).append(path)
    for finding, found in paths.items():
        more = f" and {len(found) - _MOST_REASONS} more" if len(found) > _MOST_REASONS else ""
        for path in found[:_MOST_REASONS]:
            click.echo(f"  {path}{more if path == found[:_MOST_REASONS][-1] else ''}")
        click.echo(f"         {clean(f'{finding.place}: {finding.message}')}")
        click.echo(f"         {clean(finding.mend)}")

"""Findings as a person is told them: a fault that repeats is said once, with its cells."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iepdocs.findings import CellPlace, Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from iepdocs.findings import FilePlace, Finding, TemplatePlace

_MOST_RANGES = 8
_ADDRESS = re.compile(r"\b([A-Z]{1,3})([1-9][0-9]{0,6})\b")
_NUMBER = re.compile(r"[0-9]+")
_GAP = "\0"
_TO = "\u2013"


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that are one fault to whoever mends it, the first of them standing for all."""

    findings: list[Finding]

    @property
    def first(self) -> Finding:
        """The finding whose message and mend are said."""
        return self.findings[0]

    @property
    def places(self) -> list[CellPlace]:
        """The places in the workbook, as far as they lie there."""
        return [finding.place for finding in self.findings if isinstance(finding.place, CellPlace)]

    @property
    def headers(self) -> list[str]:
        """The headers of the columns concerned."""
        return list(dict.fromkeys(place.header for place in self.places if place.header and place.header.strip()))

    @property
    def others(self) -> dict[str, str]:
        """The values that the other messages quote, each with a cell that has it."""
        messages: dict[str, CellPlace] = {}
        for finding, place in zip(self.findings, self.places, strict=False):
            messages.setdefault(finding.message, place)
        first, *others = messages.values() or [CellPlace("")]
        return {
            place.value: place.cell for place in others if place.value and place.cell and place.value != first.value
        }

    @property
    def order(self) -> tuple[int, bool, int, int, tuple[int, str]]:
        """Where it stands among the groups of its sheet: the most useful first."""
        place = self.first.place
        severity = list(Severity).index(self.first.severity)
        if not isinstance(place, CellPlace):
            return severity, False, 0, 0, (0, "")
        letters = _NUMBER.sub("", place.cell or "")
        return severity, place.row is not None, -len(self.findings), place.row or 0, (len(letters), letters)


def grouped(findings: Sequence[Finding]) -> dict[str, list[Group]]:
    """Return the findings by sheet or file, in the order they come, each with its groups, the most useful first.

    One group are findings of the same column, rule and severity
    - with the same message and mend;
    - with messages that differ by the values of their own cells alone, and mends that differ at most by the
      numbers in these values;
    - whose messages name each other's cells;
    and such groups of several columns, if they say the same of the same rows.
    """
    values: dict[Hashable, set[str]] = defaultdict(set)
    for finding in findings:
        if isinstance(finding.place, CellPlace) and finding.place.value:
            values[_incident(finding)].add(finding.place.value)
    sheets: dict[str, list[Group]] = {}
    known: dict[Hashable, Group] = {}
    for finding in findings:
        keys = list(_keys(finding, values))
        group = next((known[key] for key in keys if key in known), None)
        if group is None:
            group = Group([])
            place = finding.place
            sheets.setdefault(place.sheet if isinstance(place, CellPlace) else place.path, []).append(group)
        group.findings.append(finding)
        for key in keys:
            known.setdefault(key, group)
    return {title: sorted(_joined(groups), key=lambda group: group.order) for title, groups in sheets.items()}


def cells(places: Sequence[CellPlace]) -> list[str]:
    """Return the cells or rows of places in words that stay in one piece: `C7-C9,` `C12` `(4 cells)`."""
    spots = sorted({spot for place in places for spot in _spots(place)}, key=lambda spot: (len(spot[0]), spot))
    runs: list[tuple[str, int, int]] = []
    for letters, number in spots:
        if runs and runs[-1][0] == letters and runs[-1][2] == number - 1:
            runs[-1] = (letters, runs[-1][1], number)
        else:
            runs.append((letters, number, number))
    ranges = [f"{letters}{first}" + (f"{_TO}{letters}{last}" if last > first else "") for letters, first, last in runs]
    if not ranges:
        return list(dict.fromkeys(place.cell for place in places if place.cell))
    what = "cell" if runs[-1][0] else "row"
    words = [f"{word}," for word in ranges[:_MOST_RANGES]]
    words[-1] = words[-1].rstrip(",")
    more = sum(last - first + 1 for _, first, last in runs[_MOST_RANGES:])
    if more:
        words.append(f"and {more} more")
    if len(spots) > len(runs) or more:
        words.append(f"({len(spots)} {what}s)")
    if what == "row":
        words[0] = f"row{'s' * (len(spots) > 1)} {words[0]}"
    return words


def _spots(place: CellPlace) -> Iterator[tuple[str, int]]:
    address = _ADDRESS.fullmatch(place.cell or "")
    if address:
        yield address[1], int(address[2])
    elif not place.cell:
        for row in [place.row] if place.row else place.rows or ():
            yield "", row


def _incident(finding: Finding) -> Hashable:
    """Return what findings of one rule at several cells of one row have in common."""
    place = finding.place
    where = (place.sheet, place.row) if isinstance(place, CellPlace) else place
    return where, finding.rule, finding.message


def _keys(finding: Finding, values: Mapping[Hashable, set[str]]) -> Iterator[Hashable]:
    """Yield what a finding has in common with others of its group: one of these is enough."""
    place = finding.place
    column = (_column(place), finding.rule, finding.severity)
    yield column, finding.message, finding.mend
    if not isinstance(place, CellPlace):
        return
    quoted = sorted(values.get(_incident(finding), ()), key=len, reverse=True)
    message = finding.message
    for value in quoted:
        message = _without(message, value)
    if message != finding.message:
        numbers = set(_NUMBER.findall(" ".join(quoted)))
        yield column, message, finding.mend
        yield column, message, (_NUMBER.sub(lambda found: _GAP if found[0] in numbers else found[0], finding.mend),)
    named = {found[0] for found in _ADDRESS.finditer(finding.message)}
    if named and place.cell:
        yield column, _ADDRESS.sub(_GAP, finding.message), finding.mend, frozenset({*named, place.cell})


def _column(place: CellPlace | FilePlace | TemplatePlace) -> Hashable:
    return (place.sheet, place.header) if isinstance(place, CellPlace) else place


def _without(message: str, value: str) -> str:
    """Return a message without the value of its cell, if it quotes it."""
    for quote in (f"'{value}'", value):
        before, found, after = message.partition(quote)
        if found and not before[-1:].isalnum() and not after[:1].isalnum():
            return f"{before}{_GAP}{after}"
    return message


def _joined(groups: list[Group]) -> list[Group]:
    """Join groups of several columns that say the same of the same rows."""
    joined: dict[Hashable, Group] = {}
    for group in groups:
        first = group.first
        rows = frozenset(place.row for place in group.places) or first.place
        same = joined.setdefault((first.rule, first.severity, first.message, first.mend, rows), group)
        if same is not group:
            same.findings.extend(group.findings)
    return list(joined.values())

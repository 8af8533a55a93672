"""The one family of problems and errors.

A `Finding` says what is wrong, where, and how to mend it. Whatever can go on collects findings;
what cannot go on raises `IepdocsError`, which carries the findings that stopped it.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How bad a finding is: only an error keeps a document from being made."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A place in a workbook: a sheet, and in it a cell, a row or a column as far as they are known.

    `cell` is an address such as `B7` (None for a column that is missing), `header` the column's title,
    `value` the cell's content as shown. `row` and `column` (the column's key) tell which record and field
    are touched; without a row it is all of them, or those in `rows`.
    """

    sheet: str
    cell: str | None = None
    header: str | None = None
    value: str | None = None
    row: int | None = None
    column: str | None = None
    rows: frozenset[int] | None = None

    def __str__(self) -> str:
        """Say the place as a person would: `Goals B7 (Area)`."""
        header = f" ({self.header})" if self.header else ""
        if self.cell:
            return f"{self.sheet} {self.cell}{header}"
        if self.row:
            return f"{self.sheet} row {self.row}{header}"
        return f"{self.sheet}{header}"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A place in a file that is no workbook: its path as the user knows it, and a part, key or tag in it."""

    path: str
    inside: str | None = None

    def __str__(self) -> str:
        """Say the place: `iep.docx, {{ student.frist_name }}`."""
        return f"{self.path}, {self.inside}" if self.inside else self.path


@dataclass(frozen=True, slots=True)
class TemplatePlace:
    """A place in a Word template, as a person looks for it.

    `part` is `body`, `header of section 2`, `footnote 3`; `heading` the nearest heading above; `table`, `row` and
    `column` count from 1; `paragraph` is the paragraph's text with the tag between » and «. `order` says which of two
    places of a part comes first.
    """

    template: str
    part: str | None = None
    heading: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    paragraph: str | None = None
    order: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        """Say the place: `iep.docx, body, under "Goals", table 2, row 3, column 1: "Met: »{{ gaol.met }}«"`."""
        return f"{self.template}, {self.inside}" if self.inside else self.template

    @property
    def path(self) -> str:
        """The file, as of a `FilePlace`."""
        return self.template

    @property
    def inside(self) -> str | None:
        """The place in the file, as of a `FilePlace`."""
        return f'{self.where}: "{self.paragraph}"' if self.paragraph else self.where or None

    @property
    def where(self) -> str:
        """The place without its text: `body, under "Goals", table 2, row 3, column 1`."""
        cell = [f"{word} {number}" for word in ("table", "row", "column") if (number := getattr(self, word))]
        heading = f'under "{self.heading}"' if self.heading else None
        return ", ".join(filter(None, (self.part, heading, *cell)))


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: `message` says what is wrong and `mend` what to do, each in whole sentences.

    `rule` is a short stable id; `citation` names the regulation where one asks for it; `period` the reporting period
    that alone it is about, where it is about one.
    """

    message: str
    mend: str
    place: CellPlace | FilePlace | TemplatePlace
    severity: Severity = Severity.ERROR
    rule: str = ""
    citation: str = ""
    period: str = ""


class IepdocsError(Exception):
    """What cannot go on, with the findings that say why.

    Its text holds what the findings say and may therefore quote a cell: show it to the user, do not log it.
    """

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)
        self.findings = findings

    def __str__(self) -> str:
        return "; ".join(f"{finding.place}: {finding.message}" for finding in self.findings)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether one of the findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def own_fault(error: Exception, place: FilePlace) -> Finding:
    """Return the finding for a fault of iepdocs itself: its kind and the place in the code, nothing of the data."""
    here = Path(__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if here in Path(frame.filename).parents]
    where = f"{Path(own[-1].filename).relative_to(here).as_posix()}:{own[-1].lineno}" if own else "an unknown place"
    return Finding(
        message=f"A fault of iepdocs itself, not of your files ({type(error).__name__} at {where}).",
        mend="Nothing that was written before is harmed. Please report this line to whoever maintains iepdocs.",
        place=place,
        rule="own-fault",
    )

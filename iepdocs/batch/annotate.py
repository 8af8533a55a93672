"""Write a copy of a workbook with its problems marked, explained and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.files import write_file
from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError
from iepdocs.workbook.annotate import Note, annotate
from iepdocs.workbook.encryption import encrypt
from iepdocs.workbook.plain import as_package
from iepdocs.workbook.sources import read_package
from iepdocs.workbook.xlsx import has_macros

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from iepdocs.workbook import Workbook


def write_annotated(
    path: Path, out: Path, workbook: Workbook, findings: Iterable[Finding], password: str | None = None
) -> None:
    """Write an annotated copy of a workbook; of one that is no .xlsx or .xlsm, an .xlsx of the rows as read.

    The copy of a protected workbook is protected by the same password.

    Args:
        path: the workbook.
        out: the file to write; it must not be there yet.
        workbook: what was read from it.
        findings: what to say.
        password: what opens it.

    Raises:
        IepdocsError: where the copy cannot be written, or must not be under this name.
    """
    package = read_package(path, password)
    ending = ".xlsm" if package and has_macros(package) else ".xlsx"
    if out.suffix.lower() != ending:
        raise _not_written(out, f"The name of this copy must end in {ending}.", f"Name it {out.stem}{ending}.")
    if out.exists():
        raise _not_written(
            out,
            "There is a file of this name already, and it was left alone.",
            "Choose another name, or move the file away.",
        )
    if package is None:
        package = as_package(workbook.sheets)
    names = {title: table.name for title, table in workbook.tables.items()}
    content = annotate(package, [_note(finding, names) for finding in findings])
    write_file(out, encrypt(content, password) if password else content)


def _note(finding: Finding, names: Mapping[str, str]) -> Note:
    place = finding.place
    message = f"{finding.message} ({finding.citation})" if finding.citation else finding.message
    if not isinstance(place, CellPlace):
        return Note("", None, "", finding.severity, f"{place}: {message}", finding.mend)
    sheet = names.get(place.sheet, place.sheet)
    return Note(sheet, place.cell, place.header or "", finding.severity, message, finding.mend, place.value or "")


def _not_written(out: Path, message: str, mend: str) -> IepdocsError:
    return IepdocsError(Finding(message, mend, FilePlace(str(out)), rule="cannot-write"))

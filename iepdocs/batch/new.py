"""Write a workbook to fill in."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from iepdocs.documents import worth_filling_in
from iepdocs.docx import Template
from iepdocs.files import write_file
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.pack import language_in, sample_workbook
from iepdocs.text import did_you_mean
from iepdocs.workbook import open_workbook
from iepdocs.workbook.headers import matching, sheets_by_title

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from iepdocs.pack import Column, Kind, Pack, Sheet


def make_workbook(
    path: Path, pack: Pack, *, sample: bool = False, kinds: Sequence[str] = (), sheets: Sequence[str] = ()
) -> list[str]:
    """Write the blank workbook of a pack: the whole, that of some documents alone, or with the sample's rows in it.

    Args:
        path: the .xlsx to write; it must not be there yet.
        pack: what is declared.
        sample: whether to fill it with the sample's rows.
        kinds: the keys of the kinds of documents that it is for; none means every sheet and column.
        sheets: the titles of sheets that such documents use and that it is to have beside the usual ones.

    Returns:
        The titles of the sheets that the documents use and the workbook has not.

    Raises:
        IepdocsError: where the file is there already, or cannot be written; where a kind or sheet is not there, or
            a template cannot be read.
    """
    if path.suffix.lower() != ".xlsx":
        raise _refused("The name of a workbook ends in .xlsx.", f"Name it {path.name}.xlsx.", str(path))
    if path.exists():
        message = "There is a file of this name already, and it was left alone."
        raise _refused(message, "Choose another name, or move the file away.", str(path))
    if sample and kinds:
        message = "The sample is there for all documents at once."
        raise _refused(message, "Leave out --kind or --sample.", "--sample", "options")
    if sheets and not kinds:
        message = "A workbook for all documents has every sheet."
        raise _refused(
            message, "Say with --kind which documents it is for, or leave out --sheet.", "--sheet", "options"
        )
    others: list[str] = []
    if kinds:
        asked = {kind.key for kind in map(pack.kind, kinds)}
        pack, others = _narrowed(pack, [kind for kind in pack.kinds.values() if kind.key in asked], sheets)
    tables = open_workbook(sample_workbook(), pack).tables if sample else {}
    rows = {title: [row.values for row in table.rows] for title, table in tables.items()}
    from iepdocs.workbook.blank import write_workbook  # noqa: PLC0415  (heavy: openpyxl)

    content = io.BytesIO()
    write_workbook(content, pack, rows)
    write_file(path, content.getvalue())
    return others


def _refused(message: str, mend: str, place: str, rule: str = "cannot-write") -> IepdocsError:
    return IepdocsError(Finding(message, mend, FilePlace(place), rule=rule))


def _narrowed(pack: Pack, kinds: Sequence[Kind], sheets: Sequence[str]) -> tuple[Pack, list[str]]:
    """Return a pack with the kinds, sheets and columns of a small workbook alone, and the other sheets that are used.

    Sheets that are needed come first, and on each the columns that are required.
    """
    used: dict[str, set[str]] = {}
    usual: set[str] = set()
    for kind in kinds:
        for path in pack.templates_of(kind.template):
            template = Template(path, pieces=pack.piece_folders(path))
            read = worth_filling_in(kind, template, pack, is_translated=language_in(path) != "en")
            for title, columns in read.items():
                used.setdefault(title, set()).update(columns)
            usual |= read.keys() & kind.usual_sheets
    needed = {title for kind in kinds for title in kind.needs}
    chosen = usual.union(_sheet(word, pack, used) for word in sheets)
    ordered = sorted(pack.sheets.values(), key=lambda sheet: sheet.title not in needed)
    small = {
        sheet.title: replace(sheet, columns=_columns(sheet, used[sheet.title], pack.sheets, chosen))
        for sheet in ordered
        if sheet.title in chosen
    }
    others = [title for title in pack.sheets if title in used.keys() - chosen]
    return replace(pack, kinds={kind.key: kind for kind in kinds}, sheets=small), others


def _sheet(word: str, pack: Pack, used: Collection[str]) -> str:
    """Return the title of the sheet that a word names, of those that are used."""
    found = sheets_by_title({title: sheet for title, sheet in pack.sheets.items() if title in used})
    if sheet := found.get(matching(word)):
        return sheet.title
    titles = [title for title in pack.sheets if title in used]
    mend = did_you_mean(word, titles, f"They use: {', '.join(titles)}.")
    raise _refused(f"These documents use no sheet '{word}'.", mend, "--sheet", "sheet-unknown")


def _columns(
    sheet: Sheet, used: Collection[str], sheets: Mapping[str, Sheet], chosen: Collection[str]
) -> dict[str, Column]:
    """Return the columns of a sheet that are used, required ones first, and of these those that name a row.

    Left out is what may stay blank and only tells apart rows of a sheet that the workbook has not.
    """
    keys = {
        there: {key for title in sheet.refers_to if (title in chosen) is there for key in sheets[title].key}
        for there in (True, False)
    }
    columns = [
        column
        for key, column in sheet.columns.items()
        if key in used and (column.required or key not in keys[False] - keys[True])
    ]
    columns.sort(key=lambda column: (not column.required, column.required and column.key not in sheet.key))
    return {column.key: column for column in columns}

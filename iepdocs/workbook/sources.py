"""From a file of any kind that schools keep their lists in to its sheets of cells."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from iepdocs.archive import problem_in
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.workbook.delimited import read_delimited, read_folder
from iepdocs.workbook.encryption import UnknownProtection, WrongPassword, decrypt
from iepdocs.workbook.kinds import Kind, kind_of
from iepdocs.workbook.markup import read_html, read_xml2003
from iepdocs.workbook.ods import read_ods
from iepdocs.workbook.xls import read_xls
from iepdocs.workbook.xlsb import read_xlsb
from iepdocs.workbook.xlsx import read_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.workbook.cells import CellSheet

_MOST_BYTES = 1 << 28
"""Of a file: the largest workbooks of schools have a tenth of it."""
_SAVE_AGAIN = "Open it in Excel and save it again as an Excel workbook (.xlsx)."
_READERS = {
    Kind.XLSX: read_xlsx,
    Kind.XLSB: read_xlsb,
    Kind.XLS: read_xls,
    Kind.ODS: read_ods,
    Kind.HTML: read_html,
    Kind.XML2003: read_xml2003,
}
_ZIPPED = {Kind.XLSX, Kind.XLSB, Kind.ODS}


def read_sheets(path: Path, password: str | None = None) -> list[CellSheet]:
    """Read all sheets of a workbook: .xlsx, .xlsm, .xlsb, .xls, .ods, .csv and its like, or a folder of .csv files.

    What a file is, its content says: an .xls may be a web page.

    Args:
        path: the file or folder.
        password: what opens it, if it is protected; it is opened in memory alone.

    Raises:
        IepdocsError: naming the file, where it cannot be read.
    """
    if path.is_dir():
        return _read_folder(path)
    data, kind, what = _opened(path, password)
    try:
        return read_delimited(data, path.stem) if kind is Kind.DELIMITED else _READERS[kind](data)
    except UnknownProtection as error:
        raise _unreadable(path, str(error), "Open it in Excel, take the protection off, and save it.") from None
    except Exception:  # noqa: BLE001  (a hostile file may raise anything)
        raise _unreadable(path, f"This file is {what}, but it is damaged and cannot be read.", _SAVE_AGAIN) from None


def read_package(path: Path, password: str | None = None) -> bytes | None:
    """Return the parts of an .xlsx or .xlsm, without its protection; None for what is no such file.

    Raises:
        IepdocsError: naming the file, where it cannot be read.
    """
    if path.is_dir():
        return None
    data, kind, _ = _opened(path, password)
    return data if kind is Kind.XLSX else None


def _read_folder(path: Path) -> list[CellSheet]:
    try:
        sheets = read_folder(path)
    except ValueError as error:
        raise _unreadable(path, str(error), "Save it again from Excel as CSV UTF-8 (.csv).") from None
    if not sheets:
        raise _unreadable(path, "There is no .csv file in this folder.", "Name a workbook, or a folder of .csv files.")
    return sheets


def _opened(path: Path, password: str | None) -> tuple[bytes, Kind, str]:
    """Return a file's bytes without its protection, and what kind it is."""
    data = _read(path)
    kind, what = kind_of(data, path.name)
    if kind is Kind.ENCRYPTED:
        data = _decrypted(path, data, password)
        kind, what = kind_of(data, path.name)
    if kind in {Kind.EMPTY, Kind.UNKNOWN, Kind.ENCRYPTED}:
        is_of_numbers = "Numbers" in what
        mend = "Open it in Numbers and export it as Excel." if is_of_numbers else "Name your Excel workbook (.xlsx)."
        raise _unreadable(path, f"This is no workbook, but {what}.", mend)
    if kind in _ZIPPED and data.startswith(b"PK") and (problem := problem_in(io.BytesIO(data), what)):
        raise _unreadable(path, *problem)
    return data, kind, what


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise _unreadable(path, "This is not a file.", "Name your Excel workbook (.xlsx).")
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(path, "This file is larger than any workbook.", "Name your Excel workbook (.xlsx).")
        return path.read_bytes()
    except FileNotFoundError:
        raise _unreadable(path, "There is no such file.", "Check the spelling of its name and folder.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name cannot be one"
        mend = "Close it where it is open, and try again."
        raise _unreadable(path, f"This file cannot be opened: {reason}.", mend) from None


def _decrypted(path: Path, data: bytes, password: str | None) -> bytes:
    try:
        return decrypt(data, password)
    except WrongPassword:
        if password is None:
            message = "This workbook is protected by a password."
            mend = "Put the password into a text file and name it with --password-file, or save the workbook without."
            raise IepdocsError(Finding(message, mend, FilePlace(str(path)), rule="password-needed")) from None
        raise _unreadable(path, "The workbook does not open by this password.", "Check the password.") from None
    except ValueError as error:
        raise _unreadable(path, str(error), "Open it in Excel, take the protection off, and save it.") from None


def _unreadable(path: Path, message: str, mend: str) -> IepdocsError:
    return IepdocsError(Finding(message, mend, FilePlace(str(path)), rule="workbook-unreadable"))

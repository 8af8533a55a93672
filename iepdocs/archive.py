"""Office files are zip archives from outside: looked at before a library opens them."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORBIDDEN_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
"""What on some system lies outside the folder in which an archive is unpacked."""
_MOST_BYTES = 1 << 29
"""A caseload of 20,000 students, as openpyxl writes it, is 380 MB."""
_MOST_RATIO = 150
_RATIO_COUNTS_FROM = 64 << 20


def problem_with(path: Path, what: str) -> tuple[str, str] | None:
    """Say why a file cannot be opened as an Office file, or return None.

    Args:
        path: the file.
        what: what it should be, in the user's words, with its ending: `an Excel workbook (.xlsx)`.

    Returns:
        A message and a mend.
    """
    try:
        if path.is_dir():
            return "This is a folder, not a file.", f"Name {what}."
        if path.exists() and not path.is_file():
            return "This is not a file.", f"Name {what}."
        with path.open("rb") as file:
            start = file.read(len(_OLE))
        if start == _OLE:
            return (
                f"This is not {what}: it is protected by a password, or of the kind used before 2007.",
                "Open it in Office, remove the password, and save it in the present format.",
            )
        return problem_in(path, what)
    except (FileNotFoundError, ValueError):  # a name with a zero byte is none
        return "There is no such file.", "Check the spelling of its name and folder."
    except OSError as error:
        return f"This file cannot be opened: {error.strerror}.", "Close it where it is open, and try again."


def problem_in(file: Path | BinaryIO, what: str) -> tuple[str, str] | None:
    """Say why a zip archive cannot be opened as an Office file, or return None; arguments as of `problem_with`."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return f"This is not {what}, or it is damaged.", f"Open it in Excel or Word, and save it as {what}."
    if any(_FORBIDDEN_NAME.search(entry.filename) for entry in entries):
        return "This file holds parts with forbidden names.", "Ask whoever sent it for a clean copy."
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > _MOST_BYTES or (unpacked > _RATIO_COUNTS_FROM and unpacked > packed * _MOST_RATIO):
        return "This file would unpack to far more than such a file holds.", "Do not use it."
    return None

"""What the readers of all formats share: cells made once for each content, bounds, and text from bytes."""

from __future__ import annotations

import codecs
import math
from typing import TYPE_CHECKING

from iepdocs.workbook.cells import Cell, State
from iepdocs.workbook.formats import number_cell, text_cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iepdocs.workbook.cells import Value

GENERAL = "General"
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
"""As many as a sheet of Excel has (also LibreOffice): a file may claim more."""
MOST_CELLS = 5_000_000
MOST_BYTES = 64 << 20
"""Of a file that is text and read whole."""
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Errors by their number in binary workbooks ([MS-XLSB] 2.5.97.2, BErr)."""

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Gather:
    """Makes the cells of one workbook, one object for each content, and counts them.

    Args:
        date1904: whether its dates are counted from 1904.
    """

    def __init__(self, *, date1904: bool = False) -> None:
        self.date1904 = date1904
        self._texts: dict[tuple[str, str], Cell] = {}
        self._numbers: dict[tuple[float, str], Cell] = {}
        self._others: dict[tuple[type, Value | None, str, State], Cell] = {}
        self._left = MOST_CELLS

    def take(self, count: int) -> None:
        """Count cells; raise ValueError if the workbook holds more than any real one."""
        self._left -= count
        if self._left < 0:
            raise ValueError(f"This workbook has more than {MOST_CELLS:,} filled cells.")

    def text(self, text: str, code: str = GENERAL) -> Cell | None:
        """Return a cell of text, each line break a LF, or None if there is none."""
        if not text:
            return None
        cell = self._texts.get((text, code))
        if cell is None:
            cell = self._texts[text, code] = text_cell(lines(text), code)
        return cell

    def number(self, number: float, code: str = GENERAL) -> Cell:
        """Return a cell of a number, of whatever its format shows it as."""
        cell = self._numbers.get((number, code))
        if cell is None:
            if not math.isfinite(number):
                return self.error("#NUM!")
            cell = self._numbers[number, code] = number_cell(number, code, date1904=self.date1904)
        return cell

    def boolean(self, value: object) -> Cell:
        """Return a cell of TRUE or FALSE."""
        return self.cell(bool(value), "TRUE" if value else "FALSE")

    def error(self, name: str) -> Cell:
        """Return a cell that shows an error."""
        return self.cell(None, name, State.ERROR)

    def uncalculated(self) -> Cell:
        """Return a cell of a formula without a result."""
        return self.cell(None, "", State.UNCALCULATED)

    def cell(self, value: Value | None, shown: str, state: State = State.VALUE) -> Cell:
        """Return the cell of this content."""
        key = (type(value), value, shown, state)
        cell = self._others.get(key)
        if cell is None:
            cell = self._others[key] = Cell(value, shown, state)
        return cell


def lines(text: str) -> str:
    """Return text with each line break as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def decoded(data: bytes, declared: Iterable[str] = ()) -> str:
    """Return the text of bytes: by their byte-order mark, else as declared, else UTF-8, else Windows-1252.

    Raises:
        ValueError: where they are text of none of these, or more than is read whole.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"This file has more than {MOST_BYTES >> 20} MB.")
    mark = next(filter(data.startswith, _BOMS), b"")
    for encoding in (_BOMS[mark],) if mark else (*declared, "utf-8", "cp1252"):
        try:
            return data[len(mark) :].decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise ValueError("The letters of this file are in an encoding that is not known.")

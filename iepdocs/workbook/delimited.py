"""Read text with a cell after each comma, semicolon, tab or bar: .csv, .tsv, .txt, and folders of .csv."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING

from iepdocs.workbook.cells import CellSheet
from iepdocs.workbook.gather import MOST_COLUMNS, MOST_ROWS, Gather, decoded, lines
from iepdocs.workbook.kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DELIMITERS = ",;\t|"
_NONE = "\x1f"
"""Splits nothing: for a file of one column."""
_LOOK_AT = 1 << 16
_LOOK_AT_LINES = 50
_QUOTED = re.compile(r'(?<![^,;\t|\n])"[^"]*(?:""[^"]*)*"')
_NAMED = re.compile(r"sep=(.)\n", re.IGNORECASE)
"""A first line with which Excel is told the delimiter; it is no row."""
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
"""As programs write a number whose zeros Excel shall keep."""


def read_delimited(data: bytes, title: str) -> list[CellSheet]:
    """Read one file of delimited text as one sheet, every cell as text.

    Its letters are told by a byte-order mark, else they are UTF-8, else Windows-1252. The delimiter is the one that
    stands as often in most of the first lines, outside quotes. Bytes of zero are dropped.

    Args:
        data: the file.
        title: the sheet's title.

    Raises:
        ValueError: where it cannot be read.
    """
    text = lines(decoded(data).replace("\0", ""))
    named = _NAMED.match(text)
    if named:
        text, delimiter = text[named.end() :], named[1]
    else:
        delimiter = _delimiter(text)
    gather = Gather()
    sheet = CellSheet(title)
    for number, fields in enumerate(_rows(text, delimiter), 1):
        cells = {}
        for column, field in enumerate(fields, 1):
            if field:
                match = _KEPT_AS_TEXT.fullmatch(field) if field[0] == "=" else None
                if cell := gather.text(match[1] if match else field):
                    cells[column] = cell
        if cells:
            gather.take(len(cells))
            sheet.rows.append((number, cells))
    return [sheet]


def read_folder(folder: Path) -> list[CellSheet]:
    """Read a folder's .csv files as one workbook, sorted by name, a sheet each; other files and folders are left.

    Raises:
        ValueError: where one of them cannot be read; it is named.
    """
    sheets = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".csv" and not path.name.startswith((".", "~")) and path.is_file():
            try:
                sheets += _one_of_many(path)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else error
                raise ValueError(f"{path.name} cannot be read: {reason}") from error
    return sheets


def _one_of_many(path: Path) -> list[CellSheet]:
    data = path.read_bytes()
    kind, what = kind_of(data, path.name)
    if kind is Kind.EMPTY:
        return [CellSheet(path.stem)]
    if kind is not Kind.DELIMITED:
        raise ValueError(f"It is {what}.")
    return read_delimited(data, path.stem)


def _delimiter(text: str) -> str:
    outside = _QUOTED.sub("", text[:_LOOK_AT]).split("\n")
    sample = [line for line in outside if line.strip(" ")][:_LOOK_AT_LINES]
    best, most = _NONE, (0, 0)
    for delimiter in _DELIMITERS:
        counts = Counter(count for line in sample if (count := line.count(delimiter)))
        alike = max(((how_many, count) for count, how_many in counts.items()), default=(0, 0))
        if alike > most and counts.total() * 3 > len(sample):
            best, most = delimiter, alike
    return best


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the fields of each row. Stray quotes are kept as they are; one that is never closed is an error."""
    strict = True
    whole = 0
    try:
        for _ in csv.reader(_lines(text, delimiter), delimiter=delimiter, strict=True):
            whole += 1
            if whole > MOST_ROWS:
                raise ValueError("This file has more rows than Excel allows.")
    except csv.Error as error:
        if "expected after" not in str(error):
            raise ValueError(f"A quotation mark in row {whole + 1} is not closed.") from error
        strict = False
    try:
        yield from csv.reader(_lines(text, delimiter), delimiter=delimiter, strict=strict)
    except csv.Error as error:
        raise ValueError("A quotation mark in this file is not closed.") from error


def _lines(text: str, delimiter: str) -> Iterator[str]:
    for line in StringIO(text):
        if line.count(delimiter) >= MOST_COLUMNS:
            raise ValueError("This file has more columns than Excel allows.")
        yield line

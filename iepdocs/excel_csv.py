"""CSV as Excel opens it with a double click: RFC 4180, UTF-8 with its mark, and nothing in it that would be run."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORMULA = re.compile("[-=+@\\s\uff0d\uff1d\uff0b\uff20]")
"""How text starts that a spreadsheet program may run, in narrow or wide letters (OWASP, CSV Injection)."""


def csv_bytes(headers: Sequence[str], rows: Iterable[Iterable[str | None]]) -> bytes:
    """Return a table as the bytes of a .csv file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headers)
    writer.writerows(map(_unarmed, row) for row in rows)
    return file.getvalue().encode("utf-8-sig", "backslashreplace")


def _unarmed(text: str | None) -> str | None:
    """Return text so that a spreadsheet program shows it and never runs it as a formula."""
    return f"'{text}" if text and _FORMULA.match(text) else text

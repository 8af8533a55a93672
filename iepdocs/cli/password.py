"""The password of a protected workbook: from a file, or asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

_NEEDED = "password-needed"


def with_password(run: Callable[[str | None], T], file: Path | None) -> T:
    """Return what `run` returns, called with the password.

    Args:
        run: what opens a workbook by a password; None opens one without.
        file: a file whose first line is the password. Without it, whoever sits at the terminal is asked.

    Raises:
        IepdocsError: where the file cannot be read, and all that `run` raises.
    """
    if file:
        return run(_first_line(file))
    try:
        return run(None)
    except IepdocsError as error:
        if sys.stdin.isatty() and _NEEDED in {finding.rule for finding in error.findings}:
            return run(click.prompt("Password of the workbook", hide_input=True, err=True))
        raise


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").partition("\n")[0].removesuffix("\r")
    except (OSError, ValueError):
        message = "The file with the password cannot be read as text."
        mend = "Name a text file whose first line is the password."
        raise IepdocsError(Finding(message, mend, FilePlace(str(file)), rule="password-unreadable")) from None

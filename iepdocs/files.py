"""Writing into the output folder: a file appears under its name whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from iepdocs.findings import FilePlace, Finding, IepdocsError


def prepare_folder(folder: Path) -> None:
    """Make the output folder, and see that it can be written to.

    Raises:
        IepdocsError: where it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise cannot_write(folder, error) from None


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there.

    Raises:
        IepdocsError: where it cannot be written, as when it is open in Word, or what has its name is no file.
    """
    beside: Path | None = None
    if path.exists() and not path.is_file() and not path.is_dir():
        raise IepdocsError(
            Finding(
                message="What has this name is no file of documents, and it was left alone.",
                mend="Choose another name.",
                place=FilePlace(str(path)),
                rule="cannot-write",
            )
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="~iepdocs-", suffix=".tmp")
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.replace(path)
        beside = None
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        if beside:
            with contextlib.suppress(OSError):
                beside.unlink()


def cannot_write(path: Path, error: OSError) -> IepdocsError:
    """Return the error for a file or folder that the system does not let us write."""
    return IepdocsError(
        Finding(
            message=f"This cannot be written: {error.strerror or type(error).__name__}.",
            mend="If it is open in Word or Excel, close it there; else choose another folder.",
            place=FilePlace(str(path)),
            rule="cannot-write",
        )
    )

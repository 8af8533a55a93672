"""Writing into the output folder: a file appears under its name whole or not at all, for its owner alone."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNFINISHED = "~iepdocs-"
"""How the name of a file begins that is being written; one that stands there with nobody at work is a broken run's."""
_TRIES, _PAUSE = 4, 0.05
"""How often, and how many seconds apart, to try a file that another program, such as a virus scanner, holds."""


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, that its owner alone can look into; one that is there stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def prepare_folder(folder: Path) -> None:
    """Make the output folder, and see that it can be written to.

    Raises:
        IepdocsError: where it cannot.
    """
    try:
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise cannot_write(folder, error) from None


def write_file(path: Path, content: bytes, before: Callable[[], None] | None = None) -> None:
    """Write a file beside its place and move it there.

    Args:
        path: the file.
        content: what it is to hold.
        before: called when all is written, before the file appears under its name.

    Raises:
        IepdocsError: as `appearing`.
    """
    with appearing(path, before) as file:
        file.write(content)


@contextlib.contextmanager
def appearing(path: Path, before: Callable[[], None] | None = None) -> Iterator[BinaryIO]:
    """Give a file beside a place to write into, and move it there at the end, if nothing was raised.

    It is not forced to the disk: after a power loss a file may be short, which the next run finds by its hash.

    Args:
        path: the place.
        before: called when all is written, before the file appears under its name.

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
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED, suffix=".tmp")
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
        if before:
            before()
        move(beside, path)
        beside = None
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        if beside:
            with contextlib.suppress(OSError):
                beside.unlink()


def move(source: Path, target: Path) -> None:
    """Move a file to its place, over what is there.

    Raises:
        OSError: where that cannot be, also after some tries.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            source.replace(target)
        except PermissionError:
            if attempt == _TRIES or target.is_dir():
                raise
            time.sleep(_PAUSE * attempt)
        else:
            return


_IN_OFFICE = "If it is open in Word or Excel, close it there; else choose another folder."
_IN_A_VIEWER = "If it is open in a viewer, close it there, and run this again; else choose another folder."
_IN_THE_WAY = "Something else of this name, or of a folder's above it, is in the way: move it away, and run this again."
_MENDS = {
    errno.ENOSPC: "Make room on the disk, and run this again.",
    errno.EDQUOT: "Make room on the disk, and run this again.",
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
}


def cannot_write(path: Path, error: OSError) -> IepdocsError:
    """Return the error for a file or folder that the system does not let us write."""
    mend = _MENDS.get(error.errno or 0, _IN_A_VIEWER if path.suffix == ".pdf" else _IN_OFFICE)
    return IepdocsError(
        Finding(
            message=f"This cannot be written: {error.strerror or type(error).__name__}.",
            mend=mend,
            place=FilePlace(str(path)),
            rule="cannot-write",
        )
    )

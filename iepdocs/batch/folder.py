"""The output folder during a run: one run at a time, and nothing left of one that broke off."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from shutil import rmtree
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from iepdocs.batch.journal import HIDDEN, Journal
from iepdocs.files import UNFINISHED, cannot_write, make_folder, prepare_folder
from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def at_work_in(out: Path) -> Iterator[Journal]:
    """Make the output folder ready for a run, hold it until the run ends, and give its journal.

    The lock is the system's: it ends with the process that holds it, however that ends.

    Raises:
        IepdocsError: where the folder cannot be written, or another run is at work in it.
    """
    prepare_folder(out)
    hidden = out / HIDDEN
    try:
        make_folder(hidden)
        lock = FileLock(hidden / "lock", timeout=0, mode=0o600)
        lock.acquire()
    except Timeout:
        raise _in_use(out) from None
    except OSError as error:
        raise cannot_write(hidden, error) from None
    try:
        clear(out)
        journal = Journal(out)
        try:
            journal.join()
        except OSError as error:
            raise cannot_write(hidden, error) from None
        yield journal
    finally:
        lock.release()


def clear(out: Path) -> None:
    """Delete what a run or a worker that was killed has left half-written."""
    for path in (*out.rglob(f"{UNFINISHED}*.tmp"), *(out / HIDDEN).glob("*.run")):
        if path.is_dir():
            rmtree(path, ignore_errors=True)
        with suppress(OSError):
            path.unlink()


def _in_use(out: Path) -> IepdocsError:
    return IepdocsError(
        Finding(
            "Another run of iepdocs is at work in this folder.",
            "Wait until it has ended, or choose another folder with --out.",
            FilePlace(str(out)),
            rule="folder-in-use",
        )
    )

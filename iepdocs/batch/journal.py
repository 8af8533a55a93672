"""What an output folder holds: the journal that runs keep, and the list that people read."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from contextlib import suppress
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TypeVar

from iepdocs.excel_csv import csv_bytes
from iepdocs.files import cannot_write, write_file
from iepdocs.findings import IepdocsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_T = TypeVar("_T")

HIDDEN = ".iepdocs"
_MANIFEST = "manifest.csv"


class Status(StrEnum):
    """What became of a document."""

    DONE = "done"
    EDITED = "edited since"
    NOT_MADE = "not made"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a document in an output folder: a line of the journal, and a row of the manifest.

    Attributes:
        student_id: the student.
        recipient: the name of the person to whom it goes; blank if it is for nobody alone.
        kind: the document kind's key.
        language: the tag of its language.
        file: its path below the folder.
        template: the file name of the template that it was made with.
        template_sha256: the hash of that and the pieces that it takes in.
        data_sha256: the hash of all that it was made from beside the template.
        status: what became of it in the last run that wanted it.
        message: why it was not made, or what is to be known.
        sha256: the hash of the file as it was made last.
        time: when that was.
    """

    student_id: str
    recipient: str
    kind: str
    language: str
    file: str
    template: str = ""
    template_sha256: str = ""
    data_sha256: str = ""
    status: str = ""
    message: str = ""
    sha256: str = ""
    time: str = ""


_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading a line may raise that is none."""
_KEYS = [one.name for one in fields(Entry)]


class Journal:
    """The journal of an output folder.

    Every process writes lines of its own, each before the file that it tells of appears under its name: whatever was
    ever made here is known by its hash, also after the run was killed. What a broken line says is lost, and no more.

    Args:
        out: the output folder.

    Attributes:
        entries: what is known of each document, by its path: the last that was written.
        known: the hashes of all that was ever made under a path.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self.entries: dict[str, Entry] = {}
        self.known: dict[str, set[str]] = {}
        for _, entry in (*_lines(self._path), *_in_order(self._parts())):
            self.entries[entry.file] = entry
            if entry.sha256:
                self.known.setdefault(entry.file, set()).add(entry.sha256)

    @property
    def _path(self) -> Path:
        return self._out / HIDDEN / "journal.jsonl"

    def _parts(self) -> list[Path]:
        return sorted((self._out / HIDDEN).glob("journal-*.jsonl"))

    def join(self) -> None:
        """Put the lines of all processes into one file: in the order of runs, whatever the clock said, and of times.

        Raises:
            OSError: where that cannot be; no line is lost.
        """
        parts = self._parts()
        if parts:
            with self._path.open("ab") as joined:
                joined.write(b"\n")  # a broken line before it stays one line
                joined.writelines(_line(at, entry) for at, entry in _in_order(parts))
                joined.flush()
                os.fsync(joined.fileno())  # once a run: else a power cut may take all its lines
            self._path.chmod(0o600)
        for path in parts:
            path.unlink()

    def write_manifest(self, first: Iterable[str] = ()) -> Path:
        """Write what is known of all documents for people to read, in Excel for one.

        Args:
            first: paths of documents that come first, in this order.

        Returns:
            Its path, which is another one while a program holds the one of the last run.

        Raises:
            IepdocsError: where it cannot be written.
        """
        files = dict.fromkeys([*(file for file in first if file in self.entries), *self.entries])
        rows = [[str(getattr(self.entries[file], key)) for key in _KEYS] for file in files]
        content = csv_bytes(_KEYS, rows)
        path = self._out / _MANIFEST
        try:
            write_file(path, content)
        except IepdocsError:
            path = path.with_stem(f"{path.stem} {now():%Y-%m-%d %H%M%S}")
            write_file(path, content)
        return path


def _in_order(paths: Iterable[Path]) -> list[tuple[str, Entry]]:
    """Return the lines of the processes of a run in the order of their times."""
    return sorted((line for path in paths for line in _lines(path)), key=lambda line: line[0])


def _line(at: str, entry: Entry) -> bytes:
    return json.dumps({"at": at, **{key: getattr(entry, key) for key in _KEYS}}).encode() + b"\n"


def _lines(path: Path) -> Iterator[tuple[str, Entry]]:
    """Yield the lines of a file with their times."""
    return _each(path, _timed)


def _timed(found: Mapping[str, Any]) -> tuple[str, Entry]:
    entry = Entry(**{key: str(found.get(key, "")) for key in _KEYS})
    if "\0" in entry.file:
        raise ValueError
    return str(found["at"]), entry


def _each(path: Path, read: Callable[[Any], _T]) -> Iterator[_T]:
    """Yield what is read of each line of a file; what is no line is left out."""
    try:
        content = path.read_bytes()
    except OSError:
        return
    for line in content.splitlines():
        with suppress(*_BROKEN):
            yield read(json.loads(line))


def _at_the_end_of(path: Path) -> BinaryIO:
    """Open a file, which its owner alone can read, to add to it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab", buffering=0)


class Pen:
    """Writes a process's lines of the journal; what it holds open is closed at the end of a `with`.

    Args:
        out: the output folder.
    """

    def __init__(self, out: Path) -> None:
        self._path = out / HIDDEN / f"journal-{platform.node()}-{os.getpid()}.jsonl"
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, entry: Entry) -> None:
        """Write a line.

        Raises:
            IepdocsError: where it cannot be written, as on a full disk.
        """
        line = _line(dt.datetime.now(dt.UTC).isoformat(), entry)
        try:
            if self._file is None:
                self._file = _at_the_end_of(self._path)
            self._file.write(line)
        except OSError as error:
            raise cannot_write(self._path, error) from None


class Beside:
    """What runs have made beside documents, PDFs and lists of goals: what has another hash is a person's.

    Args:
        out: the output folder.
    """

    def __init__(self, out: Path) -> None:
        self._path = out / HIDDEN / "beside.jsonl"
        self._made: dict[str, dict[str, str]] = {}
        for file, digest, of in _each(self._path, lambda found: [str(found[key]) for key in ("file", "sha256", "of")]):
            self._made.setdefault(file, {})[digest] = of

    def made(self, file: str) -> Mapping[str, str]:
        """Return the hashes of all that was ever made there, each with that of the document it was made of, or ''."""
        return self._made.get(file, {})

    def write(self, file: str, sha256: str, of: str = "") -> None:
        """Take note of a file that is made.

        Raises:
            IepdocsError: where it cannot be written, as on a full disk.
        """
        self._made.setdefault(file, {})[sha256] = of
        line = json.dumps({"file": file, "sha256": sha256, "of": of}).encode()
        try:
            with _at_the_end_of(self._path) as lines:
                lines.write(b"\n" + line + b"\n")  # a broken line before it stays one line
        except OSError as error:
            raise cannot_write(self._path, error) from None


def now() -> dt.datetime:
    """Return the time on the wall, where the user is."""
    return dt.datetime.now().astimezone()

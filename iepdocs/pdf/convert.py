"""Word documents to PDFs: many at a start of the program, each PDF whole or its reason."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from iepdocs.files import UNFINISHED, cannot_write, write_file
from iepdocs.findings import FilePlace, Finding, IepdocsError, own_fault
from iepdocs.pdf.office import prepare_profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iepdocs.pdf.office import Office

LIMIT = 120.0
"""Seconds that a document may take: what takes more is stuck. The slowest start of a slow machine is well below it."""

_ENOUGH = 5
"""After how many starts of which none has made a PDF the program is given up."""
NO_OFFICE = "no-office"
NOT_TRIED = "pdf-not-tried"
_GLANCE = 0.1
_HAS_SIGNALS = hasattr(signal, "pthread_sigmask")


def convert(office: Office, files: Sequence[Path], limit: float = LIMIT) -> dict[Path, Path | Finding]:
    """Make a PDF of each Word document, beside it and with its name; nothing is raised.

    Args:
        office: the program.
        files: the documents.
        limit: seconds that a document may take.

    Returns:
        The PDF of each document, or why there is none: by the rule `NOT_TRIED` where the program was given up, and by
        the rule `NO_OFFICE` of all where it cannot be started.
    """
    outcomes: dict[Path, Path | Finding] = {}
    try:
        _convert(office, files, limit, outcomes)
    except IepdocsError as error:
        return dict.fromkeys(files, error.findings[0])
    except OSError as error:
        rest = {file: cannot_write(file.with_suffix(".pdf"), error).findings[0] for file in files}
    except Exception as error:  # noqa: BLE001  (a fault of our own must not stop the run)
        rest = {file: own_fault(error, FilePlace(str(file))) for file in files}
    else:
        rest = {}
    return {file: outcomes.get(file) or rest[file] for file in files}


def _convert(office: Office, files: Sequence[Path], limit: float, outcomes: dict[Path, Path | Finding]) -> None:
    with _folder(office.workplace(files[0].parent.absolute()), UNFINISHED, ".tmp") as scratch:
        copies: dict[Path, Path] = {}
        for number, file in enumerate(files):
            # A name of our own: documents of one name do not clash, none is an option, none can be in a log.
            copy = scratch / f"{number}.docx"
            found = _document(file)
            if isinstance(found, Finding):
                outcomes[file] = found
            else:
                content, time_of_it = found
                copy.write_bytes(content)
                os.utime(copy, ns=(time_of_it, time_of_it))
                copies[copy] = file
        _Batch(office, scratch, limit, copies, outcomes).run()


class _Batch:
    """The documents of a batch, and what became of them."""

    def __init__(
        self,
        office: Office,
        scratch: Path,
        limit: float,
        copies: Mapping[Path, Path],
        outcomes: dict[Path, Path | Finding],
    ) -> None:
        self._office = office
        self._scratch = scratch
        self._limit = limit
        self._files = copies
        self._outcomes = outcomes
        self._starts = 0
        self._made = False

    def run(self) -> None:
        """Try them together; where one is missing, that one alone, and then the others together again."""
        together = deque([list(self._files)] if self._files else [])
        while together:
            copies = together.popleft()
            if self._starts >= _ENOUGH and not self._made:
                self._outcomes |= {self._files[copy]: not_tried(self._files[copy], self._office) for copy in copies}
                continue
            in_time = self._start(copies)
            missing = [copy for copy in copies if self._files[copy] not in self._outcomes]
            if not missing:
                continue
            if len(copies) == 1:
                self._outcomes[self._files[missing[0]]] = self._no_pdf(self._files[missing[0]], in_time=in_time)
                continue
            together += filter(None, (missing[:1], missing[1:]))

    def _start(self, copies: Sequence[Path]) -> bool:
        """Start the program once and deliver what it has made; tell whether it came to an end in time."""
        self._starts += 1
        with _folder(self._scratch, "out-") as out:
            with _folder(None, "iepdocs-") as profile:
                prepare_profile(profile)
                in_time = self._wait(self._office.command(copies, out, profile), out)
            for copy in copies:
                made = out / f"{copy.stem}.pdf"
                if made.is_file() and is_whole(content := made.read_bytes()):
                    pdf = self._files[copy].with_suffix(".pdf")
                    self._outcomes[self._files[copy]] = _deliver(pdf, content, copy.stat().st_mtime_ns)
                    self._made = True
        return in_time

    def _wait(self, command: Sequence[str], out: Path) -> bool:
        """Run a command until it ends, or for too long nothing new has come into the folder; tell which."""
        with _started(command, self._office, self._scratch) as process:
            there, since = 0, time.monotonic()
            while time.monotonic() - since < self._limit:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_GLANCE)
                    return True
                if (now := len(list(out.iterdir()))) != there:
                    there, since = now, time.monotonic()
            return False

    def _no_pdf(self, file: Path, *, in_time: bool) -> Finding:
        name = self._office.name
        return _unmade(
            file,
            f"{name} made no PDF of this document{'' if in_time else f' within {self._limit:g} seconds'}.",
            f"Open it in {name} and save it there as PDF; if that fails too, {name} says why.",
        )


def is_whole(content: bytes) -> bool:
    """Tell whether this is a PDF to its end, with at least one page."""
    from pypdf import PdfReader  # noqa: PLC0415  (heavy)

    try:
        return len(PdfReader(io.BytesIO(content), strict=True).pages) > 0
    except Exception:  # noqa: BLE001  (what is broken may break the reader in any way)
        return False


def _document(file: Path) -> tuple[bytes, int] | Finding:
    """Return what a document holds and when it was last changed, or why there can be no PDF of it."""
    try:
        changed = file.stat().st_mtime_ns
        content = file.read_bytes()
    except OSError as error:
        return _unmade(
            file,
            f"The document cannot be read: {error.strerror or type(error).__name__}.",
            "See that it is there and, if it is open in Word, close it there. Then run this again.",
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return _unmade(
            file,
            "This is no whole Word document, or it has a password, so there is no PDF of it.",
            "If it opens in Word, take the password out or print it there; else delete it and make it again.",
        )
    return content, changed


def _deliver(pdf: Path, content: bytes, changed: int) -> Path | Finding:
    """Put a PDF in its place, as old as what it was made of: a document edited meanwhile is then newer than it."""
    try:
        write_file(pdf, content)
    except IepdocsError as error:
        return error.findings[0]
    with contextlib.suppress(OSError):
        os.utime(pdf, ns=(changed, changed))
    return pdf


def not_tried(file: Path, office: Office) -> Finding:
    """Return why there is no PDF of a document after the program was given up."""
    return _unmade(
        file,
        f"{office.name} made no PDF of the documents before, so this one was not tried.",
        f"See whether {office.name} saves a document as PDF on this computer, and run this again.",
        NOT_TRIED,
    )


def broken_off(file: Path) -> Finding:
    """Return why there is no PDF of a document with which a worker died."""
    return _unmade(
        file,
        "The work was broken off before there was a PDF of this document.",
        "Close other programs, which need memory too, and run this again with --jobs 1.",
    )


def _unmade(file: Path, message: str, mend: str, rule: str = "no-pdf") -> Finding:
    return Finding(message, mend, FilePlace(str(file)), rule=rule)


@contextlib.contextmanager
def _started(command: Sequence[str], office: Office, temporary: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Give a running command, which at the end is no more, nor what it has started.

    Its temporary files lie in a folder that goes with it: one that is ended leaves them.
    """
    before = _hold_signals()  # one that came now would leave a program that nobody ends
    try:
        process = subprocess.Popen(  # noqa: S603  (a list, and no shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(temporary))},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        _let_signals(before)
        raise IepdocsError(
            Finding(
                f"{office.name} cannot be started: {error.strerror or type(error).__name__}.",
                f"See whether {office.name} opens on this computer, or say with --soffice where it is.",
                FilePlace(office.program),
                rule=NO_OFFICE,
            )
        ) from None
    try:
        _let_signals(before)
        yield process
    finally:
        _end(process)


def _hold_signals() -> Iterable[int]:
    """Let the signals wait that end a process, where there are any; return which waited before."""
    return signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT}) if _HAS_SIGNALS else ()


def _let_signals(before: Iterable[int]) -> None:
    if _HAS_SIGNALS:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it has started."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        ending = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(ending, capture_output=True, check=False)  # noqa: S603  (a number, and no shell)
    process.wait()


@contextlib.contextmanager
def _folder(parent: Path | None, prefix: str, suffix: str = "") -> Iterator[Path]:
    """Give an empty folder for its owner alone, which is gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix, suffix=suffix)).absolute()
    try:
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Delete a folder; Windows lets go of the files of a program that was ended only after a moment."""
    for pause in (0, 0.1, 0.3, 1, 3):
        time.sleep(pause)
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return

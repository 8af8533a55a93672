"""Many PDFs as one to print on both sides of the paper: each begins on a page of its own to the right."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from iepdocs.files import appearing
from iepdocs.findings import FilePlace, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pypdf import PdfWriter


@dataclass(frozen=True, slots=True)
class Part:
    """A document of what is printed.

    Attributes:
        file: its PDF.
        student: whose it is: the bookmark. Parts of one student that follow each other have it in common.
        document: what it is: the bookmark below the student's, where the student has several.
    """

    file: Path
    student: str
    document: str


@dataclass(frozen=True, slots=True)
class Combined:
    """What came of combining.

    Attributes:
        pages: how many pages the file has, empty ones included; without any, there is no file.
        problems: why a part is not in it.
    """

    pages: int
    problems: tuple[Finding, ...]


def combine(parts: Iterable[Part], out: Path, title: str) -> Combined:
    """Write one PDF of several, in their order, with bookmarks. What cannot be read is left out and named.

    Args:
        parts: the documents.
        out: the file, which appears whole or not at all.
        title: what a viewer shows as its title.

    Raises:
        IepdocsError: where it cannot be written.
    """
    from pypdf import PdfWriter  # noqa: PLC0415  (heavy)

    writer = PdfWriter()
    problems = []
    for student, documents in groupby(parts, key=lambda part: part.student):
        starts = []
        for part in documents:
            before = len(writer.pages)
            if problem := _append(writer, part.file):
                problems.append(problem)
                for page in reversed(writer.pages[before:]):
                    writer.remove_page(page)
            else:
                starts.append((part.document, before + before % 2))
        if starts:
            bookmark = writer.add_outline_item(title=student, page_number=starts[0][1], is_open=False)
        if len(starts) > 1:
            for document, start in starts:
                writer.add_outline_item(title=document, page_number=start, parent=bookmark)
    if writer.pages:
        _finish(writer, title)
        with appearing(out) as file:  # not through memory: it may be large
            writer.write(file)
    return Combined(len(writer.pages), tuple(problems))


def _append(writer: PdfWriter, file: Path) -> Finding | None:
    """Add the pages of a PDF, on a page to the right; return why that cannot be, when some may have been added."""
    from pypdf import PdfReader  # noqa: PLC0415  (heavy)

    try:
        with file.open("rb") as opened, PdfReader(opened, strict=True) as reader:
            if reader.is_encrypted:
                return _unread(file, "It has a password.", "Take the password out, or print it by itself.")
            if not reader.pages:
                return _unread(file, "It has no pages.")
            if len(writer.pages) % 2:
                last = writer.pages[-1]
                writer.add_blank_page(last.mediabox.width, last.mediabox.height).rotate(last.rotation)
            writer.append(reader, import_outline=False)
            writer.reset_translation(reader)
    except OSError as error:
        return _unread(file, f"{error.strerror or type(error).__name__}.")
    except Exception:  # noqa: BLE001  (what is broken may break the reader in any way)
        return _unread(file, "It is damaged.")
    return None


def _finish(writer: PdfWriter, title: str) -> None:
    """Say what it is and how to print it, and keep what documents have in common, as a logo, once."""
    from pypdf.generic import BooleanObject, NameObject  # noqa: PLC0415  (heavy)

    writer.metadata = {"/Title": title}
    writer.page_mode = "/UseOutlines"
    preferences = writer.create_viewer_preferences()
    preferences[NameObject("/DisplayDocTitle")] = BooleanObject(True)  # noqa: FBT003  (the value itself)
    preferences[NameObject("/Duplex")] = NameObject("/DuplexFlipLongEdge")
    writer.compress_identical_objects()


def _unread(file: Path, why: str, mend: str = "Delete it, and run this again to have it made anew.") -> Finding:
    return Finding(f"This PDF is left out of what is to be printed. {why}", mend, FilePlace(str(file)), rule="no-pdf")

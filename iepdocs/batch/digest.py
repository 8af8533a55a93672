"""What a document is made from, as a hash: the same as long as nothing that it could show has changed."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from iepdocs.docx.pictures import PictureError, content_of
from iepdocs.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from iepdocs.documents import Contexts, Document
    from iepdocs.plan import Record

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff")
_MAY_NAME_A_PICTURE = re.compile("|".join(map(re.escape, _PICTURES)), re.IGNORECASE)


class Digests:
    """Hashes of what documents are made from: declarations, settings, and the rows that they can draw on.

    All columns of the sheets that a document draws on count, whether its template shows them or not: a document that
    comes out the same is left as it is all the same. The day of the run does not count.

    Args:
        contexts: the records.
    """

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._common: dict[Path, bytes] = {}
        self._sheets: dict[tuple[str, str, Path], bytes] = {}

    def of(self, document: Document, folder: Path, sheets: Collection[str]) -> str:
        """Return the hash of what a document is made from, in hexadecimal digits.

        Args:
            document: the document.
            folder: the template's, from where settings and cells name pictures.
            sheets: those that the document draws on.
        """
        if folder not in self._common:
            settings = self._contexts.caseload.settings
            pictures = [_picture(folder, value) for value in settings.values()]
            common = (__version__, self._contexts.pack.sha256, sorted(settings.items()), pictures)
            self._common[folder] = repr(common).encode()
        found = sha256(self._common[folder])
        found.update(repr((document.kind.key, document.language, document.draft)).encode())
        for name, record in document.bound.items():
            if record.row is not None or name == "recipient":
                found.update(repr((name, record.sheet, sorted(record.values.items()))).encode())
        placing = () if self._contexts.caseload.has("Plans") else ("Goals",)  # which then say when plans start
        for title in sorted({*sheets, *placing}):
            found.update(self._sheet(title, document.student_id, folder))
        return found.hexdigest()

    def _sheet(self, title: str, student_id: str, folder: Path) -> bytes:
        sheet = self._contexts.pack.sheets[title]
        caseload = self._contexts.caseload
        is_of_students = "student_id" in sheet.columns
        key = title, student_id if is_of_students else "", folder
        if key not in self._sheets:
            rows = caseload.all_of(title, student_id) if is_of_students else caseload.rows(title)
            self._sheets[key] = _hash(title, rows, folder)
        return self._sheets[key]


def _hash(title: str, rows: Iterable[Record], folder: Path) -> bytes:
    rows = list(rows)
    said = repr((title, [(one.plan_start, one.loose, one.values) for one in rows]))
    found = sha256(said.encode())
    if _MAY_NAME_A_PICTURE.search(said):
        for picture in (_picture(folder, value) for one in rows for value in one.values.values()):
            found.update(picture)
    return found.digest()


def _picture(folder: Path, value: object) -> bytes:
    """Return the hash of a picture's file that a value names, if it does."""
    if isinstance(value, str) and value.lower().endswith(_PICTURES):
        with suppress(PictureError):
            return sha256(content_of(value, folder)).digest()
    return b""

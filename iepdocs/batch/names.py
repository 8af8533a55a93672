"""File names: by the kind's pattern, safe on Windows, macOS and Linux, and each one once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING, Any

from iepdocs.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iepdocs.documents import Document
    from iepdocs.pack import Pack

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
DRAFT = "DRAFT"
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³")}
_MOST_FIELD = 60
_MOST_BYTES = 180


class FileNames:
    """Gives every document of a run its path below the output folder.

    The pattern's fields are those of `iepdocs.pack.kinds.FILE_FIELDS` and the columns of the records that the document
    stands for; what is blank is left out. Where it has no folders, the folder is the kind's. A name that is given
    already is followed by the document's key. A document in another language that is not for one person has the
    language's tag after its name, and a draft the word DRAFT.
    """

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._given: set[str] = set()
        self._named: dict[tuple[Any, ...], tuple[str, Document]] = {}

    def path(self, document: Document, date: dt.date | None, ending: str = ".docx") -> str:
        """Return the document's path, `{kind}/{name}` and the ending; asked again, the same."""
        records = (id(one) if one.row is not None else one.get("contact_name") for one in document.bound.values())
        key = (document.kind.key, document.language, *records)
        if key not in self._named:
            own = "" if "recipient" in document.bound or document.language == "en" else f".{document.language}"
            self._named[key] = self._new_path(document, date, own + ending), document
        path = self._named[key][0]
        return with_draft(path, ending) if document.draft else path

    def _new_path(self, document: Document, date: dt.date | None, file_ending: str) -> str:
        fields = {field: _field(self._value(field, document, date)) for field in document.kind.file_fields}
        *folders, name = (part.format_map(fields) for part in document.kind.file.split("/"))
        folder = "/".join(map(_tidy, folders)) or document.kind.key
        for ending in self._endings(document, _tidy(name)):
            path = f"{folder}/{_tidy(name, ending)}{file_ending}"
            compared = unicodedata.normalize("NFC", path).casefold()
            if compared not in self._given:
                break
        self._given.add(compared)
        return path

    def _value(self, field: str, document: Document, date: dt.date | None) -> Any:
        if field == "date":
            return date
        if field == "document":
            return document.kind.title
        if field == "recipient":
            recipient = document.bound.get("recipient")
            named = recipient and (recipient.row is not None or recipient.get("relationship"))
            return recipient.get("contact_name") if recipient and named else None
        records = [document.bound[name] for name in reversed(document.kind.for_each)]
        return next(
            (value for record in [*records, document.student] if (value := record.get(field)) is not None),
            None,
        )

    def _endings(self, document: Document, name: str) -> Iterator[str]:
        """Yield what is put after a name until it is nobody else's."""
        yield ""
        yield self._key(document, name)
        yield from (f"({n})" for n in count(2))

    def _key(self, document: Document, name: str) -> str:
        """Return what of the document's key does not stand in its name yet."""
        parts = [
            _field(value)
            for bound, record in document.bound.items()
            if record.row is not None and (sheet := self._pack.names[bound].sheet)
            for column in sheet.key
            if (value := record.get(column)) is not None and not (self._pack.by_id and column.endswith("_name"))
        ]
        return " ".join(part for part in dict.fromkeys(parts) if f" {part} " not in f" {name} ")


def with_draft(path: str, ending: str) -> str:
    """Return the path of a draft of the document that has a path."""
    return f"{path.removesuffix(ending)} {DRAFT}{ending}"


def as_file_name(text: str) -> str:
    """Return text as the name of a file, without its ending, on every system."""
    return _tidy(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", text)))


def _field(value: Any) -> str:
    """Return a value as it may stand in a file name."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, dt.date) else shown(value)
    return " ".join(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", text)).split())[:_MOST_FIELD]


def _tidy(name: str, ending: str = "") -> str:
    """Return a name that every system takes: without what blank fields leave behind, and no reserved word.

    A name that is too long is cut before its ending.
    """
    name = re.sub(r"\s*,(\s*,)*", ",", " ".join(name.split())).strip(", ")
    ending = f" {_cut(ending, _MOST_BYTES // 2)}" if ending else ""
    name = (_cut(name, _MOST_BYTES - len(ending.encode())) + ending).strip(". ")
    if name.split(".")[0].strip().upper() in _RESERVED or not name or name[0] == "~":
        name = f"_{name}"
    return name


def _cut(text: str, most: int) -> str:
    """Return text cut to so many bytes of UTF-8, between characters."""
    return text.encode()[:most].decode(errors="ignore")

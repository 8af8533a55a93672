"""What a file is, by its content: its name may say anything."""

from __future__ import annotations

import re
import zipfile
from enum import Enum, auto
from io import BytesIO
from pathlib import PurePath

from iepdocs.workbook.encryption import is_encrypted
from iepdocs.workbook.xls import OLE


class Kind(Enum):
    """The kinds of files that hold sheets, by who reads them."""

    XLSX = auto()
    XLSB = auto()
    XLS = auto()
    ODS = auto()
    HTML = auto()
    XML2003 = auto()
    DELIMITED = auto()
    ENCRYPTED = auto()
    """An Office file to be decrypted; what it is shows only then."""
    EMPTY = auto()
    UNKNOWN = auto()


_STARTS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"RIFF": "a picture or recording",
    b"{\\rtf": "a text document (.rtf)",
    b"7z\xbc\xaf'\x1c": "a packed archive (.7z)",
    b"Rar!": "a packed archive (.rar)",
    b"\x1f\x8b": "a packed archive (.gz)",
    b"\0\x01\0\0Standard ": "an Access database",
    b"SQLite format 3": "a database",
    b"MIME-Version:": "a web archive (.mht)",
}
_OLD_WORKBOOK = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
"""The first record of an .xls without an OLE file around it ([MS-XLS] 2.4.21, BOF)."""
_ZIPPED = {
    "word/": (Kind.UNKNOWN, "a Word document (.docx)"),
    "ppt/": (Kind.UNKNOWN, "a PowerPoint presentation (.pptx)"),
    "xl/": (Kind.XLSX, "an Excel workbook (.xlsx)"),
}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_APPLE = {".pages": "an Apple Pages document", ".key": "an Apple Keynote presentation"}
_OLE_STREAMS = {
    "WordDocument": "a Word document (.doc)",
    "PowerPoint Document": "a PowerPoint presentation (.ppt)",
    "__properties_version1.0": "an Outlook message (.msg)",
}
_BEFORE_ROOT = re.compile(r"(?:\s|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_HTML = re.compile(r"<(?:html|table|tr)\b", re.IGNORECASE)
_SPREADSHEET_ML = "urn:schemas-microsoft-com:office:spreadsheet"
_WORKBOOK = re.compile(r"<(?:\w+:)?Workbook\b")
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_LOOK_AT = 1 << 14
_BINARY_SHARE = 0.02


def kind_of(data: bytes, name: str) -> tuple[Kind, str]:
    """Tell what a file is.

    Args:
        data: its bytes.
        name: its name, which counts only where the content leaves a doubt.

    Returns:
        Its kind, and what it is in words, such as `an Excel workbook (.xlsx)` or `a PDF`.
    """
    if not data.strip(b"\0\xef\xbb\xbf\xff\xfe \t\r\n"):
        return Kind.EMPTY, "an empty file"
    if data.startswith(OLE):
        return _ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, name)
    if _OLD_WORKBOOK.match(data):
        return Kind.XLS, "an old Excel workbook (.xls)"
    for start, what in _STARTS.items():
        if data.startswith(start):
            return Kind.UNKNOWN, what
    if data[4:8] == b"ftyp" or (data.startswith(b"BM") and data[6:10] == bytes(4)):
        return Kind.UNKNOWN, "a picture or recording"
    return _text(data[:_LOOK_AT])


def _ole(data: bytes) -> tuple[Kind, str]:
    import olefile  # noqa: PLC0415  (heavy: only for the files that need it)

    try:
        if is_encrypted(data):
            return Kind.ENCRYPTED, "an Office file that is protected by a password"
        with olefile.OleFileIO(BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage") or ole.exists("\x09DRMContent"):
                return Kind.UNKNOWN, "a rights-protected file"
            if ole.exists("Workbook") or ole.exists("Book"):
                return Kind.XLS, "an Excel workbook of the kind before 2007 (.xls)"
            for stream, what in _OLE_STREAMS.items():
                if ole.exists(stream):
                    return Kind.UNKNOWN, what
    except Exception:  # noqa: BLE001  (olefile raises anything for a damaged file)
        return Kind.UNKNOWN, "a damaged Office file"
    return Kind.UNKNOWN, "a file of another Office program"


def _zipped(data: bytes, name: str) -> tuple[Kind, str]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [part.replace("\\", "/").lower() for part in archive.namelist()]
            mimetype = archive.open("mimetype").read(100).strip() if "mimetype" in names else b""
    except Exception:  # noqa: BLE001  (zipfile raises anything for a damaged file)
        return Kind.UNKNOWN, "a damaged file"
    if mimetype.startswith(_OPEN_DOCUMENT):
        if mimetype.startswith(_OPEN_DOCUMENT + b"spreadsheet"):
            return Kind.ODS, "an OpenDocument spreadsheet (.ods)"
        return Kind.UNKNOWN, "an OpenDocument file, but no spreadsheet"
    if any(part.endswith("workbook.bin") for part in names):
        return Kind.XLSB, "a binary Excel workbook (.xlsb)"
    for folder, kind in _ZIPPED.items():
        if any(part.startswith(folder) for part in names):
            return kind
    if any(part.endswith("workbook.xml") for part in names):
        return _ZIPPED["xl/"]
    if any(part.endswith(".iwa") or part == "index.zip" for part in names):
        return Kind.UNKNOWN, _APPLE.get(PurePath(name).suffix.lower(), "an Apple Numbers file")
    return Kind.UNKNOWN, "a zip archive"


def _text(start: bytes) -> tuple[Kind, str]:
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and len(_BINARY.findall(start)) > len(start) * _BINARY_SHARE:
        return Kind.UNKNOWN, "no spreadsheet"
    text = start.decode("utf-16" if wide else "utf-8", "ignore").removeprefix("\ufeff").lstrip()
    before = _BEFORE_ROOT.match(text)
    root = text[before.end() :] if before else text
    if _SPREADSHEET_ML in text and _WORKBOOK.match(root):
        return Kind.XML2003, "an XML spreadsheet of Excel 2003"
    if root.startswith("<office:document"):
        is_sheet = "opendocument.spreadsheet" in root
        return (Kind.ODS, "a flat OpenDocument spreadsheet (.fods)") if is_sheet else (Kind.UNKNOWN, "no spreadsheet")
    if root.startswith("<") and _HTML.search(root):
        return Kind.HTML, "a web page"
    if text.startswith("<?xml"):
        return Kind.UNKNOWN, "an XML file"
    return Kind.DELIMITED, "text (.csv)"

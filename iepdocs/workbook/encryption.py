"""Open and protect Office files by a password, in memory alone, with msoffcrypto-tool ([MS-OFFCRYPTO])."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_ROUNDS = 1_000_000
"""Excel hashes a password 100,000 times; a file may ask for ten million (2.3.4.10), which would take minutes."""
_MOST_INFO = 1 << 16
_MOST_OLD = 1 << 25
"""An .xls has no more than 65,536 rows to a sheet, and msoffcrypto handles its bytes one by one."""
_EVERYBODYS = "VelvetSweatshop"
"""Excel protects by this a workbook that is only marked as read-only, and opens it without asking (2.4.2.3)."""
_EOF, _FILE_PASS = 0x000A, 0x002F
_OPEN = {0x0809, _FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0138, 0x0196}
"""Records that are never encrypted ([MS-XLS] 2.2.10); of those of `_SHEET`, the first four bytes are not."""
_SHEET = 0x0085
_WRONG = "This is not the password of the file."


class WrongPassword(ValueError):  # noqa: N818  (its name says it)
    """The file does not open by this password."""


class UnknownProtection(ValueError):  # noqa: N818  (likewise)
    """The file is protected in a way that is not known here, or that would take too long to open."""


def is_encrypted(data: bytes) -> bool:
    """Return whether an Office file, new or old, is protected by a password."""
    if not data.startswith(OLE):
        return False
    import olefile  # noqa: PLC0415  (heavy: only for the files that need it)

    with olefile.OleFileIO(BytesIO(data)) as ole:
        if ole.exists("EncryptionInfo") and ole.exists("EncryptedPackage"):
            return True
        name = next(filter(ole.exists, ("Workbook", "Book")), None)
        return name is not None and _has_file_pass(ole.openstream(name))


def _has_file_pass(stream: Any) -> bool:
    """Return whether the first records of an .xls, up to the end of the workbook's own, ask for a password."""
    while len(header := stream.read(4)) == 4:  # noqa: PLR2004
        kind, size = struct.unpack("<HH", header)
        if kind == _FILE_PASS:
            return True
        if kind == _EOF:
            return False
        stream.seek(size, 1)
    return False


def decrypt(data: bytes, password: str | None = None) -> bytes:
    """Return an Office file without its protection; an .xls as its records alone, without the OLE file around them.

    Args:
        data: the protected file.
        password: what the user knows; None opens only what Excel opens without asking.

    Raises:
        WrongPassword: where the file does not open by it.
        UnknownProtection: where it is protected in another way.
        ValueError: where it is damaged.
    """
    if password == "":
        raise WrongPassword(_WRONG)
    import msoffcrypto.exceptions as errors  # noqa: PLC0415  (heavy: only for protected files)

    try:
        office, opened = _opened(data), BytesIO()
        if office.format == "xls97":
            office.load_key(password=password or _EVERYBODYS)
            return _records(office)
        office.load_key(password=password or _EVERYBODYS, verify_password=True)
        office.decrypt(opened)
    except errors.InvalidKeyError as error:
        raise WrongPassword(_WRONG) from error
    except errors.DecryptionError as error:
        raise UnknownProtection("This file is protected in a way that is not known.") from error
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("This protected file is damaged.") from error
    return opened.getvalue()


def _opened(data: bytes) -> Any:
    """Return what msoffcrypto makes of a file, once it is sure that opening it takes neither long nor much."""
    import olefile  # noqa: PLC0415  (heavy: only for protected files)
    from msoffcrypto.format import ooxml, xls97  # noqa: PLC0415

    with olefile.OleFileIO(BytesIO(data)) as ole:
        if not ole.exists("EncryptionInfo"):
            if not ole.exists("Workbook"):
                raise UnknownProtection("This file is protected in a way of before 1997.")
            if ole.get_size("Workbook") > _MOST_OLD:
                raise ValueError("This protected workbook is larger than any real one.")
            return xls97.Xls97File(BytesIO(data))
        info = ole.openstream("EncryptionInfo").read(_MOST_INFO)
    if b"<!" in info:
        raise ValueError("This protected file declares entities of its own.")
    office = ooxml.OOXMLFile(BytesIO(data))
    if office.type == "agile" and office.info["spinValue"] > _MOST_ROUNDS:
        raise UnknownProtection("This file is protected in a way that would take minutes to open.")
    return office


def _records(office: Any) -> bytes:
    """Return the records of an .xls whose key is known; msoffcrypto itself would put them on the disk."""
    from msoffcrypto.method.rc4 import DocumentRC4  # noqa: PLC0415  (heavy: only for protected files)
    from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI  # noqa: PLC0415
    from msoffcrypto.method.xor_obfuscation import DocumentXOR  # noqa: PLC0415

    office.data.workbook.seek(0)
    stream = bytearray(office.data.workbook.read())
    hidden = bytearray(len(stream))
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        opened = size if kind in _OPEN else 4 if kind == _SHEET else 0
        start, at = at, min(at + 4 + size, len(stream))
        if kind == _FILE_PASS:
            stream[start:at] = struct.pack("<HH", 0, size) + bytes(at - start - 4)
        for place in range(start + 4 + opened, at):
            hidden[place] = 2 if kind == _SHEET else 1
    if office.type == "xor":
        clear = DocumentXOR.decrypt(office.key, BytesIO(stream), [-mark for mark in hidden], [], 10)
    elif office.type == "rc4":
        clear = DocumentRC4.decrypt(office.key, office.salt, BytesIO(stream), blocksize=1024)
    else:
        clear = DocumentRC4CryptoAPI.decrypt(office.key, office.salt, office.keySize, BytesIO(stream), blocksize=1024)
    return bytes(new if mark else old for old, new, mark in zip(stream, clear.read(), hidden, strict=True))


def encrypt(data: bytes, password: str) -> bytes:
    """Return an .xlsx, .xlsm or .xlsb protected by a password, as Excel does it (agile encryption, AES-256).

    Raises:
        ValueError: where the file is no Office package.
    """
    from msoffcrypto.exceptions import FileFormatError  # noqa: PLC0415  (heavy: only for protected files)
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415

    protected = BytesIO()
    try:
        OOXMLFile(BytesIO(data)).encrypt(password, protected)
    except FileFormatError as error:
        raise ValueError("This is no Office package.") from error
    return protected.getvalue()

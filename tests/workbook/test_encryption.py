from __future__ import annotations

import io
import struct
import tempfile
import time
from hashlib import md5, sha1
from typing import TYPE_CHECKING

import pytest
import xlwt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4 import DocumentRC4
from xlwt.CompoundDoc import XlsDoc

from iepdocs.workbook.encryption import OLE, UnknownProtection, WrongPassword, decrypt, encrypt, is_encrypted
from iepdocs.workbook.xls import read_xls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeWorkbook

PASSWORD = "Fern Valley é!"  # noqa: S105  (an invented one)
EVERYBODYS = "VelvetSweatshop"
SALT = bytes(range(16))
AGILE = (
    '<e xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
    '<keyData saltValue="" hashAlgorithm="SHA512" blockSize="16"/><dataIntegrity/>'
    '<p:encryptedKey spinCount="{rounds}" keyBits="256" hashAlgorithm="SHA512"/></e>'
)


@pytest.fixture
def plain(make_workbook: MakeWorkbook) -> bytes:
    return make_workbook({"Students": [["Student ID"], ["00042"]]}).read_bytes()


@pytest.fixture
def nowhere(plain: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no folder for temporary files, once openpyxl has had its own."""
    assert plain
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))


def old(password: str) -> bytes:
    """Return an .xls protected by RC4 ([MS-XLS] 2.2.10): heads of records and what finds the sheets stay open."""

    def rc4(data: bytes) -> bytes:
        content: bytes = DocumentRC4.decrypt(password, SALT, io.BytesIO(data), blocksize=1024).read()
        return content

    book = xlwt.Workbook()
    book.add_sheet("Students").write(0, 0, "Ana Reyes")
    stream, verifier = io.BytesIO(book.get_biff_data()), bytes(16)
    file_pass = struct.pack("<5H", 0x2F, 54, 1, 1, 1) + SALT + rc4(verifier + md5(verifier).digest())  # noqa: S324
    content, is_open = b"", []
    while head := stream.read(4):
        kind, size = struct.unpack("<HH", head)
        body = stream.read(size)
        if kind == 0x85:
            body = struct.pack("<I", struct.unpack_from("<I", body)[0] + len(file_pass)) + body[4:]
        opened = size if kind in {0x809, 0xE1} else 4 if kind == 0x85 else 0
        is_open += [True] * (4 + opened) + [False] * (size - opened)
        content += head + body
        if file_pass not in content:
            content += file_pass
            is_open += [True] * len(file_pass)
    mixed = bytes(a if keep else b for a, b, keep in zip(content, rc4(content), is_open, strict=True))
    file = io.BytesIO()
    XlsDoc().save(file, mixed)
    return file.getvalue()


def standard(content: bytes, password: str) -> bytes:
    """Return a file protected as Excel 2007 does it ([MS-OFFCRYPTO] 2.3.4.5)."""
    key = ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 0x18, 128, 16, SALT)

    def aes(data: bytes) -> bytes:
        return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(data + bytes(-len(data) % 16))  # noqa: S305

    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + "AES\0".encode("utf-16-le")
    verifier = struct.pack("<I", 16) + SALT + aes(bytes(16)) + struct.pack("<I", 20) + aes(sha1(bytes(16)).digest())  # noqa: S324
    info = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header + verifier
    file = io.BytesIO()
    ECMA376Encrypted(struct.pack("<Q", len(content)) + aes(content), info).write_to(file)
    return file.getvalue()


def agile(info: str) -> bytes:
    file = io.BytesIO()
    ECMA376Encrypted(bytes(5000), struct.pack("<HHI", 4, 4, 0x40) + info.encode()).write_to(file)
    return file.getvalue()


@pytest.mark.usefixtures("nowhere")
def test_a_workbook_goes_in_and_out_of_protection(plain: bytes) -> None:
    protected = encrypt(plain, PASSWORD)
    assert is_encrypted(protected)
    assert not is_encrypted(plain)
    assert b"sheet1.xml" not in protected
    assert decrypt(protected, PASSWORD) == plain


@pytest.mark.usefixtures("nowhere")
def test_the_protection_of_excel_2007_opens(plain: bytes) -> None:
    protected = standard(plain, PASSWORD)
    assert is_encrypted(protected)
    assert decrypt(protected, PASSWORD) == plain
    with pytest.raises(WrongPassword):
        decrypt(protected, "fern")


@pytest.mark.usefixtures("nowhere")
def test_an_old_workbook_opens_without_a_copy_on_the_disk() -> None:
    protected = old(PASSWORD)
    assert is_encrypted(protected)
    assert b"Ana Reyes" not in protected
    opened = decrypt(protected, PASSWORD)
    assert not is_encrypted(opened)
    [sheet] = read_xls(opened)
    assert (sheet.title, sheet.rows[0][1][1].value) == ("Students", "Ana Reyes")


def test_an_old_workbook_without_a_password_is_none() -> None:
    file = io.BytesIO()
    book = xlwt.Workbook()
    book.add_sheet("Students")
    book.save(file)
    assert not is_encrypted(file.getvalue())


@pytest.mark.parametrize("password", ["fern", PASSWORD + " ", "", "x" * 300, None])
def test_a_wrong_password_is_said(plain: bytes, password: str | None) -> None:
    for protected in (encrypt(plain, PASSWORD), old(PASSWORD)):
        with pytest.raises(WrongPassword):
            decrypt(protected, password)


def test_what_excel_opens_without_asking_opens(plain: bytes) -> None:
    assert decrypt(encrypt(plain, EVERYBODYS)) == plain
    assert read_xls(decrypt(old(EVERYBODYS)))[0].title == "Students"


def test_a_file_that_asks_for_minutes_of_work_is_refused_at_once() -> None:
    protected = agile(AGILE.format(rounds=9_900_000))
    started = time.monotonic()
    with pytest.raises(UnknownProtection, match="minutes"):
        decrypt(protected, PASSWORD)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "info",
    ["", "<encryption/>", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><encryption>&a;</encryption>", "<encryption>" * 100],
)
def test_a_description_that_is_none_is_an_error(info: str) -> None:
    with pytest.raises(ValueError, match="protected file"):
        decrypt(agile(info), PASSWORD)


@pytest.mark.parametrize("cut", [100, 600, 2000, 5000])
def test_a_file_that_is_cut_off_is_an_error(plain: bytes, cut: int) -> None:
    for protected in (encrypt(plain, PASSWORD), old(PASSWORD)):
        with pytest.raises(ValueError, match=r"."):
            decrypt(protected[:cut], PASSWORD)


def test_only_an_office_package_can_be_protected() -> None:
    with pytest.raises(ValueError, match="Office"):
        encrypt(b"Student ID\n00042\n", PASSWORD)


@given(st.binary(max_size=600))
def test_any_bytes_are_opened_or_refused(noise: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decrypt(OLE + noise, PASSWORD)

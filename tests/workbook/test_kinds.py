from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.workbook.encryption import encrypt
from iepdocs.workbook.kinds import Kind, kind_of

if TYPE_CHECKING:
    from tests.support import MakeTemplate, MakeWorkbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SS = "urn:schemas-microsoft-com:office:spreadsheet"
FLAT = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis'


def zipped(*names: str, mimetype: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def kind(data: bytes, name: str = "students.xls") -> Kind:
    return kind_of(data, name)[0]


def test_workbooks_are_known_whatever_they_are_called(make_workbook: MakeWorkbook) -> None:
    xlsx = make_workbook({"Students": [["Student ID"]]}).read_bytes()
    old = io.BytesIO()
    book = xlwt.Workbook()
    book.add_sheet("Students").write(0, 0, "EncryptedPackage")
    book.save(old)
    assert kind(xlsx) is Kind.XLSX
    assert kind(old.getvalue(), "students.xlsx") is Kind.XLS
    assert kind(encrypt(xlsx, "fern")) is Kind.ENCRYPTED


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (zipped("xl/workbook.xml"), Kind.XLSX),
        (zipped("xl\\workbook.xml"), Kind.XLSX),
        (zipped("xl/workbook.bin"), Kind.XLSB),
        (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), Kind.ODS),
        (f'<?xml version="1.0"?>\n<office:document {FLAT}.opendocument.spreadsheet">'.encode(), Kind.ODS),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", Kind.XLS),
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", Kind.XLS),
        (b"<html><table>", Kind.HTML),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html PUBLIC '-//W3C//DTD'>\n<html>", Kind.HTML),
        (b"<TABLE border=1><TR>", Kind.HTML),
        (b"<!-- made by us --><style>td {}</style><table>", Kind.HTML),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", Kind.HTML),
        ("<html><table>".encode("utf-16"), Kind.HTML),
        (
            f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{SS}">'.encode(),
            Kind.XML2003,
        ),
        (f'<ss:Workbook xmlns:ss="{SS}"><ss:Table>'.encode(), Kind.XML2003),
        (b"Student ID,Name\n00042,Ana\n", Kind.DELIMITED),
        (b"Student ID\tName\n00042\tJos\xe9\n", Kind.DELIMITED),
        ("Student ID;Name".encode("utf-16"), Kind.DELIMITED),
        (b"BMI,Name\n", Kind.DELIMITED),
        (b"ID;Parent\n1;Ana <html@example.org>\n", Kind.DELIMITED),
        (b"PK,Name\n", Kind.DELIMITED),
        (b"", Kind.EMPTY),
        (b"\xef\xbb\xbf\r\n", Kind.EMPTY),
        (bytes(4096), Kind.EMPTY),
    ],
)
def test_the_content_decides(data: bytes, expected: Kind) -> None:
    assert kind(data) is expected


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (b"%PDF-1.7", "plans.xlsx", "a PDF"),
        (b"\x89PNG\r\n", "plans.xlsx", "a picture"),
        (b"BM\x36\0\0\0\0\0\0\0", "plans.xlsx", "a picture"),
        (b"\0\0\0\x18ftypheic", "plans.xlsx", "a picture or recording"),
        (zipped("Index/Document.iwa"), "plans.numbers", "an Apple Numbers file"),
        (zipped("Index/Document.iwa"), "plans.pages", "an Apple Pages document"),
        (zipped("students.csv"), "plans.zip", "a zip archive"),
        (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "a.ods", "an OpenDocument file"),
        (b"PK\x03\x04 cut off", "plans.xlsx", "a damaged file"),
        (OLE + bytes(600), "plans.xls", "a damaged Office file"),
        (b"<?xml version='1.0'?><students/>", "plans.xml", "an XML file"),
        (bytes(range(1, 32)) * 20, "plans.csv", "no spreadsheet"),
    ],
)
def test_what_is_no_spreadsheet_is_named(data: bytes, name: str, what: str) -> None:
    found = kind_of(data, name)
    assert found[0] is Kind.UNKNOWN
    assert found[1].startswith(what)


def test_a_word_document_is_named(make_template: MakeTemplate) -> None:
    assert kind_of(make_template("Dear parents").read_bytes(), "students.xlsx")[1] == "a Word document (.docx)"


@given(st.sampled_from([b"", OLE, b"PK\x03\x04", b"<html>", b"\xff\xfe", b"<!--", b"<?"]), st.binary(max_size=600))
def test_any_bytes_are_of_some_kind(start: bytes, noise: bytes) -> None:
    assert kind_of(start + noise, "students")[1]

from __future__ import annotations

import io
import stat
from typing import TYPE_CHECKING, Any

import docx
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from iepdocs.findings import IepdocsError
from iepdocs.pdf import Part, combine
from iepdocs.pdf.convert import convert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iepdocs.pdf import Office


def make_pdf(path: Path, *widths: float, rotation: int = 0, password: str | None = None) -> Path:
    """Write a PDF with a page of each width, in points, a heading of its own, and metadata."""
    writer = PdfWriter()
    for width in widths:
        page = writer.add_blank_page(width, 792).rotate(rotation)
        content = DecodedStreamObject()
        content.set_data(f"q % {width}".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        writer.add_outline_item(title="Heading", page_number=page)
    writer.add_metadata({"/Author": "Ana Reyes", "/Title": "IEP of Ana Reyes"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(path)
    return path


def widths_of(pdf: Path) -> list[float]:
    return [float(page.mediabox.width) for page in PdfReader(pdf).pages]


def bookmarks(pdf: Path) -> list[Any]:
    """Return a file's bookmarks, each with its page, counted from 1; those below one as a list after it."""
    reader = PdfReader(pdf)

    def listed(outline: Sequence[Any]) -> list[Any]:
        return [
            listed(one) if isinstance(one, list) else (one.title, (reader.get_destination_page_number(one) or 0) + 1)
            for one in outline
        ]

    return listed(reader.outline)


def test_each_document_begins_on_a_page_to_the_right(tmp_path: Path) -> None:
    parts = [
        Part(make_pdf(tmp_path / "a.pdf", 612), "Ana Reyes", "IEP"),
        Part(make_pdf(tmp_path / "b.pdf", 500, 501), "Ben Okafor", "IEP"),
        Part(make_pdf(tmp_path / "c.pdf", 400, 401, 402), "Cy Moss", "IEP"),
        Part(make_pdf(tmp_path / "d.pdf", 300), "Di Lark", "IEP"),
    ]
    combined = combine(parts, tmp_path / "out" / "iep.pdf", "IEPs")
    assert (combined.pages, combined.problems) == (9, ())
    assert widths_of(tmp_path / "out" / "iep.pdf") == [612, 612, 500, 501, 400, 401, 402, 402, 300]
    assert bookmarks(tmp_path / "out" / "iep.pdf") == [
        ("Ana Reyes", 1),
        ("Ben Okafor", 3),
        ("Cy Moss", 5),
        ("Di Lark", 9),
    ]


def test_the_empty_page_lies_as_the_page_before_it(tmp_path: Path) -> None:
    wide = make_pdf(tmp_path / "wide.pdf", 612, rotation=90)
    combine([Part(wide, "Ana", "IEP"), Part(wide, "Ben", "IEP")], tmp_path / "out.pdf", "IEPs")
    assert [page.rotation for page in PdfReader(tmp_path / "out.pdf").pages] == [90, 90, 90]


def test_several_documents_of_a_student_have_bookmarks_below_the_students(tmp_path: Path) -> None:
    page = make_pdf(tmp_path / "page.pdf", 612)
    parts = [
        Part(page, "Ana Reyes 00042", "IEP"),
        Part(page, "Ana Reyes 00042", "Notice to Rosa Reyes"),
        Part(page, "Ben Okafor 00107", "IEP"),
    ]
    combine(parts, tmp_path / "out.pdf", "Alder Creek")
    assert bookmarks(tmp_path / "out.pdf") == [
        ("Ana Reyes 00042", 1),
        [("IEP", 1), ("Notice to Rosa Reyes", 3)],
        ("Ben Okafor 00107", 5),
    ]


def test_pages_that_look_the_same_stay_pages_of_their_own(tmp_path: Path) -> None:
    page = make_pdf(tmp_path / "page.pdf", 612)
    combine([Part(page, str(number), "IEP") for number in range(5)], tmp_path / "out.pdf", "IEPs")
    pages = [page.indirect_reference for page in PdfReader(tmp_path / "out.pdf").pages]
    assert len({page.idnum for page in pages if page}) == len(pages) == 9


def test_the_file_says_what_it_is_and_nothing_of_a_student_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    combine([Part(make_pdf(tmp_path / "a.pdf", 612), "Ana Reyes", "IEP")], out, "IEPs of Alder Creek")
    reader = PdfReader(out)
    assert reader.metadata == {"/Title": "IEPs of Alder Creek"}
    assert reader.xmp_metadata is None
    assert reader.page_mode == "/UseOutlines"
    assert reader.viewer_preferences == {"/DisplayDocTitle": True, "/Duplex": "/DuplexFlipLongEdge"}
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_what_cannot_be_read_is_named_and_the_others_go_in(tmp_path: Path) -> None:
    good = make_pdf(tmp_path / "good.pdf", 612)
    whole = make_pdf(tmp_path / "whole.pdf", *[500.0] * 40).read_bytes()
    (tmp_path / "half.pdf").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "hole.pdf").write_bytes(whole[:1500] + b"\0" * 1000 + whole[2500:])
    late = make_pdf(tmp_path / "late.pdf", 500, 501).read_bytes()
    last = late.rindex(b" 0 obj", 0, late.index(b"q % 501"))
    (tmp_path / "late.pdf").write_bytes(late[: last - 1] + b"9" + late[last:])
    (tmp_path / "text.pdf").write_bytes(b"no PDF")
    make_pdf(tmp_path / "locked.pdf", 500, password="secret")  # noqa: S106
    make_pdf(tmp_path / "empty.pdf")
    bad = ["gone", "half", "hole", "late", "text", "locked", "empty"]
    parts = [
        Part(good, "Ana", "IEP"),
        *(Part(tmp_path / f"{name}.pdf", name, "IEP") for name in bad),
        Part(tmp_path / "half.pdf", "Ben", "IEP"),
        Part(good, "Ben", "Notice"),
    ]
    combined = combine(parts, tmp_path / "out.pdf", "IEPs")
    assert [str(one.place).removeprefix(f"{tmp_path}/") for one in combined.problems] == [
        *(f"{name}.pdf" for name in bad),
        "half.pdf",
    ]
    assert [
        one.message.removeprefix("This PDF is left out of what is to be printed. ") for one in combined.problems
    ] == [
        "No such file or directory.",
        "It is damaged.",
        "It is damaged.",
        "It is damaged.",
        "It is damaged.",
        "It has a password.",
        "It has no pages.",
        "It is damaged.",
    ]
    assert widths_of(tmp_path / "out.pdf") == [612, 612, 612]
    assert bookmarks(tmp_path / "out.pdf") == [("Ana", 1), ("Ben", 3)]


def test_without_any_page_there_is_no_file(tmp_path: Path) -> None:
    combined = combine([Part(tmp_path / "gone.pdf", "Ana", "IEP")], tmp_path / "out.pdf", "IEPs")
    assert (combined.pages, len(combined.problems)) == (0, 1)
    assert list(tmp_path.iterdir()) == []


def test_where_the_file_cannot_be_replaced_that_is_said_and_nothing_is_left_behind(tmp_path: Path) -> None:
    part = Part(make_pdf(tmp_path / "a.pdf", 612), "Ana", "IEP")
    (tmp_path / "out.pdf").mkdir()
    with pytest.raises(IepdocsError) as raised:
        combine([part], tmp_path / "out.pdf", "IEPs")
    assert raised.value.findings[0].mend.startswith("If it is open in a viewer")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "out.pdf"]


def test_what_documents_have_in_common_is_in_the_file_once(libreoffice: Office, tmp_path: Path) -> None:
    documents = []
    logo = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(logo, "png")
    for name in ("Ana", "Ben", "Cy"):
        document = docx.Document()
        document.add_picture(logo)
        document.add_paragraph(f"Dear parents of {name}")
        documents.append(tmp_path / f"{name}.docx")
        document.save(str(documents[-1]))
    convert(libreoffice, documents)
    one = documents[0].with_suffix(".pdf").stat().st_size
    parts = [Part(document.with_suffix(".pdf"), document.stem, "Letter") for document in documents]
    combine(parts, tmp_path / "out.pdf", "Letters")
    assert (tmp_path / "out.pdf").stat().st_size < 1.5 * one
    text = [page.extract_text() for page in PdfReader(tmp_path / "out.pdf").pages]
    assert [page.split(" ")[-1] for page in text] == ["Ana", "", "Ben", "", "Cy"]

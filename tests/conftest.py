"""What the tests share: the built-in pack, and workbooks, templates and packs made in a few lines."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest

from iepdocs.pack import Pack, load_pack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    MakeWorkbook = Callable[..., Path]
    MakeTemplate = Callable[..., Path]

TODAY = dt.date(2026, 11, 25)

STUDENTS = [
    ["Student ID", "Last Name", "First Name", "Date of Birth", "Grade", "School", "Case Manager"],
    ["00042", "Reyes", "Ana", dt.date(2016, 5, 14), "4", "Alder Creek", "Dana Whitfield"],
    ["00107", "Okafor", "Ben", dt.date(2014, 2, 1), "6", "Alder Creek", "Dana Whitfield"],
]
GOALS = [
    ["Student ID", "Goal Number", "Area", "Baseline", "Goal", "Measurement Method"],
    ["00042", "1", "Reading", "41 words a minute", "Ana will read 90 words a minute.", "weekly probe"],
    ["00107", "1", "Writing", "2 sentences", "Ben will write a paragraph.", "work samples"],
]
PROGRESS = [
    ["Student ID", "Goal Number", "Date", "Value"],
    ["00042", "1", dt.date(2026, 9, 14), 43],
    ["00042", "1", dt.date(2026, 10, 12), 52],
    ["00107", "1", dt.date(2026, 9, 14), "3 of 5"],
]
"""Three sheets are enough for progress reports."""


def progress_sheets(**changed: Sequence[Sequence[Any]]) -> dict[str, Sequence[Sequence[Any]]]:
    """Return the three sheets, with some replaced or added."""
    return {"Students": STUDENTS, "Goals": GOALS, "Progress": PROGRESS, **changed}


@pytest.fixture(scope="session")
def pack() -> Pack:
    """Return the built-in pack."""
    return load_pack()


@pytest.fixture
def make_workbook(tmp_path: Path) -> MakeWorkbook:
    """Return a function that writes an .xlsx: a title and its rows, header first, for each sheet."""

    def make(sheets: Mapping[str, Sequence[Sequence[Any]]], name: str = "plans.xlsx") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            worksheet = book.create_sheet(title)
            for row in rows:
                worksheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return make


@pytest.fixture
def make_template(tmp_path: Path) -> MakeTemplate:
    """Return a function that writes a .docx with one paragraph for each text."""

    def make(*paragraphs: str, name: str = "progress_report.docx") -> Path:
        document = docx.Document()
        for text in paragraphs:
            document.add_paragraph(text)
        path = tmp_path / "templates" / name
        path.parent.mkdir(exist_ok=True)
        document.save(str(path))
        return path

    return make


def text_of(document: Path | bytes) -> str:
    """Return the paragraphs of a document's body, tables included, a line each."""
    import io  # noqa: PLC0415

    opened = docx.Document(io.BytesIO(document) if isinstance(document, bytes) else str(document))
    return "\n".join(
        "".join(
            node.text or "" if node.tag.endswith("}t") else "\n" if node.tag.endswith("}br") else "\t"
            for node in paragraph.iter()
            if node.tag.endswith(("}t", "}br", "}tab"))
        )
        for paragraph in opened.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    )

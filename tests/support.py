"""What the tests share: rows for small workbooks, and a document's text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx

MakeWorkbook = Callable[..., Path]
MakeTemplate = Callable[..., Path]

TODAY = dt.date(2026, 11, 25)

Rows = list[list[Any]]

STUDENTS: Rows = [
    ["Student ID", "Last Name", "First Name", "Date of Birth", "Grade", "School", "Case Manager"],
    ["00042", "Reyes", "Ana", dt.date(2016, 5, 14), "4", "Alder Creek", "Dana Whitfield"],
    ["00107", "Okafor", "Ben", dt.date(2014, 2, 1), "6", "Alder Creek", "Dana Whitfield"],
]
GOALS: Rows = [
    ["Student ID", "Goal Number", "Area", "Baseline", "Goal", "Measurement Method"],
    ["00042", "1", "Reading", "41 words a minute", "Ana will read 90 words a minute.", "weekly probe"],
    ["00107", "1", "Writing", "2 sentences", "Ben will write a paragraph.", "work samples"],
]
PROGRESS: Rows = [
    ["Student ID", "Goal Number", "Date", "Value"],
    ["00042", "1", dt.date(2026, 9, 14), 43],
    ["00042", "1", dt.date(2026, 10, 12), 52],
    ["00107", "1", dt.date(2026, 9, 14), "3 of 5"],
]
"""Three sheets are enough for progress reports."""


def progress_sheets(**changed: Rows) -> dict[str, Rows]:
    """Return the three sheets, with some replaced or added."""
    return {"Students": STUDENTS, "Goals": GOALS, "Progress": PROGRESS, **changed}


def text_of(document: Path | bytes) -> str:
    """Return the paragraphs of a document's body, tables included, a line each."""
    opened = docx.Document(io.BytesIO(document) if isinstance(document, bytes) else str(document))
    return "\n".join(
        "".join(
            node.text or "" if node.tag.endswith("}t") else "\n" if node.tag.endswith("}br") else "\t"
            for node in paragraph.iter()
            if node.tag.endswith(("}t", "}br", "}tab"))
        )
        for paragraph in opened.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    )

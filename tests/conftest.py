"""Fixtures: the built-in pack, and workbooks and templates made in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import docx
import pytest

from iepdocs.pack import Pack, load_pack
from tests.support import STUDENTS, TODAY, progress_sheets, text_of, write_workbook

__all__ = ["STUDENTS", "TODAY", "progress_sheets", "text_of"]

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.support import MakeTemplate, MakeWorkbook


@pytest.fixture(scope="session")
def pack() -> Pack:
    """Return the built-in pack."""
    return load_pack()


@pytest.fixture
def make_workbook(tmp_path: Path) -> MakeWorkbook:
    """Return a function that writes an .xlsx: a title and its rows, header first, for each sheet."""

    def make(sheets: Mapping[str, Sequence[Sequence[Any]]], name: str = "plans.xlsx") -> Path:
        return write_workbook(tmp_path / name, sheets)

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


@pytest.fixture
def lenient(tmp_path: Path, pack: Pack) -> Path:
    """Return a district's folder in which no rule of law holds, for workbooks of a few rows."""
    rules = tmp_path / "lenient" / "rules"
    rules.mkdir(parents=True)
    (rules / "all.yaml").write_text("".join(f"{rule}: ignore\n" for rule in pack.rules), encoding="utf-8")
    return rules.parent

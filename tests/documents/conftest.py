"""Fixtures: contexts and finished documents, from the rows of sheets."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import iepdocs
from iepdocs.documents import Contexts
from iepdocs.plan import Caseload, SheetValidator, link
from iepdocs.workbook import open_workbook
from tests.support import TODAY, text_of

if TYPE_CHECKING:
    from iepdocs.pack import Pack
    from tests.support import MakeTemplate, MakeWorkbook, Rows

ContextsOf = Callable[[dict[str, "Rows"]], Contexts]
Texts = Callable[..., list[str]]


@pytest.fixture
def contexts_of(make_workbook: MakeWorkbook, pack: Pack) -> ContextsOf:
    """Return a function that makes contexts from sheets."""

    def put_together(sheets: dict[str, Rows]) -> Contexts:
        tables = open_workbook(make_workbook(sheets), pack).tables
        records = {title: SheetValidator(pack.sheets[title], ()).validate(table)[0] for title, table in tables.items()}
        caseload = Caseload(records, dict(pack.settings), pack)
        link(caseload, tables, pack)
        return Contexts(caseload, pack, TODAY)

    return put_together


@pytest.fixture
def texts(make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path, lenient: Path) -> Texts:
    """Return a function that makes the documents of a kind, and returns their texts in the order of their names.

    The workbooks are a few rows, and no rule of law is held against them.
    """

    def make(sheets: dict[str, Rows], template: str, kind: str = "progress_report", **wanted: Any) -> list[str]:
        out = Path(tempfile.mkdtemp(dir=tmp_path))
        templates = make_template(template, name=f"{kind}.docx").parent
        if "district" in wanted:
            shutil.copytree(lenient / "rules", wanted["district"] / "rules")
        made: dict[str, Any] = {"kinds": [kind], "district": lenient, "templates": templates, "date": TODAY}
        report = iepdocs.generate(make_workbook(sheets), out, **{**made, **wanted})
        assert [reason for skipped in report.skipped for reason in skipped.findings] == []
        return [text_of(path) for path in sorted(out.rglob("*.docx"))]

    return make

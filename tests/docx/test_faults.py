"""What is wrong with a template comes all at once, whatever else is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.docx import Draft
from tests.support import lines, raw_document, row, table

if TYPE_CHECKING:
    from pathlib import Path

HALF = lines("{% if a %}") + table(row("x{% endif %}", ""))
CROSSING = table(row("{% if a %}x", "y{% endif %}"))
UNREADABLE = {"an unreadable tag": "{{ }}", "an open tag": "{{ b"}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_a_tag_that_cannot_be_read_hides_no_block_that_takes_half_of_something(tmp_path: Path, text: str) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(raw_document(CROSSING + HALF + lines(text)))
    draft = Draft(path)
    assert {finding.rule for finding in draft.problems} == {"template-syntax", "template-structure"}
    [warning] = draft.warnings
    assert warning.message.startswith("'{% if a %}' begins in one table cell")

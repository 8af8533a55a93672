"""What a control tag leaves empty stays valid, whatever else stands in it that is no content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import lines, raw_document, row, table

if TYPE_CHECKING:
    from tests.docx.bench import Bench

NO_CONTENT = {
    "a mark of the spell checker": '<w:proofErr w:type="gramStart"/>',
    "a bookmark": '<w:bookmarkStart w:id="1" w:name="b"/><w:bookmarkEnd w:id="1"/>',
    "a remark": "<!-- <w:p/> -->",
    "an instruction": "<?a b?>",
}


@pytest.mark.parametrize("beside", NO_CONTENT.values(), ids=NO_CONTENT)
def test_a_cell_that_keeps_nothing_but_marks_gets_a_paragraph(bench: Bench, beside: str) -> None:
    conditional = lines("{%p if a %}", "x", "{%p endif %}")
    bench.render(raw_document(table(row(f"<w:tc><w:tcPr/>{beside}{conditional}</w:tc>"))))

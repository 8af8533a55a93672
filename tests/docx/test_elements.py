"""Tags that stand for an element: those that open and close in it are around it, one in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import lines, raw_document, row, table, text_of

if TYPE_CHECKING:
    from tests.docx.bench import Bench


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in a %}{% if x %}{% endif %}{% endfor %}{% if a %}{% endif %}",
        "{%p if a %}{%p endif %}{%p for x in a %}{%p if x %}{%p endif %}{%p endfor %}",
        "{% for x in a %}{% if x %}{% endif %}{% if x %}{% endif %}{% endfor %}",
    ],
)
def test_blocks_in_one_paragraph_beside_and_within_each_other_are_read(bench: Bench, text: str) -> None:
    template = raw_document(lines("one", text, "last"))
    assert text_of(bench.render(template)) == "one\nlast"
    assert text_of(bench.render(template, a=[1])).split() == ["one", "last"]


def test_rows_that_open_and_close_blocks_in_their_cells_are_repeated(bench: Bench) -> None:
    cells = ("{%tr for x in a %}{%tr if x %}{{ x }}{%tr endif %}{%tr endfor %}", "{%tr if b %}z{%tr endif %}")
    template = raw_document(table(row(*cells)))
    assert text_of(bench.render(template, a=["x", "", "y"], b=1)).split() == ["x", "z", "y", "z"]

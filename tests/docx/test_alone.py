"""Control tags alone in a paragraph or row stand for it, if all of their block can."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.docx.bench import paragraphs
from tests.support import lines, raw_document, text_of

if TYPE_CHECKING:
    from tests.docx.bench import Bench


def test_a_block_that_shares_a_paragraph_with_text_stays_in_the_text_and_so_does_what_is_beside_it(
    bench: Bench,
) -> None:
    template = raw_document(lines("{% if a %}", "one", "{% endif %}{% if b %}", "two", "{% endif %} three"))
    assert text_of(bench.render(template, a=1, b=1)) == "\none\n\ntwo\n three"
    assert paragraphs(bench.render(template, a=1)) == ["one", " three"]


def test_a_long_chain_of_such_blocks_is_seen_through_soon(bench: Bench) -> None:
    template = raw_document(lines("{% if a %}", *["{% endif %}{% if a %}"] * 600, "{% endif %} last"))
    begun = time.process_time()
    assert paragraphs(bench.load(template).render({"a": 1})) == [" last"]
    assert time.process_time() - begun < 3

"""What a loop repeats gets its own, whichever program wrote the document, and however often it goes round."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.docx.bench import COMMENTED
from tests.docx.test_pains import looped, numbered, with_lists
from tests.support import W, drawing, lines, packed, para, part_of, parts_of, raw_document, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.docx.bench import Bench

BOOKMARKED = para('<w:bookmarkStart w:id="1" w:name="goal"/>', run("{{ g }}"), '<w:bookmarkEnd w:id="1"/>')
GOALS = {"goals": ["a", "b", "c"]}


def with_parts(document: bytes, change: Callable[[bytes], bytes], names: str = "document|numbering|comments") -> bytes:
    """Return a document with some parts written in another way."""
    return packed({
        name: change(part) if re.fullmatch(rf"word/(?:{names})\.xml", name) else part
        for name, part in parts_of(document).items()
    })  # fmt: skip


def encoded(encoding: str) -> Callable[[bytes], bytes]:
    return lambda part: f'<?xml version="1.0" encoding="{encoding}"?>{part.decode()}'.encode(encoding)


WRITTEN = {
    "quoted singly": lambda part: part.replace(b'"', b"'"),
    "in UTF-16": encoded("utf-16"),
    "in Latin-1": encoded("iso-8859-1"),
}
COPIED: dict[str, bytes] = {
    "a list": with_lists(looped(lines("Señor {{ g }}") + numbered("a") + numbered("b"))),
    "a comment": raw_document(looped(COMMENTED, lines("{{ g }}")), comments=[lines("señor")]),
    "a drawing": raw_document(looped(para(drawing("{{ g }}"))) + para(drawing("é").replace('id="1"', 'id="2"'))),
    "a bookmark": raw_document(looped(BOOKMARKED) + BOOKMARKED.replace('"1"', '"2"').replace('"goal"', '"goal_1"')),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("document", COPIED.values(), ids=COPIED)
def test_copies_are_told_apart_however_the_parts_are_written(bench: Bench, document: bytes, written: Any) -> None:
    bench.render(with_parts(document, written), **GOALS)  # which looks whether all ids are its own


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_list_begins_anew_however_its_part_is_written(bench: Bench, written: Any) -> None:
    document = with_parts(COPIED["a list"], lambda part: part.replace(b'"%1."', '"§%1."'.encode()), "numbering")
    numbering = part_of(bench.render(with_parts(document, written), **GOALS), "word/numbering.xml")
    assert [one.get(f"{W}numId") for one in numbering.iterfind(f"{W}num")] == ["1", "2", "3", "4"]
    assert "§%1." in [one.get(f"{W}val") for one in numbering.iter(f"{W}lvlText")]


def test_a_bookmark_is_named_as_soon_in_the_last_round_as_in_the_first(bench: Bench) -> None:
    template = bench.load(raw_document(looped(BOOKMARKED)))
    begun = time.process_time()
    made = template.render({"goals": range(6000)})
    assert time.process_time() - begun < 3
    assert len(set(re.findall(rb'w:name="(\w+)"', parts_of(made)["word/document.xml"]))) == 6000


def test_a_copied_change_gets_an_id_that_no_change_of_any_kind_has(bench: Bench) -> None:
    changed = '<w:rPrChange w:id="2" w:author="Dana Whitfield"><w:rPr/></w:rPrChange>'
    inserted = para(f'<w:ins w:id="1" w:author="Dana Whitfield">{run("{{ g }}")}</w:ins>')
    made = bench.render(raw_document(looped(inserted) + para(run("x", changed))), **GOALS)
    ids = re.findall(rb'<w:(?:ins|rPrChange) w:id="(\d+)"', parts_of(made)["word/document.xml"])
    assert len(ids) == len(set(ids)) == 4


def test_a_list_whose_numbering_is_missing_in_the_file_is_copied_all_the_same(bench: Bench) -> None:
    parts = parts_of(COPIED["a list"])
    del parts["word/numbering.xml"]
    assert bench.load(packed(parts)).render(GOALS)

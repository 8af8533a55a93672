from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.docx import words_of
from tests.support import cell, lines, para, raw_document, row, run, table, text_box

if TYPE_CHECKING:
    from pathlib import Path


def said(path: Path) -> dict[str, str]:
    """Return what a template says, each text with its place."""
    return {text: place.where for text, place in words_of(path, [path.parent / "pieces"]) if text}


def test_the_words_of_all_parts_are_found_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(
        raw_document(
            lines("Dear all") + table(row("a", "b")) + para(text_box(lines("Free of charge"))),
            headers=[lines("Confidential")],
            footnotes=[lines("At no cost")],
        )
    )
    assert said(path) == {
        "Dear all": "body",
        "a": "body, table 1, row 1, column 1",
        "b": "body, table 1, row 1, column 2",
        "Free of charge": "body, text box",
        "Confidential": "header of section 1",
        "At no cost": "footnote 1",
    }


def test_statements_and_remarks_are_no_words_and_values_stay_as_typed(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(
        raw_document(
            lines("{%p if 'mediation' in x %}", "Your {{ terms.rights }}{# mediation #} now{% if y %}!{% endif %}")
        )
    )
    assert list(said(path)) == ["Your {{ terms.rights }} now!"]


def test_words_that_word_has_cut_up_are_whole_and_deleted_ones_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    deleted = '<w:del w:id="1" w:author="Dana Whitfield"><w:r><w:delText>due process</w:delText></w:r></w:del>'
    path.write_bytes(raw_document(para(run("medi"), run("ation", "<w:b/>"), deleted)))
    assert list(said(path)) == ["mediation"]


def test_the_words_of_a_piece_are_the_templates_own(tmp_path: Path) -> None:
    (tmp_path / "pieces").mkdir()
    (tmp_path / "pieces" / "rights.docx").write_bytes(raw_document(lines("You may ask for mediation.")))
    path = tmp_path / "letter.docx"
    path.write_bytes(raw_document(lines("{% include 'rights' %}") + table(row(cell(lines("x"))), columns=1)))
    assert said(path)["You may ask for mediation."] == "piece 'rights'"

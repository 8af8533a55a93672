"""Tags that are broken over paragraphs, and such as are not closed at all."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from iepdocs.docx import Draft, Template
from tests.support import lines, raw_document, text_of

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, *texts: str) -> Path:
    path = folder / "letter.docx"
    path.write_bytes(raw_document(lines(*texts)))
    return path


@pytest.mark.parametrize("texts", [("{{ a", "}}"), ("{{", "a", "}}"), ("{{ a }", "}"), ("{{ a", "}}{{ a", "}}")])
def test_a_tag_in_which_enter_was_pressed_is_one(tmp_path: Path, texts: tuple[str, ...]) -> None:
    made = Template(written(tmp_path, *texts)).render({"a": "x"})
    assert text_of(made).replace("x", "") == ""
    assert "x" in text_of(made)


@pytest.mark.parametrize("opened", ["{{ a", "{{ a }", "{%p if a", "{# a"])
def test_a_tag_that_nothing_closes_is_not_read_together_with_the_next(tmp_path: Path, opened: str) -> None:
    draft = Draft(written(tmp_path, f"Name: {opened}", "in between", "Born: {{ born }}"))
    [finding] = draft.problems
    assert "opens a tag that nothing closes in this paragraph" in finding.message
    assert f'body: "Name: »{opened[:2]}«{opened[2:]}"' in str(finding.place)


def test_many_tags_that_nothing_closes_are_found_soon(tmp_path: Path) -> None:
    path = written(tmp_path, *["text {{ a"] * 400)
    begun = time.process_time()
    assert Draft(path).problems
    assert time.process_time() - begun < 3

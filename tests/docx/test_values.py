"""How values go into a document: a picture's file is read once, and no more are held than a form shows."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from docxtpl import RichText

from iepdocs import Template
from tests.docx.bench import PICTURE
from tests.support import WORD_NAMESPACES, W, lines, part_of, raw_document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docx.bench import Bench


def test_memory_is_flat_in_the_number_of_documents_each_with_a_picture_of_its_own(bench: Bench, tmp_path: Path) -> None:
    template = bench.load(raw_document(lines("{{ photo|image }}")))
    photo = PICTURE + bytes(1 << 20)
    tracemalloc.start()
    for number in range(60):
        path = tmp_path / f"{number}.png"
        path.write_bytes(photo)
        template.render({"photo": path.name})
        path.unlink()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 30 << 20


@pytest.mark.parametrize("part", ["body", "headers", "footnotes"])
def test_a_rich_text_has_links(tmp_path: Path, part: str) -> None:
    path = tmp_path / "letter.docx"
    tag = lines("see {{r rich }} and {{r rich }}")
    parts: dict[str, Any] = {part: [tag]}
    path.write_bytes(raw_document(tag) if part == "body" else raw_document(lines("x"), **parts))
    template = Template(path)
    rich = RichText()
    rich.add("a & b", url_id=template.build_url_id("https://example.org/a b?c=1&d=2"))
    made = template.render({"rich": rich})
    name = {"body": "document", "headers": "header1", "footnotes": "footnotes"}[part]
    link, again = part_of(made, f"word/{name}.xml").iter(f"{W}hyperlink")
    assert "".join(link.itertext()) == "a & b"
    relation = f"{{{WORD_NAMESPACES['r']}}}id"
    assert link.get(relation) == again.get(relation)
    [target] = [
        one.get("Target") for one in part_of(made, f"word/_rels/{name}.xml.rels") if one.get("Id") == link.get(relation)
    ]
    assert target == "https://example.org/a%20b?c=1&d=2"


@pytest.mark.parametrize("alt", ["Our logo", 'The "Cedar" & <Hill> crest', "two\nlines", "", "a\x01b"])
def test_a_picture_says_what_it_shows(bench: Bench, tmp_path: Path, alt: str) -> None:
    (tmp_path / "logo.png").write_bytes(PICTURE)
    template = bench.load(raw_document(lines("{{ logo|image(width='1in', alt=name) }}")))
    made = part_of(template.render({"logo": str(tmp_path / "logo.png"), "name": alt}), "word/document.xml")
    [properties] = made.iter("{*}docPr")
    assert (properties.get("descr") or "") == alt.replace("\x01", "")

"""What a template says by itself, beside its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.docx.package import parse, read_package
from iepdocs.docx.pieces import Pieces
from iepdocs.docx.places import HAS_TEXT, heading_styles, part_names, spots, text_of
from iepdocs.docx.tags import Tag, find_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from iepdocs.findings import TemplatePlace


def words_of(path: Path, pieces: Sequence[Path]) -> Iterator[tuple[str, TemplatePlace]]:
    """Yield the text of each paragraph of a template, those of its pieces among them, with its place.

    Of its tags only those for values are still in there, as they were typed.

    Args:
        path: the template, which can be opened.
        pieces: the folders of the pieces that it may take in, first one first.
    """
    package = read_package(path)
    kinds = {name: HAS_TEXT[kind] for name, kind in package.content_types.items() if kind in HAS_TEXT}
    trees = {name: parse(package.part(name)) for name in kinds}
    Pieces(package, pieces).take_into(trees)
    styled = package.related("styles")
    headings = heading_styles(parse(package.part(styled)) if styled else None)
    names = part_names(package, trees.get(package.main))
    for name, tree in trees.items():
        for paragraph, spot in spots(tree, names.get(name, kinds[name]), headings):
            yield _without_statements(text_of(paragraph)), spot.place(path.name)


def _without_statements(text: str) -> str:
    """Return a text without its tags for statements and remarks."""
    tags = [tag for tag in find_tags(text) if isinstance(tag, Tag) and tag.opener != "{{"]
    for tag in reversed(tags):
        text = text[: tag.start] + text[tag.end :]
    return text

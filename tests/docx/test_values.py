"""How values go into a document: a picture's file is read once, and no more are held than a form shows."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

from tests.docx.test_compatible import PICTURE
from tests.support import lines, raw_document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docx.places import Bench


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

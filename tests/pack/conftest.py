"""Packs in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    MakeDistrict = Callable[[dict[str, str]], Path]


@pytest.fixture
def make_district(tmp_path: Path) -> MakeDistrict:
    """Return a function that writes a district's folder: the text of each file by its path there."""

    def make(files: dict[str, str]) -> Path:
        folder = tmp_path / "district"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return make

"""Fixtures: where templates are rendered and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docx.bench import Bench

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return where a test renders its templates."""
    return Bench(tmp_path)

"""Fixtures: where templates are rendered and looked at."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.docx.bench import Bench
from tests.support import need_printing

if TYPE_CHECKING:
    from pathlib import Path

Printed = Callable[..., bytes]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return where a test renders its templates."""
    return Bench(tmp_path)


@pytest.fixture
def printed(tmp_path: Path) -> Printed:
    """Return what prints a document with LibreOffice and says what a program of poppler, with options, makes of it."""
    soffice, _ = need_printing()

    def make(document: bytes, program: str, *options: str) -> bytes:
        (tmp_path / "made.docx").write_bytes(document)
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        subprocess.run(  # noqa: S603
            [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "made.docx"],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        told = [program, *options, str(tmp_path / "made.pdf"), *(["-"] if program == "pdftotext" else [])]
        return subprocess.run(told, check=True, capture_output=True).stdout  # noqa: S603

    return make

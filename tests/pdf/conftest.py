"""LibreOffice if it is here, and a stand-in for it that fails as documents tell it to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import docx
import pytest

from iepdocs.pdf.office import Office, find_office
from tests.support import need_libreoffice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_STAND_IN = """\
#!{python}
import os, pathlib, subprocess, sys, time, zipfile
paths = sys.argv[sys.argv.index("--outdir") + 1 :]
out = pathlib.Path(paths[0])
with open({log!r}, "a") as log:
    log.write(f"{{len(paths) - 1}}\\n")
for path in paths[1:]:
    text = zipfile.ZipFile(path).read("word/document.xml").decode()
    if "HANGS" in text:
        (pathlib.Path(os.environ["TMPDIR"]) / "lu1.tmp").write_text(text)
        child = subprocess.Popen(["sleep", "600"])
        pathlib.Path({log!r} + ".child").write_text(str(child.pid))
        time.sleep(600)
    if "CRASHES" in text:
        os.abort()
    pdf = {pdf!r}
    if "EMPTY" in text:
        pdf = b""
    if "HALF" in text:
        pdf = pdf[: len(pdf) // 2]
    if "NO PAGES" in text:
        pdf = pdf.replace(b"/Count 1", b"/Count 0").replace(b"/Kids [3 0 R]", b"/Kids []     ")
    if "NOTHING" not in text:
        (out / pathlib.Path(path).stem).with_suffix(".pdf").write_bytes(pdf)
"""
_PDF = b"""\
%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>
endobj
xref
0 4
0000000000 65535 f\x20
0000000009 00000 n\x20
0000000058 00000 n\x20
0000000115 00000 n\x20
trailer
<< /Size 4 /Root 1 0 R >>
startxref
186
%%EOF
"""


@pytest.fixture(scope="session")
def libreoffice() -> Office:
    """Return LibreOffice, or skip the test."""
    need_libreoffice()
    return find_office()


@pytest.fixture
def stand_in(tmp_path: Path) -> Office:
    """Return a program that is called as LibreOffice is, and does what the words in capitals of a document say."""
    if sys.platform == "win32":
        pytest.skip("the stand-in is a script of Unix")
    program = tmp_path / "soffice"
    program.write_text(_STAND_IN.format(python=sys.executable, log=str(tmp_path / "log"), pdf=_PDF), encoding="utf-8")
    program.chmod(0o700)
    return Office(str(program), sys.platform)


@pytest.fixture
def starts(tmp_path: Path) -> Callable[[], list[int]]:
    """Return a function that tells with how many documents the stand-in was started, time after time."""
    return lambda: [int(line) for line in (tmp_path / "log").read_text(encoding="utf-8").split()]


@pytest.fixture
def make_documents(tmp_path: Path) -> Callable[..., list[Path]]:
    """Return a function that writes a Word document for each name, with its text, into the folder `out`."""

    def make(**texts: str) -> list[Path]:
        files = []
        for name, text in texts.items():
            document = docx.Document()
            document.add_paragraph(text)
            files.append(tmp_path / "out" / f"{name}.docx")
            files[-1].parent.mkdir(exist_ok=True)
            document.save(str(files[-1]))
        return files

    return make

"""One Python engine of the rendering benchmark at work, in a process of its own.

Usage: python benchmarks/engines.py ENGINE TEMPLATE DATA FOLDER

TEMPLATE and DATA are what forms.py wrote. Each line on stdin asks for a turn, `{"documents": 10, "seconds": 0.4}`: at
least so many documents, and for at least so long. Each line on stdout answers with the documents made and the seconds
they took, the peak memory so far in MB, the last document's file and the number of its student.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Data = dict[str, Any]
    Make = Callable[[int, Path], object]
    """Writes a student's document to a file."""


def iepdocs(template: Path, students: list[Data]) -> Make:
    """Return what fills the template, compiled once."""
    from iepdocs import Template  # noqa: PLC0415  (each process has its own engine and no other)

    compiled = Template(template)
    return lambda number, out: out.write_bytes(compiled.render(students[number]))


def docxtpl(template: Path, students: list[Data]) -> Make:
    """Return what opens and fills the template, as its documentation has it."""
    from docxtpl import DocxTemplate  # noqa: PLC0415

    def make(number: int, out: Path) -> None:
        document = DocxTemplate(template)
        document.render(students[number], autoescape=True)
        document.save(out)

    return make


def mailmerge(template: Path, students: list[Data]) -> Make:
    """Return what opens and fills the template, as its documentation has it."""
    from mailmerge import MailMerge  # noqa: PLC0415

    def make(number: int, out: Path) -> None:
        with MailMerge(template) as document:
            document.merge(**students[number])
            document.write(out)

    return make


def python_docx(template: Path, _students: list[Data]) -> Make:
    """Return what opens the template and saves it as it is."""
    from docx import Document  # noqa: PLC0415

    return lambda _, out: Document(str(template)).save(str(out))


def ceiling(template: Path, students: list[Data], level: int = 6) -> Make:
    """Return what compresses the parts that a document has changed, and writes the file that was made before."""
    from iepdocs import Template  # noqa: PLC0415

    compiled = Template(template)
    before = _parts(template)
    made = []
    scratch = template.with_suffix(".ceiling")
    for student in students:
        whole = compiled.render(student)
        scratch.write_bytes(whole)
        made.append((whole, [content for name, content in _parts(scratch).items() if content != before[name]]))

    def make(number: int, out: Path) -> None:
        whole, changed = made[number]
        for content in changed:
            zlib.compress(content, level)
        out.write_bytes(whole)

    return make


def ceiling_as_packed(template: Path, students: list[Data]) -> Make:
    """Return the ceiling with parts compressed as iepdocs compresses them."""
    from iepdocs.docx.package import LEVEL  # noqa: PLC0415

    return ceiling(template, students, LEVEL)


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


ENGINES: dict[str, Callable[[Path, list[Data]], Make]] = {
    "iepdocs": iepdocs,
    "docxtpl": docxtpl,
    "docx-mailmerge2": mailmerge,
    "python-docx": python_docx,
    "ceiling": ceiling,
    "ceiling as packed": ceiling_as_packed,
}


def main() -> None:
    """Answer each turn that is asked for."""
    name, template, data, place = sys.argv[1:]
    folder = Path(place)
    students = json.loads(Path(data).read_text(encoding="utf-8"))
    make = ENGINES[name](Path(template), students)
    for line in sys.stdin:
        turn = json.loads(line)
        made = 0
        begun = time.perf_counter()
        while made < turn["documents"] or time.perf_counter() - begun < turn["seconds"]:
            make(made % len(students), folder / f"{made}.docx")
            made += 1
        seconds = time.perf_counter() - begun
        answer = {
            "documents": made,
            "seconds": seconds,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "file": f"{made - 1}.docx",
            "student": (made - 1) % len(students),
        }
        for number in range(made - 1):
            (folder / f"{number}.docx").unlink()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

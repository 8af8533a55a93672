"""From documents to paper: a PDF of each, and what is printed together in one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from iepdocs.batch.names import as_file_name
from iepdocs.batch.share import Job, give
from iepdocs.batch.work import EDITED_SINCE, keep_beside
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.pdf.combine import Part, combine
from iepdocs.pdf.convert import LIMIT, NO_OFFICE, NOT_TRIED, broken_off, convert, not_tried
from iepdocs.text import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iepdocs.batch.executors import Crew
    from iepdocs.batch.journal import Beside
    from iepdocs.documents import Document
    from iepdocs.pack import Pack
    from iepdocs.pdf.office import Office

FOLDER = "print"
_AT_A_START = 32
"""Documents at a start of the program, which takes as long as three documents."""
_COARSE = 2
"""Seconds by which some file systems round a file's time."""
_BEGIN, _END, _TAIL = b"%PDF-", b"%%EOF", 1 << 11
"""How a PDF begins and ends, and within how many bytes of its end."""


@dataclass(frozen=True)
class Printing:
    """What is wanted on paper.

    Attributes:
        office: what makes PDFs.
        together: whether the PDFs of each kind are put into one file too.
        by: the column of Students for each of whose values there is such a file.
    """

    office: Office
    together: bool = False
    by: str | None = None


@dataclass
class Printed:
    """What came of it.

    Attributes:
        made: how many PDFs were made.
        unchanged: how many were there already, made of their documents as they are now.
        kept: the paths of those that a person had edited, that were kept beside the ones made anew.
        problems: what could not be made, and why.
        files: what is to be printed, by its path, with the number of its pages.
    """

    made: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)


def check_column(by: str | None, pack: Pack) -> None:
    """See that the column by which papers are put together is one of the students'.

    Raises:
        IepdocsError: naming the nearest, where it is none.
    """
    columns = pack.sheets["Students"].columns
    if by is not None and by not in columns:
        raise IepdocsError(
            Finding(
                f"The Students sheet has no column '{by}'.",
                did_you_mean(by, columns, f"There are {', '.join(columns)}."),
                FilePlace("--by"),
                rule="wanted-unknown",
            )
        )


class Pdf(Enum):
    """How the PDF of a document stands."""

    NONE = auto()
    CURRENT = auto()
    """It was made of the document as it is; a person may have edited it since."""
    OLD = auto()
    SOMEONES = auto()
    """A person has put it there, or has edited one that was made of the document as it was."""


class Pdfs:
    """The PDFs beside the documents of an output folder.

    Args:
        out: the folder.
        beside: what runs have made there.
    """

    def __init__(self, out: Path, beside: Beside) -> None:
        self.out = out
        self._beside = beside

    def state(self, file: str) -> Pdf:
        """Tell how the PDF of a document stands, by the document's path below the folder."""
        document, pdf = self.out / file, (self.out / file).with_suffix(".pdf")
        try:
            content = pdf.read_bytes()
            of = sha256(document.read_bytes()).hexdigest()
            was_made = _has_the_time_of(document, pdf)
        except OSError:  # there is none, or someone has taken one of them away
            return Pdf.NONE
        if not (content.startswith(_BEGIN) and _END in content[-_TAIL:]):
            return Pdf.NONE  # or it is short, as after a power cut
        made = self._beside.made(pdf_of(file))
        digest = sha256(content).hexdigest()
        if digest in made:
            return Pdf.CURRENT if made[digest] == of else Pdf.OLD
        if of in made.values() or (was_made and not made):  # of a run that was killed before it could take note
            return Pdf.CURRENT
        return Pdf.SOMEONES

    def is_old(self, file: str) -> bool:
        """Tell whether a document has a PDF that a run has made, and that is not of it as it is now."""
        return bool(self._beside.made(pdf_of(file))) and self.state(file) in (Pdf.OLD, Pdf.SOMEONES)

    def note(self, document: Path) -> None:
        """Take note of a PDF that was made of a document.

        Raises:
            IepdocsError: where that cannot be written.
        """
        pdf, file = document.with_suffix(".pdf"), document.relative_to(self.out).as_posix()
        with suppress(OSError):  # someone has taken one away
            is_of_it = _has_the_time_of(document, pdf)  # and is not of what it was before
            of = sha256(document.read_bytes()).hexdigest() if is_of_it else ""
            self._beside.write(pdf_of(file), sha256(pdf.read_bytes()).hexdigest(), of)


def _has_the_time_of(document: Path, pdf: Path) -> bool:
    return 0 <= pdf.stat().st_mtime - document.stat().st_mtime <= _COARSE


def pdf_of(file: str) -> str:
    """Return the path of a document's PDF."""
    return f"{file.rpartition('.')[0]}.pdf"


def print_documents(
    documents: Sequence[tuple[Document, str]],
    pdfs: Pdfs,
    printing: Printing,
    printed: Printed,
    crew: Crew,
    watch: Callable[[int, int], None] | None,
    *,
    by_id: bool,
    overwrite: bool,
) -> None:
    """Make the PDFs of documents, beside them, and put them together.

    A PDF that was made of its document as it is now is left; of a document that a person has edited it is made anew. A
    PDF that a person has edited, or put there, is never written over.

    Args:
        documents: the documents with their paths below the folder, in the order in which they are printed.
        pdfs: the PDFs that there are.
        printing: what is wanted.
        printed: takes what comes of it, as it comes.
        crew: who does the work.
        watch: called as PDFs are done, with the number done and the number there are.
        by_id: whether bookmarks name students by their ids alone.
        overwrite: whether a PDF that a person has edited is made anew, and kept beside the new one.

    Raises:
        IepdocsError: where the program that makes PDFs cannot be started.
    """
    files = {file: document for document, file in documents}
    states = {file: pdfs.state(file) for file in files}
    for file in [file for file, state in states.items() if state is Pdf.SOMEONES]:
        if not overwrite:
            printed.problems.append(_someones(pdfs.out / file))
            continue
        states[file] = Pdf.NONE
        printed.kept.append(f"{file.rpartition('/')[0]}/{keep_beside((pdfs.out / file).with_suffix('.pdf'))}")
    old = [pdfs.out / file for file, state in states.items() if state in (Pdf.NONE, Pdf.OLD)]
    printed.unchanged = sum(state is Pdf.CURRENT for state in states.values())
    done = 0
    for results in convert_all(old, crew, printing.office):
        for document, one in results.items():
            if isinstance(one, Finding):
                printed.problems.append(one)
            else:
                printed.made += 1
                pdfs.note(document)
        done += len(results)
        if watch:
            watch(done, len(old))
    if printing.together:
        _put_together(files, pdfs, printing, printed, by_id=by_id)


def convert_all(
    files: Sequence[Path], crew: Crew, office: Office, limit: float = LIMIT
) -> Iterator[Mapping[Path, Path | Finding]]:
    """Make PDFs, and yield those of documents, or why there are none, some at a time as they are done.

    Once the program has been given up and there is none at all, the others are not tried.

    Args:
        files: the documents, each once.
        crew: who does the work.
        office: the program.
        limit: seconds that a document may take.

    Raises:
        IepdocsError: where the program cannot be started at all, or no worker can begin. What was made before stays.
    """
    if not files:
        return
    workers = 1 if office.one_at_a_time else crew.size
    tried: dict[Path, Path | Finding] = {}
    job: Job[Path, dict[Path, Path | Finding]] = Job(
        convert,
        lambda batch: (office, batch, limit),
        lambda batch: {file: broken_off(file) for file in batch},
        is_awaited=False,
    )
    batches = takewhile(lambda _: not _is_hopeless(tried), _batches(files, workers))
    for results in give(job, batches, crew, workers):
        for one in results.values():
            if isinstance(one, Finding) and one.rule == NO_OFFICE:
                raise IepdocsError(one)
        tried |= results
        yield results
    yield {file: not_tried(file, office) for file in files if file not in tried}


def _batches(files: Sequence[Path], workers: int) -> Iterator[list[Path]]:
    """Share documents out so that all workers end at about the same time."""
    rounds = -(-len(files) // (workers * _AT_A_START))
    size = -(-len(files) // (workers * rounds))
    return (list(files[start : start + size]) for start in range(0, len(files), size))


def _is_hopeless(tried: Mapping[Path, Path | Finding]) -> bool:
    results = tried.values()
    return not any(isinstance(one, Path) for one in results) and any(
        isinstance(one, Finding) and one.rule == NOT_TRIED for one in results
    )


def _put_together(files: dict[str, Document], pdfs: Pdfs, printing: Printing, printed: Printed, *, by_id: bool) -> None:
    """Write one PDF for each kind, or for each kind and school or the like."""
    out = pdfs.out
    parts: dict[str, tuple[str, list[Part]]] = {}  # by names that differ by more than capitals
    told = {Path(str(finding.place)).with_suffix("") for finding in printed.problems}
    for file, document in files.items():
        pdf = (out / file).with_suffix(".pdf")
        if pdfs.state(file) is not Pdf.CURRENT:  # what it would print is not what there is
            if (out / file).with_suffix("") not in told:
                printed.problems.append(_left_out(out / file))
            continue
        student = document.student
        of = shown(student.get(printing.by)) if printing.by and student.get(printing.by) is not None else ""
        named = f"{student.get('last_name') or ''}, {student.get('first_name') or ''} " if not by_id else ""
        name = as_file_name(" - ".join(filter(None, (document.kind.title, of))))
        part = Part(pdf, f"{named}{document.student_id}", pdf.stem)
        parts.setdefault(name.casefold(), (name, []))[1].append(part)
    for name, mine in parts.values():
        path = f"{FOLDER}/{name}.pdf"
        try:
            combined = combine(mine, out / path, name)
        except IepdocsError as error:
            printed.problems += error.findings
            continue
        printed.problems += combined.problems
        if combined.pages:
            printed.files[path] = combined.pages


def _someones(file: Path) -> Finding:
    return Finding(
        "Someone has edited this PDF since it was made, or has put it there, and it is not of the document as it is "
        "now: it was left as it is.",
        "Move it away, or run again with --overwrite: a new one is made, and this one kept beside it.",
        FilePlace(str(file.with_suffix(".pdf"))),
        rule=EDITED_SINCE,
    )


def _left_out(file: Path) -> Finding:
    return Finding(
        "This document is not among what is to be printed: there is no PDF of it as it is now.",
        "Run this again.",
        FilePlace(str(file)),
        rule="no-pdf",
    )

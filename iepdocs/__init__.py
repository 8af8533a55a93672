"""iepdocs: special-education documents from a spreadsheet, in the district's own Word templates.

This is the whole public API. Nothing leaves the machine, and nothing is logged.
"""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from iepdocs.findings import Finding, IepdocsError, Severity
from iepdocs.garbage import keeping_everything, set_aside
from iepdocs.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from iepdocs.batch import Report, Standing
    from iepdocs.docx import Template
    from iepdocs.workbook import Workbook

__all__ = [
    "Finding",
    "IepdocsError",
    "Severity",
    "Template",
    "__version__",
    "check",
    "check_templates",
    "generate",
    "new_workbook",
    "open_workbook",
    "preview_template",
    "status",
]


def open_workbook(path: str | Path, *, district: str | Path | None = None, password: str | None = None) -> Workbook:
    """Read a workbook's sheets as tables of rows, each value typed as its column declares.

    Args:
        path: an .xlsx, .xlsm, .xlsb, .xls, .ods or .csv file, or a folder of .csv files.
        district: a district's pack.
        password: what opens the workbook, if it is protected.

    Raises:
        IepdocsError: where the workbook or the pack cannot be read.
    """
    from iepdocs import workbook  # noqa: PLC0415  (heavy)
    from iepdocs.pack import load_pack  # noqa: PLC0415

    return workbook.open_workbook(Path(path), load_pack(_path(district)), password)


def new_workbook(
    path: str | Path,
    *,
    sample: bool = False,
    kinds: Sequence[str] = (),
    sheets: Sequence[str] = (),
    district: str | Path | None = None,
    templates: str | Path | None = None,
) -> list[str]:
    """Write a workbook to fill in, with help and drop-downs.

    Args:
        path: the .xlsx to write; it must not be there yet.
        sample: whether to fill it with the plans of an invented district.
        kinds: the document kinds that it is to serve, with the sheets and columns that their templates use and the
            required ones first; none means every sheet and column.
        sheets: sheets that documents of these kinds use, to have beside the usual ones.
        district: a district's pack.
        templates: a folder of Word templates.

    Returns:
        The titles of the sheets that documents of these kinds use too, and the workbook has not.

    Raises:
        IepdocsError: where the file is there already or cannot be written, the pack or a template cannot be read, or
            there is no such kind or sheet.
    """
    from iepdocs.batch import make_workbook  # noqa: PLC0415  (heavy: everything)
    from iepdocs.pack import load_pack  # noqa: PLC0415

    pack = load_pack(_path(district), _path(templates))
    return make_workbook(Path(path), pack, sample=sample, kinds=kinds, sheets=sheets)


def check(
    path: str | Path,
    *,
    kinds: Sequence[str] = (),
    district: str | Path | None = None,
    templates: str | Path | None = None,
    date: dt.date | None = None,
    password: str | None = None,
    annotate: str | Path | None = None,
) -> list[Finding]:
    """Return all problems of a workbook.

    Args:
        path: the workbook.
        kinds: the document kinds that it is to serve; none means every kind whose needed sheets are there.
        district: a district's pack.
        templates: a folder of Word templates.
        date: the day of the run; today if not given.
        password: what opens the workbook, if it is protected.
        annotate: where to write a copy of the workbook with the problems marked, explained and listed.

    Raises:
        IepdocsError: where the workbook, the pack or a template cannot be read, or the copy cannot be written.
    """
    from iepdocs.batch import prepare, write_annotated  # noqa: PLC0415  (heavy: everything)
    from iepdocs.pack import load_pack  # noqa: PLC0415

    pack = load_pack(_path(district), _path(templates))
    prepared = prepare(Path(path), pack, kinds, date or _today(), password)
    if annotate is not None:
        write_annotated(Path(path), Path(annotate), prepared.workbook, prepared.findings, password)
    return prepared.findings


def generate(
    path: str | Path,
    out: str | Path,
    *,
    kinds: Sequence[str] = (),
    students: Collection[str] = (),
    periods: Collection[str] = (),
    district: str | Path | None = None,
    templates: str | Path | None = None,
    date: dt.date | None = None,
    password: str | None = None,
    watch: Callable[[int, int], None] | None = None,
    force: bool = False,
    dry_run: bool = False,
    summary: str | Path | None = None,
    overwrite: bool = False,
    jobs: int | None = None,
    cluster: str | None = None,
    name: str | None = None,
    no_names: bool = False,
    pdf: bool = False,
    combine: bool = False,
    by: str | None = None,
    soffice: str | Path | None = None,
    word: bool = False,
    watch_pdfs: Callable[[int, int], None] | None = None,
) -> Report:
    """Make the documents of a workbook; one that an error touches is skipped, and the others are made.

    Args:
        path: the workbook.
        out: the folder to write into, a folder for each kind below it.
        kinds: the kinds wanted; none means every kind whose needed sheets are there.
        students: the ids of the students wanted; none means all.
        periods: the names of the reporting periods wanted; none means all that have measurements or comments.
        district: a district's pack.
        templates: a folder of Word templates.
        date: the day of the run; today if not given.
        password: what opens the workbook, if it is protected.
        watch: called after each document with the number done and the number there are.
        force: make a draft, with DRAFT at the end of its name, of a document that only errors of content would stop.
        dry_run: make nothing; the report says what would be made, and for whom.
        summary: a workbook to write beside, which lists the goals of the progress reports wanted with their figures.
        overwrite: make anew also what a person has edited since it was made; that is kept beside the new one.
        jobs: how many processes work at the same time; as many as there are cores if not given.
        cluster: the address of a running dask.distributed scheduler, whose workers do the work instead.
        name: a pattern for file names, such as `{school}/{last_name} {document} {date}`.
        no_names: leave the names of people out of file names.
        pdf: make a PDF of each document too, beside it.
        combine: put these together as well, in one file to print for each kind.
        by: the key of a column of Students, such as `school` or `case_manager`: one such file for each of its values.
        soffice: where LibreOffice is, if it is not where it usually is.
        word: let Microsoft Word make the PDFs.
        watch_pdfs: called after each PDF with the number done and the number there are.

    Raises:
        IepdocsError: where the workbook, the pack or a template cannot be read, the folder cannot be written or
            another run is at work in it, the pattern is none, there is nothing to make PDFs with, or a kind, student,
            period or column that is wanted is not there.
    """
    from iepdocs.batch import How, Printing, Watch, make_documents, prepare  # noqa: PLC0415  (heavy)
    from iepdocs.documents import Wanted  # noqa: PLC0415
    from iepdocs.pack import load_pack  # noqa: PLC0415
    from iepdocs.pdf.office import find_office  # noqa: PLC0415

    is_printed = (pdf or combine or by is not None) and not dry_run
    printing = Printing(find_office(_path(soffice), word=word), combine or by is not None, by) if is_printed else None
    how = How(
        force=force,
        dry_run=dry_run,
        overwrite=overwrite,
        jobs=jobs,
        cluster=cluster,
        printing=printing,
        summary=_path(summary),
    )
    wanted = Wanted.of(students, periods)
    with ExitStack() as stack:
        with keeping_everything():
            pack = load_pack(_path(district), _path(templates), file_name=name, by_id=no_names)
            prepared = prepare(Path(path), pack, kinds, date or _today(), password, jobs=jobs)
            stack.enter_context(set_aside())
        return make_documents(prepared, Path(out), wanted, how, Watch(watch, watch_pdfs))


def status(
    out: str | Path,
    path: str | Path | None = None,
    *,
    kinds: Sequence[str] = (),
    district: str | Path | None = None,
    templates: str | Path | None = None,
    date: dt.date | None = None,
    password: str | None = None,
    name: str | None = None,
    no_names: bool = False,
) -> list[Standing]:
    """Return how each document of an output folder stands: done, edited since, missing, not made, failed.

    Args:
        out: the folder.
        path: the workbook; with it also which documents are out of date, not made yet, or no longer in it.
        kinds: the kinds to look at; none means those that the folder has.
        district: a district's pack.
        templates: a folder of Word templates.
        date: the day of the run; today if not given.
        password: what opens the workbook, if it is protected.
        name: the pattern for file names that the documents were made with.
        no_names: whether they were made without the names of people in their file names.

    Raises:
        IepdocsError: where there was no run in the folder, or the workbook, the pack or a template cannot be read.
    """
    from iepdocs.batch import prepare, read_journal, standings  # noqa: PLC0415  (heavy: everything)
    from iepdocs.pack import load_pack  # noqa: PLC0415

    journal = read_journal(Path(out))
    made = dict.fromkeys(entry.kind for entry in journal.entries.values())
    if path is None and made.keys() >= set(kinds):
        return standings(Path(out), journal, kinds or made)
    pack = load_pack(_path(district), _path(templates), file_name=name, by_id=no_names)
    looked_at = [pack.kind(kind).key for kind in kinds] or [kind for kind in made if kind in pack.kinds]
    prepared = prepare(Path(path), pack, looked_at, date or _today(), password) if path is not None else None
    with set_aside():
        return standings(Path(out), journal, looked_at, prepared)


def check_templates(
    paths: Iterable[str | Path],
    *,
    kind: str | None = None,
    district: str | Path | None = None,
    templates: str | Path | None = None,
    accessibility: bool = False,
) -> dict[Path, list[Finding]]:
    """Return all problems of Word templates, by their paths.

    That a file cannot be read at all is a problem of the rule `template-unreadable`.

    Args:
        paths: the templates.
        kind: the document kind that they are for; without it the kind that a file's name says.
        district: a district's pack.
        templates: a folder of Word templates, whose `pieces` the templates may take in.
        accessibility: look also for what people with a disability cannot read (WCAG 2.1, Section 508).

    Raises:
        IepdocsError: where the pack cannot be read, or there is no such kind.
    """
    from iepdocs import batch  # noqa: PLC0415  (heavy: everything)
    from iepdocs.pack import load_pack  # noqa: PLC0415

    pack = load_pack(_path(district), _path(templates))
    asked = pack.kind(kind) if kind else None
    return {
        path: batch.check_template(path, pack, asked or batch.kind_of(path, pack), accessibility=accessibility)
        for path in map(Path, paths)
    }


def preview_template(
    path: str | Path,
    out: str | Path,
    *,
    kind: str | None = None,
    blank: bool = False,
    district: str | Path | None = None,
    templates: str | Path | None = None,
    date: dt.date | None = None,
) -> list[Finding]:
    """Write what a Word template makes of the plans of an invented student, and return what is odd about it.

    Args:
        path: the template.
        out: the document to write.
        kind: the document kind that it is for; without it the kind that its file name says.
        blank: show each value as its own name, highlighted, instead.
        district: a district's pack.
        templates: a folder of Word templates, whose `pieces` the template may take in.
        date: the day of the run; today if not given.

    Raises:
        IepdocsError: where the template is wrong, its kind is not known, or the document cannot be written.
    """
    from iepdocs import batch  # noqa: PLC0415  (heavy: everything)
    from iepdocs.files import write_file  # noqa: PLC0415
    from iepdocs.pack import load_pack  # noqa: PLC0415

    pack = load_pack(_path(district), _path(templates))
    odd: list[Finding] = []
    if blank:
        content = batch.blank(Path(path), pack)
    else:
        found = pack.kind(kind) if kind else batch.kind_of(Path(path), pack)
        if found is None:
            raise IepdocsError(batch.kind_unknown(Path(path), pack))
        content, odd = batch.preview(Path(path), pack, found, date or _today())
    write_file(Path(out), content)
    return odd


def _path(path: str | Path | None) -> Path | None:
    return None if path is None else Path(path)


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011  (the day on the wall, where the user is)


def __getattr__(name: str) -> object:
    if name == "Template":
        from iepdocs.docx import Template  # noqa: PLC0415  (heavy: lxml, Jinja)

        return Template
    raise AttributeError(name)

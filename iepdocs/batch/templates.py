"""Look at a template before the batch: what is wrong with it, and how it looks with the sample's data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iepdocs.batch.generate import first_document
from iepdocs.batch.prepare import prepare
from iepdocs.documents import carried, missing, unknown_names
from iepdocs.docx import Draft, Template, accessibility_findings, words_of
from iepdocs.findings import FilePlace, Finding, IepdocsError, Severity
from iepdocs.language import ENGLISH
from iepdocs.pack import is_template_of, language_in, sample_workbook

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from iepdocs.documents import Carried
    from iepdocs.pack import Kind, Pack


def kind_of(path: Path, pack: Pack) -> Kind | None:
    """Return the kind of document that a template's file name says: `iep.es.docx` is one of `iep`."""
    plain = path.with_name(f"{path.name.partition('.')[0]}.docx")
    return next(
        (
            kind
            for kind in pack.kinds.values()
            if any(is_template_of(plain, name) for name in (kind.key, kind.template))
        ),
        None,
    )


def check_template(path: Path, pack: Pack, kind: Kind | None, *, accessibility: bool = False) -> list[Finding]:
    """Return all problems of a template; that it cannot be read at all is one of the rule `template-unreadable`.

    Args:
        path: the template.
        pack: what is declared.
        kind: the document kind that it is for; None if that is not known, and then its names are not checked.
        accessibility: whether what people with a disability cannot read is looked for too.
    """
    try:
        draft = Draft(path, pieces=pack.piece_folders(path))
        unread = accessibility_findings(path) if accessibility else []
    except IepdocsError as error:
        return list(error.findings)
    findings = [*draft.problems, *draft.warnings, *unread]
    if kind is not None:
        absent = missing(kind, draft, words_of(path, pack.piece_folders(path)), pack, language_in(path))
        return [*_in_order([*findings, *unknown_names(kind, draft, pack, {})]), *pack.graded(absent)]
    note = kind_unknown(path, pack)
    note = replace(note, message=f"{note.message} Names were not checked.", severity=Severity.NOTE)
    return [*_in_order(findings), note]


def _in_order(findings: list[Finding]) -> list[Finding]:
    """Return findings as whoever goes through the document comes upon them: the body from top to bottom first."""
    parts = dict.fromkeys(_part(finding) for finding in findings)
    order = sorted(parts, key=lambda part: part != "body")
    return sorted(findings, key=lambda finding: (order.index(_part(finding)), getattr(finding.place, "order", 0)))


def _part(finding: Finding) -> str:
    """Return the part that a finding is in; text boxes and alternative texts are in the part around them."""
    return (getattr(finding.place, "part", None) or "").partition(",")[0]


def elements(kind: Kind, pack: Pack) -> list[Carried]:
    """Return what carries the elements of the regulation in a kind's English template, if it can be read.

    Args:
        kind: the document kind.
        pack: what is declared.
    """
    try:
        path = pack.template(kind.template)
        draft = Draft(path, pieces=pack.piece_folders(path))
    except IepdocsError:
        return carried(kind, None, (), pack, ENGLISH.tag)
    return carried(kind, draft, words_of(path, pack.piece_folders(path)), pack, ENGLISH.tag)


def kind_unknown(path: Path, pack: Pack) -> Finding:
    """Return the finding for a template of which nobody has said what it is for."""
    return Finding(
        message="Its file name is that of no kind of document.",
        mend=f"Say which kind it is for with --kind: {', '.join(pack.kinds)}.",
        place=FilePlace(path.name),
        rule="kind-unknown",
    )


def preview(path: Path, pack: Pack, kind: Kind, today: dt.date) -> tuple[bytes, list[Finding]]:
    """Return a template's first document from the sample's plans, and what is odd about it.

    Args:
        path: the template.
        pack: what is declared.
        kind: the document kind.
        today: the day of the run.

    Raises:
        IepdocsError: where the template is wrong, or the sample has no such document.
    """
    prepared = prepare(sample_workbook(), pack, [kind.key], today, templates={kind.key: path})
    for ready in prepared.kinds:
        document = first_document(prepared, ready)
        if document is not None:
            document = replace(document, language=language_in(path))
            return ready.of(document).template.render_with_findings(prepared.contexts.context(document))
    raise IepdocsError(
        Finding(
            message=f"The sample plans have no document of the kind '{kind.key}'.",
            mend="Look at the template with --blank, or make documents of your own workbook.",
            place=FilePlace(path.name),
            rule="nothing-to-make",
        )
    )


def blank(path: Path, pack: Pack) -> bytes:
    """Return a template with every value shown as its own name, highlighted.

    Raises:
        IepdocsError: where the template is wrong.
    """
    return Template(path, pieces=pack.piece_folders(path)).blank()

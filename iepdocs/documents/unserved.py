"""Who or what no document reaches, and who cannot read theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.documents.context import Contexts, Document, in_period
from iepdocs.documents.expand import Wanted, expand, periods_of
from iepdocs.documents.recipients import best_of, language_of
from iepdocs.documents.remark import Remark
from iepdocs.findings import Severity
from iepdocs.language import language_name, language_names
from iepdocs.plan import Record
from iepdocs.text import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from iepdocs.pack import Kind

UNSERVED = "unserved"
NO_HOLDER = "rights-holder"
NOT_TRANSLATED = "not-translated"


def unserved(kinds: Iterable[Kind], languages: Mapping[str, Collection[str]], contexts: Contexts) -> Iterator[Remark]:
    """Yield the students whose parents no letter reaches, measurements that no report lists, copies not understood.

    Args:
        kinds: the kinds of documents that are made.
        languages: by kind, the tags of the languages that there is a template in.
        contexts: the records.
    """
    kinds = list(kinds)
    names = {name for kind in kinds for name in kind.for_each}
    for student in contexts.caseload.students.values():
        if any(_has_letters(kind, contexts, student) for kind in kinds) and not contexts.recipients.holders(
            student, None
        ):
            yield Remark(
                student,
                "student_id",
                "Nobody who holds the educational rights of this student receives mail.",
                "On the Contacts sheet, name the parent, guardian or surrogate parent who holds them, and say yes "
                "under Receives Mail. A child of whom no parent can be found is assigned a surrogate.",
                Severity.ERROR,
                NO_HOLDER,
                "34 CFR 300.519",
            )
        if "period" in names:
            yield from _unreported(contexts, student)
    yield from _not_understood(kinds, languages, contexts)


def untranslated(printed: Mapping[str, Mapping[str, Collection[str]]], contexts: Contexts) -> Iterator[Remark]:
    """Yield what a district says in English alone and documents in another language print.

    Args:
        printed: by the tag of a language, the columns that the templates in it use, by sheet.
        contexts: the records.
    """
    sheets = contexts.pack.sheets
    for tag, columns in printed.items():
        name = language_name(tag)
        for key, column in sheets["District"].columns.items():
            english, said = (contexts.settings(one).get(key) for one in ("en", tag))
            if column.long and key in columns.get("District", ()) and english and said == english:
                yield Remark(
                    Record("District", 0, {}),
                    key,
                    f"This is in English alone, and documents in {name} print it.",
                    f"Add a setting named {column.title} ({name}), which says the same in {name}.",
                    Severity.NOTE,
                    NOT_TRANSLATED,
                )
        for title in columns:
            is_legend = "language" in sheets[title].columns and "student_id" not in sheets[title].columns
            rows = contexts.caseload.rows(title) if is_legend else []
            if rows and not best_of(tag, {one for row in rows if (one := language_of(row))}):
                yield Remark(
                    Record(title, None, {}),
                    "language",
                    f"This sheet has no rows in {name}, and documents in {name} print those in English.",
                    f"Add rows with the same codes, what they mean in {name}, and {name} under Language.",
                    Severity.NOTE,
                    NOT_TRANSLATED,
                )


def _has_letters(kind: Kind, contexts: Contexts, student: Record) -> bool:
    """Tell whether there is something of a kind to send to a student's recipients."""
    sheets = [sheet for name in kind.for_each if (sheet := contexts.pack.names[name].sheet)]
    own = [sheet.title for sheet in sheets if "student_id" in sheet.columns and sheet.title != "Contacts"]
    titles = {*own, *(["Progress"] if "period" in kind.for_each else [])} - {"Students"}
    has = all(contexts.caseload.all_of(title, student.student_id or "") for title in titles)
    return "recipient" in kind.for_each and has


def _unreported(contexts: Contexts, student: Record) -> Iterator[Remark]:
    caseload = contexts.caseload
    measured = caseload.of("Progress", student.student_id or "")
    periods = periods_of(contexts, student)
    if not periods and (measured or caseload.of("Progress Comments", student.student_id or "")):
        yield Remark(
            student,
            "student_id",
            "None of the reporting periods is for this student, so there is no progress report.",
            "Mend the schedule, school or grades on the Reporting Periods sheet, or the plan's schedule.",
            Severity.ERROR,
            UNSERVED,
        )
        return
    days = {one.get("date") for one in measured}
    lost = {day for day in days if not any(in_period(day, period) for period in periods)}
    if lost:
        outside = [one for one in measured if one.get("date") in lost]
        more = f" (and {len(outside) - 1} more of this student)" if len(outside) > 1 else ""
        yield Remark(
            outside[0],
            "date",
            f"This measurement{more} lies in no reporting period, so no report lists it among its results. It counts "
            "only in the chart and the trend of later periods.",
            "Mend the date, or the dates on the Reporting Periods sheet.",
            Severity.WARNING,
            UNSERVED,
        )


def _not_understood(
    kinds: Iterable[Kind], languages: Mapping[str, Collection[str]], contexts: Contexts
) -> Iterator[Remark]:
    """Yield the copies in English for someone who reads another language (34 CFR 300.503(c), 300.322(e))."""
    warned: dict[tuple[str, int | None], tuple[Record, dict[str, None]]] = {}
    for kind in kinds:
        if "recipient" not in kind.for_each:
            continue
        there = {*languages.get(kind.key, ()), "en"}
        foreign = frozenset(
            contact.student_id
            for contact in contexts.caseload.rows("Contacts")
            if contact.student_id and not best_of(language_of(contact), there)
        )
        for document in expand(kind, contexts, Wanted(students=foreign), there) if foreign else ():
            recipient = document.bound["recipient"]
            if best_of(language_of(recipient), there):
                continue
            if kind.without_translation is None:
                titles = warned.setdefault((recipient.sheet, recipient.row), (recipient, {}))[1]
                titles[kind.title] = None
            elif not kind.without_translation(contexts.named(document.bound)):
                yield _not_translated(kind, document, recipient)
    for recipient, titles in warned.values():
        yield Remark(
            recipient,
            _column(recipient, "language"),
            f"There is no template in {_language(recipient)} of: {', '.join(titles)}. The copies are in English.",
            _mend(recipient, "See that someone explains them in that language."),
            Severity.WARNING,
            NOT_TRANSLATED,
        )


def _not_translated(kind: Kind, document: Document, recipient: Record) -> Remark:
    assert kind.without_translation  # noqa: S101  (only those that have one can break it)
    name = kind.for_each[0]
    read = sorted(path[1] for path in kind.without_translation.paths if path[0] == name and len(path) > 1)
    record, column = (document.bound[name], read[0]) if read else (recipient, _column(recipient, "language"))
    return Remark(
        record,
        column,
        f"{recipient.get('contact_name')} reads {_language(recipient)}, and there is no template of this in it.",
        _mend(recipient, "Have it translated by word of mouth, and record that here: yes, when, by whom, understood."),
        Severity.ERROR,
        NOT_TRANSLATED,
        "34 CFR 300.503(c)",
    )


def _column(recipient: Record, key: str) -> str:
    """Return the column to blame; of someone who stands in a student's row, that row."""
    return key if recipient.sheet == "Contacts" else "student_id"


def _language(recipient: Record) -> str:
    tag = language_of(recipient)
    return language_name(tag) if tag else f"'{recipient.get('language')}'"


def _mend(recipient: Record, otherwise: str) -> str:
    if language_of(recipient) is None and (close := nearest(str(recipient.get("language")), language_names())):
        return f"Did you mean {close}?"
    return otherwise

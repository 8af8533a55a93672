"""Document kinds as `documents/<kind>.yaml` declares them."""

from __future__ import annotations

import string
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.pack.elements import Element, load_elements
from iepdocs.pack.shape import NAME, TEMPLATE, TEXT, TEXTS, check_shape, stop_at
from iepdocs.sandbox import Expression
from iepdocs.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_KIND = {
    "title": {"type": "string", "required": True, "minlength": 1},
    "order": {"type": "integer"},
    "help": TEXT,
    "template": {**TEMPLATE, "required": True},
    "for_each": {**TEXTS, "required": True, "minlength": 1},
    "where": TEXT,
    "date": {"type": "string", "required": True},
    "needs": {**TEXTS, "required": True},
    "uses": TEXTS,
    "context": TEXTS,
    "workbook": {"type": "dict", "schema": {"sheets": TEXTS, "columns": {"type": "dict", "valuesrules": TEXTS}}},
    "also_to_student": TEXT,
    "without_translation": TEXT,
    "elements": {"type": "dict"},
    "file": {"type": "string", "required": True, "minlength": 1},
}


_FORBIDDEN = {*'<>:"/\\|?*', *map(chr, range(32))}
FILE_FIELDS = ("date", "document", "recipient")
"""What a file name may hold beside columns: the document's own date, its kind's title, to whom it goes."""
ID_PATTERN = "{student_id} {date}"
"""The names of files that name nobody."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: what one of it stands for, what it needs, and what it is called.

    Attributes:
        key: the declaration's file name, `prior_written_notice`.
        template: the file name of its Word template.
        for_each: the context names that one document stands for, outer to inner.
        where: which of these there is a document for.
        date: the document's own date.
        needs: the sheets without which there is no such document.
        uses: the sheets that it uses where they are there.
        context: the names a template may use, beside those of `for_each` and those every document has.
        file: its file name, with `{last_name}`, any other column of the records that it stands for, and `FILE_FIELDS`;
            with folders before it where these are not to be the kind's own.
        file_fields: the fields of `file`.
        also_to_student: of which letters the student gets one, beside those to whom the rights have passed.
        without_translation: when a letter in English will do for someone who reads another language; None if that is
            only something to be warned of.
        elements: what the law asks of such a document, in the order of the regulation.
        workbook_sheets: which of `uses` a blank workbook for such documents alone has; None if all that are read.
        workbook_columns: the columns that it has, by sheet, whether the template reads them or not.
    """

    key: str
    title: str
    template: str
    for_each: tuple[str, ...]
    where: Expression
    date: Expression
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    context: tuple[str, ...]
    file: str
    file_fields: tuple[str, ...]
    also_to_student: Expression
    without_translation: Expression | None
    elements: tuple[Element, ...] = ()
    workbook_sheets: tuple[str, ...] | None = None
    workbook_columns: Mapping[str, list[str]] = field(default_factory=dict)
    help: str = ""
    order: int = 1000

    @property
    def sheets(self) -> set[str]:
        """The sheets that documents of this kind can draw on."""
        return {*self.needs, *self.uses}

    @property
    def usual_sheets(self) -> set[str]:
        """The sheets that a blank workbook for such documents alone has, as far as their templates read them."""
        return {*self.needs, *(self.uses if self.workbook_sheets is None else self.workbook_sheets)}


def load_kinds(declarations: Mapping[str, Mapping[str, Any]]) -> dict[str, Kind]:
    """Build the document kinds, by key and in order, from `{file name: declaration}`.

    Raises:
        IepdocsError: where a declaration says what no document kind can be.
    """
    kinds = []
    for key, declared in declarations.items():
        file = f"documents/{key}.yaml"
        check_shape({"its file name": key}, {"its file name": NAME}, file)
        check_shape(declared, _KIND, file)
        also_to_student = declared.get("also_to_student", "false")
        workbook = declared.get("workbook", {})
        kinds.append(
            Kind(
                key=key,
                title=declared["title"],
                template=declared["template"],
                for_each=tuple(declared["for_each"]),
                where=Expression(declared.get("where", "true"), FilePlace(file, "where")),
                date=Expression(declared["date"], FilePlace(file, "date")),
                needs=tuple(declared["needs"]),
                uses=tuple(declared.get("uses", ())),
                context=tuple(declared.get("context", ())),
                file=declared["file"],
                file_fields=_fields(declared["file"], FilePlace(file, "file")),
                also_to_student=Expression(also_to_student, FilePlace(file, "also_to_student")),
                without_translation=Expression(declared["without_translation"], FilePlace(file, "without_translation"))
                if "without_translation" in declared
                else None,
                elements=load_elements(declared.get("elements", {}), file),
                workbook_sheets=tuple(workbook["sheets"]) if "sheets" in workbook else None,
                workbook_columns=workbook.get("columns", {}),
                help=declared.get("help", ""),
                order=declared.get("order", 1000),
            )
        )
    return {kind.key: kind for kind in sorted(kinds, key=lambda kind: (kind.order, kind.key))}


def with_file_name(
    kinds: Mapping[str, Kind], pattern: str, place: FilePlace, known: Collection[str]
) -> dict[str, Kind]:
    """Return document kinds whose files are all named by one pattern; a field that a kind has not is left out.

    Args:
        kinds: the kinds, by key.
        pattern: the pattern, `{school}/{last_name} {document} {date}`: folders and name.
        place: where it stands.
        known: the fields that there are.

    Raises:
        IepdocsError: where it is no pattern, or has fields that there are not.
    """
    fields = _fields(pattern, place, folders=True)
    stop_at(
        [
            Finding(
                f"There is no field '{{{field}}}' for the names of files.",
                did_you_mean(field, known, f"There are {', '.join(sorted(known))}."),
                place,
                rule="pack-file",
            )
            for field in fields
            if field not in known
        ]
    )
    return {key: replace(kind, file=pattern, file_fields=fields) for key, kind in kinds.items()}


def _fields(pattern: str, place: FilePlace, *, folders: bool = False) -> tuple[str, ...]:
    """Return the fields of a file name, which may be plain words in braces and nothing more."""
    try:
        parsed = list(string.Formatter().parse(pattern))
    except ValueError:
        raise _no_pattern(
            pattern, "each { has a } after it, and nothing but a field's name between them", place
        ) from None
    forbidden = set("".join(text for text, *_ in parsed)) & (_FORBIDDEN - {"/"} if folders else _FORBIDDEN)
    if forbidden:
        raise _no_pattern(pattern, f"no file name may hold {' '.join(map(repr, sorted(forbidden)))}", place)
    for _, name, form, conversion in parsed:
        if name is not None and (not name.isidentifier() or form or conversion):
            raise _no_pattern(pattern, f"'{{{name}}}' is no field", place)
    fields = tuple(name for _, name, _, _ in parsed if name)
    if folders and not fields:
        raise _no_pattern(pattern, "all documents would have the same one", place)
    if folders and any(part.strip() in ("", ".", "..") for part in pattern.split("/")):
        raise _no_pattern(pattern, "folders go down from the output folder, and each has a name", place)
    return fields


def _no_pattern(pattern: str, problem: str, place: FilePlace) -> IepdocsError:
    return IepdocsError(
        Finding(
            message=f"'{pattern}' is no file name: {problem}.",
            mend="Write it such as '{last_name}, {first_name} {student_id} {date}'.",
            place=place,
            rule="pack-file",
        )
    )

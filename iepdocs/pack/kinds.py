"""Document kinds as `documents/<kind>.yaml` declares them."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.pack.elements import Element, load_elements
from iepdocs.pack.shape import NAME, TEMPLATE, TEXT, TEXTS, check_shape
from iepdocs.sandbox import Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        file: its file name, with `{last_name}`, `{date}` (the document's own), `{recipient}` and any column
            of the records that it stands for.
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
                file_fields=_fields(declared["file"], file),
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


def _fields(pattern: str, file: str) -> tuple[str, ...]:
    """Return the fields of a file name, which may be plain words in braces and nothing more."""
    try:
        parsed = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise _no_pattern(pattern, str(error), file) from None
    if forbidden := set("".join(text for text, *_ in parsed)) & _FORBIDDEN:
        raise _no_pattern(pattern, f"no file name may hold {' '.join(map(repr, sorted(forbidden)))}", file)
    for _, name, form, conversion in parsed:
        if name is not None and (not name.isidentifier() or form or conversion):
            raise _no_pattern(pattern, f"'{{{name}}}' is no field", file)
    return tuple(name for _, name, _, _ in parsed if name)


def _no_pattern(pattern: str, problem: str, file: str) -> IepdocsError:
    return IepdocsError(
        Finding(
            message=f"'{pattern}' is no file name: {problem}.",
            mend="Write it such as '{last_name}, {first_name} {student_id} {date}'.",
            place=FilePlace(file, "file"),
            rule="pack-file",
        )
    )

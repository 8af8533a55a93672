"""A Word template: loaded once, rendered to the bytes of a finished document as often as wanted."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError

from iepdocs.archive import problem_with
from iepdocs.docx.printing import FILTERS, printed
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.sandbox import Sandbox, used_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from iepdocs import sandbox


class Template:
    """A district's Word template with Jinja tags, as docxtpl has them.

    Args:
        path: the .docx file.
        filters: further filters, by the name that a template uses.

    Attributes:
        paths: every name that the template reads (`iepdocs.sandbox.used_paths`).

    Raises:
        IepdocsError: where the file is no Word document, or a tag in it cannot be read.
    """

    def __init__(self, path: Path, filters: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self.path = path
        self._sandbox = Sandbox(finalize=printed, autoescape=True)
        self._sandbox.filters.update({**FILTERS, **(filters or {})})
        problem = problem_with(path, "a Word document (.docx)")
        if problem:
            raise self._error(*problem, rule="template-unreadable")
        self._bytes = path.read_bytes()
        self.paths: set[sandbox.Path] = set()
        problems = []
        for part, xml in self._parts():
            try:
                self.paths |= used_paths(self._sandbox.parse(xml))
            except TemplateSyntaxError as error:
                problems.append(self._syntax(error, part))
        if problems:
            raise IepdocsError(*problems)

    def render(self, context: Mapping[str, Any]) -> bytes:
        """Return the document's bytes.

        Raises:
            IepdocsError: where a tag asks for something that cannot be done with this context.
        """
        document = self._open()
        try:
            document.render(dict(context), self._sandbox, autoescape=True)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise self._error(
                f"A tag of the template failed: {_plainly(error)}.",
                "Mend the tag, or ask who made the template to.",
                rule="template-render",
            ) from None
        finished = io.BytesIO()
        document.save(finished)
        return finished.getvalue()

    def _open(self) -> DocxTemplate:
        document = DocxTemplate(io.BytesIO(self._bytes))
        try:
            document.render_init()
        except Exception as error:  # noqa: BLE001  (a hostile file may raise anything)
            raise self._error(
                f"This file cannot be read as a Word document ({type(error).__name__}).",
                "Open it in Word and save it again as a Word document (.docx).",
                rule="template-unreadable",
            ) from None
        return document

    def _parts(self) -> Iterator[tuple[str, str]]:
        """Yield the parts that may hold tags, as a person names them, with their tags joined."""
        document = self._open()
        yield "the body", document.patch_xml(document.get_xml())
        for uri, part in ((document.HEADER_URI, "a header"), (document.FOOTER_URI, "a footer")):
            for _, found in document.get_headers_footers(uri):
                yield part, document.patch_xml(document.get_part_xml(found))

    def _syntax(self, error: TemplateSyntaxError, part: str) -> Finding:
        return Finding(
            message=f"A tag in {part} cannot be read: {error.message}",
            mend="Look for a tag that is misspelt, not closed, or closed twice.",
            place=FilePlace(self.path.name, part),
            rule="template-syntax",
        )

    def _error(self, message: str, mend: str, rule: str) -> IepdocsError:
        return IepdocsError(Finding(message, mend, FilePlace(self.path.name), rule=rule))


def _plainly(error: Exception) -> str:
    """Say an error without the values that it may quote."""
    return error.message or "" if isinstance(error, TemplateError) else type(error).__name__

"""A Word template: loaded once, rendered to the bytes of a finished document as often as wanted."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError

from iepdocs.archive import problem_with
from iepdocs.docx.printing import FILTERS, printed
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.reads import names_read
from iepdocs.sandbox import Sandbox
from iepdocs.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iepdocs.reads import NamePath


_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
"""What docxtpl renders beside the body, headers and footers."""


class _Document(DocxTemplate):  # type: ignore[misc]
    """A docxtpl document, mended where it loses or changes text."""

    def patch_xml(self, src_xml: str) -> str:
        """Join the tags that Word has split; inside a tag an ampersand is an ampersand."""
        patched: str = super().patch_xml(src_xml)
        return _TAG.sub(lambda tag: tag.group().replace("&amp;", "&"), patched)

    def render_properties(self, context: dict[str, Any], jinja_env: Sandbox | None = None) -> None:
        """Render the properties as plain text: python-docx escapes them when it writes them."""
        super().render_properties(context, jinja_env.overlay(autoescape=False) if jinja_env else None)

    def properties(self) -> str:
        """Return the texts of the properties that are rendered."""
        core = self.get_docx().core_properties
        return "\n".join(str(getattr(core, name) or "") for name in _PROPERTIES)


class Template:
    """A district's Word template with Jinja tags, as docxtpl has them.

    Args:
        path: the .docx file.
        filters: further filters, by the name that a template uses.

    Attributes:
        paths: every name that the template reads (`iepdocs.reads.names_read`).

    Raises:
        IepdocsError: where the file is no Word document, or a tag in it cannot be read.
    """

    def __init__(self, path: str | Path, filters: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self.path = path = Path(path)
        self._sandbox = Sandbox(finalize=printed, autoescape=True)
        self._sandbox.filters.update({**FILTERS, **(filters or {})})
        for makes_html in ("urlize", "xmlattr"):
            del self._sandbox.filters[makes_html]
        problem = problem_with(path, "a Word document (.docx)")
        if problem:
            raise self._error(*problem, rule="template-unreadable")
        self._bytes = path.read_bytes()
        self.paths: set[NamePath] = set()
        problems = [finding for part, xml in self._parts() for finding in self._read(part, xml)]
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
        except Exception as error:  # noqa: BLE001  (a tag may raise anything)
            raise self._error(
                f"A tag of the template {_plainly(error)}.",
                "Mend the tag, or ask who made the template to.",
                rule="template-render",
            ) from None
        finished = io.BytesIO()
        document.save(finished)
        return finished.getvalue()

    def _open(self) -> DocxTemplate:
        document = _Document(io.BytesIO(self._bytes))
        try:
            document.render_init()
        except Exception as error:  # noqa: BLE001  (a hostile file may raise anything)
            raise self._unreadable(error) from None
        return document

    def _parts(self) -> list[tuple[str, str]]:
        """Return the parts that may hold tags, as a person names them, with their tags joined."""
        document = self._open()
        try:
            found = [("the body", document.patch_xml(document.get_xml()))]
            for uri, part in ((document.HEADER_URI, "a header"), (document.FOOTER_URI, "a footer")):
                found += [
                    (part, document.patch_xml(document.get_part_xml(piece)))
                    for _, piece in document.get_headers_footers(uri)
                ]
            found += [
                ("the footnotes", document.patch_xml(piece.blob.decode("utf-8")))
                for piece in document.get_docx().part.package.iter_parts()
                if piece.content_type == _FOOTNOTES
            ]
            return [*found, ("the document's properties", document.properties())]
        except Exception as error:  # noqa: BLE001  (a hostile file may raise anything)
            raise self._unreadable(error) from None

    def _read(self, part: str, xml: str) -> list[Finding]:
        """Take note of the names that a part reads; return what is wrong with its tags."""
        try:
            parsed = self._sandbox.parse(xml)
            self._sandbox.compile(parsed)
            self.paths |= names_read(parsed)
        except TemplateSyntaxError as error:
            message = f"A tag in {part} cannot be read: {error.message}"
            mend = "Look for a tag that is misspelt, not closed, or closed twice."
            return [self._finding(message, mend, "template-syntax", part)]
        except Exception as error:  # noqa: BLE001  (a tag may raise anything)
            message = f"The tags in {part} cannot be read ({type(error).__name__})."
            return [
                self._finding(message, "Look for tags inside many others, or very long ones.", "template-syntax", part)
            ]
        return [*self._unknown(parsed, part), *self._forbidden(parsed, part)]

    def _unknown(self, parsed: nodes.Template, part: str) -> Iterator[Finding]:
        """Yield a finding for every filter and test that there is not."""
        called = parsed.find_all((nodes.Filter, nodes.Test))
        known = {"filter": self._sandbox.filters, "test": self._sandbox.tests}
        for what, word in sorted({(type(node).__name__.lower(), node.name) for node in called}):
            if word not in known[what]:
                message = f"There is no {what} '{word}' (in {part})."
                mend = did_you_mean(word, known[what], "Mend or delete it.")
                yield self._finding(message, mend, f"{what}-unknown", part)

    def _forbidden(self, parsed: nodes.Template, part: str) -> Iterator[Finding]:
        """Yield a finding for what no template may do: reach for Python's insides, or take in other files."""
        attributes = [node.attr for node in parsed.find_all(nodes.Getattr)]
        for node in parsed.find_all(nodes.Filter):
            if node.name == "attr" and node.args:
                attributes += [str(text.value) for text in node.args[0].find_all(nodes.Const)]
                attributes += [str(node.args[0].value)] if isinstance(node.args[0], nodes.Const) else []
        for attribute in attributes:
            if attribute.startswith("_"):
                message = f"A template may not ask for '{attribute}' (in {part})."
                yield self._finding(message, "Delete the tag.", "template-forbidden", part)
        if parsed.find(nodes.EvalContextModifier):
            message = f"A template may not switch the escaping of values off (in {part}, 'autoescape')."
            yield self._finding(message, "Delete the tag.", "template-forbidden", part)
        for other in parsed.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            message = f"A template cannot take in another file (in {part}, '{type(other).__name__.lower()}')."
            yield self._finding(message, "Copy what is wanted into this template.", "template-forbidden", part)

    def _finding(self, message: str, mend: str, rule: str, part: str | None = None) -> Finding:
        return Finding(message, mend, FilePlace(self.path.name, part), rule=rule)

    def _unreadable(self, error: Exception) -> IepdocsError:
        return self._error(
            f"This file cannot be read as a Word document ({type(error).__name__}).",
            "Open it in Word and save it again as a Word document (.docx).",
            rule="template-unreadable",
        )

    def _error(self, message: str, mend: str, rule: str) -> IepdocsError:
        return IepdocsError(self._finding(message, mend, rule))


def _plainly(error: Exception) -> str:
    """Say an error without the values that it may quote."""
    if isinstance(error, SecurityError):
        return "calls or reaches for what a template may not"
    if isinstance(error, UndefinedError):
        return "goes on with a name that is not there"
    return f"cannot be worked out ({type(error).__name__})"

"""A Word template: opened and compiled once, rendered to the bytes of a finished document as often as wanted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from lxml import etree
from markupsafe import Markup, escape

from iepdocs.bounds import TooMuchError
from iepdocs.docx.compile import (
    APART,
    COPY,
    COUNT,
    INTO,
    INTO_TEXT,
    ROUND,
    TOGETHER,
    Part,
    TemplateSandbox,
    apart,
    begin_round,
    count_round,
    names_in,
    together,
)
from iepdocs.docx.copies import Copies, Taken, numbered_styles, tell_apart, with_comments, with_numberings
from iepdocs.docx.faults import compile_all
from iepdocs.docx.fields import mark_changed_fields
from iepdocs.docx.frames import frame_values
from iepdocs.docx.grid import widened
from iepdocs.docx.normalize import has_braces, link_target, normalize
from iepdocs.docx.package import (
    CONTENT_TYPES,
    PackageError,
    parse,
    read_package,
    rels_of,
    resolved,
    with_relationships,
    with_types,
)
from iepdocs.docx.pictures import PictureError, image
from iepdocs.docx.pieces import Pieces
from iepdocs.docx.places import heading_styles, part_names
from iepdocs.docx.printing import FILTERS
from iepdocs.docx.repair import MARK, as_marks, mark_endangered, repaired
from iepdocs.docx.run import CURRENT, Run, Unknown
from iepdocs.docx.structure import read_blocks
from iepdocs.docx.values import Values, highlighted
from iepdocs.findings import FilePlace, Finding, IepdocsError, Severity, TemplatePlace
from iepdocs.sandbox import why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iepdocs.docx.slots import Slot
    from iepdocs.reads import NamePath

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_HAS_TEXT = {
    **{f"{_WORD}{name}+xml": words for name, words in (
        ("document.main", "body"), ("header", "header"), ("footer", "footer"), ("footnotes", "footnotes"),
        ("endnotes", "endnotes"), ("comments", "comments"),
    )},
    "application/vnd.ms-word.document.macroEnabled.main+xml": "body",
    "application/vnd.openxmlformats-officedocument.drawingml.chart+xml": "chart",
    "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml": "diagram",
    "application/vnd.ms-office.drawingml.diagramDrawing+xml": "diagram",
    "application/vnd.openxmlformats-package.core-properties+xml": "properties",
    "application/vnd.openxmlformats-officedocument.extended-properties+xml": "properties",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml": "properties",
}  # fmt: skip
"""The parts in which tags may stand, by content type, and what a person calls them."""
_PROTECTED = re.compile(rb"\{(?:<[^>]*>)*_(?:<[^>]*>)*[{%]|[}%](?:<[^>]*>)*_(?:<[^>]*>)*\}")
"""docxtpl's way to write braces that are text, wherever Word breaks it."""
_ROW_OR_CELL = re.compile(r"<(/?)(?:[\w.-]+:)?(tr|tc)(?=[\s>])")


class Template:
    """A district's Word template with Jinja tags, as docxtpl has them.

    Args:
        path: a .docx, .dotx, .docm or .dotm file.
        filters: further filters, by the name that a template uses.
        pieces: the folders of the pieces that it may take in, first one first; else `pieces` beside it.

    Attributes:
        paths: every name that the template reads (`iepdocs.reads.names_read`).
        warnings: what is odd in the template and yet can be rendered.
        problems: what keeps it from being rendered: none, but in a `Draft`.

    Raises:
        IepdocsError: where the file is no Word document or not safe to open, or tags in it cannot be read: with a
            finding for each.
    """

    def __init__(
        self,
        path: str | Path,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        pieces: Iterable[str | Path] | None = None,
    ) -> None:
        self.path = Path(path)
        folders = [self.path.parent / "pieces"] if pieces is None else list(map(Path, pieces))
        try:
            self._package = read_package(self.path)
            self._parts, refused = self._prepared(folders)
        except PackageError as error:
            raise IepdocsError(
                Finding(error.message, error.mend, FilePlace(self.path.name), rule="template-unreadable")
            ) from None
        self._slots = {part.first + at: slot for part in self._parts for at, slot in enumerate(part.slots.tags)}
        in_part = {
            number: part.name for part in self._parts for number in range(part.first, part.first + len(part.slots.tags))
        }
        self._values = Values(self._slots, in_part, self._next_link, self.path.parent)
        self._copied = {
            part.first + len(part.slots.tags) + at: copied
            for part in self._parts
            for at, copied in enumerate(part.copied)
        }
        self._sandbox = self._made_sandbox(filters or {})
        self.problems, self.warnings = compile_all(self._parts, self._sandbox, self.path, refused)
        self.paths = {path for part in self._parts for path in part.read}
        self._refuse_faults()
        self._xml: dict[str, str] = {}

    @property
    def ending(self) -> str:
        """The ending of the documents' file names: `.docm` for a template with macros, else `.docx`."""
        return ".docm" if self._package.has_macros() else ".docx"

    def render(self, context: Mapping[str, Any]) -> bytes:
        """Return the document's bytes. A name that is not in the context prints nothing.

        Args:
            context: the names that the template may use.

        Raises:
            IepdocsError: where a tag asks for something that cannot be done with this context.
        """
        return self._rendered(context)[0]

    def render_with_findings(self, context: Mapping[str, Any]) -> tuple[bytes, list[Finding]]:
        """Return the document's bytes, and a finding for each name that was unknown or value that lost characters.

        Args:
            context: the names that the template may use.

        Raises:
            IepdocsError: where a tag asks for something that cannot be done with this context.
        """
        content, run = self._rendered(context)
        return content, [*self._unknown_names(run), *self._removed(run)]

    def blank(self) -> bytes:
        """Return the document with every value shown as its own name, highlighted, and every block shown once."""
        changed = {part.name: self._blank_part(part) for part in self._parts}
        if self._package.converted is not None:
            changed[CONTENT_TYPES] = self._package.converted
        return self._package.written(changed)

    def places_of(self, path: NamePath) -> list[TemplatePlace]:
        """Return where tags read a name, which is one of `paths`."""
        found = {
            part.slots.tags[number].place(self.path.name): None
            for part in self._parts
            for number in sorted(part.read.get(path, ()))
            if number < len(part.slots.tags)
        }
        return list(found)

    def get_docx(self) -> Any:
        """Refuse what docxtpl's Subdoc asks for.

        Raises:
            IepdocsError: always.
        """
        raise IepdocsError(
            Finding(
                "A Subdoc cannot be made for this template.",
                "Save its content as a piece, and take that in with {% include 'its name' %}.",
                FilePlace(self.path.name),
                rule="template-render",
            )
        )

    # --- opening

    def _refuse_faults(self) -> None:
        if self.problems:
            raise IepdocsError(*self.problems)

    def _tagged_links(self) -> dict[str, dict[str, str]]:
        """Return the addresses of links that have tags, by part and relationship."""
        found: dict[str, dict[str, str]] = {}
        for part, relationships in self._package.relationships.items():
            for one in relationships.values():
                if one.external and (target := link_target(one.target)):
                    found.setdefault(part, {})[one.id] = target
        return found

    def _prepared(self, folders: Sequence[Path]) -> tuple[list[Part], Mapping[str, tuple[str, str]]]:
        """Return the parts that have tags, and why pieces that they name could not be taken in."""
        package = self._package
        self._links = self._tagged_links()
        contents = {
            name: content
            for name, kind in package.content_types.items()
            if kind in _HAS_TEXT
            and (has_braces(content := package.part(name)) or _PROTECTED.search(content) or name in self._links)
        }
        if not contents:
            self._taken = Taken()
            return [], {}
        body = parse(package.part(package.main)) if package.main not in contents else None
        trees = {name: parse(content) for name, content in contents.items()}
        pieces = Pieces(package, folders)
        pieces.take_into(trees)
        if pieces.taken:
            package = self._package = pieces.package
            self._links = self._tagged_links()
            contents |= {name: etree.tostring(trees[name]) for name in pieces.taken}
        names = part_names(package, trees.get(package.main, body))
        styles = self._style_tree()
        headings, lists = heading_styles(styles), numbered_styles(styles)
        slots = {
            name: normalize(
                tree, names.get(name, _HAS_TEXT[package.content_types[name]]), headings, self._links.get(name)
            )
            for name, tree in trees.items()
        }
        tagged_properties = any(
            slots[name].tags and _HAS_TEXT[package.content_types[name]] == "properties" for name in trees
        )
        parts: list[Part] = []
        first = 0
        for name, tree in trees.items():
            if slots[name].tags or slots[name].faults or name in pieces.taken or _PROTECTED.search(contents[name]):
                part = _part(name, tree, slots[name], lists, first, tagged_properties=tagged_properties)
                parts.append(part)
                first += len(part.slots.tags) + len(part.copied)
        self._taken = self._looked_for_ids(contents)
        return parts, pieces.refused

    def _style_tree(self) -> etree._Element | None:
        package = self._package
        for one in package.relationships.get(package.main, {}).values():
            if one.type.endswith("/styles"):
                name = resolved(package.main, one.target)
                return parse(package.part(name)) if name in package.entries else None
        return None

    def _made_sandbox(self, filters: Mapping[str, Callable[..., Any]]) -> TemplateSandbox:
        sandbox = TemplateSandbox(autoescape=True, undefined=Unknown)
        sandbox.filters.update({**FILTERS, "image": image, **filters})
        for makes_html in ("urlize", "xmlattr"):
            del sandbox.filters[makes_html]
        copied = self._copied
        sandbox.filters.update(
            {
                INTO: self._values.into,
                INTO_TEXT: self._values.into_text,
                COPY: lambda turn, number: _copied_value(turn, copied[number]),
                ROUND: begin_round,
                COUNT: count_round,
                APART: apart,
                TOGETHER: together,
            }
        )
        return sandbox

    def _looked_for_ids(self, contents: Mapping[str, bytes]) -> Taken:
        """Return the ids that the template has, in these parts and in all others."""
        taken = Taken()
        for name, kind in self._package.content_types.items():
            if kind in _HAS_TEXT or kind.endswith("numbering+xml"):
                taken.look(contents.get(name) or self._package.part(name))
        return taken

    # --- rendering

    def _rendered(self, context: Mapping[str, Any]) -> tuple[bytes, Run]:
        run = Run(Copies(self._taken))
        changed: dict[str, bytes] = {}
        if not self._parts and self._package.converted is None:
            return self._package.data, run
        before = CURRENT.set(run)
        part = None
        try:
            for part in self._parts:
                changed[part.name] = self._rendered_part(part, dict(context), run)
        except IepdocsError:
            raise
        except Exception as error:  # noqa: BLE001  (a tag may raise anything)
            raise self._failed(part, error) from None
        finally:
            CURRENT.reset(before)
        self._extend(changed, run)
        return self._package.written(changed), run

    def _rendered_part(self, part: Part, context: dict[str, Any], run: Run) -> bytes:
        xml = "".join(part.template.root_render_func(part.template.new_context(context)))
        if part.has_marks:
            xml = repaired(xml, part.fallbacks)
        content = (part.head + xml).encode()
        if part.may_break or part.name in run.markup:
            try:
                etree.fromstring(content)
            except etree.XMLSyntaxError:
                raise _BrokenError from None
        return widened(content) if part.widens else content

    def _blank_part(self, part: Part) -> bytes:
        count = len(part.slots.tags)
        pieces = [part.literals[0]]
        for number, literal in zip(part.order, part.literals[1:], strict=True):
            if number >= count:
                copied = part.copied[number - count]
                pieces.append("" if copied.around[0] else copied.original)
            elif number in part.blocks.raw:
                pieces.append(str(escape(part.slots.tags[number].tag.text)))
            else:
                pieces.append(highlighted(part.slots.tags[number]))
            pieces.append(literal)
        xml = "".join(pieces)
        return (part.head + (repaired(xml, part.fallbacks) if part.has_marks else xml)).encode()

    def _extend(self, changed: dict[str, bytes], run: Run) -> None:
        """Add to the package what the document has beyond its template: numberings, comments, links, pictures."""
        package = self._package
        if package.converted is not None:
            changed[CONTENT_TYPES] = package.converted
        if run.copies.numberings:
            name = self._named("/numbering")
            if name:
                changed[name] = with_numberings(self._text(name), run.copies.numberings).encode()
        if run.copies.comments:
            name = self._named("/comments")
            if name:
                content = changed[name].decode() if name in changed else self._text(name)
                changed[name] = with_comments(content, run.copies.comments).encode()
        for part in {*run.links, *self._links}:
            name = rels_of(part)
            own = package.part(name) if name in package.entries else b""
            unused = self._links.get(part, {}).keys() - run.links.get(part, {}).keys()
            changed[name] = with_relationships(own, run.links.get(part, {}).values(), unused)
        if run.pictures:
            changed.update(run.pictures)
            changed[CONTENT_TYPES] = with_types(
                changed.get(CONTENT_TYPES) or package.part(CONTENT_TYPES), run.types.items()
            )

    def _named(self, kind: str) -> str | None:
        package = self._package
        for one in package.relationships.get(package.main, {}).values():
            if one.type.endswith(kind):
                return resolved(package.main, one.target)
        return None

    def _text(self, name: str) -> str:
        if name not in self._xml:
            self._xml[name] = self._package.part(name).decode("utf-8-sig")
        return self._xml[name]

    def _next_link(self, part: str) -> int:
        numbers = [
            int(found.group(1))
            for identity in self._package.relationships.get(part, {})
            if (found := re.fullmatch(r"rId(\d+)", identity))
        ]
        return max(numbers, default=0) + 1

    def _failed(self, part: Part | None, error: Exception) -> IepdocsError:
        place: TemplatePlace | FilePlace = FilePlace(self.path.name)
        slot = _slot_of(part, error) if part is not None else None
        if slot is not None:
            place = slot.place(self.path.name)
        elif part is not None:
            place = TemplatePlace(self.path.name, part.slots.tags[0].spot.part)
        which = f"'{slot.tag.text}'" if slot is not None else "A tag of the template"
        return IepdocsError(
            Finding(f"{which} {_plainly(error)}.", "Mend the tag, or ask who made the template to.", place,
                    rule="template-render")
        )  # fmt: skip

    def _unknown_names(self, run: Run) -> Iterator[Finding]:
        said = set()
        known = {number: word for word, number in run.unknown if number is not None}
        for word, number in run.unknown:
            if number is None and word in known.values():
                continue
            slot = self._slots[number] if number is not None else self._slot_naming(word)
            places = [slot.place(self.path.name)] if slot else []
            for place in places or [TemplatePlace(self.path.name)]:
                if (word, place) in said:
                    continue
                said.add((word, place))
                yield Finding(
                    f"There is no name '{word}' in the data, so nothing was printed for it.",
                    "Mend the name in the template, or give it in the data.",
                    place,
                    Severity.WARNING,
                    rule="name-unknown",
                )

    def _slot_naming(self, word: str) -> Slot | None:
        return next((slot for slot in self._slots.values() if word in names_in(slot.tag.source)), None)

    def _removed(self, run: Run) -> Iterator[Finding]:
        for number in run.removed:
            slot = self._slots[number]
            yield Finding(
                f"The value of '{slot.tag.source}' had characters that a Word document cannot hold;"
                " they were left out.",
                "Delete the odd characters where the value comes from; they are often invisible.",
                slot.place(self.path.name),
                Severity.WARNING,
                rule="characters-removed",
            )


class Draft(Template):
    """A template that a district is at work on: its faults are in `problems`, and it may not be fit to be rendered."""

    def _refuse_faults(self) -> None:
        """Go on, so that what is wrong in its names can be said as well."""


class _BrokenError(Exception):
    """What was rendered is no XML."""


def _part(
    name: str,
    tree: etree._Element,
    slots: Any,
    lists: Mapping[str, tuple[str, str]],
    first: int,
    *,
    tagged_properties: bool,
) -> Part:
    mark_changed_fields(tree, slots, properties=tagged_properties)
    fallbacks = mark_endangered(tree, slots)
    copied = tell_apart(tree, slots, lists)
    frame_values(tree, slots)
    xml = as_marks(etree.tostring(tree, encoding="unicode"))
    mark = slots.mark
    pieces = re.split(rf"<\?iepdocs {mark}(\d+){mark}\?>|{mark}(\d+){mark}", xml)
    literals = [_unprotected(literal) for literal in pieces[::3]]
    order = [int(one or other) for one, other in zip(pieces[1::3], pieces[2::3], strict=True)]
    standalone = ' standalone="yes"' if tree.getroottree().docinfo.standalone else ""
    head = f'<?xml version="1.0" encoding="UTF-8"{standalone}?>\n'
    blocks = read_blocks(order, slots)
    part = Part(name, head, slots, order, literals, copied, fallbacks, first, blocks)
    part.has_marks = any(MARK in text for text in literals)
    part.widens = _widens(part)
    return part


def _unprotected(literal: str) -> str:
    """Return a text of the template with the braces that docxtpl has one write as `{_{` and `{_%`."""
    if "_" not in literal:
        return literal
    for written, meant in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
        literal = literal.replace(written, meant)
    return literal


def _widens(part: Part) -> bool:
    """Tell whether a part's tags may add cells to a row: those for cells, or loops from cell to cell."""
    return any(slot.tag.scope == "tc" for slot in part.slots.tags) or any(
        _has_bare_cells("".join(part.literals[block.tags[0] + 1 : block.tags[-1] + 1]))
        for block in part.blocks.blocks
        if block.word == "for"
    )


def _has_bare_cells(xml: str) -> bool:
    """Tell whether a stretch of XML has the beginning or end of a cell whose row is not in it."""
    rows = 0
    for found in _ROW_OR_CELL.finditer(xml):
        closing, name = found.groups()
        if name == "tr":
            rows += -1 if closing else 1
        elif rows <= 0:
            return True
    return False


def _copied_value(turn: Any, copied: Any) -> Any:
    if turn is None or isinstance(turn, Unknown):  # a block knows nothing of the loop around it
        return copied.original
    found = turn.value(copied)
    if copied.around[0]:
        return Markup("") if found == copied.original else Markup(copied.around[0] + found + copied.around[1])  # noqa: S704
    return found


def _slot_of(part: Part, error: Exception) -> Slot | None:
    """Return the tag at which a rendering failed, by the line of the compiled template in the traceback."""
    step = error.__traceback__
    line = None
    while step is not None:
        if step.tb_frame.f_code.co_filename == part.name:
            line = part.template.get_corresponding_lineno(step.tb_lineno)
        step = step.tb_next
    if line is None or not 0 <= line - 2 < len(part.order):
        return None
    number = part.order[line - 2]
    return part.slots.tags[number] if number < len(part.slots.tags) else None


def _plainly(error: Exception) -> str:
    """Say an error without the values that it may quote."""
    if isinstance(error, PictureError):
        return f"names a picture that {error}"
    if isinstance(error, TooMuchError):
        return f"asks for {error}"
    if isinstance(error, SecurityError):
        return "calls or reaches for what a template may not"
    if isinstance(error, UndefinedError):
        words = re.findall(r"'([^']*)' is undefined|has no attribute '([^']*)'", error.message or "")
        name = f"'{''.join(words[0])}'" if words else "a name"
        return f"goes on with {name}, which is not there"
    if isinstance(error, _BrokenError):
        return "makes a document that Word could not open, with these data"
    return f"cannot be worked out: {why(error)}"

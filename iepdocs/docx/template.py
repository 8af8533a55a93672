"""A Word template: opened and compiled once, rendered to the bytes of a finished document as often as wanted."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree
from markupsafe import Markup, escape

from iepdocs.docx.chart_parts import ChartPart, pointing_to
from iepdocs.docx.charts import NOTHING, WORKBOOK_TYPE, text_width
from iepdocs.docx.compile import (
    APART,
    COPY,
    COUNT,
    COUNT_ITEMS,
    INTO,
    INTO_TEXT,
    ROUND,
    TOGETHER,
    Part,
    TemplateSandbox,
    apart,
    begin_round,
    count_items,
    count_round,
    together,
)
from iepdocs.docx.copies import Copies, Taken, numbered_styles, with_comments, with_numberings
from iepdocs.docx.faults import compile_all
from iepdocs.docx.grid import widened
from iepdocs.docx.normalize import has_braces, link_target, normalize
from iepdocs.docx.outcome import BrokenError, failed, noticed
from iepdocs.docx.package import (
    CONTENT_TYPES,
    Package,
    PackageError,
    package_of,
    parse,
    read_package,
    rels_of,
    resolved,
    with_overrides,
    with_relationships,
    with_types,
)
from iepdocs.docx.parts import declaration, make_part
from iepdocs.docx.pictures import image
from iepdocs.docx.pieces import Pieces
from iepdocs.docx.places import HAS_TEXT, heading_styles, part_names
from iepdocs.docx.printing import Printing
from iepdocs.docx.repair import repaired
from iepdocs.docx.run import CURRENT, Run, Unknown
from iepdocs.docx.values import NO_CHART, Values, highlighted, link_id
from iepdocs.docx.wordml import TEXTS, kind
from iepdocs.findings import FilePlace, Finding, IepdocsError, Severity, TemplatePlace
from iepdocs.language import ENGLISH, Language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iepdocs.docx.slots import Fault, Slots
    from iepdocs.reads import NamePath

_PROTECTED = re.compile(rb"\{(?:<[^>]*>)*_(?:<[^>]*>)*[{%]|[}%](?:<[^>]*>)*_(?:<[^>]*>)*\}")
"""docxtpl's way to write braces that are text, wherever Word breaks it."""
_MADE_CHART = re.compile(r"/iepdocs-chart-(\d{1,9})[.-]")
_DRAWING = re.compile(r"<(/?)(?:[\w.-]+:)?drawing(?:\s[^<>]*)?>")
_CONDITIONS = {"if", "elif"}
_QUOTED_SINGLY = re.compile(r"<[^?!][^<>]*?=\s*'")


class Template:
    """A district's Word template with Jinja tags, as docxtpl has them.

    Args:
        path: a .docx, .dotx, .docm or .dotm file.
        filters: further filters, by the name that a template uses.
        pieces: the folders of the pieces that it may take in, first one first; else `pieces` beside it.
        language: the language in which values print.

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
        language: Language = ENGLISH,
    ) -> None:
        self.path = Path(path)
        folders = [self.path.parent / "pieces"] if pieces is None else list(map(Path, pieces))
        try:
            package = read_package(self.path)
        except PackageError as error:
            raise error.told(self.path) from None
        self._open(package, folders, {}, filters, language)

    def _open(
        self,
        package: Package,
        folders: Sequence[Path],
        held: Mapping[str, Package],
        filters: Mapping[str, Callable[..., Any]] | None,
        language: Language,
    ) -> None:
        self._package = self._read = package
        self._own_filters, self._language = filters, language
        printing = Printing(language)
        try:
            self._parts, odd, refused = self._prepared(folders, held)
        except PackageError as error:
            raise error.told(self.path) from None
        self._slots = {part.first + at: slot for part in self._parts for at, slot in enumerate(part.slots.tags)}
        in_part = {
            number: part.name for part in self._parts for number in range(part.first, part.first + len(part.slots.tags))
        }
        room = text_width(self._package.part(self._package.main))
        last = max([0, *(int(found[1]) for name in self._package.entries if (found := _MADE_CHART.search(name)))])
        self._values = Values(
            self._slots, in_part, self._next_link, self.path.parent, printing, room, self._charts, last
        )
        self._copied = {
            part.first + len(part.slots.tags) + at: copied
            for part in self._parts
            for at, copied in enumerate(part.copied)
        }
        self._sandbox = self._made_sandbox({**printing.filters, **(filters or {})})
        self.problems, self.warnings = compile_all(self._parts, odd, self._sandbox, self.path, refused)
        self.paths = {path for part in self._parts for path in part.read}
        self._refuse_faults()
        self._xml: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is opened from: pickled, a template is its files, and compiled anew where it arrives."""
        held = {name: piece.data for name, piece in self._held.items()}
        return {
            "path": self.path,
            "data": self._read.data,
            "held": held,
            "filters": self._own_filters,
            "language": self._language,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.path = state["path"]
        held = {name: package_of(data) for name, data in state["held"].items()}
        self._open(package_of(state["data"]), (), held, state["filters"], state["language"])

    @cached_property
    def sha256(self) -> str:
        """What tells it from every other: of its file, and where it takes in pieces, of theirs too."""
        own = sha256(self._read.data)
        if not self._held:
            return own.hexdigest()
        pieces = [sha256(piece.data).digest() for _, piece in sorted(self._held.items())]
        return sha256(own.digest() + b"".join(pieces)).hexdigest()

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
        return content, list(noticed(self.path.name, self._slots, run))

    def blank(self) -> bytes:
        """Return the document with every value shown as its own name, highlighted, and every block shown once."""
        changed = {part.name: self._blank_part(part) for part in self._parts}
        if self._package.converted is not None:
            changed[CONTENT_TYPES] = self._package.converted
        return self._package.written(changed)

    def places_of(self, path: NamePath, *, conditions: bool = True) -> list[TemplatePlace]:
        """Return where tags read a name, which is one of `paths`; without those that only test it, if so wanted."""
        found = {
            slot.place(self.path.name): None
            for part in self._parts
            for number in sorted(part.read.get(path, ()))
            for slot in part.slots.tags[number : number + 1]
            if conditions or slot.tag.word not in _CONDITIONS
        }
        return list(found)

    def build_url_id(self, url: str) -> str:
        """Return what docxtpl's RichText takes as its `url_id`, for a link to an address."""
        return link_id(url)

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
                if one.external and one.id and (target := link_target(one.target)):
                    found.setdefault(part, {})[one.id] = target
        return found

    def _prepared(
        self, folders: Sequence[Path], held: Mapping[str, Package]
    ) -> tuple[list[Part], list[Fault], Mapping[str, tuple[str, str]]]:
        """Return the parts that have tags, what is odd in the others, and why pieces could not be taken in."""
        package = self._package
        self._held: Mapping[str, Package] = {}
        self._links = self._tagged_links()
        contents = {
            name: content
            for name, content_type in package.content_types.items()
            if content_type in HAS_TEXT
            and (has_braces(content := package.part(name)) or _PROTECTED.search(content) or name in self._links)
        }
        if not contents:
            self._taken, self._charts = Taken(), {}
            return [], [], {}
        body = parse(package.part(package.main)) if package.main not in contents else None
        trees = {name: parse(content) for name, content in contents.items()}
        pieces = Pieces(package, folders, held)
        pieces.take_into(trees)
        self._held = pieces.held
        if pieces.taken:
            package = self._package = pieces.package
            self._links = self._tagged_links()
            contents |= {name: etree.tostring(trees[name]) for name in pieces.taken}
        names = part_names(package, trees.get(package.main, body))
        styled = package.related("styles")
        styles = parse(package.part(styled)) if styled else None
        headings, lists = heading_styles(styles), numbered_styles(styles)
        slots = {
            name: normalize(
                tree, names.get(name, HAS_TEXT[package.content_types[name]]), headings, self._links.get(name)
            )
            for name, tree in trees.items()
        }
        self._charts = self._own_charts(trees, slots)
        tagged_properties = any(
            slots[name].tags and HAS_TEXT[package.content_types[name]] == "document properties" for name in trees
        )
        parts: list[Part] = []
        first = 0
        for name, tree in trees.items():
            broken = any(fault.severity is Severity.ERROR for fault in slots[name].faults)
            if slots[name].tags or broken or name in pieces.taken or _PROTECTED.search(contents[name]):
                part = make_part(name, tree, slots[name], lists, first, tagged_properties=tagged_properties)
                parts.append(part)
                first += len(part.slots.tags) + len(part.copied)
        self._taken = self._looked_for_ids(contents)
        made = {part.name for part in parts}
        odd = [fault for name, one in slots.items() if name not in made for fault in one.faults]
        return parts, odd, pieces.refused

    def _own_charts(
        self, trees: Mapping[str, etree._Element], slots: Mapping[str, Slots]
    ) -> dict[tuple[str, str], ChartPart]:
        """Return the template's charts whose alternative text has values, by part and relationship; say what is odd."""
        package = self._package
        found: dict[tuple[str, str], ChartPart] = {}
        for part, one in slots.items():
            for slot in one.tags:
                identity = slot.form.removeprefix("chart ")
                related = package.relationships.get(part, {}).get(identity)
                if identity == slot.form or related is None or related.external or (part, identity) in found:
                    continue
                name = resolved(part, related.target)
                if name not in package.entries or name is None:
                    continue
                untold = any(identity in chart.attrib.values() for chart in trees[part].iter("{*}chart"))
                alone = not untold and len(pointing_to(package, name)) == 1
                chart = found[part, identity] = ChartPart(package, name, alone=alone)
                if chart.problem and not slot.tag.source.startswith("["):
                    one.faults.append(
                        slot.fault(
                            f"'{slot.tag.text}' {chart.problem}, and can only be its alternative text.",
                            "Draw a chart of lines, points or columns in Word, with one series at least.",
                            "chart-unfillable",
                            Severity.WARNING,
                        )
                    )
        return found

    def _made_sandbox(self, filters: Mapping[str, Callable[..., Any]]) -> TemplateSandbox:
        sandbox = TemplateSandbox(autoescape=True, undefined=Unknown)
        sandbox.filters.update({"image": image, **filters})
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
                COUNT_ITEMS: count_items,
                APART: apart,
                TOGETHER: together,
            }
        )
        return sandbox

    def _looked_for_ids(self, contents: Mapping[str, bytes]) -> Taken:
        """Return the ids that the template has, in these parts and in all others."""
        taken = Taken()
        for name, content_type in self._package.content_types.items():
            if content_type in HAS_TEXT or content_type.endswith("numbering+xml"):
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
            part = None
            self._extend(changed, run)
        except IepdocsError:
            raise
        except Exception as error:  # noqa: BLE001  (a tag may raise anything)
            raise failed(self.path.name, part, error) from None
        finally:
            CURRENT.reset(before)
        return self._package.written(changed), run

    def _rendered_part(self, part: Part, context: dict[str, Any], run: Run) -> bytes:
        xml = "".join(part.template.root_render_func(part.template.new_context(context)))
        if part.has_marks:
            xml = repaired(xml, part.fallbacks)
        if NO_CHART in xml:
            xml = _without_charts(xml)
        content = (part.head + xml).encode()
        if part.may_break or part.name in run.markup:
            _must_be_whole(content)
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
            name = package.related("numbering")
            if name:
                changed[name] = with_numberings(self._text(name), run.copies.numberings).encode()
        if run.copies.comments:
            name = package.related("comments")
            if name:
                content = changed[name].decode() if name in changed else self._text(name)
                changed[name] = with_comments(content, run.copies.comments).encode()
        self._fill_charts(changed, run)
        for part in sorted({*run.links, *self._links}):
            name = rels_of(part)
            own = package.part(name) if name in package.entries else b""
            unused = self._links.get(part, {}).keys() - run.links.get(part, {}).keys()
            changed[name] = with_relationships(own, run.links.get(part, {}).values(), unused)
        changed.update(run.pictures)
        if run.types:
            types = with_types(changed.get(CONTENT_TYPES) or package.part(CONTENT_TYPES), run.types.items())
            changed[CONTENT_TYPES] = with_overrides(types, run.parts) if run.parts else types

    def _fill_charts(self, changed: dict[str, bytes], run: Run) -> None:
        """Fill the charts of the template that were used, and empty those that were not: their data are a sample's."""
        own = {chart.name: chart for chart in self._charts.values()}
        sources = {name: changed[name] for name in own if name in changed}
        for number, (name, chart) in enumerate(own.items()):
            if name not in run.shown and chart.alone and not chart.problem:
                run.filled.append((chart, NOTHING, name, f"iepdocs-chart-0-{number}"))
                run.types["xlsx"] = WORKBOOK_TYPE
        for chart, data, name, made in run.filled:
            parts, types = chart.parts(data, name, made, sources.get(chart.name))
            run.pictures.update(parts)
            run.parts.update(types)

    def _text(self, name: str) -> str:
        if name not in self._xml:
            self._xml[name] = _decoded(self._package.part(name))
        return self._xml[name]

    def _next_link(self, part: str) -> int:
        numbers = [
            int(found.group(1))
            for identity in self._package.relationships.get(part, {})
            if (found := re.fullmatch(r"rId(\d+)", identity))
        ]
        return max(numbers, default=0) + 1


class Draft(Template):
    """A template that a district is at work on: its faults are in `problems`, and it may not be fit to be rendered."""

    def _refuse_faults(self) -> None:
        """Go on, so that what is wrong in its names can be said as well."""


def _must_be_whole(content: bytes) -> None:
    """See that what values and blocks have made can be read.

    Raises:
        BrokenError: where it is no XML, or has elements within a text.
    """
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        raise BrokenError from None
    if any(len(text) and kind(text) in (*TEXTS, "instrText") for text in root.iter(etree.Element)):
        raise BrokenError


def _without_charts(xml: str) -> str:
    """Return a rendered part without the drawings of charts that have nothing to show."""
    while (at := xml.find(NO_CHART)) >= 0:
        begun = [one for one in _DRAWING.finditer(xml, 0, at) if not one[1]][-1]
        ended = next(one for one in _DRAWING.finditer(xml, at) if one[1])
        xml = xml[: begun.start()] + xml[ended.end() :]
    return xml


def _decoded(content: bytes) -> str:
    """Return a part's XML as it is where it is UTF-8 with double quotes, as Word writes it; else written like that."""
    with suppress(UnicodeDecodeError):
        text = content.decode("utf-8-sig")
        if not _QUOTED_SINGLY.search(text):
            return text
    root = parse(content)
    return declaration(root) + etree.tostring(root.getroottree(), encoding="unicode")


def _copied_value(turn: Any, copied: Any) -> Any:
    if turn is None or isinstance(turn, Unknown):  # a block knows nothing of the loop around it
        return copied.original
    found = turn.value(copied)
    if copied.around[0]:
        return Markup("") if found == copied.original else Markup(copied.around[0] + found + copied.around[1])  # noqa: S704
    return found

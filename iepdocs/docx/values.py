"""How a value goes into a document: as text that comes out exactly as it is, or as docxtpl's rich values do."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from jinja2 import Undefined
from markupsafe import Markup, escape

from iepdocs.bounds import TooMuchError
from iepdocs.docx.charts import CHART_TYPE, WORKBOOK_TYPE, Chart, drawn, frame
from iepdocs.docx.copies import told_again
from iepdocs.docx.own_charts import ChartError
from iepdocs.docx.pictures import Loaded, Picture, drawing, load
from iepdocs.docx.printing import Paragraphs
from iepdocs.docx.run import CURRENT, SHORT, Added, Run, name_of
from iepdocs.docx.wordml import NOT_XML

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iepdocs.docx.chart_parts import ChartPart
    from iepdocs.docx.printing import Printing
    from iepdocs.docx.slots import Slot

_CONTROL = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]").search
"""Line ends, tabs, and what XML cannot hold (XML 1.0, 2.2)."""
_NOT_XML_NOR_LISTING = re.compile("[\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINES = re.compile("\r\n|\r|\v")
_XML_TAG = re.compile(r"<[^>]*>")
_RICH_RUN = re.compile(r"<w:r>(<w:rPr>.*?</w:rPr>)?<w:t xml:space=\"preserve\">(.*?)</w:t></w:r>", re.DOTALL)
_RICH_PARAGRAPH = re.compile(r"(<w:p>(?:<w:pPr>.*?</w:pPr>)?)(.*?)</w:p>", re.DOTALL)
_RICH_PROPERTY = re.compile(r"<w:(\w+)[^>]*/>")
_RUN_ORDER = [
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "strike",
    "color",
    "sz",
    "szCs",
    "highlight",
    "u",
    "shd",
    "vertAlign",
    "rtl",
    "lang",
]
"""The order of what docxtpl's RichText writes into a run's properties (ISO/IEC 29500-1, EG_RPrBase)."""
_WHOLE_ADDRESS = "%/:=&?~#+!$,;'@()*[]"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MOST_PICTURES = 16
"""How many pictures are held from one document to the next: a logo is in all of them, a photograph in one."""
_MOST_DAYS = 4_096
"""How many days are held as they print: those of a school year come again in all documents."""
_LONGEST_POINT = 100
"""The characters, at most about, of a point in a chart."""
_MOST_CHARTS = 2_000
_LINK_ID = "iepdocs-link-"
_LINK = re.compile(rf' r:id="{_LINK_ID}([^"]*)"')
NO_CHART = "\x03"
"""What stands for the relationship of a chart that goes with its drawing: no text can have it."""
_LISTING_SIGNS = ("\a", "\f")


def link_id(address: str) -> str:
    """Return what stands for a link to an address in a RichText, until it is known in which part that is."""
    return _LINK_ID + quote(address, safe="")


class Values:
    """Puts the values of a template's tags into its parts.

    Args:
        slots: the places for values, by number.
        parts: the part that each place is in.
        next_link: the number for the first new relationship of a part.
        folder: where pictures are looked for.
        printing: how values print in the document's language.
        room: the width of the text on a page, in EMU.
        charts: the charts of the template that a value may fill, by part and relationship.
        last_chart: the largest number in the name of a chart's part of the template.
    """

    def __init__(
        self,
        slots: Mapping[int, Slot],
        parts: Mapping[int, str],
        next_link: Callable[[str], int],
        folder: Path,
        printing: Printing,
        room: int,
        charts: Mapping[tuple[str, str], ChartPart],
        last_chart: int,
    ) -> None:
        self.room = room
        self.charts = charts
        self.last_chart = last_chart
        self.printed = printing.printed
        self.day = lru_cache(_MOST_DAYS)(printing.date)
        self.slots = slots
        self.parts = parts
        self.next_link = next_link
        self.folder = folder
        self.pictures: dict[Any, Loaded] = {}

    def into_text(self, value: Any, number: int) -> str:
        """Return a value as the XML that stands for it in the text of a run."""
        if value.__class__ is str:
            if value.isprintable() or _CONTROL(value) is None:
                if len(value) > SHORT:
                    _run().count(len(value))
                if "&" in value or "<" in value or ">" in value:
                    return value.replace("&", "&#38;").replace("<", "&#60;").replace(">", "&#62;")
                return value
        elif value.__class__ is int:
            return str(value)
        elif value.__class__ is dt.date:
            return self.into_text(self.day(value), number)
        return self.into(value, number)

    def into(self, value: Any, number: int) -> str:
        """Return a value as the XML that stands for it in its place."""
        slot = self.slots[number]
        if slot.form.startswith("chart "):
            return self._own_chart(value, number, slot.form.removeprefix("chart "))
        if value.__class__ is not str:
            value = self._plain(value, number)
            if value.__class__ is Markup:
                return value
        return self._text(value, number, slot)

    def _plain(self, value: Any, number: int) -> Any:
        """Return a value as text, or as the markup of a rich value."""
        if isinstance(value, Undefined):
            return self._nothing(value, number)
        if isinstance(value, Picture):
            return self._picture(value, number)
        if isinstance(value, Chart):
            return self._chart(value, number)
        if isinstance(value, Paragraphs):
            return Markup(self._of_paragraphs(value, number))  # noqa: S704  (escaped)
        rich = _rich_kind(type(value))  # type: ignore[arg-type]
        if rich:
            return Markup(getattr(self, f"_{rich}")(value, number))  # noqa: S704  (made here)
        slot = self.slots[number]
        if slot.form.startswith("link ") and isinstance(value, list):
            return self._link(value, number, slot)
        if hasattr(value, "__html__"):
            return self._markup(str(value.__html__()), number, slot)
        return str(self.printed(value))

    def _nothing(self, value: Undefined, number: int) -> str:
        name = name_of(value)
        run = CURRENT.get()
        if run is not None and name:
            run.unknown[name, number] = None
        return ""

    def _text(self, value: str, number: int, slot: Slot) -> Markup:
        lines = _LINES.sub("\n", value)
        kept = NOT_XML.sub("", lines)
        run = CURRENT.get()
        if run is not None:
            if kept != lines:
                run.removed[number] = None
            run.count(len(kept))
        if not kept and slot.level > 1:
            return Markup()
        if slot.form == "url":
            kept = quote(kept, safe=_WHOLE_ADDRESS)
        return Markup(self._around(_laid(_escaped(kept), slot), 0, slot))  # noqa: S704  (escaped)

    def _markup(self, xml: str, number: int, slot: Slot) -> Markup:
        """Return what a macro or a block of the template made: its XML, or text that is escaped already."""
        if "<" not in xml:  # text, whose entities a filter may have cut or changed
            return self._text(unescape(xml), number, slot)
        if slot.form != "text":
            return Markup(_laid(_XML_TAG.sub("", xml), slot))  # noqa: S704
        run = _run()
        run.markup.add(self.parts[number])
        run.count(len(xml))
        if xml in run.placed:
            return Markup(told_again(xml, run.copies))  # noqa: S704
        run.placed.add(xml)
        return Markup(xml)  # noqa: S704

    def _of_paragraphs(self, value: Paragraphs, number: int) -> str:
        text = _escaped(NOT_XML.sub("", _LINES.sub("\n", value)))
        return self._listed(text.replace("\n", "\a"), number)

    def _listing(self, value: Any, number: int) -> str:
        return self._listed(_LINES.sub("\n", str(value.xml)), number)

    def _listed(self, xml: str, number: int) -> str:
        """Return text that is escaped, in which a bell begins a paragraph and a form feed a page."""
        slot = self.slots[number]
        text = self._kept(xml, number)
        if slot.form != "text":
            return _laid(NOT_XML.sub(" ", text), slot)
        return self._around(_paragraphs(_laid(text, slot), slot, slot.opens[0], slot.closes[0]), 0, slot)

    def _rich(self, value: Any, number: int) -> str:
        return self._of_runs(str(value.xml), number, 1)

    def _rich_paragraph(self, value: Any, number: int) -> str:
        return self._of_runs(str(value.xml), number, 2)

    def _of_runs(self, rich: str, number: int, level: int) -> str:
        """Return the XML of a RichText (level 1) or of paragraphs of these (2) in its place."""
        slot = self.slots[number]
        xml = self._kept(rich, number)
        if slot.form != "text":
            return _laid(NOT_XML.sub(" ", _XML_TAG.sub("", xml)), slot)
        part = self.parts[number]
        _run().markup.add(part)

        def related(link: re.Match[str]) -> str:
            address = quote(unquote(link.group(1)), safe=_WHOLE_ADDRESS)
            identity = self.relate(part, "hyperlink", address, external=True)
            return f' xmlns:r="{_RELATIONSHIPS}" r:id="{identity}"'

        made = _rich_runs(xml, slot) if level == 1 else _rich_paragraphs(xml, slot)
        return self._around(_LINK.sub(related, made), level, slot) if xml else ""

    def _inline(self, value: Any, number: int) -> Markup:
        anchor = str(value.anchor) if value.anchor else None
        source = value.image_descriptor
        if isinstance(source, str | Path):  # a programmer's, who names it from where the program runs
            source = str(Path(source).absolute())
        picture = Picture(source, _whole(value.width), _whole(value.height), anchor)
        return self._picture(picture, number)

    def _subdoc(self, _value: Any, _number: int) -> str:
        raise TooMuchError("a Subdoc: write its content as a piece and take that in with {% include 'its name' %}")

    def _picture(self, picture: Picture, number: int) -> Markup:
        slot = self.slots[number]
        if slot.form != "text":
            return Markup()
        loaded = self._loaded(picture)
        run = _run()
        part = self.parts[number]
        run.pictures[loaded.name] = loaded.data
        run.types[loaded.ending] = loaded.content_type
        target = self._target(part, loaded.name)
        relationship = self.relate(part, "image", target, external=False)
        address = NOT_XML.sub("", picture.link or "")
        link = self.relate(part, "hyperlink", address, external=True) if address else None
        prefix = slot.closes[0].rpartition("</")[2].removesuffix("r>")
        xml = drawing(loaded, picture, relationship, run.copies.new("drawing"), link, prefix)
        return Markup(self._around(xml, 1, slot))  # noqa: S704  (made here)

    def _chart(self, chart: Chart, number: int) -> Any:
        slot = self.slots[number]
        if slot.form != "text":
            return chart.text
        run = _run()
        part = self.parts[number]
        made = drawn(chart, self._next_chart())
        run.count_round(sum(map(len, made.parts.values())))
        run.parts[made.name] = CHART_TYPE
        run.pictures.update(made.parts)
        run.types["xlsx"] = WORKBOOK_TYPE
        relationship = self.relate(part, "chart", self._target(part, made.name), external=False)
        prefix = slot.closes[0].rpartition("</")[2].removesuffix("r>")
        xml = frame(chart, relationship, run.copies.new("drawing"), self.room, prefix)
        return Markup(self._around(xml, 1, slot))  # noqa: S704  (made here)

    def _next_chart(self) -> str:
        run = _run()
        run.charts += 1
        if run.charts > _MOST_CHARTS:
            raise TooMuchError("so many charts")
        return f"iepdocs-chart-{self.last_chart + run.charts}"

    def _own_chart(self, value: Any, number: int, identity: str) -> str:
        """Return the id of the relationship to a chart of the template, filled; as it is where no value is a chart.

        What stands for the relationship where there is nothing to show is `NO_CHART`.
        """
        part, run = self.parts[number], _run()
        own = self.charts.get((part, identity))
        values = value if isinstance(value, list) else [value]
        chart = next((one for one in values if isinstance(one, Chart)), None)
        if chart is None and (isinstance(value, Undefined) or value is None or value == ""):
            return NO_CHART
        if own is None:
            return identity
        if chart is None:
            run.shown.add(own.name)
            return identity
        if own.problem:
            raise ChartError(own.problem)
        made = self._next_chart()
        run.count_round(own.size + _LONGEST_POINT * sum(len(line.points) for line in chart.lines))
        run.types["xlsx"] = WORKBOOK_TYPE
        if own.alone and own.name not in run.shown:
            run.shown.add(own.name)
            run.filled.append((own, chart, own.name, made))
            return identity
        name = f"word/charts/{made}.xml"
        run.filled.append((own, chart, name, made))
        return self.relate(part, "chart", self._target(part, name), external=False)

    def _target(self, part: str, name: str) -> str:
        return name.removeprefix("word/") if part.startswith("word/") and part.count("/") == 1 else f"/{name}"

    def _loaded(self, picture: Picture) -> Loaded:
        if not isinstance(picture.source, str):
            return load(picture, self.folder)
        path = self.folder / picture.source
        try:
            found = path.stat()
            key = (picture.source, found.st_mtime_ns, found.st_size)
        except (OSError, ValueError):
            return load(picture, self.folder)
        loaded = self.pictures.get(key)
        if loaded is None:
            loaded = self.pictures[key] = load(picture, self.folder)
            for oldest in list(self.pictures)[:-_MOST_PICTURES]:
                self.pictures.pop(oldest, None)
        return loaded

    def relate(self, part: str, kind: str, target: str, *, external: bool) -> str:
        """Return the id of a new relationship of a part, or that of the one that it has to the same target."""
        added = _run().links.setdefault(part, {})
        for one in added.values():
            if one.target == target and one.type.endswith(f"/{kind}"):
                return one.id
        number = self.next_link(part) + len(added)
        identity = f"rId{number}"
        added[identity] = Added(identity, f"{_RELATIONSHIPS}/{kind}", target, external)
        return identity

    def _link(self, pieces: list[Any], number: int, slot: Slot) -> Markup:
        """Return the id of the relationship to a link's address, which is made of texts and values in turn."""
        whole = len(pieces) == 3 and not pieces[0] and not pieces[2]  # noqa: PLR2004
        address = "".join(
            quote(str(piece), safe=_WHOLE_ADDRESS)
            if at % 2 == 0
            else quote(self._words(piece, number), safe=_WHOLE_ADDRESS if whole else "")
            for at, piece in enumerate(pieces)
        )
        identity = slot.form.removeprefix("link ")
        part = self.parts[number]
        added = _run().links.setdefault(part, {})
        if identity not in added:
            added[identity] = Added(identity, f"{_RELATIONSHIPS}/hyperlink", address, external=True)
            return Markup(identity)  # noqa: S704
        if added[identity].target == address:
            return Markup(identity)  # noqa: S704
        return Markup(self.relate(part, "hyperlink", address, external=True))  # noqa: S704

    def _words(self, value: Any, number: int) -> str:
        if isinstance(value, Undefined):
            return self._nothing(value, number)
        return self._kept(str(self.printed(value)), number, NOT_XML)

    def _kept(self, text: str, number: int, odd: re.Pattern[str] = _NOT_XML_NOR_LISTING) -> str:
        """Return a text without the characters that XML cannot hold; note where there were some."""
        kept = odd.sub("", text)
        if kept != text:
            _run().removed[number] = None
        _run().count(len(kept))
        return kept

    def _around(self, xml: str, level: int, slot: Slot) -> str:
        """Return XML of a level (text, runs, paragraphs) with what it needs to stand in a place of another."""
        if slot.level == level or slot.form != "text":
            return xml
        if level < slot.level:
            return "".join([*reversed(slot.opens[level : slot.level]), xml, *slot.closes[level : slot.level]])
        if level > 1 and not slot.paragraphs:
            return _XML_TAG.sub("", xml)
        return "".join([*slot.closes[slot.level : level], xml, *reversed(slot.opens[slot.level : level])])


def highlighted(slot: Slot) -> str:
    """Return what shows where a tag's value goes: its own name, highlighted where it is in a text."""
    if slot.tag.opener != "{{":
        return ""
    if slot.form.startswith(("link ", "chart ")):
        return slot.form.partition(" ")[2]
    if slot.standing is not None:
        return slot.standing
    name = str(escape(slot.tag.source))
    if slot.form != "text" or not slot.opens:
        return name
    run, end = slot.opens[0], slot.closes[0]
    prefix = end.rpartition("</")[2].removesuffix("r>")
    colour = f'<{prefix}highlight {prefix}val="yellow"/>'
    properties = re.sub(rf"<{prefix}highlight\b[^>]*/>", "", run)
    if f"<{prefix}rPr/>" in properties or f"<{prefix}rPr>" not in properties:
        properties = properties.replace(f"<{prefix}rPr/>", "")
        marked = properties.replace(f"<{prefix}r>", f"<{prefix}r><{prefix}rPr>{colour}</{prefix}rPr>", 1)
    else:
        before = re.compile(rf"<{prefix}(?:{_AFTER_HIGHLIGHT})\b|</{prefix}rPr>").search(properties)
        at = before.start() if before else len(properties)
        marked = properties[:at] + colour + properties[at:]
    xml = f"{marked}{name}{end}"
    if slot.level > 1:
        return "".join([*reversed(slot.opens[1 : slot.level]), xml, *slot.closes[1 : slot.level]])
    return xml if slot.level else f"{end}{xml}{run}"


_AFTER_HIGHLIGHT = "u|effect|bdr|shd|fitText|vertAlign|rtl|cs|em|lang|eastAsianLayout|specVanish|oMath|rPrChange"
"""What stands after the highlight in a run's properties (ISO/IEC 29500-1, EG_RPrBase)."""


def _run() -> Run:
    run = CURRENT.get()
    if run is None:
        raise TooMuchError("a value before there is a document")
    return run


def _escaped(text: str) -> str:
    """Return a text as XML, by numbers: a filter that turns letters into capitals does them no harm."""
    return (
        text.replace("&", "&#38;")
        .replace("<", "&#60;")
        .replace(">", "&#62;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )


def _laid(escaped: str, slot: Slot) -> str:
    if slot.form == "attribute":
        return escaped.replace("\n", "&#10;").replace("\t", "&#9;")
    if "\n" in escaped:
        escaped = escaped.replace("\n", slot.newline)
    return escaped.replace("\t", slot.tab) if "\t" in escaped else escaped


def _paragraphs(text: str, slot: Slot, opened: str, closed: str, begins: str = "") -> str:
    """Return a text in which a bell begins a paragraph and a form feed a page, as docxtpl's Listing has them."""
    if not any(sign in text for sign in _LISTING_SIGNS):
        return text
    if not slot.paragraphs:
        return text.replace("\a", slot.newline).replace("\f", slot.newline)
    paragraph, end = begins or slot.opens[1], slot.closes[1]
    text = text.replace("\a", f"{closed}{end}{paragraph}{opened}")
    return text.replace("\f", f"{closed}{end}{slot.page}{paragraph}{opened}")


def _rich_paragraphs(xml: str, slot: Slot) -> str:
    """Return paragraphs of RichText; what a bell in one begins has the style of that one."""

    def paragraph(found: re.Match[str]) -> str:
        opened, inside = found.groups()
        return f"{opened}{_rich_runs(inside, slot, opened)}</w:p>"

    return _RICH_PARAGRAPH.sub(paragraph, xml)


def _rich_runs(xml: str, slot: Slot, begins: str = "") -> str:
    """Return the runs of a RichText with their properties in order, and line breaks as docxtpl has them.

    Args:
        xml: the runs.
        slot: the place.
        begins: what begins a paragraph, if not what begins that of the place.
    """

    def run(found: re.Match[str]) -> str:
        properties = _in_order(found.group(1) or "")
        opened = f'<w:r>{properties}<w:t xml:space="preserve">'
        text = _LINES.sub("\n", found.group(2))
        again = '<w:t xml:space="preserve">'
        text = text.replace("\n", f"</w:t><w:br/>{again}").replace("\t", f"</w:t><w:tab/>{again}")
        return f"{opened}{_paragraphs(text, slot, opened, '</w:t></w:r>', begins)}</w:t></w:r>"

    return _RICH_RUN.sub(run, xml)


def _in_order(properties: str) -> str:
    if not properties:
        return ""
    found = [(one.group(1), one.group()) for one in _RICH_PROPERTY.finditer(properties)]
    found.sort(key=lambda one: _RUN_ORDER.index(one[0]) if one[0] in _RUN_ORDER else len(_RUN_ORDER))
    written = "".join(text for _, text in found)
    shaded = written.replace("<w:shd w:fill=", '<w:shd w:val="clear" w:fill=')
    return f"<w:rPr>{shaded}</w:rPr>"


@cache
def _rich_kind(kind: type) -> str:
    """Return which of docxtpl's values those of a class are, without loading docxtpl."""
    names = {one.__name__ for one in kind.__mro__ if one.__module__.startswith("docxtpl")}
    for name, rich in (
        ("RichTextParagraph", "rich_paragraph"),
        ("RichText", "rich"),
        ("Listing", "listing"),
        ("InlineImage", "inline"),
        ("Subdoc", "subdoc"),
    ):
        if name in names:
            return rich
    return ""


def _whole(length: Any) -> int | None:
    return None if length is None else int(length)

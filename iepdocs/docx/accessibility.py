"""What keeps people with a disability from reading the documents of a template: all of it, in one go.

Each breach has a rule of `RULES`, and is said at its place with the way through Word's own menus that mends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from iepdocs.docx.looks import Looks, contrast
from iepdocs.docx.package import PackageError, parse, read_package
from iepdocs.docx.places import HAS_TEXT, Spot, heading_styles, marked, part_names, spots, text_of, texts_of
from iepdocs.docx.slots import Fault
from iepdocs.docx.tabular import Holds, cells_of, columns, content_rows, holds, is_merged_down, look, tags_of, width
from iepdocs.docx.tags import Tag, find_tags
from iepdocs.docx.wordml import above, attribute, child, kind, own
from iepdocs.findings import Severity
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from lxml import etree

    from iepdocs.docx.package import Package
    from iepdocs.docx.tabular import Row
    from iepdocs.findings import Finding


class Rule(NamedTuple):
    """How bad a breach is, and the success criterion of WCAG 2.1 that it fails, if it is one."""

    severity: Severity
    criterion: str = ""

    @property
    def citation(self) -> str:
        """The criterion, and what makes it law: Section 508's standards take in WCAG, level A and AA."""
        return f"WCAG 2.1, {self.criterion}; 36 CFR 1194 App. A, E205.4" if self.criterion else ""


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
RULES = {
    "a11y-language": Rule(_ERROR, "3.1.1"),
    "a11y-title": Rule(_ERROR, "2.4.2"),
    "a11y-heading-skipped": Rule(_ERROR, "1.3.1"),
    "a11y-heading-faked": Rule(_WARNING, "1.3.1"),
    "a11y-heading-empty": Rule(_WARNING, "2.4.6"),
    "a11y-no-headings": Rule(_WARNING, "1.3.1"),
    "a11y-header-row": Rule(_ERROR, "1.3.1"),
    "a11y-header-empty": Rule(_WARNING, "1.3.1"),
    "a11y-first-column": Rule(_WARNING, "1.3.1"),
    "a11y-merged-cells": Rule(_WARNING, "1.3.1"),
    "a11y-nested-table": Rule(_WARNING, "1.3.2"),
    "a11y-alt-text": Rule(_ERROR, "1.1.1"),
    "a11y-alt-text-file-name": Rule(_WARNING, "1.1.1"),
    "a11y-color-only": Rule(_WARNING, "1.4.1"),
    "a11y-contrast": Rule(_WARNING, "1.4.3"),
    "a11y-floating": Rule(_WARNING, "1.3.2"),
    "a11y-link-text": Rule(_WARNING, "2.4.4"),
    "a11y-blank-lines": Rule(_NOTE),
}
"""What is looked for, by the rule's id."""

_READ = {"body", "header", "footer", "footnotes", "endnotes"}
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_FILE_LANGUAGE = re.compile(r".+\.([a-z]{2}|hmn|cmn|yue|fil|haw|mam|quc|ksw)(?:[-_][a-z]{2,4})?", re.IGNORECASE)
"""A file name whose last word is a language's code: `iep.es`; of three letters, those that US schools write in."""
_NO_TITLE = re.compile(r"|word document|document\d*|untitled.*|template|.*\.do[ct][xm]?", re.IGNORECASE)
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|webp)", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SAYS_NOTHING = {
    "click here", "here", "click", "link", "this link", "more", "read more", "learn more", "this page", "this website",
    "haga clic aquí", "clic aquí", "aquí", "este enlace", "más información", "más", "leer más",
}  # fmt: skip
_LONGEST_HEADING, _MOST_HEADING_WORDS = 80, 12
_LONG_DOCUMENT = 20
"""From how many paragraphs on a document without headings is hard to find one's way in."""
_BLANK_LINES = 3
_CHROMATIC = 128
"""How far apart a colour's red, green and blue lie, of 255, where it catches the eye as a colour."""
_LEAST_CONTRAST, _LEAST_OF_LARGE, _LARGE, _LARGE_BOLD = 4.5, 3.0, 18, 14
"""WCAG 2.1, 1.4.3: the ratios, and from how many points on a text is large."""
_MOST_ALIKE = 10
_LONGEST = 60


class _Text(NamedTuple):
    """A stretch of a paragraph's text that a finished document has, of one run; it begins at `start`."""

    run: etree._Element
    text: str
    start: int


@dataclass
class _Part:
    """A part of the document: its tree, what a person calls it, and how its text looks."""

    root: etree._Element
    name: str
    spots: dict[etree._Element, Spot]
    looks: Looks
    _visible: dict[etree._Element, list[_Text]] = field(default_factory=dict)

    @property
    def flows(self) -> bool:
        """Whether it is read with the document's text, not at the edge of a page."""
        return not self.name.rpartition("-page ")[2].startswith(("header", "footer"))

    @cached_property
    def elements(self) -> list[etree._Element]:
        """Its elements as Word shows them: not those kept for older programs, or deleted."""
        return list(_shown(self.root))

    @cached_property
    def paragraphs(self) -> list[etree._Element]:
        """Its paragraphs."""
        return [one for one in self.elements if kind(one) == "p"]

    def spot(self, element: etree._Element) -> Spot:
        """Return the place of an element: that of the paragraph around it, or of the first one in it."""
        around = (one for one in element.iterancestors() if kind(one) == "p")
        within = (one for one in element.iter() if kind(one) == "p")
        return next((self.spots[one] for one in (*around, *within) if one in self.spots), Spot(self.name))

    def visible(self, paragraph: etree._Element) -> list[_Text]:
        """Return a paragraph's text as a finished document has it: without control tags and what is hidden."""
        if paragraph not in self._visible:
            self._visible[paragraph] = list(_visible(paragraph, self.looks))
        return self._visible[paragraph]

    def text(self, paragraph: etree._Element) -> str:
        """Return the text of which a finished document has something to show."""
        return "".join(one.text for one in self.visible(paragraph)).strip()

    def fault(self, rule: str, at: etree._Element, message: str, mend: str, text: str | None = None) -> Fault:
        """Return a breach at an element; without a text it is told with that of the element's paragraph."""
        paragraph = at if kind(at) == "p" else above(at, "p")
        if text is None:
            text = _shortened(text_of(paragraph)) if paragraph is not None else ""
        return _fault(rule, self.spot(at), message, mend, text)


def accessibility_findings(path: Path) -> list[Finding]:
    """Return what keeps people with a disability from reading the documents of a template.

    Args:
        path: a .docx, .dotx, .docm or .dotm file.

    Raises:
        IepdocsError: where the file is no Word document or not safe to open.
    """
    try:
        package = read_package(path)
        styles = package.related("styles")
        looks = Looks(parse(package.part(styles)) if styles else None)
        faults = [*_language(path.name, looks), *_title(package)]
        for part in _parts(package, looks):
            for rule in (_headings, _tables, _alt_texts, _links, _colors, _floating, _blank_lines):
                faults += rule(part)
    except PackageError as error:
        raise error.told(path) from None
    return [fault.finding(path.name) for fault in _grouped(faults)]


def _fault(rule: str, spot: Spot, message: str, mend: str, text: str = "") -> Fault:
    return Fault(message, mend, rule, spot, text, RULES[rule].severity, RULES[rule].citation)


def _parts(package: Package, looks: Looks) -> Iterator[_Part]:
    """Yield the parts that a reader comes upon, the body first."""
    styled = package.related("styles")
    headings = heading_styles(parse(package.part(styled)) if styled else None)
    body = parse(package.part(package.main))
    names = part_names(package, body)
    for name, content_type in sorted(package.content_types.items(), key=lambda one: one[0] != package.main):
        words = HAS_TEXT.get(content_type)
        if words not in _READ or (words in ("header", "footer") and name not in names):
            continue  # a header that no section has is never seen
        root = body if name == package.main else parse(package.part(name))
        called = names.get(name, words)
        yield _Part(root, called, dict(spots(root, called, headings)), looks)


def _grouped(faults: Sequence[Fault]) -> list[Fault]:
    """Return faults, one for those that a part has again and again."""
    alike: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.rule, fault.spot.part.partition(",")[0], _without_names(fault.message)), []).append(
            fault
        )
    found: list[Fault] = []
    for same in alike.values():
        more = len(same) - 1
        if len(same) <= _MOST_ALIKE:
            found += same
        else:
            found.append(replace(same[0], message=f"{same[0].message} This part has the same in {more} more places."))
    return found


def _without_names(message: str) -> str:
    return re.sub(r"'[^']*'|^\d+", "", message)


def _shown(element: etree._Element) -> Iterator[etree._Element]:
    for one in element:
        if not isinstance(one.tag, str) or one.tag.endswith("}Fallback") or kind(one) in ("del", "moveFrom"):
            continue
        yield one
        yield from _shown(one)


# --- the document


def _language(file: str, looks: Looks) -> Iterator[Fault]:
    said = looks.language
    stem = file.rpartition(".")[0]
    named = _FILE_LANGUAGE.fullmatch(stem)
    mend = (
        "On the tab Home, in Styles, right-click Normal, Modify, Format, Language, and choose "
        f"{f'the language {named[1].lower()}' if named else 'the language it is written in'}."
    )
    if not said:
        message = "The document does not say which language it is in: a screen reader may read it in the wrong one."
        yield _fault("a11y-language", Spot("styles"), message, mend)
    elif named and said.partition("-")[0].lower() != named[1].lower():
        message = (
            f"By its file name it is in the language '{named[1].lower()}', but its text is marked as '{said}': "
            "a screen reader pronounces it wrongly."
        )
        yield _fault("a11y-language", Spot("styles"), message, mend)


def _title(package: Package) -> Iterator[Fault]:
    names = [name for name, content_type in package.content_types.items() if content_type == _CORE]
    title = ""
    for name in names:
        for one in parse(package.part(name)).iter("{http://purl.org/dc/elements/1.1/}title"):
            title = (one.text or "").strip()
    if not _NO_TITLE.fullmatch(title):
        return
    message = f"The title in its properties, '{title}', says nothing." if title else "Its properties have no title."
    mend = "Open File, Info, and under Properties type a title, such as the document's name; tags may stand in it."
    yield _fault("a11y-title", Spot("document properties"), message, mend)


# --- text


def _visible(paragraph: etree._Element, looks: Looks) -> Iterator[_Text]:
    """Yield the stretches of a paragraph's text that are neither in control tags nor hidden."""
    gone = [tag for tag in find_tags(text_of(paragraph)) if isinstance(tag, Tag) and tag.opener != "{{"]
    at = 0
    for element, text in texts_of(paragraph):
        run = above(element, "r")
        end = at + len(text)
        if run is not None and not looks.on(run, "vanish"):
            begin = at
            for tag in (*(one for one in gone if one.end > at and one.start < end), None):
                stop = max(tag.start, at) if tag else end
                if stop > begin:
                    yield _Text(run, text[begin - at : stop - at], begin)
                begin = min(tag.end, end) if tag else end
        at = end


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _headings(part: _Part) -> Iterator[Fault]:
    if part.name != "body":
        return
    last, faked, count = 0, False, 0
    candidates = {one for one in part.paragraphs if _may_be_faked_heading(one, part)}
    texts = [one for one in part.paragraphs if part.text(one)]
    after = dict(zip_longest(texts, texts[1:]))
    for paragraph in part.paragraphs:
        level = part.looks.heading_level(paragraph)
        if paragraph in candidates and after[paragraph] is not None and after[paragraph] not in candidates:
            faked = True
            yield part.fault(
                "a11y-heading-faked",
                paragraph,
                "This looks like a heading, but is only bold: nobody can find it in a list of headings.",
                f"Put the cursor in it, and choose Heading {max(last, 1)} in Styles on the tab Home. "
                "If it is no heading, leave it.",
            )
        if level is None or paragraph not in after:
            if level is not None and _is_blank(paragraph):
                yield part.fault(
                    "a11y-heading-empty",
                    paragraph,
                    "This heading is empty: a screen reader says 'heading' and nothing.",
                    "Delete the paragraph, or choose Normal in Styles on the tab Home.",
                )
            continue
        count += 1
        if level > last + 1:
            message = (
                f"This heading is of level {level}, and the one before it of level {last}: a level is skipped."
                if last
                else f"The first heading is of level {level}, not 1."
            )
            mend = f"Put the cursor in it, and choose Heading {last + 1} in Styles on the tab Home."
            yield part.fault("a11y-heading-skipped", paragraph, message, mend)
        last = level
    if not count and not faked and len(texts) > _LONG_DOCUMENT:
        message = f"A document of {len(texts)} paragraphs has no headings to find one's way by."
        mend = "Choose Heading 1, Heading 2 and so on in Styles on the tab Home for the lines that are headings."
        yield _fault("a11y-no-headings", Spot(part.name), message, mend)


def _may_be_faked_heading(paragraph: etree._Element, part: _Part) -> bool:
    """Tell whether a paragraph is short, bold from end to end, and has the style of running text."""
    looks = part.looks
    if looks.heading_level(paragraph) is not None or not looks.is_plain(paragraph):
        return False
    if any(kind(one) in ("tc", "txbxContent") for one in paragraph.iterancestors()):
        return False
    pieces = [one for one in part.visible(paragraph) if one.text.strip()]
    text = "".join(one.text for one in pieces).strip()
    words = text
    for tag in tags_of(paragraph):
        words = words.replace(tag.text, "")
    short = len(text) <= _LONGEST_HEADING and len(text.split()) <= _MOST_HEADING_WORDS
    label = ":" in text[:-1] or "_" in words or "\t" in text  # a place to fill in, or a value after its name
    sentence = text.endswith((".", ",", ";", "!", "?"))
    return (
        short
        and not label
        and not sentence
        and any(sign.isalpha() for sign in words)
        and all(looks.on(one.run, "b") for one in pieces)
    )


def _is_blank(paragraph: etree._Element) -> bool:
    """Tell whether a paragraph is an empty line: without text, tags, pictures, breaks."""
    holds_more = {"drawing", "pict", "object", "sdt", "instrText", "fldSimple", "sectPr", "footnoteReference"}
    if text_of(paragraph).strip() or any(kind(one) in holds_more for one in paragraph.iter()):
        return False
    return not any(kind(one) == "br" and attribute(one, "type") for one in own(paragraph))


def _links(part: _Part) -> Iterator[Fault]:
    for paragraph in part.paragraphs:
        whole = text_of(paragraph)
        for start, end in _link_spans(paragraph):
            text = whole[start:end].strip()
            said = fold(text).strip(" .…»>:")
            if _BARE_ADDRESS.fullmatch(text):
                message = f"The text of this link is its address, '{text}': a screen reader spells it out."
            elif said in _SAYS_NOTHING:
                message = f"The text of this link, '{text}', does not say where it leads."
            else:
                continue
            mend = "Right-click the link, Edit Hyperlink, and in 'Text to display' write what it leads to."
            yield part.fault("a11y-link-text", paragraph, message, mend, marked(whole, start, end))


def _link_spans(paragraph: etree._Element) -> list[tuple[int, int]]:
    """Return where the texts of links begin and end in a paragraph's text."""
    lengths = {element: len(text) for element, text in texts_of(paragraph)}
    spans: dict[etree._Element, tuple[int, int]] = {}
    opened: list[tuple[etree._Element, str, int]] = []
    at = 0
    for element in own(paragraph):
        name, role = kind(element), attribute(element, "fldCharType")
        if name == "fldChar" and role == "begin":
            opened.append((element, "", at))
        elif name == "instrText" and opened:
            begin, code, start = opened[-1]
            opened[-1] = (begin, code + (element.text or ""), start)
        elif name == "fldChar" and role == "separate" and opened:
            opened[-1] = (*opened[-1][:2], at)
        elif name == "fldChar" and role == "end" and opened:
            begin, code, start = opened.pop()
            if code.split()[:1] == ["HYPERLINK"]:
                spans[begin] = (start, at)
        if element in lengths:
            link = next((one for one in element.iterancestors() if _is_link(one)), None)
            if link is not None:
                spans[link] = (spans.get(link, (at, at))[0], at + lengths[element])
            at += lengths[element]
    return list(spans.values())


def _is_link(element: etree._Element) -> bool:
    code = attribute(element, "instr") or ""
    return kind(element) == "hyperlink" or (kind(element) == "fldSimple" and code.split()[:1] == ["HYPERLINK"])


def _colors(part: _Part) -> Iterator[Fault]:
    for paragraph in part.paragraphs:
        pieces = [one for one in part.visible(paragraph) if any(sign.isalnum() for sign in one.text)]
        for check in (_pale, _told_by_color):
            fault = next(check(part, paragraph, pieces), None)
            if fault is not None:
                yield fault


def _pale(part: _Part, paragraph: etree._Element, pieces: Iterable[_Text]) -> Iterator[Fault]:
    """Yield a breach for each piece of text that has too little contrast on every ground that it may have."""
    looks = part.looks
    for piece in pieces:
        color, grounds = looks.color(piece.run), looks.grounds(piece.run)
        if color is None or not grounds:
            continue
        ground = max(grounds, key=lambda one: contrast(one, color))
        ratio = contrast(color, ground)
        large = looks.points(piece.run) >= (_LARGE_BOLD if looks.on(piece.run, "b") else _LARGE)
        least = _LEAST_OF_LARGE if large else _LEAST_CONTRAST
        if ratio < least:
            yield part.fault(
                "a11y-contrast",
                paragraph,
                f"This text is too pale: its colour {color} on {ground} has a contrast of {int(ratio * 100) / 100} "
                f"to 1, and needs {least:g} to 1.",
                "Select it, and choose a darker colour under Font Color on the tab Home, or another under Shading.",
                _marked_alike(part, paragraph, piece),
            )


def _told_by_color(part: _Part, paragraph: etree._Element, pieces: Sequence[_Text]) -> Iterator[Fault]:
    """Yield a breach for each piece of text that nothing but a strong colour tells from what is around it."""
    looks = part.looks
    if looks.heading_level(paragraph) is not None:
        return
    for piece in pieces:
        color = looks.own_color(piece.run)
        if color is None or not _is_chromatic(color):
            continue
        others = [one for one in pieces if looks.color(one.run) != color]
        signs = _signs(piece.run, looks)
        alike = any(_signs(one.run, looks) == signs for one in others) if others else not any(signs[:-1])
        if alike:
            yield part.fault(
                "a11y-color-only",
                paragraph,
                "Only its colour tells this text from the rest: who sees no colours misses what it means.",
                "If the colour means something, say it in words as well, or make the text bold. If not, choose "
                "Automatic under Font Color on the tab Home.",
                _marked_alike(part, paragraph, piece),
            )


def _marked_alike(part: _Part, paragraph: etree._Element, first: _Text) -> str:
    """Return a paragraph's text with a piece and those after it marked, as far as they are of one colour."""
    color, end = part.looks.color(first.run), first.start
    for one in part.visible(paragraph):
        if one.start == end and part.looks.color(one.run) == color:
            end += len(one.text)
    return marked(text_of(paragraph), first.start, end)


def _is_chromatic(color: str) -> bool:
    channels = [int(color[at : at + 2], 16) for at in (0, 2, 4)]
    return max(channels) - min(channels) >= _CHROMATIC


def _signs(run: etree._Element, looks: Looks) -> tuple[bool | float, ...]:
    """Return what tells a text from others without colour; its size comes last."""
    return *(looks.on(run, name) for name in ("b", "i", "u", "caps", "smallCaps", "strike")), looks.points(run)


def _blank_lines(part: _Part) -> Iterator[Fault]:
    blank: list[etree._Element] = []
    for paragraph, following in zip_longest(part.paragraphs, part.paragraphs[1:]):
        if _is_blank(paragraph):
            blank.append(paragraph)
            if following is not None and following.getparent() is paragraph.getparent() and _adjoin(paragraph):
                continue
        elif blank and not part.text(paragraph) and tags_of(paragraph):
            continue  # it goes with its control tags
        if len(blank) >= _BLANK_LINES:
            message = f"{len(blank)} empty paragraphs in a row make space: a screen reader says 'blank' at each."
            mend = "Delete them, and give the paragraph before them space under Spacing, After, on the tab Layout."
            yield part.fault("a11y-blank-lines", blank[0], message, mend)
        blank = []


def _adjoin(paragraph: etree._Element) -> bool:
    """Tell whether no table stands between a paragraph and the next one."""
    return next((kind(one) for one in paragraph.itersiblings() if kind(one) in ("p", "tbl")), "") == "p"


# --- tables


def _tables(part: _Part) -> Iterator[Fault]:
    for table in (one for one in part.elements if kind(one) == "tbl"):
        rows = content_rows(table)
        if not part.flows or not rows:
            continue
        if above(table, "tc") is not None:
            message = "This table stands in a cell of another one: read row by row, the two get mixed up."
            mend = "Cut it out, and paste it above or below the other table."
            yield part.fault("a11y-nested-table", table, message, mend, _text_of_row(rows[0]))
        headers = [row for row in rows if row.is_header]
        if headers:
            yield from _headers(part, rows, headers)
        elif (fault := _without_header(part, table, rows)) is not None:
            yield fault
        if headers or any(row.repeats for row in rows):
            yield from _merged(part, rows)


def _headers(part: _Part, rows: Sequence[Row], headers: Sequence[Row]) -> Iterator[Fault]:
    """Yield what is wrong with rows that are marked as headers."""
    stray = next((row for row, at in zip(headers, rows, strict=False) if row is not at), None)
    if stray is not None:
        yield part.fault(
            "a11y-header-row",
            stray.element,
            "This row is marked as a header row, but stands below one that is not: Word takes no notice of the mark.",
            "Select all rows down to this one, and choose Repeat Header Rows on the table's tab Layout; or move "
            "what is above it out of the table.",
            _text_of_row(stray),
        )
    for cell in (cell for row in headers for cell in row.cells):
        if holds(cell) is Holds.NOTHING:
            message = "A cell of the header row is empty: nothing says what is in its column."
            yield part.fault("a11y-header-empty", cell, message, "Write what the column holds.")
            break


def _merged(part: _Part, rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a breach at the first merged cell, but for a cell as wide as its table.

    A cell may take several columns of Word's grid and yet be merged with none: where rows are cut at different places.
    """
    most = max(len(cells_of(row.element)) for row in rows)
    for row in rows:
        beside = len(cells_of(row.element)) < most and len(row.cells) > 1
        for cell in row.cells:
            if is_merged_down(cell) or (beside and width(cell) > 1):
                message = (
                    "This cell is merged with others: a screen reader takes it for one of the wrong column or row."
                )
                mend = "Choose Split Cells on the table's tab Layout, and write into each cell what belongs there."
                yield part.fault("a11y-merged-cells", cell, message, mend, _text_of_row(row))
                return


def _without_header(part: _Part, table: etree._Element, rows: Sequence[Row]) -> Fault | None:
    """Return what is wrong with a table that has no header row.

    One that only arranges text needs none. In one of labels, each with its value beside it, the first column is the
    header: there Word's box First Column is to be ticked, and Header Row not.
    """
    wide = columns(rows)
    rows = [row for row in rows if len(row.cells) > 1]
    if wide < 2 or not rows:  # noqa: PLR2004
        return None
    by_column = look(table, "firstColumn") and not look(table, "firstRow")
    first, below = rows[0], rows[1:]
    mend = (
        "Select the first row, and choose Repeat Header Rows on the table's tab Layout. If the first column is the "
        "header, tick First Column and untick Header Row on the tab Table Design. If the table only arranges text, "
        "untick both there."
    )
    text = _text_of_row(first)
    if set(first.holds) == {Holds.WORDS} and not first.repeats and below and not by_column:
        filled = any(set(row.holds) != {Holds.WORDS} for row in below)
        if filled or look(table, "firstRow"):
            message = "The first row of this table is not marked as its header row."
            return part.fault("a11y-header-row", first.element, message, mend, text)
        return None
    nameless = next((row for row in rows if row.repeats and row.holds[0] is not Holds.WORDS), None)
    if nameless is not None and not (by_column and wide == 2):  # noqa: PLR2004
        message = "This table repeats rows, and no header row says what is in its columns."
        mend = (
            "Insert a row at the top that names the columns, and choose Repeat Header Rows on the table's tab Layout."
        )
        return part.fault("a11y-header-row", nameless.element, message, mend, _text_of_row(nameless))
    labels = all(len(row.cells) == 2 and row.holds[0] is Holds.WORDS for row in rows)  # noqa: PLR2004
    if labels and not by_column and (below or first.repeats):
        message = "The labels in the first column of this table are not marked as its header."
        mend = "Click into the table, and on the tab Table Design tick First Column and untick Header Row."
        return part.fault("a11y-first-column", first.element, message, mend, text)
    return None


def _text_of_row(row: Row) -> str:
    texts = [text_of(one) for cell in row.cells for one in cell.iter() if kind(one) == "p"]
    return _shortened(" | ".join(text for text in texts if text.strip()))


# --- pictures, charts, shapes


_WRITE_ALT_TEXT = (
    "Right-click it, View Alt Text, and write what it shows; if it only decorates, tick Mark as decorative."
)


def _alt_texts(part: _Part) -> Iterator[Fault]:
    for name, alt, element in _pictures(part):
        if not alt.strip():
            yield part.fault(
                "a11y-alt-text",
                element,
                f"'{name}' has no alt text: a screen reader can only say that there is something.",
                _WRITE_ALT_TEXT,
            )
        elif _FILE_NAME.fullmatch(alt.strip()):
            yield part.fault(
                "a11y-alt-text-file-name",
                element,
                f"The alt text of '{name}' is the name of a file, '{alt.strip()}', and says nothing of what it shows.",
                _WRITE_ALT_TEXT,
            )


def _pictures(part: _Part) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield the name and alt text of what is to have one: pictures, charts, shapes, but not those that hold text."""
    for element in part.elements:
        name = kind(element)
        if name in ("wp:inline", "wp:anchor"):
            properties = child(element, "wp:docPr")
            if properties is None or _is_decorative(element) or _has_text(element) or properties.get("hidden") == "1":
                continue
            alt = properties.get("descr") or properties.get("title") or ""
            yield properties.get("name") or "A picture", alt, element
        elif _is_vml_object(element) and not _has_text(element):
            yield element.get("id") or "A picture", element.get("alt") or element.get("title") or "", element


def _is_vml_object(element: etree._Element) -> bool:
    """Tell whether an element is a picture or shape in VML that is no part of another, no line across, no word art."""
    name, parent = kind(element), element.getparent()
    if not name.startswith("v:") or name == "v:shapetype" or parent is None or kind(parent) not in ("pict", "object"):
        return False
    return attribute(element, "hr") is None and child(element, "v:textpath") is None


def _is_decorative(element: etree._Element) -> bool:
    properties = child(element, "wp:docPr")
    inside = properties.iter() if properties is not None else ()
    return any(str(one.tag).endswith("}decorative") and one.get("val") in ("1", "true") for one in inside)


def _has_text(element: etree._Element) -> bool:
    """Tell whether a shape is a text box: what it says is read."""
    return any(kind(one) == "txbxContent" and any(map(text_of, _paragraphs(one))) for one in element.iter())


def _paragraphs(element: etree._Element) -> list[etree._Element]:
    return [one for one in element.iter() if kind(one) == "p"]


def _floating(part: _Part) -> Iterator[Fault]:
    if not part.flows:
        return
    for element in part.elements:
        what = _floats(element)
        if what:
            yield part.fault(
                "a11y-floating",
                element,
                f"This {what} floats on the page: a screen reader comes to it at another place, or not at all.",
                "Click it, and under Layout Options beside it choose In Line with Text."
                if what != "frame"
                else "Double-click the frame's border, Remove Frame.",
                _shortened(" ".join(map(text_of, _paragraphs(element)))) or None,
            )


def _floats(element: etree._Element) -> str:
    """Return what floats, as a person calls it, if an element does."""
    name = kind(element)
    what = "text box" if _has_text(element) else "picture or shape"
    if name == "wp:anchor" and not _is_decorative(element):
        return what
    if _is_vml_object(element) and re.search(r"position:\s*absolute", element.get("style") or ""):
        return what
    frame = _frame(element) if name == "p" else None
    if frame is None or attribute(frame, "dropCap"):
        return ""
    before = element.getprevious()
    return "frame" if before is None or _frame(before) is None else ""


def _frame(paragraph: etree._Element) -> etree._Element | None:
    properties = child(paragraph, "pPr")
    return child(properties, "framePr") if properties is not None else None

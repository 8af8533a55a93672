"""The language and title of a document, its headings, its links, its empty lines."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from iepdocs.docx.accessibility.breach import breach
from iepdocs.docx.accessibility.rows import tags_of
from iepdocs.docx.package import parse
from iepdocs.docx.places import Spot, marked, text_of, texts_of
from iepdocs.docx.wordml import attribute, kind, own
from iepdocs.language import language_name
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from iepdocs.docx.accessibility.breach import Part
    from iepdocs.docx.accessibility.looks import Looks
    from iepdocs.docx.package import Package
    from iepdocs.docx.slots import Fault


_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_FILE_LANGUAGE = re.compile(r".+\.([a-z]{2}|hmn|cmn|yue|fil|haw|mam|quc|ksw)(?:[-_][a-z]{2,4})?", re.IGNORECASE)
"""A file name whose last word is a language's code: `iep.es`; of three letters, those that US schools write in."""
_NO_TITLE = re.compile(r"|word document|document\d*|untitled.*|template|.*\.do[ct][xm]?", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SAYS_NOTHING = {
    "click here", "here", "click", "link", "this link", "more", "read more", "learn more", "this page", "this website",
    "haga clic aquí", "clic aquí", "aquí", "este enlace", "más información", "más", "leer más",
}  # fmt: skip
_LONGEST_HEADING, _MOST_HEADING_WORDS = 80, 12
_LONG_DOCUMENT = 20
"""From how many paragraphs on a document without headings is hard to find one's way in."""
_BLANK_LINES = 3


def language(file: str, looks: Looks) -> Iterator[Fault]:
    """Yield what is wrong with the language that a document says."""
    said = looks.language
    stem = file.rpartition(".")[0]
    named = _FILE_LANGUAGE.fullmatch(stem)
    mend = (
        "On the tab Home, in Styles, right-click Normal, Modify, Format, Language, and choose "
        f"{language_name(named[1].lower()) if named else 'the language it is written in'}."
    )
    if not said:
        message = "The document does not say which language it is in: a screen reader may read it in the wrong one."
        yield breach("a11y-language", Spot("styles"), message, mend)
    elif named and said.partition("-")[0].lower() != named[1].lower():
        message = (
            f"By its file name it is in the language '{named[1].lower()}', but its text is marked as '{said}': "
            "a screen reader pronounces it wrongly."
        )
        yield breach("a11y-language", Spot("styles"), message, mend)


def title(package: Package) -> Iterator[Fault]:
    """Yield what is wrong with the title in a document's properties."""
    names = [name for name, content_type in package.content_types.items() if content_type == _CORE]
    title = ""
    for name in names:
        for one in parse(package.part(name)).iter("{http://purl.org/dc/elements/1.1/}title"):
            title = (one.text or "").strip()
    if not _NO_TITLE.fullmatch(title):
        return
    message = f"The title in its properties, '{title}', says nothing." if title else "Its properties have no title."
    mend = "Open File, Info, and under Properties type a title, such as the document's name; tags may stand in it."
    yield breach("a11y-title", Spot("document properties"), message, mend)


def headings(part: Part) -> Iterator[Fault]:
    """Yield the breaches of headings, real or only bold."""
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
        yield breach("a11y-no-headings", Spot(part.name), message, mend)


def _may_be_faked_heading(paragraph: etree._Element, part: Part) -> bool:
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


def links(part: Part) -> Iterator[Fault]:
    """Yield the links whose text does not say where they lead."""
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


def blank_lines(part: Part) -> Iterator[Fault]:
    """Yield where empty paragraphs make space."""
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

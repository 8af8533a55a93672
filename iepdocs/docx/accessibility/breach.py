"""What keeps people with a disability from reading: the rules, a part as it is read, and a breach in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from iepdocs.docx.places import Spot, text_of, texts_of
from iepdocs.docx.slots import Fault
from iepdocs.docx.tags import Tag, find_tags
from iepdocs.docx.wordml import above, kind
from iepdocs.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from iepdocs.docx.accessibility.looks import Looks


class Rule(NamedTuple):
    """How bad a breach is, and the success criterion of WCAG 2.1 that it fails, if it is one."""

    severity: Severity
    criterion: str = ""

    @property
    def citation(self) -> str:
        """The criterion, and what makes it law: Section 508 takes in WCAG 2.0, which has all of these too."""
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
_LONGEST = 60


class Text(NamedTuple):
    """A stretch of a paragraph's text that a finished document has, of one run; it begins at `start`."""

    run: etree._Element
    text: str
    start: int


@dataclass
class Part:
    """A part of the document: its tree, what a person calls it, and how its text looks."""

    root: etree._Element
    name: str
    spots: dict[etree._Element, Spot]
    looks: Looks
    _visible: dict[etree._Element, list[Text]] = field(default_factory=dict)

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

    def visible(self, paragraph: etree._Element) -> list[Text]:
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
            text = shortened(text_of(paragraph)) if paragraph is not None else ""
        return breach(rule, self.spot(at), message, mend, text)


def breach(rule: str, spot: Spot, message: str, mend: str, text: str = "") -> Fault:
    """Return a breach of a rule at a place, where the text is the one given."""
    return Fault(message, mend, rule, spot, text, RULES[rule].severity, RULES[rule].citation)


def _shown(element: etree._Element) -> Iterator[etree._Element]:
    for one in element:
        if not isinstance(one.tag, str) or one.tag.endswith("}Fallback") or kind(one) in ("del", "moveFrom"):
            continue
        yield one
        yield from _shown(one)


def _visible(paragraph: etree._Element, looks: Looks) -> Iterator[Text]:
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
                    yield Text(run, text[begin - at : stop - at], begin)
                begin = min(tag.end, end) if tag else end
        at = end


def shortened(text: str) -> str:
    """Return the beginning of a text, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

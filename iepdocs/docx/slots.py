"""The tags of a part as tokens in its tree: what each stands for, and where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from iepdocs.findings import Finding, Severity
from iepdocs.text import nearest

if TYPE_CHECKING:
    from lxml import etree

    from iepdocs.docx.places import Spot
    from iepdocs.docx.tags import Tag
    from iepdocs.findings import TemplatePlace

OPENS = {"for", "if", "macro", "call", "filter", "with", "block", "autoescape", "raw", "setblock"}
MIDDLE = {"else", "elif"}
_STATEMENTS = {
    *(word for word in OPENS if word != "setblock"), *(f"end{word}" for word in OPENS if word != "setblock"), *MIDDLE,
    "endset", "set", "include", "import", "from", "extends", "colspan", "cellbg", "vm", "hm",
}  # fmt: skip
_SELDOM = {"import", "from", "extends"}
STANDS_FOR = {"tr": "table row", "tc": "table cell", "p": "paragraph", "r": "run"}
"""The elements that a tag may stand for, by its scope, as a person calls them."""
_SETS_BLOCK = re.compile(r"set\s+[\w.,\s]+(?:\|.*)?$")


@dataclass(slots=True)
class Slot:
    """What a token in a part's tree stands for: a tag, and how its value goes in there.

    Attributes:
        tag: the tag.
        spot: the paragraph's place.
        paragraph: the paragraph's text with the tag marked.
        form: `text` in a run, `plain` in other text, `break` in DrawingML's, `attribute`, `url`, or `link` or `chart`
            with the relationship's id.
        level: what stands around it: 0 a text, 1 runs, 2 paragraphs, 3 cells, 4 rows.
        opens: what begins a text, a paragraph, a cell, a row as those around it; for `form` text.
        closes: what ends them.
        newline: a line break in this place.
        tab: a tab in this place.
        page: a paragraph with a page break.
        paragraphs: whether a value may begin a paragraph here.
        standing: what stands in for the value where its name cannot: in a property of a cell.
    """

    tag: Tag
    spot: Spot
    paragraph: str
    form: str = "plain"
    level: int = 0
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    newline: str = "\n"
    tab: str = "\t"
    page: str = ""
    paragraphs: bool = False
    standing: str | None = None

    @property
    def name(self) -> str:
        """What the tag is called in a message: its inside, of a link the whole address."""
        return self.tag.text if self.form.startswith("link ") else self.tag.source

    def fault(self, message: str, mend: str, rule: str, severity: Severity = Severity.ERROR) -> Fault:
        """Return what is wrong with the tag."""
        return Fault(message, mend, rule, self.spot, self.paragraph, severity)

    def place(self, template: str) -> TemplatePlace:
        """Return the tag's place in a template of that name."""
        return self.spot.place(template, self.paragraph)


@dataclass(slots=True)
class Fault:
    """What is wrong at a place of a part; with a warning it can be rendered all the same."""

    message: str
    mend: str
    rule: str
    spot: Spot
    paragraph: str
    severity: Severity = Severity.ERROR
    citation: str = ""

    def finding(self, template: str) -> Finding:
        """Return it as a finding in a template of that name."""
        place = self.spot.place(template, self.paragraph)
        return Finding(self.message, self.mend, place, self.severity, self.rule, self.citation)


@dataclass(slots=True)
class Slots:
    """The tokens of one part, by number, and what was found on the way.

    Attributes:
        mark: the character before and after a token's number.
        tags: what the tokens stand for.
        faults: what is wrong with tags, or odd.
        unkept: the texts at whose ends Word did not keep space in the template.
        properties: the paragraph properties of a cell or the like whose first paragraph a control tag stands for.
    """

    mark: str
    tags: list[Slot] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unkept: set[etree._Element] = field(default_factory=set)
    properties: dict[etree._Element, str] = field(default_factory=dict)

    def add(self, slot: Slot) -> str:
        """Return the token of a new tag."""
        self.tags.append(slot)
        return self.token(len(self.tags) - 1)

    def token(self, number: int) -> str:
        """Return the token of a number."""
        return f"{self.mark}{number}{self.mark}"

    def numbers(self, text: str | None) -> list[int]:
        """Return the numbers of the tags whose tokens are in a text; those of copied values are not among them."""
        if not text or self.mark not in text:
            return []
        found = map(int, re.findall(f"{self.mark}(\\d+){self.mark}", text))
        return [number for number in found if number < len(self.tags)]


@cache
def meant_word(tag: Tag) -> str:
    """Return a statement's name, of one that is misspelt the name that was most likely meant.

    So one slip is one fault: `{% end if %}` and `{% fro goal in goals %}` still close and open what they are for.
    """
    word = tag.word
    if not word or word in _STATEMENTS:
        return word
    first, second = (*tag.source.split(), "", "")[:2]
    if first.lower() in STANDS_FOR and (second.lower() in _STATEMENTS):
        return second.lower()
    for guess in (word.lower(), f"{first}{second}".lower()):
        if guess in _STATEMENTS:
            return guess
    return nearest(word, _STATEMENTS - _SELDOM) or word


def block_word(tag: Tag) -> str:
    """Return a statement's name as it opens or closes a block; a `set` does so only without a value."""
    word = meant_word(tag)
    if word == "set":
        return "set" if not _SETS_BLOCK.match(tag.source) else "setblock"
    return {"endset": "endsetblock"}.get(word, word)

"""Jinja tags in a text: where they begin and end, and what stands between, in docxtpl's forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
OPENER = re.compile(r"\{[{%#]")
_SCOPED = re.compile(r"(p|tr|tc|r)[\s\xa0](?=\s*\S)")
_WORD = re.compile(r"\w+")
_TAG_END = re.compile(r"[%}]\}")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACE = re.compile(r"\s+")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}

_ENDS = {"“": '”“"', "”": '”"', "„": "“”", "«": "»", "»": "«", "‘": "’'", "’": "’'", "‚": "‘’", "‹": "›", "›": "‹"}
_STRAIGHT_ENDS = {'"': '"”“', "'": "'’‘"}
"""What may close a constant that a quote opens: Word turns either of a pair of straight quotes into a curly one."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in a text.

    Attributes:
        start: where it begins in the text.
        end: where it ends.
        opener: `{{`, `{%` or `{#`.
        scope: the element that it stands for in docxtpl's forms: `p`, `tr`, `tc`, `r`, or nothing.
        source: what is between the braces, as Jinja reads it: straight quotes, plain spaces.
        text: the whole tag as it was typed.
        trims_before: whether it has a `-` at its beginning.
        trims_after: whether it has a `-` at its end.
    """

    start: int
    end: int
    opener: str
    scope: str
    source: str
    text: str
    trims_before: bool = False
    trims_after: bool = False

    @property
    def word(self) -> str:
        """Return the statement's name: `for`, `endif`; nothing for a value or comment."""
        found = _WORD.match(self.source)
        return found.group() if self.opener == "{%" and found else ""

    @property
    def jinja(self) -> str:
        """Return the tag as Jinja has it, on one line."""
        return f"{self.opener} {self.source} {CLOSERS[self.opener]}"


@dataclass(frozen=True, slots=True)
class Unclosed:
    """Braces that open a tag which nothing closes."""

    start: int
    opener: str


def find_tags(text: str) -> Iterator[Tag | Unclosed]:
    """Yield the tags of a text, and the braces that open one without end."""
    at = 0
    while found := OPENER.search(text, at):
        start, opener = found.start(), found.group()
        if text.startswith("{{{", start) and "}}}" not in text[start:]:  # a brace as text before a value
            start += 1
        end = _end(text, start + 2, opener)
        if end < 0:
            yield Unclosed(start, opener)
            at = start + 2
            continue
        yield _tag(text, start, end, opener)
        at = end


def _tag(text: str, start: int, end: int, opener: str) -> Tag:
    inner = text[start + 2 : end - 2]
    before = inner[:1] == "-"
    after = inner[-1:] == "-" and len(inner) > 1
    inner = inner[1 if inner[:1] in ("-", "+") else 0 : -1 if after or inner[-1:] == "+" else None]
    scoped = _SCOPED.match(inner)
    if scoped and (opener != "{#" or scoped.group(1) != "r"):
        inner = inner[scoped.end() :]
    else:
        scoped = None
    source = inner.strip() if opener == "{#" else _straightened(inner).strip()
    return Tag(start, end, opener, scoped.group(1) if scoped else "", source, text[start:end], before, after)


def _end(text: str, at: int, opener: str) -> int:
    """Return where a tag ends: at its braces, but not at those in a constant or a dictionary; -1 if nowhere."""
    closer = CLOSERS[opener]
    plain = text.find(closer, at)
    if opener == "{#" or plain < 0:
        return plain + 2 if plain >= 0 else -1
    open_brackets: list[str] = []
    while at < len(text):
        sign = text[at]
        if not open_brackets and text.startswith(closer, at):
            return at + 2
        if sign in _STRAIGHT_ENDS or sign in _ENDS:
            closed = _closed(text, at)
            if closed < 0:
                break
            at = closed
            continue
        if sign in _BRACKETS:
            open_brackets.append(_BRACKETS[sign])
        elif open_brackets and sign == open_brackets[-1]:
            open_brackets.pop()
        elif text.startswith(("{{", "{%"), at):
            break
        at += 1
    return plain + 2


def _closed(text: str, at: int) -> int:
    """Return where the constant that a quote at `at` opens ends, or -1.

    A straight quote ends at the next of its kind, but not at that of another tag where a curly one ends it before.
    """
    quote = text[at]
    straight = _straight_end(text, at) if quote in _STRAIGHT_ENDS else -1
    ends = _STRAIGHT_ENDS.get(quote) or _ENDS[quote]
    places = range(at + 1, len(text))
    either = next((place + 1 for place in places if text[place] in ends and not _WORD.match(text, place + 1)), -1)
    return either if straight < 0 or (0 < either < straight and _TAG_END.search(text, either, straight)) else straight


def _straight_end(text: str, at: int) -> int:
    place = at + 1
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == text[at]:
            return place + 1
        place += 1
    return -1


def _straightened(inner: str) -> str:
    """Return a tag's inside with constants between straight quotes and one kind of space."""
    pieces: list[str] = []
    at = begun = 0
    while at < len(inner):
        if inner[at] in _STRAIGHT_ENDS or inner[at] in _ENDS:
            closed = _closed(inner, at)
            if closed > 0:
                pieces += [_plain(inner[begun:at]), _constant(inner[at:closed])]
                at = begun = closed
                continue
        at += 1
    return "".join([*pieces, _plain(inner[begun:])])


def _plain(code: str) -> str:
    """Return what stands outside of constants with one kind of space, and without what cannot be seen."""
    return _SPACE.sub(" ", _UNSEEN.sub("", code))


def _constant(quoted: str) -> str:
    if quoted[0] == quoted[-1] and quoted[0] in _STRAIGHT_ENDS:
        return quoted.replace("\n", "\\n")
    inside = quoted[1:-1].replace("\n", "\\n")
    if '"' not in inside:
        return f'"{inside}"'
    return f"'{inside}'" if "'" not in inside else '"' + inside.replace('"', '\\"') + '"'

"""The elements of the regulation that a kind of document carries, as `elements` in its declaration lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace, Finding
from iepdocs.language import serving
from iepdocs.pack.names import likely_paths, paths_of, unknown_names
from iepdocs.pack.shape import TEXT, check_shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iepdocs.pack.names import Name

CUSTOM = "custom: "
"""How the key of an element begins that no regulation asks for."""
_ANY_OF = {"type": ["string", "list"], "minlength": 1, "schema": TEXT}
_ELEMENT = {
    "says": {**TEXT, "required": True, "minlength": 1},
    "names": {"type": "list", "schema": _ANY_OF},
    "text": {"type": "dict", "valuesrules": {"type": "list", "minlength": 1, "schema": _ANY_OF}},
    "every_page": {"type": "boolean"},
}
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
_ROMAN_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Element:
    """What a document of a kind must carry.

    Attributes:
        key: the citation, `34 CFR 300.503(b)(1)`, or for what no regulation asks for `custom: how to prepare`.
        says: what it is, as in 'Nothing in it carries …'.
        names: the names that a template must read, each with those that do in its place.
        text: what a template's own words must hold, by the tag of the language: one phrase of each group.
        every_page: whether the names must stand in a header or footer.
    """

    key: str
    says: str
    names: tuple[tuple[str, ...], ...] = ()
    text: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict, hash=False)
    every_page: bool = False

    @property
    def citation(self) -> str:
        """The regulation, or that it is none."""
        return "custom, not law" if self.key.startswith(CUSTOM) else self.key

    def phrases(self, language: str) -> tuple[tuple[str, ...], ...]:
        """Return what templates of a language are looked through for; nothing where it is not listed."""
        return next((self.text[one] for one in serving(language) if one in self.text), ())


def load_elements(declared: Mapping[str, Any], file: str) -> tuple[Element, ...]:
    """Build the elements of a kind, in the order of the regulation; one that is null is left out.

    Raises:
        IepdocsError: where a declaration says what no element can be.
    """
    given = {key: element for key, element in declared.items() if element is not None}
    shape = {key: {"type": "dict", "schema": _ELEMENT} for key in given}
    check_shape({"elements": given}, {"elements": {"type": "dict", "schema": shape}}, file)
    elements = [
        Element(
            key=key,
            says=element["says"],
            names=tuple((one,) if isinstance(one, str) else tuple(one) for one in element.get("names", ())),
            text={tag: _phrases(said) for tag, said in element.get("text", {}).items()},
            every_page=element.get("every_page", False),
        )
        for key, element in given.items()
    ]
    return tuple(sorted(elements, key=lambda element: _order(element.key)))


def _phrases(said: list[str | list[str]]) -> tuple[tuple[str, ...], ...]:
    """Return groups of phrases: each inner list is one, and all phrases outside are another."""
    plain = tuple(one for one in said if isinstance(one, str))
    return (*([plain] if plain else []), *(tuple(one) for one in said if not isinstance(one, str)))


def check_elements(elements: tuple[Element, ...], names: Mapping[str, Name], file: str) -> list[Finding]:
    """Return a finding for every name of an element that no kind has, and every element that asks for nothing."""
    findings = []
    for element in elements:
        inside = f"elements.{element.key}"
        if not element.names and not element.text:
            findings.append(
                Finding(
                    message="This element asks for nothing.",
                    mend="List under 'names' what a template must read, or under 'text' what it must say.",
                    place=FilePlace(file, inside),
                    rule="pack-shape",
                )
            )
        for written in (one for any_of in element.names for one in any_of):
            if not paths_of(written, names):
                findings += unknown_names({likely_paths(written, names)[0]}, names, file, f"{inside}.names")
    return findings


def _order(key: str) -> tuple[Any, ...]:
    """Return what sorts citations as the regulation is: by section, and within it (a)(2)(ii)(B) by its levels."""
    if key.startswith(CUSTOM):
        return (1,)
    law, *below = re.findall(r"[^()]+", key) or [key]
    levels = [
        (0, _ROMAN.index(one)) if level == _ROMAN_LEVEL and one in _ROMAN else _figures(one)
        for level, one in enumerate(one for one in below if one.strip())
    ]
    return (0, [_figures(one) for one in re.findall(r"\d+|[^\d.\s]+", law)], levels)


def _figures(text: str) -> tuple[int, int | str]:
    return (0, int(text)) if text.isdecimal() else (1, text)

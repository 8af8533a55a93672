"""Text that nothing but its colour tells from the rest, or that is too pale to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.docx.accessibility.looks import contrast
from iepdocs.docx.places import marked, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import etree

    from iepdocs.docx.accessibility.breach import Part, Text
    from iepdocs.docx.accessibility.looks import Looks
    from iepdocs.docx.slots import Fault


_CHROMATIC = 128
"""How far apart a colour's red, green and blue lie, of 255, where it catches the eye as a colour."""
_LEAST_CONTRAST, _LEAST_OF_LARGE, _LARGE, _LARGE_BOLD = 4.5, 3.0, 18, 14
"""WCAG 2.1, 1.4.3: the ratios, and from how many points on a text is large."""


def colors(part: Part) -> Iterator[Fault]:
    """Yield the breaches of colours: at most one of a kind for a paragraph."""
    for paragraph in part.paragraphs:
        pieces = [one for one in part.visible(paragraph) if any(sign.isalnum() for sign in one.text)]
        for check in (_pale, _told_by_color):
            fault = next(check(part, paragraph, pieces), None)
            if fault is not None:
                yield fault


def _pale(part: Part, paragraph: etree._Element, pieces: Iterable[Text]) -> Iterator[Fault]:
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


def _told_by_color(part: Part, paragraph: etree._Element, pieces: Sequence[Text]) -> Iterator[Fault]:
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


def _marked_alike(part: Part, paragraph: etree._Element, first: Text) -> str:
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

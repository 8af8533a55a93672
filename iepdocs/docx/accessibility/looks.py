"""How text of a Word document looks once its styles are applied: bold, coloured, large, on what ground; a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iepdocs.docx.accessibility.rows import cells_of, content_rows, look, tags_of
from iepdocs.docx.wordml import above, attribute, child, is_on, kind, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import etree

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_BODY_LEVEL = 9
"""The outline level of what is no heading (ISO/IEC 29500-1, 17.3.1.20)."""
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "00008B", "darkCyan": "008B8B", "darkGreen": "006400",
    "darkMagenta": "800080", "darkRed": "8B0000", "darkYellow": "808000", "darkGray": "A9A9A9", "lightGray": "D3D3D3",
}  # fmt: skip
_DEFAULT_SIZE = "20"
_WHITE, _BLACK = "FFFFFF", "000000"


def luminance(color: str) -> float:
    """Return the relative luminance of a colour in six hexadecimal digits, as WCAG 2.1 defines it."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, as WCAG 2.1 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


class Looks:
    """The styles of a document, and how they have its text look.

    Args:
        styles: the tree of the styles part, if there is one.
    """

    def __init__(self, styles: etree._Element | None) -> None:
        found = [one for one in styles if kind(one) == "style"] if styles is not None else []
        self._styles = {attribute(one, "styleId") or "": one for one in found}
        self._default = next(
            (
                attribute(one, "styleId") or ""
                for one in found
                if attribute(one, "type") == "paragraph" and attribute(one, "default") in ("1", "true", "on")
            ),
            "",
        )
        defaults = child(styles, "docDefaults") if styles is not None else None
        around = child(defaults, "rPrDefault") if defaults is not None else None
        self._defaults = child(around, "rPr") if around is not None else None
        self._first_rows: dict[etree._Element, etree._Element | None] = {}

    @property
    def language(self) -> str | None:
        """The language of text that says no other: that of the default paragraph style, else of the defaults."""
        for style in self._chain(self._default):
            said = value(style, "rPr", "lang")
            if said:
                return said
        return value(self._defaults, "lang") if self._defaults is not None else None

    def style_name(self, paragraph: etree._Element) -> str:
        """Return the name of a paragraph's style, in small letters."""
        style = self._styles.get(value(paragraph, "pPr", "pStyle") or self._default)
        return (value(style, "name") or "").lower() if style is not None else ""

    def is_plain(self, paragraph: etree._Element) -> bool:
        """Tell whether a paragraph has the style of running text."""
        style = value(paragraph, "pPr", "pStyle")
        plain = {"normal", "body text", "no spacing", "list paragraph"}
        return style in (None, self._default) or self.style_name(paragraph) in plain

    def heading_level(self, paragraph: etree._Element) -> int | None:
        """Return the level of a heading, 1 or more; None for what is none."""
        said = value(paragraph, "pPr", "outlineLvl")
        for style in self._chain(value(paragraph, "pPr", "pStyle") or self._default):
            if said is not None:
                break
            named = _HEADING.fullmatch(value(style, "name") or "")
            said = value(style, "pPr", "outlineLvl") or (str(int(named[1]) - 1) if named else None)
        level = int(said) if said is not None and said.isdigit() else _BODY_LEVEL
        return level + 1 if level < _BODY_LEVEL else None

    def on(self, run: etree._Element, name: str) -> bool:
        """Tell whether text of a run is bold (`b`), underlined (`u`), in capitals (`caps`) or the like."""
        return is_on(self._found(run, name))

    def points(self, run: etree._Element) -> float:
        """Return the size of a run's text."""
        size = self._found(run, "sz")
        said = (attribute(size, "val") if size is not None else None) or _DEFAULT_SIZE
        return int(said) / 2 if said.isdigit() else int(_DEFAULT_SIZE) / 2

    def own_color(self, run: etree._Element) -> str | None:
        """Return the colour that a run, or its character style, gives its text beside that of its paragraph."""
        return next((color for one in self._of_run(run) if (color := _hex(value(one, "color")))), None)

    def color(self, run: etree._Element) -> str | None:
        """Return the colour of a run's text; None where Word chooses one that can be read, or it is not known."""
        for one in (*self._of_run(run), *self._of_paragraph(run), *self._of_table(run), self._defaults):
            if one is not None and (found := child(one, "color")) is not None:
                return _hex(attribute(found, "val"))
        return None

    def grounds(self, run: etree._Element) -> set[str]:
        """Return the colours that may lie under a run's text; none where that is not known."""
        for one in self._of_run(run):
            highlight = value(one, "highlight")
            if highlight and highlight != "none":
                return {_HIGHLIGHTS.get(highlight, _WHITE)}
            if (fill := _fill(one)) is not None:
                return _known(fill)
        paragraph = above(run, "p")
        chain = self._chain(self._style_of(paragraph)) if paragraph is not None else ()
        holders = [paragraph, *chain] if paragraph is not None else []
        for one in (properties for holder in holders if (properties := child(holder, "pPr")) is not None):
            if (fill := _fill(one)) is not None:
                return _known(fill)
        for cell in (one for one in run.iterancestors() if kind(one) in ("tc", "txbxContent")):
            if kind(cell) == "txbxContent" or any(tag.word == "cellbg" for tag in tags_of(cell)):
                return set()
            fills = self._fills(cell)
            if fills:
                return set().union(*map(_known, fills)) if all(map(_known, fills)) else set()
        return {_WHITE}

    # --- where properties come from

    def _chain(self, style: str | None) -> Iterator[etree._Element]:
        """Yield a style and those that it is based on."""
        seen: set[str] = set()
        while style and style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = value(self._styles[style], "basedOn")

    def _style_of(self, paragraph: etree._Element) -> str:
        return value(paragraph, "pPr", "pStyle") or self._default

    def _found(self, run: etree._Element, name: str) -> etree._Element | None:
        for one in (*self._of_run(run), *self._of_paragraph(run), self._defaults):
            found = child(one, name) if one is not None else None
            if found is not None:
                return found
        return None

    def _of_run(self, run: etree._Element) -> Iterator[etree._Element]:
        own = child(run, "rPr")
        if own is None:
            return
        yield own
        yield from self._texts_of(value(own, "rStyle"))

    def _of_paragraph(self, run: etree._Element) -> Iterator[etree._Element]:
        paragraph = above(run, "p")
        if paragraph is not None:
            yield from self._texts_of(self._style_of(paragraph))

    def _texts_of(self, style: str | None) -> Iterator[etree._Element]:
        for one in self._chain(style):
            properties = child(one, "rPr")
            if properties is not None:
                yield properties

    def _of_table(self, run: etree._Element) -> Iterator[etree._Element]:
        """Yield the properties that table styles give a run's text."""
        for cell in (one for one in run.iterancestors() if kind(one) == "tc"):
            for one in (*self._conditions(cell, ("firstColumn", "firstRow")), *self._whole(cell)):
                properties = child(one, "rPr")
                if properties is not None:
                    yield properties

    def _fills(self, cell: etree._Element) -> list[str]:
        """Return what a cell may be filled with, by itself or by its table and that one's style."""
        own = child(cell, "tcPr")
        if own is not None and (fill := _fill(own)) is not None:
            return [fill]
        fills = _cell_fills(self._conditions(cell, ("firstColumn", "firstRow")))
        if fills:
            return fills[:1]
        bands = [] if _told(cell, "noHBand") else _cell_fills(self._parts(cell, ("band1Horz", "band2Horz")))
        return [*bands, *_cell_fills(self._whole(cell))[:1]]

    def _whole(self, cell: etree._Element) -> Iterator[etree._Element]:
        table = above(cell, "tbl")
        if table is not None:
            yield from self._chain(value(table, "tblPr", "tblStyle"))

    def _conditions(self, cell: etree._Element, names: Sequence[str]) -> Iterator[etree._Element]:
        """Yield what a table's style has for the first row or column, where the cell is in it and that is ticked."""
        names = [name for name in names if _told(cell, name) and self._is_first(cell, name)]
        yield from self._parts(cell, [{"firstColumn": "firstCol"}.get(name, name) for name in names])

    def _is_first(self, cell: etree._Element, name: str) -> bool:
        """Tell whether a cell is in the first row of its table that is more than control tags, or the first column."""
        row, table = above(cell, "tr"), above(cell, "tbl")
        if row is None or table is None:
            return False
        if name == "firstColumn":
            return cells_of(row)[0] is cell
        if table not in self._first_rows:
            self._first_rows[table] = next((one.element for one in content_rows(table)), None)
        return self._first_rows[table] is row

    def _parts(self, cell: etree._Element, names: Sequence[str]) -> Iterator[etree._Element]:
        for style in self._whole(cell):
            yield from (one for one in style if kind(one) == "tblStylePr" and attribute(one, "type") in names)


def _told(cell: etree._Element, name: str) -> bool:
    table = above(cell, "tbl")
    return table is not None and look(table, name)


def _hex(said: str | None) -> str | None:
    return said.upper() if said and _HEX.fullmatch(said) else None


def _fill(properties: etree._Element) -> str | None:
    """Return what a shading fills with; None where there is none, or what is around it shows through."""
    shading = child(properties, "shd")
    pattern = attribute(shading, "val") if shading is not None else "nil"
    if shading is None or pattern == "nil":
        return None
    if pattern == "solid":
        color = attribute(shading, "color")
        return color if color not in (None, "auto") else _BLACK
    if pattern not in (None, "clear"):
        return pattern  # of two colours: which lies under the text is not known
    fill = attribute(shading, "fill")
    return fill if fill not in (None, "auto") else None


def _cell_fills(styles: Iterable[etree._Element]) -> list[str]:
    """Return what parts of table styles fill cells with."""
    properties = [found for one in styles if (found := child(one, "tcPr")) is not None]
    return [fill for one in properties if (fill := _fill(one)) is not None]


def _known(fill: str) -> set[str]:
    color = _hex(fill)
    return {color} if color else set()

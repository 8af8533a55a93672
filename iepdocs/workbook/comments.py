"""Comments added to the cells of a worksheet (ECMA-376 part 1, 18.7), with the shapes that show them (part 4, 19)."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from iepdocs.workbook.package import DECLARATION, Part, address_of, before, in_text, in_utf8, prefixed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iepdocs.workbook.annotate import Book, Note
    from iepdocs.workbook.package import Element, Spot

_AUTHOR = b"iepdocs"
_MOST_CHARACTERS = 8_000
"""In a comment: Excel holds 32,767 with what was there."""
_AFTER_LEGACY_DRAWING = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)


class Comments:
    """Comments and the shapes that show them, added to the sheets of a workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._package = book.package
        self._blocks: set[int] | None = None

    def add(self, name: str, sheet: Part, told: dict[Spot, list[Note]]) -> None:
        """Add the comments of a sheet, and to its part the element that leads to their shapes."""
        threaded = self._book.related(name, "threadedComment")
        if threaded:
            refs = {each.attributes.get("ref", "") for each in Part(self._package.read(threaded)).root.children}
            told = {spot: notes for spot, notes in told.items() if address_of(*spot) not in refs}
        if not told:
            return
        sizes = self._texts(name, {address_of(*spot): notes for spot, notes in told.items()})
        self._shapes(name, sheet, {spot: sizes[address_of(*spot)] for spot in told})

    def _texts(self, name: str, told: dict[str, list[Note]]) -> dict[str, str]:
        """Extend the comments part, or make one, and return each comment's whole text."""
        there = self._book.related(name, "comments")
        if not there:
            blank = b'<comments xmlns="%s"><authors/><commentList/></comments>' % self._book.namespace.encode()
            there, _ = self._book.add(name, "comments", "xl/comments{}.xml", DECLARATION + blank)
        part = Part(self._package.read(there))
        p = part.root.prefix
        authors, listed = part.root.first("authors"), part.root.first("commentList")
        if authors is None or listed is None:
            raise ValueError("a comments part without authors or comments")
        texts, new = {}, []
        old = {each.attributes.get("ref", "").partition(":")[0]: each for each in listed.children}
        for address, notes in told.items():
            runs, texts[address] = _runs(notes, p)
            comment = old.get(address)
            if comment is None:
                row = b'<%scomment ref="%s" authorId="%d" shapeId="0"><%stext>%s</%stext></%scomment>'
                new.append(row % (p, address.encode(), len(authors.children), p, runs, p, p))
            else:
                texts[address] = f"{_extended(part, comment, runs)}\n\n{texts[address]}"
        part.extend(authors.start, authors.close, b"<%sauthor>%s</%sauthor>" % (p, _AUTHOR, p))
        part.extend(listed.start, listed.close, b"".join(new))
        self._package.write(there, part.result())
        return texts

    def _shapes(self, name: str, sheet: Part, texts: dict[Spot, str]) -> None:
        """Extend the VML part, or make one: a shape for each comment, of a size that shows its text."""
        drawing = sheet.root.first("legacyDrawing")
        there = self._package.relations(name).get(drawing.relation) if drawing else None
        if there and there.target and there.kind == "vmlDrawing":
            data = in_utf8(self._package.read(there.target))
            self._package.write(there.target, self._drawn(data, texts))
            return
        data = self._drawn(_BLANK_VML, texts)
        _, identity = self._book.add(name, "vmlDrawing", "xl/drawings/vmlDrawing{}.vml", data)
        element = '<{}legacyDrawing xmlns:r="{}" r:id="{}"/>'
        element = element.format(sheet.root.prefix.decode("latin-1"), self._book.relation, identity)
        start = drawing.start if drawing else before(sheet.root, _AFTER_LEGACY_DRAWING)
        sheet.replace(start, drawing.end if drawing else start, element.encode("latin-1"))

    def _drawn(self, data: bytes, texts: dict[Spot, str]) -> bytes:
        """Return VML with shapes; by bytes, for what Excel writes there is not always well-formed."""
        pieces = _VML_END.split(data if b"</" in data else _BLANK_VML)
        missing = dict(texts)
        for index, piece in enumerate(pieces):
            row, column = _VML_ROW.search(piece), _VML_COLUMN.search(piece)
            spot = (int(row[1]) + 1, int(column[1]) + 1) if row and column else (0, 0)
            if spot in missing and b"Note" in piece:
                size = _size(missing.pop(spot))
                start = max((tag.start() for tag in _VML_START.finditer(piece)), default=0)
                end = piece.find(b">", start)
                tag = _VML_STYLE.sub(rb"\1%s;" % size, _VML_SIZE.sub(b"", piece[start:end]), count=1)
                pieces[index] = piece[:start] + tag + _VML_ANCHOR.sub(b"", piece[end:])
        data = b"".join(pieces)
        end = data.rfind(b"</")
        spaces = b"".join(
            b' xmlns:%s="%s"' % item for item in _VML_SPACES.items() if b"xmlns:%s=" % item[0] not in data
        )
        new = [] if b'id="_x0000_t202"' in data else [_VML_NOTE_TYPE % spaces]
        blocks = self._free_blocks(ceil(len(missing) / _BLOCK))
        for index, (spot, text) in enumerate(missing.items()):
            number = blocks[index // _BLOCK] * 1024 + 1 + index % _BLOCK
            new.append(_VML_SHAPE % (number, spaces, _size(text), spot[0] - 1, spot[1] - 1))
        listed = b",".join(b"%d" % block for block in blocks)
        return _VML_BLOCKS.sub(
            lambda found: found[1] + b",".join(filter(None, (found[2], listed))) + found[3],
            data[:end] + b"".join(new) + data[end:],
            count=1,
        )

    def _free_blocks(self, count: int) -> list[int]:
        """Return numbers of blocks of 1,024 ids that no shape of the workbook is in."""
        if self._blocks is None:
            self._blocks = set()
            for data in map(self._package.read, self._package.names(".vml")):
                self._blocks |= {int(found) // 1024 for found in _VML_ID.findall(data)}
                self._blocks |= {
                    int(each) for found in _VML_BLOCKS.findall(data) for each in found[1].split(b",") if each
                }
        free = sorted({*range(1, len(self._blocks) + count + 1)} - self._blocks)[:count]
        self._blocks |= {*free}
        return free


_BLOCK = 1023
_VML_END = re.compile(rb"(?<=:shape>)")
_VML_START = re.compile(rb"<(?:\w+:)?shape\s")
_VML_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d{1,7})\s*<")
_VML_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d{1,7})\s*<")
_VML_ANCHOR = re.compile(rb"<((?:\w+:)?Anchor)>[^<]*</\1>")
_VML_STYLE = re.compile(rb"(\bstyle\s*=\s*[\"'])")
_VML_SIZE = re.compile(rb"(?<![-\w])(?:width|height)\s*:[^;\"']*;?")
_VML_ID = re.compile(rb"_x0000_s(\d{1,9})")
_VML_BLOCKS = re.compile(rb"""(<(?:\w+:)?idmap\s[^>]{0,200}?\bdata=["'])([\d,]{0,9999})(["'])""")
_VML_SPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_BLANK_VML = (
    b"<xml%s>" % b"".join(b' xmlns:%s="%s"' % item for item in _VML_SPACES.items())
    + b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'
)
_VML_NOTE_TYPE = (
    b'<v:shapetype%s id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_VML_SHAPE = (
    b'<v:shape id="_x0000_s%d"%s type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
    b'%s;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    b'<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    b"<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)


def _size(text: str) -> bytes:
    """Return the width and height that show a text in Tahoma 9, with some room."""
    lengths = [len(line) + sum(east_asian_width(each) in "WF" for each in line) for line in text.splitlines()]
    width, fit = (280, 48) if sum(lengths) < 1200 else (600, 105)  # noqa: PLR2004  (a screen's height)
    height = 14 + 12 * sum(max(1, ceil(length / fit)) for length in lengths)
    return b"width:%dpt;height:%dpt" % (width, height)


def _runs(notes: Iterable[Note], prefix: bytes) -> tuple[bytes, str]:
    """Return notes as the runs of a comment, and as text."""
    runs: list[bytes] = []
    texts: list[str] = []
    look = b'<r><rPr>%s<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'
    look += b'<t xml:space="preserve">%s</t></r>'
    for note in notes:
        head, rest = f"{note.severity.capitalize()}: ", f"{note.message}\n{note.mend}"
        if sum(map(len, texts)) + len(rest) > _MOST_CHARACTERS:
            rest = f"{rest[:1000]}…"
        runs.append(look % (b"<b/>", in_text("\n\n" * bool(runs) + head)) + look % (b"", in_text(rest)))
        texts.append(head + rest)
    return prefixed(b"".join(runs), prefix), "\n\n".join(texts)


def _extended(part: Part, comment: Element, runs: bytes) -> str:
    """Put runs below the text of a comment, and return that text."""
    text = comment.first("text")
    if text is None:
        part.extend(comment.start, comment.close, b"<%stext>%s</%stext>" % (comment.prefix, runs, comment.prefix))
        return ""
    p = text.prefix
    old = [each for each in text.children if each.name in {"t", "r"}]
    for plain in text.all("t"):
        part.insert(plain.start, b"<%sr>" % p)
        part.insert(plain.end, b"</%sr>" % p)
    if old:
        part.insert(old[-1].end, prefixed(b'<r><t xml:space="preserve">\n\n</t></r>', p) + runs)
    else:
        part.extend(text.start, text.close, runs)
    return re.sub(rb"<[^>]*>", b"", part.data[text.inner : text.close]).decode(errors="replace")

"""Pictures that a template shows: read from their files, sized, and written as DrawingML."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from iepdocs.docx.charts import Chart
from iepdocs.docx.printing import FilterError
from iepdocs.docx.wordml import NOT_XML, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from docx.image.image import Image

_EMU = {"in": 914_400, "cm": 360_000, "mm": 36_000, "pt": 12_700, "px": 9_525}
"""English Metric Units in a unit of length (ISO/IEC 29500-1, 20.1.2.1)."""
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(in|cm|mm|pt|px)\s*")
_LONGEST_FIGURE = 12
_LARGEST = 55 * 914_400
"""More than Word's largest page, which is 22 inches wide and high."""
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:|\\\\|//)", re.IGNORECASE)
_MOST_BYTES = 32 << 20
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class PictureError(FilterError):
    """A picture that cannot be shown: the reason in a sentence, without the file's name."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a template asks for it.

    Attributes:
        source: its file, as a path, the bytes, or an open file.
        width: its width in EMU, or None to follow from the height or the picture itself.
        height: its height in EMU, or None likewise.
        link: where a click on it leads, or None.
        alt: what it shows, in words, for someone who cannot see it.
    """

    source: Any
    width: int | None = None
    height: int | None = None
    link: str | None = None
    alt: str = ""


def image(value: Any, width: Any = None, height: Any = None, alt: Any = "") -> Any:
    """`{{ district.logo|image(width='1.5in', alt='Our logo') }}`: the picture of that file, or a chart in that size."""
    size = _length(width), _length(height)
    if isinstance(value, Chart):
        return replace(value, width=size[0], height=size[1])
    return "" if value is None or value == "" else Picture(value, *size, alt=NOT_XML.sub("", str(alt)))


def _length(text: Any) -> int | None:
    if text is None or (isinstance(text, int) and not isinstance(text, bool)):
        return text
    found = _LENGTH.fullmatch(str(text))
    if not found or isinstance(text, bool) or len(found.group(1)) > _LONGEST_FIGURE:
        raise PictureError("has a size that cannot be read: write it as '1.5in', '4cm' or '40mm'")
    return round(float(found.group(1)) * _EMU[found.group(2)])


@dataclass(frozen=True, slots=True)
class Loaded:
    """A picture's file: its bytes, content type, ending, a name made of its content, and its own size in EMU."""

    data: bytes
    content_type: str
    ending: str
    name: str
    width: int
    height: int

    def size(self, picture: Picture) -> tuple[int, int]:
        """Return the width and height in which it is shown; one that is not given follows from the other.

        Raises:
            PictureError: where Word cannot show it in that size.
        """
        width, height = self._size(picture)
        if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
            raise PictureError("has a size that Word cannot show: write it as '1.5in', '4cm' or '40mm'")
        return width, height

    def _size(self, picture: Picture) -> tuple[int, int]:
        if picture.width and picture.height:
            return picture.width, picture.height
        if picture.width:
            return picture.width, round(picture.width * self.height / self.width)
        if picture.height:
            return round(picture.height * self.width / self.height), picture.height
        return self.width, self.height


def load(picture: Picture, folder: Path) -> Loaded:
    """Read a picture's file; a path that is not absolute begins at a folder.

    Raises:
        PictureError: where there is none, or none that Word can show.
    """
    from docx.image.exceptions import (  # noqa: PLC0415  (heavy)
        InvalidImageStreamError,
        UnexpectedEndOfFileError,
        UnrecognizedImageError,
    )
    from docx.image.image import Image  # noqa: PLC0415

    data = content_of(picture.source, folder)
    try:
        found: Image = Image.from_blob(data)
        width, height = int(found.width), int(found.height)
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, ValueError, KeyError, OSError):
        raise PictureError("is no picture that Word can show: save it as PNG or JPEG") from None
    except Exception:  # noqa: BLE001  (a picture's file may be anything)
        raise PictureError("cannot be read as a picture: save it as PNG or JPEG") from None
    if width <= 0 or height <= 0:
        raise PictureError("is no picture that Word can show: save it as PNG or JPEG")
    name = sha256(data).hexdigest()[:16]
    return Loaded(data, found.content_type, found.ext, f"word/media/picture-{name}.{found.ext}", width, height)


def is_missing(name: str, folder: Path) -> bool:
    """Tell whether there is no file of a name; a path that is not absolute begins at a folder."""
    try:
        return not (folder / name).is_file()
    except (OSError, ValueError):
        return True


def content_of(source: Any, folder: Path) -> bytes:
    """Return the bytes of a picture: a path that begins at a folder if it is not absolute, bytes, or an open file.

    Raises:
        PictureError: where it cannot be read, or lies on another computer: that is not even looked at.
    """
    if isinstance(source, bytes | bytearray):
        return bytes(source)
    if hasattr(source, "read"):
        if hasattr(source, "seek"):
            source.seek(0)
        content = source.read()
        if isinstance(content, bytes):
            return content
        raise PictureError("is no picture that Word can show: save it as PNG or JPEG")
    text = str(source)
    if _ELSEWHERE.match(text):
        raise PictureError("lies on another computer: save the picture on this one and name it there")
    path = folder / text
    try:
        if not path.is_file():
            raise PictureError("is not there: check the name and folder of the picture's file")
        if path.stat().st_size > _MOST_BYTES:
            raise PictureError("is too large a picture: save it smaller")
        return path.read_bytes()
    except (OSError, ValueError):
        raise PictureError("cannot be opened: check the name and folder of the picture's file") from None


def drawing(loaded: Loaded, picture: Picture, relationship: str, number: int, link: str | None, prefix: str) -> str:
    """Return a run with a picture in line with the text.

    Args:
        loaded: the picture's file.
        picture: how it is to be shown.
        relationship: the id of the relationship to its part.
        number: the drawing's id, of its own in the document.
        link: the id of the relationship to where a click leads, or None.
        prefix: what names of WordprocessingML begin with in the part, such as `w:`.
    """
    width, height = loaded.size(picture)
    click = f'<a:hlinkClick r:id="{link}"/>' if link else ""
    name = f'"Picture {number}"' + (f" descr={quoted(picture.alt)}" if picture.alt else "")
    return (
        f'<{prefix}r><{prefix}drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name={name}>'
        + (f'<a:hlinkClick xmlns:a="{_A}" xmlns:r="{_R}" r:id="{link}"/>' if link else "")
        + f'</wp:docPr><wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_A}" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}"><pic:pic xmlns:pic="{_PIC}">'
        f'<pic:nvPicPr><pic:cNvPr id="0" name={name}' + (f' xmlns:r="{_R}">{click}</pic:cNvPr>' if link else "/>")
        + f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{_R}" r:embed="{relationship}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        f"</pic:pic></a:graphicData></a:graphic></wp:inline></{prefix}drawing></{prefix}r>"
    )  # fmt: skip

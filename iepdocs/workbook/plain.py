"""The rows of a workbook of any format as a plain .xlsx, in which each cell shows what it showed there."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from iepdocs.workbook.cells import CellSheet, State
from iepdocs.workbook.package import DECLARATION, LAST_COLUMN, LAST_ROW, address_of, in_attribute, text_cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iepdocs.workbook.cells import Cell

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006"
_CONTENT = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_LONGEST_TITLE = 31
_TEXT = "@"
_DIGITS, _GENERAL = 15, 11
"""Excel keeps 15 digits; General shows 11 characters."""
_NOON = 12
_OWN_FORMATS = 164
"""Number formats of a workbook's own count from here (18.8.30)."""

_NUMBER = re.compile(r"([^\w.,%()\"\\-]*)(-?)(\d[\d,]*)(\.\d+)?(%?)")
_FIRST_DAY = dt.date(1900, 3, 1)
"""Before it, Excel counts a day that never was."""
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (Excel knows no time zones)
_DATES = (
    *("m/d/yyyy", "mm/dd/yyyy", "m/d/yy", "mm/dd/yy", "yyyy-mm-dd", "d-mmm-yy", "dd-mmm-yy", "d-mmm-yyyy"),
    *("d-mmm", "mmm-yy", "mmmm d, yyyy", "mmm d, yyyy", "d mmmm yyyy", "d mmm yyyy", "m/d", "m-d-yyyy"),
    *("d/m/yyyy", "dd/mm/yyyy", "d.m.yyyy", "dd.mm.yyyy", "yyyy/m/d", "yyyy/mm/dd"),
)
_TIMES = ("h:mm AM/PM", "h:mm", "hh:mm", "h:mm:ss AM/PM", "h:mm:ss", "hh:mm:ss", "hh:mm AM/PM")
_SPANS = ("[h]:mm", "[h]:mm:ss", "[mm]:ss")
_TOKEN = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dd|d")


def as_package(sheets: Iterable[CellSheet]) -> bytes:
    """Return the bytes of an .xlsx with the rows of sheets, each cell at its address.

    Text is text. A number, date, time, duration or boolean is typed where a number format makes it show what it
    showed, and else the text that it showed; so are errors and impossible dates. A cell beyond Excel's last row or
    column (1,048,576 and 16,384) is left out. The sheets are named as `valid_titles` does.
    """
    sheets = list(sheets) or [CellSheet("Sheet")]
    formats = {"General": 0, _TEXT: 1}
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for number, sheet in enumerate(sheets, start=1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", _worksheet(sheet, formats))
        for name, content in _frame(valid_titles(sheet.title for sheet in sheets), list(formats)).items():
            package.writestr(name, DECLARATION + content)
    return stream.getvalue()


def valid_titles(titles: Iterable[str]) -> list[str]:
    """Return names that Excel takes for sheets: 31 characters, none forbidden, no two alike, regardless of case."""
    names: list[str] = []
    taken = {"history"}
    for title in titles:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff\ud800-\udfff]", " ", title).strip().strip("'") or "Sheet"
        name = _cut(plain, _LONGEST_TITLE)
        number = 1
        while name.casefold() in taken:
            number += 1
            ending = f" {number}"
            name = _cut(plain, _LONGEST_TITLE - len(ending)) + ending
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    """Cut a text to a number of UTF-16 units, which is how Excel counts."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore").rstrip("' ") or "Sheet"


def _worksheet(sheet: CellSheet, formats: dict[str, int]) -> bytes:
    looks: dict[Cell, tuple[str, str]] = {}
    rows = []
    for number, cells in sheet.rows:
        if number > LAST_ROW:
            break
        written = []
        for column, cell in cells.items():
            if column > LAST_COLUMN or not (cell.shown or isinstance(cell.value, str)):
                continue
            if cell not in looks:
                looks[cell] = _look(cell)
            content, look = looks[cell]
            style = formats.setdefault(look, len(formats))
            address = address_of(number, column)
            if look == _TEXT:
                written.append(text_cell(address, content, style))
            else:
                kind = b' t="b"' if isinstance(cell.value, bool) else b""
                written.append(b'<c r="%s" s="%d"%s><v>%s</v></c>' % (address.encode(), style, kind, content.encode()))
        rows.append(b'<row r="%d">%s</row>' % (number, b"".join(written)))
    return DECLARATION + b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (_MAIN, b"".join(rows))


def _look(cell: Cell) -> tuple[str, str]:
    """Return what is stored for a cell and its number format, which give what it shows."""
    value, shown = cell.value, cell.shown
    found = None
    if cell.state is State.VALUE:
        if isinstance(value, str):
            return value, _TEXT
        if isinstance(value, bool):
            found = (str(int(value)), "General") if shown == str(value).upper() else None
        elif isinstance(value, int | float):
            found = _number(value, shown)
        elif isinstance(value, dt.timedelta):
            found = _duration(value, shown)
        elif value is not None:
            found = _moment(value, shown)
    return found or (shown, _TEXT)


def _number(value: float, shown: str) -> tuple[str, str] | None:
    """Find the format in which a number shows so; a percentage is stored as its hundredth."""
    match = _NUMBER.fullmatch(shown)
    if not match or abs(value) >= 10**_DIGITS:
        return None
    sign, minus, digits, decimals, percent = (part or "" for part in match.groups())
    exact = Decimal(repr(value))
    places = len(decimals[1:])
    if places > _DIGITS or (sign and minus):
        return None
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    grouped = "," in digits
    if f"{rounded:{',' if grouped else ''}.{places}f}" != f"{minus}{digits}{decimals}":
        return None
    is_general = exact == rounded and len(digits + decimals) <= _GENERAL and not decimals.startswith(".0000")
    if is_general and not (sign or grouped or percent or decimals.endswith("0")):
        return str(value), "General"
    number = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")
    return str(exact.scaleb(-2) if percent else value), (f'"{sign}"' if sign else "") + number + percent


def _moment(value: dt.date | dt.time, shown: str) -> tuple[str, str] | None:
    """Find the format in which a date or time shows so."""
    day = None if isinstance(value, dt.time) else value if not isinstance(value, dt.datetime) else value.date()
    time = value.time() if isinstance(value, dt.datetime) else value if isinstance(value, dt.time) else dt.time()
    if day and day < _FIRST_DAY:
        return None
    serial = (dt.datetime.combine(day or _EPOCH.date(), time.replace(tzinfo=None)) - _EPOCH) / dt.timedelta(days=1)
    dates = [(look, _date_text(day, look)) for look in _DATES] if day else [("", "")]
    times = [(look, _time_text(time, look)) for look in _TIMES]
    for (date_look, date), (time_look, clock) in product(dates, [("", ""), *times]):
        if " ".join(filter(None, (date, clock))) == shown:
            return repr(serial).removesuffix(".0"), " ".join(filter(None, (date_look, time_look)))
    return None


def _date_text(day: dt.date, look: str) -> str:
    month = day.strftime("%B")
    texts = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "mmmm": month, "mmm": month[:3]}
    texts |= {"mm": f"{day:%m}", "m": str(day.month), "dd": f"{day:%d}", "d": str(day.day)}
    return _TOKEN.sub(lambda token: texts[token[0]], look)


def _time_text(time: dt.time, look: str) -> str:
    hour = (time.hour - 1) % _NOON + 1 if look.endswith("AM/PM") else time.hour
    text = f"{hour:0{2 if look.startswith('hh') else 1}}:{time.minute:02}"
    text += f":{time.second:02}" if ":ss" in look else ""
    return text + ((" PM" if time.hour >= _NOON else " AM") if look.endswith("AM/PM") else "")


def _duration(value: dt.timedelta, shown: str) -> tuple[str, str] | None:
    """Find the format in which a duration shows so."""
    seconds = round(value.total_seconds())
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    texts = (f"{hours}:{minute:02}", f"{hours}:{minute:02}:{second:02}", f"{minutes:02}:{second:02}")
    for look, text in zip(_SPANS, texts, strict=True):
        if text == shown and seconds >= 0:
            return repr(value / dt.timedelta(days=1)), look
    return None


def _frame(titles: list[str], formats: list[str]) -> dict[str, bytes]:
    """Return the parts beside the sheets."""
    numbers = range(1, len(titles) + 1)
    override = b'<Override PartName="/xl/%s.xml" ContentType="%s%s+xml"/>'
    names = [(b"workbook", b"sheet.main"), (b"styles", b"styles")]
    names += [(b"worksheets/sheet%d" % number, b"worksheet") for number in numbers]
    types = b"".join(override % (name, _CONTENT, kind) for name, kind in names)
    relation = b'<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>'
    relations = [relation % (number, _OFFICE, b"worksheet", b"worksheets/sheet%d.xml" % number) for number in numbers]
    relations.append(relation % (len(titles) + 1, _OFFICE, b"styles", b"styles.xml"))
    sheets = b"".join(
        b'<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (in_attribute(title), number, number)
        for number, title in enumerate(titles, start=1)
    )
    codes = {look: {"General": 0, _TEXT: 49}.get(look, _OWN_FORMATS + index) for index, look in enumerate(formats)}
    own = [
        b'<numFmt numFmtId="%d" formatCode="%s"/>' % (code, in_attribute(look))
        for look, code in codes.items()
        if code >= _OWN_FORMATS
    ]
    plain = b'fontId="0" fillId="0" borderId="0"'
    looks = b"".join(
        b'<xf numFmtId="%d" %s xfId="0" applyNumberFormat="1"/>' % (code, plain) for code in codes.values()
    )
    counted = b'<%s count="%d">%s</%s>'
    styles = [
        counted % (b"numFmts", len(own), b"".join(own), b"numFmts") if own else b"",
        b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>',
        b'<fills count="1"><fill><patternFill patternType="none"/></fill></fills>',
        b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
        b'<cellStyleXfs count="1"><xf numFmtId="0" %s/></cellStyleXfs>' % plain,
        counted % (b"cellXfs", len(codes), looks, b"cellXfs"),
        b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    ]
    return {
        "[Content_Types].xml": b'<Types xmlns="%s/content-types">'
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Default Extension="xml" ContentType="application/xml"/>%s</Types>' % (_PACKAGE, types),
        "_rels/.rels": b'<Relationships xmlns="%s/relationships">%s</Relationships>'
        % (_PACKAGE, relation % (1, _OFFICE, b"officeDocument", b"xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%s/relationships">%s</Relationships>'
        % (_PACKAGE, b"".join(relations)),
        "xl/workbook.xml": b'<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>'
        % (_MAIN, _OFFICE, sheets),
        "xl/styles.xml": b'<styleSheet xmlns="%s">%s</styleSheet>' % (_MAIN, b"".join(styles)),
    }

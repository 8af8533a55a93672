"""What the tests share: rows for small workbooks, and a document's text."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import docx

MakeWorkbook = Callable[..., Path]
MakeTemplate = Callable[..., Path]

TODAY = dt.date(2026, 11, 25)

Rows = list[list[Any]]

STUDENTS: Rows = [
    ["Student ID", "Last Name", "First Name", "Date of Birth", "Grade", "School", "Case Manager"],
    ["00042", "Reyes", "Ana", dt.date(2016, 5, 14), "4", "Alder Creek", "Dana Whitfield"],
    ["00107", "Okafor", "Ben", dt.date(2014, 2, 1), "6", "Alder Creek", "Dana Whitfield"],
]
GOALS: Rows = [
    ["Student ID", "Goal Number", "Area", "Baseline", "Goal", "Measurement Method"],
    ["00042", "1", "Reading", "41 words a minute", "Ana will read 90 words a minute.", "weekly probe"],
    ["00107", "1", "Writing", "2 sentences", "Ben will write a paragraph.", "work samples"],
]
PROGRESS: Rows = [
    ["Student ID", "Goal Number", "Date", "Value"],
    ["00042", "1", dt.date(2026, 9, 14), 43],
    ["00042", "1", dt.date(2026, 10, 12), 52],
    ["00107", "1", dt.date(2026, 9, 14), "3 of 5"],
]
"""Three sheets are enough for progress reports."""


def progress_sheets(**changed: Rows) -> dict[str, Rows]:
    """Return the three sheets, with some replaced or added."""
    return {"Students": STUDENTS, "Goals": GOALS, "Progress": PROGRESS, **changed}


def text_of(document: Path | bytes) -> str:
    """Return the paragraphs of a document's body, tables included, a line each."""
    opened = docx.Document(io.BytesIO(document) if isinstance(document, bytes) else str(document))
    return "\n".join(
        "".join(
            node.text or "" if node.tag.endswith("}t") else "\n" if node.tag.endswith("}br") else "\t"
            for node in paragraph.iter()
            if node.tag.endswith(("}t", "}br", "}tab"))
        )
        for paragraph in opened.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    )


TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def raw_workbook(
    sheets: Mapping[str, str],
    *,
    formats: Sequence[str] = (),
    strings: Sequence[str] = (),
    properties: str = "",
    styles: str | None = None,
    namespace: str = TRANSITIONAL,
) -> bytes:
    """Return an .xlsx whose sheets are written as XML, to be nasty in ways that openpyxl does not write.

    Args:
        sheets: by title, the rows (`<row r="1"><c r="A1">…`), or a whole part if it begins with `<?xml` or a worksheet.
        formats: number formats; the first is that of cells with s="1", and so on.
        strings: shared strings as XML, `<t>Reyes</t>`.
        properties: what stands before the sheets in the workbook part.
        styles: the styles part, in the place of one with `formats`.
        namespace: STRICT makes it a Strict workbook.
    """
    relations = _STRICT_RELATIONS if namespace == STRICT else _RELATIONS
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for number, code in enumerate(formats, 164)
    )
    xfs = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>' for number in range(164, 164 + len(formats))
    )
    plain = (
        f'<styleSheet xmlns="{namespace}"><numFmts count="{len(formats)}">{codes}</numFmts>'
        '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{1 + len(formats)}"><xf numFmtId="0"/>{xfs}</cellXfs></styleSheet>'
    )
    titles = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(sheets, 1)
    )
    kinds = [f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/worksheet" Target="{kind}"/>'
        for number, kind in enumerate(kinds, 1)
    )
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            + "".join(f'<Override PartName="/xl/{kind}" ContentType="{_TYPES}.worksheet+xml"/>' for kind in kinds)
            + f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{namespace}" xmlns:r="{relations}">{properties}<sheets>{titles}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{targets}'
            f'<Relationship Id="rId101" Type="{relations}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId102" Type="{relations}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            "</Relationships>"
        ),
        "xl/styles.xml": plain if styles is None else styles,
        "xl/sharedStrings.xml": (
            f'<sst xmlns="{namespace}">' + "".join(f"<si>{item}</si>" for item in strings) + "</sst>"
        ),
    }
    for kind, rows in zip(kinds, sheets.values(), strict=True):
        whole = rows.startswith(("<?xml", "<worksheet", "<x:worksheet"))
        parts[f"xl/{kind}"] = (
            rows if whole else f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()

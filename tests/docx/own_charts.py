"""Charts as a district draws them in Word, written as XML."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl

from tests.support import packed, parts_of, raw_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_2011 = "http://schemas.microsoft.com/office/2011/relationships"
CATEGORY_AXIS = (
    '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
    '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="1"/><c:majorTickMark val="out"/>'
    '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="2"/><c:crosses val="autoZero"/>'
    '<c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
)


def value_axis(number: int, across: int, place: str = "l", bounds: str = "", steps: str = "") -> str:
    """Return an axis of values; `bounds` is what stands in its scaling after the orientation."""
    return (
        f'<c:valAx><c:axId val="{number}"/><c:scaling><c:orientation val="minMax"/>{bounds}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{place}"/><c:majorGridlines/><c:numFmt formatCode="General" '
        'sourceLinked="1"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:crossAx val="{across}"/><c:crosses val="autoZero"/><c:crossBetween val="midCat"/>{steps}</c:valAx>'
    )


SCATTER_AXES = value_axis(1, 2, "b") + value_axis(2, 1)
CATEGORY_AXES = CATEGORY_AXIS + value_axis(2, 1)


def series(
    number: int, name: str, color: str = "C00000", *, by_date: bool = False, xs: Sequence[float] = (), more: str = ""
) -> str:
    """Return a series of a sample's numbers, as Word writes it; `more` stands before the numbers."""
    letter = "BCDEFG"[number]
    days = xs or (1, 2, 3)
    x, y = (
        f"<c:numRef><c:f>Sheet1!${column}$2:${column}$4</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>'
        + "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
        + "</c:numCache></c:numRef>"
        for column, values in (("A", days), (letter, [4.3 + number] * len(days)))
    )
    x_name, y_name = ("xVal", "yVal") if by_date else ("cat", "val")
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef><c:f>Sheet1!${letter}$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'<c:spPr><a:ln w="38100"><a:solidFill><a:srgbClr val="{color}"/></a:solidFill></a:ln></c:spPr>{more}'
        f"<c:{x_name}>{x}</c:{x_name}><c:{y_name}>{y}</c:{y_name}>"
        '<c:extLst><c:ext uri="{C3380CC4-5D6E-409C-BE32-E72D297353CC}" '
        'xmlns:c16="http://schemas.microsoft.com/office/drawing/2014/chart"><c16:uniqueId '
        f'val="{{0000000{number}-AAAA}}"/></c:ext></c:extLst></c:ser>'
    )


def scatter(*all_series: str) -> str:
    """Return the group of a scatter chart."""
    return (
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{"".join(all_series)}'
        '<c:axId val="1"/><c:axId val="2"/></c:scatterChart>'
    )


def lines_group(*all_series: str) -> str:
    """Return the group of a line chart."""
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{"".join(all_series)}'
        '<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>'
    )


def bars_group(*all_series: str) -> str:
    """Return the group of a column chart."""
    return (
        f'<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>{"".join(all_series)}'
        '<c:gapWidth val="219"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
    )


def chart_space(
    plot: str,
    *,
    legend: str = "",
    blanks: str = '<c:dispBlanksAs val="gap"/>',
    data: str = '<c:externalData r:id="rId3"><c:autoUpdate val="0"/></c:externalData>',
    before: str = "",
) -> str:
    """Return a chart's part around its groups and axes."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace xmlns:c="{CHART}" xmlns:a="{MAIN}" '
        f'xmlns:r="{RELATIONS}">{before}<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>{plot}</c:plotArea>'
        f'<c:legend><c:legendPos val="b"/>{legend}<c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/>{blanks}'
        f'</c:chart><c:spPr><a:solidFill><a:srgbClr val="FFF2CC"/></a:solidFill></c:spPr>{data}</c:chartSpace>'
    )


def drawn(alt: str, number: int = 7, relation: str = "chart9") -> str:
    """Return a run with a chart."""
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="5000000" cy="2500000"/>'
        f'<wp:docPr id="{number}" name="Chart {number}" descr="{alt}"/><wp:cNvGraphicFramePr/><a:graphic '
        f'xmlns:a="{MAIN}"><a:graphicData uri="{CHART}"><c:chart xmlns:c="{CHART}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def sample_workbook() -> bytes:
    """Return the workbook with a sample's numbers that Word puts into a chart."""
    book = openpyxl.Workbook()
    book.active.append(["", "Sample of Jordan"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def template_with(
    body: str, space: str, *, related: str | None = None, headers: Sequence[str] = (), more: Mapping[str, bytes] = {}
) -> bytes:
    """Return a template with a chart whose relationship is `chart9`, with its workbook, style and colours.

    Args:
        body: its blocks.
        space: the chart's part.
        related: the chart's relationships, if not the usual ones.
        headers: the blocks of its headers.
        more: further parts.
    """
    parts = parts_of(raw_document(body, headers=headers, parts={"charts/chart9.xml": ("chart9", "chart", space)}))
    types = parts["[Content_Types].xml"].replace(
        b"<Override",
        b'<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>'
        b'<Override PartName="/word/charts/style9.xml" ContentType="application/vnd.ms-office.chartstyle+xml"/>'
        b'<Override PartName="/word/charts/colors9.xml" ContentType="application/vnd.ms-office.chartcolorstyle+xml"/>'
        b"<Override",
        1,
    )
    style = "http://schemas.microsoft.com/office/drawing/2012/chartStyle"
    own = related or (
        f'<Relationship Id="rId1" Type="{OFFICE_2011}/chartStyle" Target="style9.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE_2011}/chartColorStyle" Target="colors9.xml"/>'
        f'<Relationship Id="rId3" Type="{RELATIONS}/package" Target="../embeddings/Microsoft_Excel_Worksheet.xlsx"/>'
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return packed(
        parts
        | {
            "[Content_Types].xml": types,
            "word/charts/style9.xml": f'<cs:chartStyle xmlns:cs="{style}" id="201"/>'.encode(),
            "word/charts/colors9.xml": (
                f'<cs:colorStyle xmlns:cs="{style}" xmlns:a="{MAIN}" meth="cycle" id="10">'
                '<a:schemeClr val="accent1"/></cs:colorStyle>'
            ).encode(),
            "word/embeddings/Microsoft_Excel_Worksheet.xlsx": sample_workbook(),
            "word/charts/_rels/chart9.xml.rels": f'<Relationships xmlns="{package}">{own}</Relationships>'.encode(),
        }
        | dict(more)
    )

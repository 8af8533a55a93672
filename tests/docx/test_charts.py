"""Charts that are Word's own, with their data inside."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from iepdocs.docx import Axis, Chart, Line, Template
from iepdocs.docx.charts import letters, serial, text_width
from tests.support import para, part_of, parts_of, problems_of, raw_document, run, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docx.conftest import Printed
    from tests.support import MakeTemplate

DAY = dt.date(2026, 9, 7)
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def week(number: int) -> dt.date:
    return DAY + dt.timedelta(weeks=number)


def chart(*values: float, name: str = "results", **more: Any) -> Chart:
    """Return a chart of one result a week, with the line to the target and a change of phase."""
    lines = (
        Line(name, "data", tuple((week(number), value) for number, value in enumerate(values))),
        Line("line to the target", "aim", ((DAY, 41.0), (week(30), 90.5))),
        Line("repeated reading", "phase", ((week(2), 0.0), (week(2), 100.0))),
    )
    return Chart("Results: 41 & 45", lines, Axis(0.0, 100.0, 20.0, "words <a minute>"), **more)


def charts_of(document: bytes) -> list[str]:
    return sorted(name for name in parts_of(document) if name.startswith("word/charts/iep"))


def tree(document: bytes, name: str = "word/document.xml") -> Any:
    return part_of(document, name)


def numbers(series: Any, axis: str) -> list[float]:
    return [float(value.text) for value in series.find(f"{C}{axis}").iter(f"{C}v")]


def test_a_chart_stands_where_its_tag_stood(make_template: MakeTemplate) -> None:
    document = Template(make_template("before {{ chart }} after")).render({"chart": chart(41, 45, 52)})
    body = tree(document)
    properties = body.find(".//{*}docPr")
    assert properties is not None
    assert properties.get("descr") == "Results: 41 & 45"
    assert text_of(document) == "before  after"
    assert charts_of(document) == ["word/charts/iepdocs-chart-1.xml"]
    assert problems_of(document) <= problems_of(Template(make_template("before  after")).render({}))


def test_the_chart_shows_the_numbers_and_the_workbook_inside_has_them(make_template: MakeTemplate) -> None:
    document = Template(make_template("{{ chart }}")).render({"chart": chart(41, 45.5, 52, name="=1+1 & <b>")})
    space = tree(document, "word/charts/iepdocs-chart-1.xml")
    first, second, _ = space.iter(f"{C}ser")
    assert numbers(first, "yVal") == [41, 45.5, 52]
    assert numbers(first, "xVal") == [serial(week(number)) for number in range(3)]
    assert numbers(second, "yVal") == [41, 90.5]
    book = openpyxl.load_workbook(io.BytesIO(parts_of(document)["word/embeddings/iepdocs-chart-1.xlsx"]))
    for series in space.iter(f"{C}ser"):
        for axis in ("xVal", "yVal"):
            [formula] = [one.text for one in series.find(f"{C}{axis}").iter(f"{C}f")]
            cells = [cell.value for [cell] in book["Sheet1"][formula.partition("!")[2].replace("$", "")]]
            values = [serial(one.date()) if isinstance(one, dt.datetime) else one for one in cells]
            assert values == numbers(series, axis)
        [name] = [one.text for one in series.find(f"{C}tx").iter(f"{C}f")]
        assert book["Sheet1"][name.partition("!")[2].replace("$", "")].value == series.findtext(f"{C}tx//{C}v")


def test_a_single_result_has_a_blank_one_after_it(make_template: MakeTemplate) -> None:
    document = Template(make_template("{{ chart }}")).render({"chart": chart(41)})
    data, aim, _ = tree(document, "word/charts/iepdocs-chart-1.xml").iter(f"{C}ser")
    assert [one.get("val") for one in data.iter(f"{C}ptCount")] == ["1", "2", "2"]  # of the name, days and values
    assert (numbers(data, "xVal"), numbers(data, "yVal")) == ([serial(DAY)] * 2, [41])
    assert numbers(aim, "yVal") == [41, 90.5]
    book = openpyxl.load_workbook(io.BytesIO(parts_of(document)["word/embeddings/iepdocs-chart-1.xlsx"]))
    assert [cell.value for [cell] in book["Sheet1"]["B1:B3"]] == ["results", 41, None]


def test_libreoffice_draws_a_single_result(make_template: MakeTemplate, printed: Printed) -> None:
    lines = (Line("", "data", ((week(12), 41.0),)), Line("aim", "aim", ((DAY, 41.0), (week(30), 90.0))))
    document = Template(make_template("{{ chart }}")).render({"chart": Chart("", lines, Axis(0.0, 100.0, 20.0))})
    *_, width, _, _, pixels = printed(document, "pdftoppm", "-r", "50").split(maxsplit=4)
    row = 3 * int(width)
    left_of_the_legend = (pixels[start : start + row // 2] for start in range(0, len(pixels), row))
    assert any(bytes.fromhex("1F3864") in one for one in left_of_the_legend)


def test_lines_are_told_apart_without_colour(make_template: MakeTemplate) -> None:
    document = Template(make_template("{{ chart }}")).render({"chart": chart(41, 45)})
    data, aim, phase = tree(document, "word/charts/iepdocs-chart-1.xml").iter(f"{C}ser")
    assert data.find(f"{C}marker/{C}symbol").get("val") == "circle"
    dashes = [one.find(".//{*}prstDash").get("val") for one in (aim, phase)]
    assert dashes == ["dash", "sysDot"]
    assert [one.find(f"{C}marker/{C}symbol").get("val") for one in (aim, phase)] == ["none", "none"]


@pytest.mark.parametrize(
    ("phases", "named"),
    [
        ({0: "alone", 20: "with help"}, {"alone": "r", "with help": "r"}),
        ({19: "alone", 20: "with help"}, {"with help": "r"}),
        ({30: "at the end"}, {"at the end": "l"}),
        ({25: "just before", 30: "at the end"}, {"at the end": "l"}),
        ({15: "a name that is longer than there is room for " * 3}, {}),
    ],
)
def test_phases_are_named_where_there_is_room(
    make_template: MakeTemplate, phases: dict[int, str], named: dict[str, str]
) -> None:
    lines = [Line(name, "phase", ((week(number), 0.0), (week(number), 100.0))) for number, name in phases.items()]
    shown = Chart("", (*chart(41, 52).lines[:2], *lines), Axis(0.0, 100.0, 20.0), width=3 * 914_400)
    document = Template(make_template("{{ chart }}")).render({"chart": shown})
    series = list(tree(document, "word/charts/iepdocs-chart-1.xml").iter(f"{C}ser"))
    assert len(series) == 2 + len(phases)
    sides = {one.findtext(f"{C}tx//{C}v"): one.find(f".//{C}dLblPos") for one in series}
    assert {name: side.get("val") for name, side in sides.items() if side is not None} == named
    assert problems_of(document) <= problems_of(Template(make_template("{{ chart }}")).render({}))


def test_names_of_phases_do_not_print_over_each_other(make_template: MakeTemplate) -> None:
    lines = [Line("with help", "phase", ((week(number), 0.0), (week(number), 100.0))) for number in range(0, 30, 2)]
    shown = Chart("", (*chart(41, 52).lines[:2], *lines), Axis(0.0, 100.0, 20.0), width=3 * 914_400)
    document = Template(make_template("{{ chart }}")).render({"chart": shown})
    labelled = [
        one
        for one in tree(document, "word/charts/iepdocs-chart-1.xml").iter(f"{C}ser")
        if one.find(f"{C}dLbls") is not None
    ]
    days = [numbers(one, "xVal")[0] for one in labelled]
    assert len(days) in (3, 4)
    assert all(later - earlier >= 42 for earlier, later in pairwise(days))


def test_each_round_of_a_loop_has_its_own_chart(make_template: MakeTemplate) -> None:
    template = make_template("{% for c in charts %}{{ c }}{% endfor %}")
    document = Template(template).render({"charts": [chart(41), chart(62)]})
    firsts = [numbers(next(tree(document, name).iter(f"{C}ser")), "yVal") for name in charts_of(document)]
    assert firsts == [[41], [62]]
    ids = [one.get("id") for one in tree(document).iter("{*}docPr")]
    assert len(set(ids)) == 2
    assert problems_of(document) <= problems_of(Template(template).render({"charts": []}))


def test_two_renderings_of_a_chart_are_the_same(make_template: MakeTemplate) -> None:
    template = Template(make_template("{{ chart }}"))
    one, other = (parts_of(template.render({"chart": chart(41, 45)})) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_chart_there_is_nothing(make_template: MakeTemplate, value: Any) -> None:
    document = Template(make_template("a{{ chart }}b")).render({"chart": value})
    assert text_of(document) == "ab"
    assert charts_of(document) == []


def test_a_chart_has_the_width_of_the_text_or_the_size_asked_for(make_template: MakeTemplate) -> None:
    document = Template(make_template("{{ chart }}{{ chart|image(width='3in', height='2in') }}")).render(
        {"chart": chart(41)}
    )
    sizes = [(int(one.get("cx")), int(one.get("cy"))) for one in tree(document).iter("{*}extent")]
    assert sizes == [(5_486_400, 1_371_600), (2_743_200, 1_828_800)]


@pytest.mark.parametrize(
    ("section", "width"),
    [
        (
            '<w:sectPr><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1" w:right="720" w:left="720"/></w:sectPr>',
            10800,
        ),
        ('<w:sectPr><w:pgSz w:h="12240" w:w="15840" w:orient="landscape"/></w:sectPr>', 12960),
        ("", 9360),
        ('<w:sectPr><w:pgSz w:w="100" w:h="1"/></w:sectPr>', 1440),
    ],
)
def test_the_width_of_the_text_is_the_pages_without_its_margins(section: str, width: int) -> None:
    assert text_width(f"<w:body>{section}</w:body>".encode()) == width * 635


def test_where_no_chart_can_stand_its_words_do(make_template: MakeTemplate) -> None:
    document = Template(make_template("{{ chart|upper }}")).render({"chart": chart(41)})
    assert text_of(document) == "RESULTS: 41 & 45"


def test_what_xml_cannot_hold_is_in_no_chart(make_template: MakeTemplate) -> None:
    odd = Chart("a\x00b", (Line("c\x1bd", "data", ((DAY, 1.0),)),), Axis(0.0, 1.0, 1.0, "e\ufffef"))
    document = Template(make_template("{{ chart }}")).render({"chart": odd})
    assert tree(document, "word/charts/iepdocs-chart-1.xml").findtext(f".//{C}tx//{C}v") == "cd"
    assert tree(document).find(".//{*}docPr").get("descr") == "ab"


def test_columns_have_letters() -> None:
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_chart_may_stand_in_a_header(tmp_path: Path) -> None:
    template = tmp_path / "letter.docx"
    template.write_bytes(raw_document(para(run("text")), headers=[para(run("{{ chart }}"))]))
    document = Template(template).render({"chart": chart(41, 45)})
    assert charts_of(document) == ["word/charts/iepdocs-chart-1.xml"]
    related = [name for name in parts_of(document) if "header" in name and name.endswith(".rels")]
    assert any(b"/chart" in parts_of(document)[name] for name in related)

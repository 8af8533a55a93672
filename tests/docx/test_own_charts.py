"""Charts that a district drew itself: filled with the lines of a goal, in their own look."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from iepdocs.docx import Axis, Chart, Draft, Line
from iepdocs.docx.charts import serial
from iepdocs.findings import IepdocsError, Severity
from tests.docx.own_charts import (
    CATEGORY_AXES,
    CHART,
    RELATIONS,
    SCATTER_AXES,
    bars_group,
    chart_space,
    drawn,
    lines_group,
    scatter,
    series,
    template_with,
    value_axis,
)
from tests.support import packed, para, parts_of, raw_document, run, text_box, text_of
from tests.support import part_of as read_part

if TYPE_CHECKING:
    from tests.docx.bench import Bench
    from tests.docx.conftest import Printed

DAY = dt.date(2026, 9, 7)
C = f"{{{CHART}}}"
GOALS = para(run("{%p for goal in goals %}")) + para(drawn("{{ goal.chart }}")) + para(run("{%p endfor %}"))
ONE = para(drawn("{{ chart }}"))
TWO_LINES = chart_space(scatter(series(0, "A", by_date=True), series(1, "B", "00B050", by_date=True)) + SCATTER_AXES)


def part_of(document: bytes, name: str = "word/document.xml") -> Any:
    return read_part(document, name)


def week(number: int) -> dt.date:
    return DAY + dt.timedelta(weeks=number)


def line(name: str, look: Any, *values: float, every: int = 1) -> Line:
    return Line(name, look, tuple((week(number * every), value) for number, value in enumerate(values)))


def chart(*lines: Line, text: str = "in words", most: float = 100.0, **more: Any) -> Chart:
    return Chart(text, lines, Axis(0.0, most, 20.0, **more))


RESULTS = line("results", "data", 41, 45.5, 52)
AIM = line("line to the target", "aim", 41, 90, every=4)
PHASE = Line("repeated reading", "phase", ((week(1), 0.0), (week(1), 100.0)))


def charts_of(document: bytes) -> list[tuple[str, Any]]:
    """Return the charts that drawings of a document's body show, each with the name of its part."""
    related = {one.get("Id"): one.get("Target") for one in part_of(document, "word/_rels/document.xml.rels")}
    found = []
    for one in part_of(document).iter(f"{C}chart"):
        name = posixpath.normpath(posixpath.join("/word", related[one.get(f"{{{RELATIONS}}}id")])).lstrip("/")
        found.append((name, part_of(document, name)))
    return found


def numbers(one: Any, axis: str) -> list[float | None]:
    """Return the numbers of a series along an axis; None where there is none."""
    found = one.find(f"{C}{axis}")
    assert found is not None
    [count] = [int(each.get("val")) for each in found.iter(f"{C}ptCount")]
    values = {int(each.get("idx")): float(each.findtext(f"{C}v")) for each in found.iter(f"{C}pt")}
    return [values.get(at) for at in range(count)]


def shown(space: Any) -> dict[str, list[float | None]]:
    """Return the values of a chart's series, by name."""
    return {
        str(one.findtext(f"{C}tx//{C}v")): numbers(one, "yVal" if one.find(f"{C}yVal") is not None else "val")
        for one in space.iter(f"{C}ser")
    }


def workbook_of(document: bytes, name: str) -> Any:
    """Return the sheet of the workbook in a chart."""
    folder, _, last = name.rpartition("/")
    space = part_of(document, name)
    [identity] = [one.get(f"{{{RELATIONS}}}id") for one in space.iter(f"{C}externalData")]
    [target] = [
        one.get("Target") for one in part_of(document, f"{folder}/_rels/{last}.rels") if one.get("Id") == identity
    ]
    path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return openpyxl.load_workbook(io.BytesIO(parts_of(document)[path]))["Sheet1"]


def filled(bench: Bench, space: str, value: Any, body: str = ONE) -> Any:
    [(_, made)] = charts_of(bench.render(template_with(body, space), chart=value))
    return made


def test_each_round_fills_a_chart_of_its_own(bench: Bench) -> None:
    goals = [{"chart": chart(line("results", "data", number, 50), AIM, text=f"at {number}")} for number in (41, 62, 70)]
    document = bench.render(template_with(GOALS, TWO_LINES), goals=goals)
    made = charts_of(document)
    assert [shown(space)["results"] for _, space in made] == [[41, 50], [62, 50], [70, 50]]
    assert [one.get("descr") for one in part_of(document).iter("{*}docPr")] == ["at 41", "at 62", "at 70"]
    assert len({name for name, _ in made}) == 3
    assert [workbook_of(document, name)["B2"].value for name, _ in made] == [41, 62, 70]


def test_a_chart_keeps_its_look(bench: Bench) -> None:
    document = bench.render(template_with(GOALS, TWO_LINES), goals=[{"chart": chart(RESULTS, AIM)}] * 2)
    for name, space in charts_of(document):
        colors = [one.find(f"{C}spPr//{{*}}srgbClr").get("val") for one in space.iter(f"{C}ser")]
        assert colors == ["C00000", "00B050"]
        [area] = space.findall(f"{C}spPr")
        assert area.find(".//{*}srgbClr").get("val") == "FFF2CC"
        folder, _, last = name.rpartition("/")
        related = {one.get("Type").rpartition("/")[2] for one in part_of(document, f"{folder}/_rels/{last}.rels")}
        assert related == {"chartStyle", "chartColorStyle", "package"}


def test_the_workbook_inside_has_what_the_chart_shows(bench: Bench) -> None:
    combined = chart_space(bars_group(series(0, "A")) + lines_group(series(1, "B")) + CATEGORY_AXES)
    for space in (TWO_LINES, combined):
        document = bench.render(template_with(ONE, space), chart=chart(RESULTS, AIM))
        [(name, made)] = charts_of(document)
        sheet = workbook_of(document, name)
        for one in made.iter(f"{C}ser"):
            for axis in {"xVal", "yVal", "cat", "val"} & {each.tag.rpartition("}")[2] for each in one}:
                [formula] = [each.text for each in one.find(f"{C}{axis}").iter(f"{C}f")]
                cells = [cell.value for [cell] in sheet[formula.partition("!")[2].replace("$", "")]]
                assert [serial(each.date()) if isinstance(each, dt.datetime) else each for each in cells] == numbers(
                    one, axis
                )
            [header] = [each.text for each in one.find(f"{C}tx").iter(f"{C}f")]
            assert sheet[header.partition("!")[2].replace("$", "")].value == one.findtext(f"{C}tx//{C}v")


@pytest.mark.parametrize(
    ("names", "lines", "expected"),
    [
        (("A", "B"), (RESULTS, AIM), ["results", "line to the target"]),
        (("Line to the  Target", "B"), (RESULTS, AIM), ["line to the target", "results"]),
        (("trend", "aim", "data"), (RESULTS, AIM), ["line to the target", "results"]),
        (("A",), (RESULTS, AIM), ["results"]),
        (("A", "B", "C"), (RESULTS,), ["results"]),
        (("A", "B", "C"), (RESULTS, AIM, PHASE), ["results", "line to the target", "repeated reading"]),
    ],
)
def test_a_series_shows_the_line_of_its_name_or_the_next_one(
    bench: Bench, names: tuple[str, ...], lines: tuple[Line, ...], expected: list[str]
) -> None:
    space = chart_space(
        scatter(*(series(number, name, by_date=True) for number, name in enumerate(names))) + SCATTER_AXES
    )
    assert list(shown(filled(bench, space, chart(*lines)))) == expected


def test_a_series_drawn_upright_is_for_a_change_of_phase(bench: Bench) -> None:
    upright = series(2, "Old program", "7030A0", by_date=True, xs=(5, 5))
    space = chart_space(
        scatter(series(0, "results", by_date=True), series(1, "trend", by_date=True), upright) + SCATTER_AXES
    )
    [_, phase] = filled(bench, space, chart(RESULTS, PHASE)).iter(f"{C}ser")
    assert phase.findtext(f"{C}tx//{C}v") == "repeated reading"
    assert phase.find(f"{C}spPr//{{*}}srgbClr").get("val") == "7030A0"


def test_the_legend_forgets_what_is_not_shown(bench: Bench) -> None:
    entries = "".join(f'<c:legendEntry><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>' for number in (1, 2))
    names = ("results", "trend", "phase")
    all_series = scatter(*(series(number, name, by_date=True) for number, name in enumerate(names)))
    made = filled(bench, chart_space(all_series + SCATTER_AXES, legend=entries), chart(RESULTS, PHASE))
    assert [one.get("val") for one in made.iterfind(f".//{C}legendEntry/{C}idx")] == ["1"]


def test_in_a_line_chart_all_lines_have_the_same_days(bench: Bench) -> None:
    space = chart_space(lines_group(series(0, "A"), series(1, "B"), series(2, "C")) + CATEGORY_AXES)
    made = filled(bench, space, chart(RESULTS, line("aim", "aim", 40, 80, every=4), PHASE))
    assert [numbers(one, "cat") for one in made.iter(f"{C}ser")] == [[serial(week(at)) for at in (0, 1, 2, 4)]] * 2
    assert shown(made) == {"results": [41, 45.5, 52, None], "aim": [40, 50, 60, 80]}


@pytest.mark.parametrize(
    ("blanks", "lines", "expected"),
    [
        ('<c:dispBlanksAs val="gap"/>', (RESULTS,), "gap"),
        ('<c:dispBlanksAs val="gap"/>', (RESULTS, AIM), "gap"),
        ("", (RESULTS, AIM), "span"),
        ('<c:dispBlanksAs val="zero"/>', (RESULTS, AIM), "span"),
        ('<c:dispBlanksAs val="gap"/>', (RESULTS, line("more", "data", 1, 2, every=2)), "span"),
    ],
)
def test_a_day_without_a_result_is_no_zero_and_no_gap(
    bench: Bench, blanks: str, lines: tuple[Line, ...], expected: str
) -> None:
    space = chart_space(lines_group(series(0, "A"), series(1, "B")) + CATEGORY_AXES, blanks=blanks)
    made = filled(bench, space, chart(*lines))
    assert made.find(f".//{C}dispBlanksAs").get("val") == expected


def test_two_results_of_a_day_stand_beside_each_other(bench: Bench) -> None:
    twice = Line("results", "data", ((DAY, 1.0), (DAY, 2.0), (week(1), 3.0)))
    made = filled(bench, chart_space(bars_group(series(0, "A")) + CATEGORY_AXES), chart(twice))
    assert shown(made) == {"results": [1, 2, 3]}
    assert [numbers(one, "cat") for one in made.iter(f"{C}ser")] == [[serial(DAY), serial(DAY), serial(week(1))]]


def test_a_group_without_series_goes_with_its_axes(bench: Bench) -> None:
    second = value_axis(3, 4, "b") + value_axis(4, 3, "r")
    space = chart_space(
        scatter(series(0, "results", by_date=True))
        + scatter(series(1, "trend", by_date=True)).replace('"1"/><c:axId val="2"', '"3"/><c:axId val="4"')
        + SCATTER_AXES + second
    )  # fmt: skip
    plot = filled(bench, space, chart(RESULTS)).find(f".//{C}plotArea")
    assert [one.tag.rpartition("}")[2] for one in plot] == ["layout", "scatterChart", "valAx", "valAx"]
    assert [one.get("val") for one in plot.iterfind(f"{C}valAx/{C}axId")] == ["1", "2"]


@pytest.mark.parametrize(
    ("own", "wanted", "expected"),
    [
        ("General", "General", "General"),
        ("0.0", "General", "0.0"),
        ("0%", "General", "General"),
        ("General", "[m]:ss", "[m]:ss"),
        ('0 "days"', "0", '0 "days"'),
    ],
)
def test_numbers_keep_their_format_where_it_suits_them(bench: Bench, own: str, wanted: str, expected: str) -> None:
    quoted = own.replace('"', "&quot;")
    values = value_axis(2, 1).replace(
        'formatCode="General" sourceLinked="1"', f'formatCode="{quoted}" sourceLinked="0"'
    )
    space = chart_space(scatter(series(0, "A", by_date=True)) + value_axis(1, 2, "b") + values)
    days, heights = filled(bench, space, chart(RESULTS, number_format=wanted)).iterfind(f".//{C}valAx/{C}numFmt")
    assert (heights.get("formatCode"), heights.get("sourceLinked")) == (expected, "0")
    assert (days.get("formatCode"), days.get("sourceLinked")) == ("m/d", "1")


@pytest.mark.parametrize(
    ("bounds", "values", "expected"),
    [
        ('<c:max val="100"/><c:min val="0"/>', (41, 52), (100, 0)),
        ('<c:max val="50"/><c:min val="0"/>', (41, 52), (60, 0)),
        ('<c:max val="50"/>', (41, 152), (152, None)),
        ('<c:max val="30"/><c:min val="20"/>', (41, 52), (60, 0)),
        ("", (41, 52), (None, None)),
    ],
)
def test_bounds_of_an_axis_stay_but_where_they_would_hide_results(
    bench: Bench, bounds: str, values: tuple[float, ...], expected: tuple[float | None, ...]
) -> None:
    axes = value_axis(1, 2, "b") + value_axis(2, 1, bounds=bounds)
    space = chart_space(scatter(series(0, "A", by_date=True)) + axes)
    made = filled(bench, space, chart(line("results", "data", *values), most=60.0))
    scaling = made.findall(f".//{C}valAx/{C}scaling")[1]
    found = (scaling.find(f"{C}max"), scaling.find(f"{C}min"))
    assert tuple(float(one.get("val")) if one is not None else None for one in found) == expected


def test_an_axis_of_days_from_another_year_moves_to_that_of_the_results(bench: Bench) -> None:
    before = (serial(DAY) - 400, serial(DAY) - 200)
    bounds = f'<c:max val="{before[1]}"/><c:min val="{before[0]}"/>'
    axes = value_axis(1, 2, "b", bounds, '<c:majorUnit val="7"/>') + value_axis(2, 1)
    space = chart_space(scatter(series(0, "A", by_date=True)) + axes)
    days = filled(bench, space, chart(line("results", "data", 1, 2, every=40))).find(f".//{C}valAx")
    found = [float(days.find(f".//{C}{name}").get("val")) for name in ("min", "max", "majorUnit")]
    assert found == [serial(DAY), serial(week(40)), 28]


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_chart_the_drawing_goes_and_the_samples_numbers_with_it(bench: Bench, value: Any) -> None:
    body = para(run("a")) + ONE + para(run("b"))
    document = bench.render(template_with(body, TWO_LINES), chart=value)
    assert text_of(document).split() == ["a", "b"]
    assert part_of(document).find(".//{*}drawing") is None
    assert shown(part_of(document, "word/charts/chart9.xml")) == {"": []}
    book = openpyxl.load_workbook(io.BytesIO(parts_of(document)["word/embeddings/Microsoft_Excel_Worksheet.xlsx"]))
    assert book.sheetnames == ["Sheet1"]
    assert list(book["Sheet1"].values) == []


def test_of_the_samples_workbook_nothing_is_left(bench: Bench) -> None:
    document = bench.render(template_with(GOALS, TWO_LINES), goals=[{"chart": chart(RESULTS)}] * 2)
    for name, part in parts_of(document).items():
        if name.endswith(".xlsx"):
            assert openpyxl.load_workbook(io.BytesIO(part)).sheetnames == ["Sheet1"]


@pytest.mark.parametrize("alt", ["Reading in grade {{ chart }}", "{{ chart }}"])
def test_a_chart_whose_alternative_text_is_of_words_stays_as_it_is(bench: Bench, alt: str) -> None:
    template = template_with(para(drawn(alt)), TWO_LINES)
    document = bench.render(template, chart="three")
    assert parts_of(document)["word/charts/chart9.xml"] == parts_of(template)["word/charts/chart9.xml"]
    assert "three" in part_of(document).find(".//{*}docPr").get("descr")


def test_words_may_stand_beside_the_chart_in_its_alternative_text(bench: Bench) -> None:
    body = para(drawn("{{ name }}: {{ chart }} (estimated)"))
    document = bench.render(template_with(body, TWO_LINES), name="Reading", chart=chart(RESULTS))
    assert part_of(document).find(".//{*}docPr").get("descr") == "Reading: in words (estimated)"
    [(_, space)] = charts_of(document)
    assert shown(space) == {"results": [41, 45.5, 52]}


def test_a_chart_without_a_tag_is_one_part_in_all_rounds(bench: Bench) -> None:
    template = template_with(GOALS.replace("{{ goal.chart }}", "Norms"), TWO_LINES)
    document = bench.render(template, goals=[1, 2])
    assert [name for name, _ in charts_of(document)] == ["word/charts/chart9.xml"] * 2
    assert parts_of(document)["word/charts/chart9.xml"] == parts_of(template)["word/charts/chart9.xml"]


def test_a_chart_that_also_stands_without_a_tag_is_kept_for_that(bench: Bench) -> None:
    body = para(drawn("Norms", 6)) + ONE
    template = template_with(body, TWO_LINES)
    document = bench.render(template, chart=chart(RESULTS))
    (name, _), (_, space) = charts_of(document)
    assert parts_of(document)[name] == parts_of(template)[name]
    assert shown(space) == {"results": [41, 45.5, 52]}
    assert shown(charts_of(bench.render(template, chart=None))[0][1]).keys() == {"A", "B"}


def test_a_chart_may_be_drawn_in_a_text_box(bench: Bench) -> None:
    document = bench.render(template_with(para(text_box(ONE)), TWO_LINES), chart=chart(RESULTS))
    made = charts_of(document)
    assert [shown(space) for _, space in made] == [
        {"results": [41, 45.5, 52]}
    ] * 2  # as DrawingML, and for old programs
    assert part_of(bench.render(template_with(para(text_box(ONE)), TWO_LINES), chart=None)).find(f".//{C}chart") is None


def test_a_chart_may_be_drawn_in_a_header(bench: Bench) -> None:
    related = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="chart9" Type="{RELATIONS}/chart" Target="charts/chart9.xml"/></Relationships>'
    )
    rels = {"word/_rels/header1.xml.rels": related.encode()}
    document = bench.render(template_with(ONE, TWO_LINES, headers=[ONE], more=rels), chart=chart(RESULTS))
    parts = [name for name in parts_of(document) if name.startswith("word/charts/iep") and "style" not in name]
    assert [shown(part_of(document, name)) for name in parts if "colors" not in name] == [
        {"results": [41, 45.5, 52]}
    ] * 2


def test_a_document_may_be_the_template_of_others(bench: Bench) -> None:
    built_in = bench.render(raw_document(para(run("{{ chart }}"))), chart=chart(RESULTS, AIM, PHASE, text="in words"))
    parts = parts_of(built_in)
    template = bench.folder / "again.docx"
    body = parts["word/document.xml"].replace(b'descr="in words"', b'descr="{{ chart }}"')
    body = body.replace(b"</w:body>", para(run("{{ chart }}")).encode() + b"</w:body>")
    template.write_bytes(packed(parts | {"word/document.xml": body}))
    document = bench.render(template.read_bytes(), chart=chart(line("results", "data", 7, 8)))
    made = charts_of(document)
    assert [shown(space) for _, space in made] == [{"results": [7, 8]}] * 2
    assert len({name for name, _ in made}) == 2


def test_a_charts_own_tags_are_filled_as_well(bench: Bench) -> None:
    title = (
        "<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>{{ student }}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title>'
    )
    space = TWO_LINES.replace("<c:chart><c:autoTitleDeleted", f"<c:chart>{title}<c:autoTitleDeleted")
    document = bench.render(
        template_with(GOALS, space), student="Ana <3", goals=[{"chart": chart(RESULTS)}, {"chart": chart(AIM)}]
    )
    made = [space for _, space in charts_of(document)]
    assert [one.findtext(".//{*}t") for one in made] == ["Ana <3", "Ana <3"]
    assert [list(shown(one)) for one in made] == [["results"], ["line to the target"]]


def test_a_chart_without_a_workbook_gets_one(bench: Bench) -> None:
    space = TWO_LINES.replace(TWO_LINES[TWO_LINES.index("<c:externalData") : TWO_LINES.index("</c:chartSpace>")], "")
    document = bench.render(template_with(GOALS, space, related=" "), goals=[{"chart": chart(RESULTS)}] * 2)
    assert [workbook_of(document, name)["B2"].value for name, _ in charts_of(document)] == [41, 41]


def test_a_link_to_a_workbook_on_a_disk_is_cut(bench: Bench) -> None:
    related = (
        f'<Relationship Id="rId3" Type="{RELATIONS}/oleObject" Target="file:///C:/Data/jordan.xlsx" '
        'TargetMode="External"/>'
    )
    document = bench.render(template_with(GOALS, TWO_LINES, related=related), goals=[{"chart": chart(RESULTS)}] * 2)
    assert not any(b"jordan.xlsx" in part for part in parts_of(document).values())
    assert [workbook_of(document, name)["B2"].value for name, _ in charts_of(document)] == [41, 41]


def test_a_link_to_a_workbook_elsewhere_is_refused(bench: Bench) -> None:
    related = (
        f'<Relationship Id="rId3" Type="{RELATIONS}/oleObject" Target="https://example.com/a.xlsx" '
        'TargetMode="External"/>'
    )
    with pytest.raises(IepdocsError, match="fetched from elsewhere"):
        bench.load(template_with(ONE, TWO_LINES, related=related))


def test_a_chart_that_names_cells_of_its_sample_names_them_no_more(bench: Bench) -> None:
    bars = (
        '<c:errBars><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/><c:plus><c:numRef>'
        "<c:f>Sheet1!$H$2</c:f></c:numRef></c:plus></c:errBars>"
    )
    space = chart_space(
        scatter(series(0, "A", by_date=True, more=bars)) + SCATTER_AXES,
        before="",
    ).replace('<c:date1904 val="0"/>', '<c:date1904 val="1"/>')
    made = filled(bench, space, chart(RESULTS))
    assert made.find(f".//{C}errBars") is None
    assert made.find(f"{C}date1904").get("val") == "0"


PIE = chart_space(f'<c:pieChart><c:varyColors val="1"/>{series(0, "A")}</c:pieChart>')
NO_SERIES = chart_space(scatter() + SCATTER_AXES)
MANY = chart_space(scatter(*[series(0, "A", by_date=True)] * 300) + SCATTER_AXES)


@pytest.mark.parametrize(
    ("space", "why"), [(PIE, "neither"), (NO_SERIES, "no series"), (MANY, "more series than Word draws")]
)
def test_what_cannot_be_filled_is_told_when_it_is_checked_and_when_it_is_used(
    bench: Bench, space: str, why: str
) -> None:
    template = bench.load(template_with(ONE, space))
    [warning] = template.warnings
    assert why in warning.message
    assert warning.severity is Severity.WARNING
    assert "alternative text" in str(warning.place)
    with pytest.raises(IepdocsError, match=why):
        template.render({"chart": chart(RESULTS)})
    assert template.render({"chart": "words"})


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE c SYSTEM "http://example.com/c.dtd">',
    ],
)
def test_a_chart_with_entities_is_refused(bench: Bench, bomb: str) -> None:
    space = TWO_LINES.replace("<c:chartSpace", f"{bomb}<c:chartSpace", 1)
    with pytest.raises(IepdocsError, match="entities"):
        bench.load(template_with(ONE, space))


def test_signs_that_a_template_writes_itself_mean_nothing(bench: Bench) -> None:
    space = TWO_LINES.replace("<c:chart>", "<c:chart><?iepdocs-chart open ser0?><!-- x -->", 1)
    assert shown(filled(bench, f"{space}<?iepdocs-chart put tx0?>", chart(RESULTS))) == {"results": [41, 45.5, 52]}


@pytest.mark.parametrize(
    ("rounds", "title", "why"), [(2_001, "", "so many charts"), (700, "x" * 100_000, "a document of that length")]
)
@pytest.mark.parametrize("tag", ["drawn", "built in"])
def test_more_charts_than_a_document_holds_are_refused(
    bench: Bench, rounds: int, title: str, why: str, tag: str
) -> None:
    body = ONE if tag == "drawn" else para(run("{{ chart }}"))
    space = TWO_LINES.replace("<c:plotVisOnly", f"<!-- --><c:plotVisOnly x='{title}'", 1)
    template = bench.load(
        template_with(para(run(f"{{%p for one in range({rounds}) %}}")) + body + para(run("{%p endfor %}")), space)
    )
    value = chart(line("results", "data", 1)) if tag == "drawn" else chart(Line(title, "data", ((DAY, 1.0),)))
    with pytest.raises(IepdocsError, match=why):
        template.render({"chart": value})


def test_of_a_huge_sample_nothing_is_carried_along(bench: Bench) -> None:
    huge = chart_space(scatter(series(0, "A", by_date=True, xs=range(50_000))) + SCATTER_AXES)
    document = bench.load(template_with(ONE, huge)).render({"chart": chart(RESULTS)})  # which takes a validator minutes
    assert len(parts_of(document)["word/charts/chart9.xml"]) < 10_000


def test_a_misspelt_name_is_found_once_with_its_place(bench: Bench) -> None:
    template = template_with(para(drawn("{{ goal.chrat }}")), TWO_LINES)
    _, [finding] = bench.told(template, goal={"chart": chart(RESULTS)})
    assert finding.rule == "name-unknown"
    assert "alternative text" in str(finding.place)
    loaded = bench.load(template)
    assert ("goal", "chrat") in loaded.paths
    [place] = loaded.places_of(("goal", "chrat"))
    assert "alternative text" in str(place)


def test_a_tag_that_cannot_be_read_is_told_once(bench: Bench) -> None:
    path = bench.folder / "draft.docx"
    path.write_bytes(template_with(para(drawn("{{ goal.chart| }}")), TWO_LINES))
    [problem] = Draft(path).problems
    assert "{{ goal.chart| }}" in problem.message


def test_a_blank_document_shows_the_chart_as_it_was_drawn(bench: Bench) -> None:
    template = template_with(GOALS, TWO_LINES)
    document = bench.load(template).blank()
    [(name, _)] = charts_of(document)
    assert parts_of(document)[name] == parts_of(template)[name]
    assert part_of(document).find(".//{*}docPr").get("descr") == "goal.chart"


def test_two_renderings_are_the_same(bench: Bench) -> None:
    template = bench.load(template_with(GOALS, TWO_LINES))
    goals = [{"chart": chart(RESULTS, AIM)}, {"chart": chart(AIM)}]
    one, other = (parts_of(template.render({"goals": goals})) for _ in range(2))
    assert one == other


def test_libreoffice_draws_both_kinds_of_charts(bench: Bench, printed: Printed) -> None:
    built_in = line("words a minute", "data", 41, 52)
    body = para(run("{{ built_in }}")) + GOALS
    document = bench.render(
        template_with(body, TWO_LINES),
        built_in=chart(built_in),
        goals=[{"chart": chart(RESULTS)}, {"chart": chart(line("minutes", "data", 3, 4), AIM)}],
    )
    text = printed(document, "pdftotext").decode()
    for words in ("words a minute", "results", "minutes", "line to the target", "9/7"):
        assert words in text

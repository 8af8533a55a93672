"""Charts that a district drew itself in its template: filled with the lines of a chart, and left in their own look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.chart_data import Axis, Series, blanks, columns_of, fitted
from iepdocs.docx.charts import Line, shown, workbook
from iepdocs.docx.printing import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from iepdocs.docx.charts import Chart

_BY_CATEGORY = {"lineChart", "line3DChart", "barChart", "bar3DChart", "areaChart", "area3DChart"}
_BY_NUMBER = {"scatterChart"}
_BEFORE_NAME, _BEFORE_VALUES = {"idx", "order"}, {"smooth", "shape", "bubbleSize", "extLst"}
_AFTER_DATA = {"printSettings", "userShapes", "extLst"}
"""What stands after the workbook's relationship in a chart (ISO/IEC 29500-1, CT_ChartSpace)."""
_MOST_SERIES = 255
"""As many as Word draws."""
_SIGN, _DROPPED = "iepdocs-chart", "dropped"
_SIGNS = re.compile(rf"<\?{_SIGN} (open|close|put) ([^?]*)\?>")
_RELATIONSHIPS = {
    True: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
"""The namespace of relationships in ISO/IEC 29500's strict form, and in its transitional one."""


class ChartError(FilterError):
    """A chart of the template that cannot be filled: the reason as the end of a sentence about the tag."""


class OwnChart:
    """The DrawingML of a chart, ready to be filled.

    Args:
        root: its part's tree; it is changed.

    Attributes:
        data: the id of the relationship to its workbook.
        size: how many characters it has without numbers.

    Raises:
        ChartError: where it is none that can be filled.
    """

    def __init__(self, root: etree._Element) -> None:
        namespace = etree.QName(root).namespace or ""
        self._c = f"{{{namespace}}}"
        self._r = f"{{{_RELATIONSHIPS['purl.oclc.org' in namespace]}}}"
        etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)
        if root.nsmap.get("c") != namespace:
            kept = [prefix for prefix in root.nsmap if prefix]
            etree.cleanup_namespaces(root, top_nsmap={"c": namespace}, keep_ns_prefixes=["c", *kept])
        plot = root.find(f"{self._c}chart/{self._c}plotArea")
        groups = [one for one in plot if self._name(one).endswith("Chart")] if plot is not None else []
        self._series = self._read_series(groups)
        self._axes = self._read_axes(plot, groups) if plot is not None else []
        self._axes_of = [self._axis_ids(group) for group in groups]
        for number, group in enumerate(groups):
            self._around(group, f"group{number}")
        self._blanks = self._mark_blanks(root)
        self._entries = self._mark_legend(root)
        self._without_what_is_the_samples(root)
        self.data = self._related(root)
        pieces = _SIGNS.split(etree.tostring(root, encoding="unicode", with_tail=False))
        self._literals, self._signs = pieces[::3], list(zip(pieces[1::3], pieces[2::3], strict=True))
        self._literals, self._signs = self._without({_DROPPED})
        self.size = sum(map(len, self._literals))

    # --- reading the template's chart

    def _name(self, element: etree._Element) -> str:
        return etree.QName(element).localname if isinstance(element.tag, str) else ""

    def _child(self, element: etree._Element, *names: str) -> etree._Element | None:
        return element.find("/".join(f"{self._c}{name}" for name in names))

    def _val(self, element: etree._Element, *names: str) -> str:
        found = self._child(element, *names)
        return found.get("val", "") if found is not None else ""

    def _put(self, element: etree._Element, key: str) -> None:
        """Let what is written later stand in the place of an element."""
        element.addprevious(etree.ProcessingInstruction(_SIGN, f"put {key}"))
        self._drop(element)

    def _drop(self, element: etree._Element) -> None:
        """Leave out an element: to take a large one out of its tree takes lxml far longer."""
        self._around(element, _DROPPED)

    def _around(self, element: etree._Element, key: str) -> None:
        """Put signs around an element, so that it can be left out."""
        element.addprevious(etree.ProcessingInstruction(_SIGN, f"open {key}"))
        end = etree.ProcessingInstruction(_SIGN, f"close {key}")
        end.tail, element.tail = element.tail, None
        element.addnext(end)

    def _read_series(self, groups: Sequence[etree._Element]) -> list[Series]:
        found: list[Series] = []
        for at, group in enumerate(groups):
            if self._name(group) not in _BY_CATEGORY | _BY_NUMBER:
                raise ChartError("is to fill a chart that is neither of lines nor of points, columns or areas")
            for element in [one for one in group if self._name(one) == "ser"]:
                found.append(self._read_one(element, len(found), at, by_date=self._name(group) in _BY_NUMBER))
                if len(found) > _MOST_SERIES:
                    raise ChartError("is to fill a chart with more series than Word draws")
            for extension in [one for one in group if self._name(one) == "extLst"]:
                self._drop(extension)  # series that a filter hides, with the sample's cells
        if not found:
            raise ChartError("is to fill a chart that has no series")
        return sorted(found, key=lambda one: one.order)

    def _read_one(self, element: etree._Element, number: int, group: int, *, by_date: bool) -> Series:
        x_name, y_name = ("xVal", "yVal") if by_date else ("cat", "val")
        x, y, name = (self._child(element, one) for one in (x_name, y_name, "tx"))
        days = [point.text for point in x.iter(f"{self._c}v")] if x is not None else []
        order = self._val(element, "order")
        series = Series(
            number,
            int(order) if order.isdigit() else number,
            "".join(one.text or "" for one in name.iter(f"{self._c}v")) if name is not None else "",
            by_date,
            by_date and len(days) > 1 and len(set(days)) == 1,
            (self._format(x), self._format(y)),
            group,
        )
        self._insert(element, f"tx{number}", lambda kind: kind not in _BEFORE_NAME)
        self._insert(element, f"values{number}", lambda kind: kind in _BEFORE_VALUES)
        for one in list(element):
            kind = self._name(one)
            custom = kind == "errBars" and next(one.iter(f"{self._c}numRef"), None) is not None
            if one in (x, y, name) or kind == "extLst" or custom:
                self._drop(one)
        self._around(element, f"ser{number}")
        return series

    def _insert(self, element: etree._Element, key: str, before: Callable[[str], bool]) -> None:
        """Put a sign into a series before the first of some of its elements, or at its end."""
        sign = etree.ProcessingInstruction(_SIGN, f"put {key}")
        at = next((one for one in element if before(self._name(one)) and self._name(one)), None)
        if at is not None:
            at.addprevious(sign)
        else:
            element.append(sign)

    def _format(self, values: etree._Element | None) -> str:
        found = next(values.iter(f"{self._c}formatCode"), None) if values is not None else None
        return (found.text or "") if found is not None else ""

    def _axis_ids(self, group: etree._Element) -> set[str]:
        return {one.get("val", "") for one in group if self._name(one) == "axId"}

    def _read_axes(self, plot: etree._Element, groups: Sequence[etree._Element]) -> list[Axis]:
        found = []
        scattered = {one for group in groups if self._name(group) in _BY_NUMBER for one in self._axis_ids(group)}
        elements = [one for one in plot if self._name(one) in ("valAx", "dateAx", "catAx")]
        self._ids = [self._val(element, "axId") for element in elements]
        for number, element in enumerate(elements):
            level = self._val(element, "axPos") in ("b", "t")
            days = self._name(element) != "valAx" or (self._ids[number] in scattered and level)
            axis = Axis(number, days, "", "")
            given = self._child(element, "numFmt")
            if given is not None:
                axis.number_format, axis.linked = given.get("formatCode", ""), given.get("sourceLinked", "0")
                self._put(given, f"format{number}")
            scaling = self._child(element, "scaling")
            logarithmic = scaling is not None and self._child(scaling, "logBase") is not None
            if scaling is not None and not logarithmic and self._name(element) != "catAx":
                fixed = [one for one in scaling if self._name(one) in ("max", "min")]
                if self._name(element) == "valAx":
                    fixed += [one for one in element if self._name(one) == "majorUnit"]
                for one in fixed:
                    self._bound(one, axis)
            unit = self._child(element, "baseTimeUnit")
            if unit is not None:
                unit.set("val", "days")
            self._around(element, f"axis{number}")
            found.append(axis)
        return found

    def _bound(self, element: etree._Element, axis: Axis) -> None:
        try:
            axis.bounds[self._name(element)] = float(element.get("val", ""))
        except ValueError:
            return
        self._put(element, f"{self._name(element)}{axis.number}")

    def _mark_blanks(self, root: etree._Element) -> str:
        """Put a sign for how blank cells are shown; return how the template has them shown."""
        chart = self._child(root, "chart")
        if chart is None:
            return ""
        given = self._child(chart, "dispBlanksAs")
        if given is not None:
            self._put(given, "blanks")
            return given.get("val", "zero")
        self._insert(chart, "blanks", lambda kind: kind == "extLst")
        return "zero"

    def _mark_legend(self, root: etree._Element) -> list[int]:
        """Put signs around the entries of the legend that have a look of their own; return which series they are of."""
        found: list[int] = []
        for entry in list(root.iter(f"{self._c}legendEntry")):
            index = self._child(entry, "idx")
            if index is not None and index.get("val", "").isdigit():
                self._put(index, f"idx{len(found)}")
                self._around(entry, f"entry{len(found)}")
                found.append(int(index.get("val", "")))
        return found

    def _without_what_is_the_samples(self, root: etree._Element) -> None:
        """Take out what names cells of the workbook that was inside, or counts days from another one."""
        for element in [one for one in root if self._name(one) == "pivotSource"]:
            self._drop(element)
        for element in root.iter(f"{self._c}date1904", "{*}showDataLabelsRange"):
            element.set("val", "0")

    def _related(self, root: etree._Element) -> str:
        """Return the id of the relationship to the workbook; where the chart names none, it does so now."""
        found = next((one for one in root if self._name(one) == "externalData"), None)
        if found is not None and (identity := found.get(f"{self._r}id")):
            return identity
        if found is None:
            found = etree.Element(f"{self._c}externalData", nsmap=root.nsmap)
            etree.SubElement(found, f"{self._c}autoUpdate", val="0")
            after = next((one for one in root if self._name(one) in _AFTER_DATA), None)
            if after is not None:
                after.addprevious(found)
            else:
                root.append(found)
        found.set(f"{self._r}id", "rIdIepdocs")
        return "rIdIepdocs"

    # --- filling it

    def filled(self, chart: Chart) -> tuple[bytes, bytes]:
        """Return the DrawingML of the chart with other data, and the workbook that has these."""
        given = self._assigned(shown(chart.lines))
        columns, put = columns_of(given, chart)
        put["blanks"] = f'<c:dispBlanksAs val="{blanks(self._blanks, columns)}"/>'
        kept = {series.number for series, _ in given}
        groups = {series.group for series, _ in given}
        axes = {identity for number in groups for identity in self._axes_of[number]}
        gone = {f"ser{series.number}" for series in self._series if series.number not in kept}
        gone |= {f"group{number}" for number in range(len(self._axes_of)) if number not in groups}
        gone |= {f"axis{axis.number}" for axis in self._axes if self._ids[axis.number] not in axes}
        self._legend(kept, put, gone)
        for axis in self._axes:
            lines = [line for series, line in given if self._ids[axis.number] in self._axes_of[series.group]]
            put |= fitted(axis, chart, lines)
        xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + self._written(put, gone)
        return xml.encode(), workbook(columns)

    def _assigned(self, lines: Sequence[Line]) -> list[tuple[Series, Line]]:
        """Return which line each series shows: that of its name, else the next one of its sort, else the next one."""
        left = list(lines)
        found: dict[int, Line] = {}
        tests: list[Callable[[Series, Line], bool]] = [
            lambda series, line: _same(series.name, line.name),
            lambda series, line: _same(series.name, line.look),
            lambda series, line: series.phases == (line.look == "phase"),
            lambda _, __: True,
        ]
        for test in tests:
            for series in self._series:
                if series.number in found:
                    continue
                at = next(
                    (
                        at
                        for at, line in enumerate(left)
                        if (series.by_date or line.look != "phase") and test(series, line)
                    ),
                    None,
                )
                if at is not None:
                    found[series.number] = left.pop(at)
        if not found:
            return [(self._series[0], Line("", "data", ()))]
        return [(series, found[series.number]) for series in self._series if series.number in found]

    def _legend(self, kept: Container[int], put: dict[str, str], gone: set[str]) -> None:
        places = [series.number in kept for series in self._series]
        for number, index in enumerate(self._entries):
            if index < len(places) and not places[index]:
                gone.add(f"entry{number}")
            put[f"idx{number}"] = f'<c:idx val="{index - places[:index].count(False)}"/>'

    def _written(self, put: Mapping[str, str], gone: Container[str]) -> str:
        literals, signs = self._without(gone)
        pieces = [literals[0]]
        for (action, key), literal in zip(signs, literals[1:], strict=True):
            pieces += (put.get(key, "") if action == "put" else "", literal)
        return "".join(pieces)

    def _without(self, gone: Container[str]) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the literals and the signs between them, without what stands between some signs."""
        literals, signs = [self._literals[0]], []
        waiting = ""
        for sign, literal in zip(self._signs, self._literals[1:], strict=True):
            if waiting:
                if sign == ("close", waiting):
                    waiting = ""
                    literals[-1] += literal
            elif sign[0] == "open" and sign[1] in gone:
                waiting = sign[1]
            else:
                signs.append(sign)
                literals.append(literal)
        return literals, signs


def _same(one: str, other: str) -> bool:
    return one.split() != [] and " ".join(one.split()).casefold() == " ".join(other.split()).casefold()

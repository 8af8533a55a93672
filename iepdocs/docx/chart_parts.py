"""The parts of a chart that a district drew itself: its DrawingML, its workbook, its colours, anew for each use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.docx.charts import CHART_TYPE
from iepdocs.docx.own_charts import ChartError, OwnChart
from iepdocs.docx.package import PackageError, parse, rels_of, resolved
from iepdocs.docx.wordml import quoted

if TYPE_CHECKING:
    from iepdocs.docx.charts import Chart
    from iepdocs.docx.package import Package, Relationship

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"
_SHARED = ("/image", "/hyperlink")
"""What several charts may point to; of all else each has its own."""


class ChartPart:
    """A chart of the template, with what it points to.

    Args:
        package: the template.
        name: the name of the chart's part.
        alone: whether one drawing of the template shows it, so that its first use may stand in its place.

    Attributes:
        problem: why it cannot be filled, as the end of a sentence; nothing where it can.
        size: how many characters its part has without numbers.
    """

    def __init__(self, package: Package, name: str, *, alone: bool) -> None:
        self.name, self.alone = name, alone
        self.problem = ""
        self.size = 0
        self._package = package
        self._related = list(package.relationships.get(name, {}).values())
        self._own: OwnChart | None = None
        if package.content_types.get(name) != CHART_TYPE:
            self.problem = "is to fill a chart of a kind that only later versions of Word have"
            return
        try:
            self._own = OwnChart(parse(package.part(name)))
            self.size = self._own.size
        except PackageError:
            self.problem = "is to fill a chart that is damaged"
        except ChartError as error:
            self.problem = str(error)

    def parts(
        self, chart: Chart, name: str, made: str, source: bytes | None = None
    ) -> tuple[dict[str, bytes], dict[str, str]]:
        """Return the parts of one use by their names, and the content types of those that the template has not.

        Args:
            chart: what it shows.
            name: the name of its part.
            made: what the names of other new parts begin with, of its own in the document.
            source: the chart as its own tags have made it, if it has some.

        Raises:
            ChartError: where it cannot be filled.
        """
        own = self._own if source is None else OwnChart(parse(source))
        if own is None:
            raise ChartError(self.problem)
        content, book = own.filled(chart)
        parts = {name: content}
        types = {} if name == self.name else {name: CHART_TYPE}
        written: list[tuple[str, str, str, bool]] = []
        for one in self._related:
            if one.id == own.data or (one.external and not one.type.endswith(_SHARED)):
                continue
            target = one.target if one.external or name == self.name else self._target(one, made, parts, types)
            written.append((one.id, one.type, target, one.external))
        workbook = self._workbook(own.data, name) or f"word/embeddings/{made}.xlsx"
        parts[workbook] = book
        written.append((own.data, _PACKAGE, f"/{workbook}", False))
        parts[rels_of(name)] = _relationships(written)
        return parts, types

    def _workbook(self, identity: str, name: str) -> str | None:
        """Return the name of the template's workbook where that is no longer used otherwise."""
        if name != self.name:
            return None
        found = next((one for one in self._related if one.id == identity and not one.external), None)
        target = resolved(self.name, found.target) if found else None
        if target not in self._package.entries or not target or not target.endswith(".xlsx"):
            return None
        return target if len(pointing_to(self._package, target)) == 1 else None

    def _target(self, one: Relationship, made: str, parts: dict[str, bytes], types: dict[str, str]) -> str:
        """Return the target of a copy's relationship: a part that may be shared, or a copy of the template's."""
        target = resolved(self.name, one.target) or ""
        if one.type.endswith(_SHARED) or target not in self._package.entries:
            return f"/{target}"
        folder, _, last = target.rpartition("/")
        copied = f"{folder}/{made}-{last}".lstrip("/")
        parts[copied] = self._package.part(target)
        types[copied] = self._package.content_types[target]
        if (rels := rels_of(target)) in self._package.entries:
            parts[rels_of(copied)] = self._package.part(rels)
        return f"/{copied}"


def pointing_to(package: Package, name: str) -> list[tuple[str, str]]:
    """Return the part and id of every relationship whose target is a part."""
    return [
        (part, one.id)
        for part, relationships in package.relationships.items()
        for one in relationships.values()
        if not one.external and resolved(part, one.target) == name
    ]


def _relationships(written: list[tuple[str, str, str, bool]]) -> bytes:
    inside = "".join(
        f"<Relationship Id={quoted(identity)} Type={quoted(kind)} Target={quoted(target)}"
        + (' TargetMode="External"/>' if external else "/>")
        for identity, kind, target, external in written
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<Relationships xmlns="{_RELATIONSHIPS}">{inside}</Relationships>'.encode()

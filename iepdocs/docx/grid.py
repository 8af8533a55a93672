"""The columns of a table whose rows a loop has given more cells than the table has columns, as docxtpl widens them."""

from __future__ import annotations

from lxml import etree

from iepdocs.docx.wordml import attribute, child, kind, qualified


def widened(content: bytes) -> bytes:
    """Return a part in which every table has as many columns as its longest row has cells, at the same full width."""
    root = etree.fromstring(content)
    changed = False
    for table in root.iter():
        grid = child(table, "tblGrid") if kind(table) == "tbl" else None
        if grid is None:
            continue
        columns = [one for one in grid if kind(one) == "gridCol"]
        most = max((sum(kind(one) == "tc" for one in row) for row in table if kind(row) == "tr"), default=0)
        if most <= len(columns) or not columns:
            continue
        changed = True
        width = sum(_width(one) for one in columns)
        for one in columns:
            if width:
                one.set(qualified(one, "w"), str(_width(one) * len(columns) // most))
        for _ in range(most - len(columns)):
            made = etree.SubElement(grid, columns[0].tag)
            if width:
                made.set(qualified(columns[0], "w"), str(width // most))
    if not changed:
        return content
    return etree.tostring(
        root.getroottree(),
        encoding="UTF-8",
        xml_declaration=True,
        standalone=root.getroottree().docinfo.standalone,
    )


def _width(column: etree._Element) -> int:
    text = attribute(column, "w") or "0"
    return int(float(text)) if text.replace(".", "", 1).isdigit() else 0

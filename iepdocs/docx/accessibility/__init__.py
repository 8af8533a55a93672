"""What keeps people with a disability from reading the documents of a template: all of it, in one go.

Each breach has a rule of `RULES`, and is said at its place with the way through Word's own menus that mends it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from iepdocs.docx.accessibility.breach import RULES, Part
from iepdocs.docx.accessibility.colors import colors
from iepdocs.docx.accessibility.looks import Looks
from iepdocs.docx.accessibility.objects import alt_texts, floating
from iepdocs.docx.accessibility.tables import tables
from iepdocs.docx.accessibility.text import blank_lines, headings, language, links, title
from iepdocs.docx.package import PackageError, parse, read_package
from iepdocs.docx.places import HAS_TEXT, heading_styles, part_names, spots

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from iepdocs.docx.package import Package
    from iepdocs.docx.slots import Fault
    from iepdocs.findings import Finding

__all__ = ["RULES", "accessibility_findings"]


_READ = {"body", "header", "footer", "footnotes", "endnotes"}
_MOST_ALIKE = 10


def accessibility_findings(path: Path) -> list[Finding]:
    """Return what keeps people with a disability from reading the documents of a template.

    Args:
        path: a .docx, .dotx, .docm or .dotm file.

    Raises:
        IepdocsError: where the file is no Word document or not safe to open.
    """
    try:
        package = read_package(path)
        styles = package.related("styles")
        looks = Looks(parse(package.part(styles)) if styles else None)
        faults = [*language(path.name, looks), *title(package)]
        for part in _parts(package, looks):
            for rule in (headings, tables, alt_texts, links, colors, floating, blank_lines):
                faults += rule(part)
    except PackageError as error:
        raise error.told(path) from None
    return [fault.finding(path.name) for fault in _grouped(faults)]


def _parts(package: Package, looks: Looks) -> Iterator[Part]:
    """Yield the parts that a reader comes upon, the body first."""
    styled = package.related("styles")
    headings = heading_styles(parse(package.part(styled)) if styled else None)
    body = parse(package.part(package.main))
    names = part_names(package, body)
    for name, content_type in sorted(package.content_types.items(), key=lambda one: one[0] != package.main):
        words = HAS_TEXT.get(content_type)
        if words not in _READ or (words in ("header", "footer") and name not in names):
            continue  # a header that no section has is never seen
        root = body if name == package.main else parse(package.part(name))
        called = names.get(name, words)
        yield Part(root, called, dict(spots(root, called, headings)), looks)


def _grouped(faults: Sequence[Fault]) -> list[Fault]:
    """Return faults, one for those that a part has again and again."""
    alike: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.rule, fault.spot.part.partition(",")[0], _without_names(fault.message)), []).append(
            fault
        )
    found: list[Fault] = []
    for same in alike.values():
        more = len(same) - 1
        if len(same) <= _MOST_ALIKE:
            found += same
        else:
            found.append(replace(same[0], message=f"{same[0].message} This part has the same in {more} more places."))
    return found


def _without_names(message: str) -> str:
    return re.sub(r"'[^']*'|^\d+", "", message)

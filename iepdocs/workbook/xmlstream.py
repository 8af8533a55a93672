"""XML from outside, read as it streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def events(source: Any, *tags: str) -> Iterator[tuple[str, Any]]:
    """Yield the start and end of elements: `("start", element)`, `("end", element)`.

    Nothing outside the file is fetched, and lxml bounds its depth and the length of its texts.

    Args:
        source: an open binary file.
        tags: which elements.

    Raises:
        ValueError: where the file declares its own entities, as no workbook does.
    """
    from lxml import etree  # noqa: PLC0415  (heavy: only for the files that need it)

    stream = etree.iterparse(
        source,
        ("start", "end"),
        tag=tags,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
    )
    for number, (event, element) in enumerate(stream):
        if number == 0 and element.getroottree().docinfo.internalDTD is not None:
            raise ValueError("This file declares entities of its own.")
        yield event, element

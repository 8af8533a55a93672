"""A Word file as a package of parts, and what is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.docx.package import PackageError, read_package, with_overrides, with_types
from tests.support import lines, packed, part_of, parts_of, raw_document

if TYPE_CHECKING:
    from pathlib import Path

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<!-- <Types> Extension="png" --><Default Extension="xml" ContentType="application/xml"/></Types>'
)
WAYS = {
    "UTF-8 with a remark": TYPES.encode(),
    "UTF-16": TYPES.replace("UTF-8", "UTF-16").encode("utf-16"),
    "Latin-1": TYPES.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
}


@pytest.mark.parametrize("content", WAYS.values(), ids=WAYS)
def test_types_are_added_however_they_are_written(content: bytes) -> None:
    made = with_overrides(with_types(content, [("png", "image/png")]), {"word/numbering.xml": "application/numbering"})
    root = part_of(packed({"[Content_Types].xml": made}), "[Content_Types].xml")
    assert {(one.get("Extension") or one.get("PartName"), one.get("ContentType")) for one in root} == {
        ("xml", "application/xml"),
        ("png", "image/png"),
        ("/word/numbering.xml", "application/numbering"),
    }


def test_a_word_template_becomes_a_document_however_its_types_are_written(tmp_path: Path) -> None:
    parts = parts_of(raw_document(lines("a"), main="template"))
    text = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")
    path = tmp_path / "letter.dotx"
    path.write_bytes(packed(parts))
    assert b"document.main+xml" in (read_package(path).converted or b"")


@pytest.mark.parametrize(
    "target", ["\\\\srv\\x.png", "//srv/x.png", "/\\srv\\x.png", "\\/srv/x.png", "https://example.org/x.png"]
)
def test_what_would_be_fetched_is_refused_however_its_slashes_lean(tmp_path: Path, target: str) -> None:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    parts = parts_of(raw_document(lines("a")))
    rels = parts["word/_rels/document.xml.rels"].decode()
    added = f'<Relationship Id="rId99" Type="{relation}" Target="{target}" TargetMode="External"/></Relationships>'
    parts["word/_rels/document.xml.rels"] = rels.replace("</Relationships>", added).encode()
    path = tmp_path / "letter.docx"
    path.write_bytes(packed(parts))
    with pytest.raises(PackageError, match="fetched from elsewhere"):
        read_package(path)

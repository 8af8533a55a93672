"""What the README shows works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import docx
import pytest

import iepdocs
from iepdocs.docx.printing import FILTERS
from iepdocs.docx.tags import Tag, find_tags
from iepdocs.pack import load_pack
from tests.support import STUDENTS, TODAY, text_of

if TYPE_CHECKING:
    from iepdocs.pack import Pack
    from tests.support import MakeWorkbook

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
TEMPLATES = (Path(__file__).parent.parent / "docs" / "templates.md").read_text(encoding="utf-8")


def example(word: str) -> str:
    """Return the YAML example that holds a word."""
    [found] = [block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if word in block]
    return dedent(found)


@pytest.fixture
def district(tmp_path: Path) -> Path:
    for file, text in {
        "schema/students.yaml": example("bus_route"),
        "documents/bus_request.yaml": example("bus_request"),
        "context.yaml": re.findall(r"`(student: \{fields:.*)`", README)[0],
    }.items():
        path = tmp_path / "pack" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "pack" / "docx").mkdir()
    template = docx.Document()
    template.add_paragraph("{{ student.initials }} on bus {{ student.bus_route }} from {{ plan.start_date }}")
    template.save(str(tmp_path / "pack" / "docx" / "bus_request.docx"))
    return tmp_path / "pack"


def test_its_pack_adds_a_column_a_kind_and_a_name_without_python(
    make_workbook: MakeWorkbook, district: Path, tmp_path: Path
) -> None:
    students = [[*row, bus] for row, bus in zip(STUDENTS, ["Bus Route", 7, 9], strict=True)]
    plans = [
        ["Student ID", "Transportation", "Start Date", "Meeting Date"],
        ["00042", "Small bus", TODAY, TODAY],
        ["00107", None, TODAY, TODAY],
    ]
    workbook = make_workbook({"Students": students, "Plans": plans})
    iepdocs.generate(workbook, tmp_path / "out", kinds=["bus_request"], district=district, date=TODAY)
    [made] = (tmp_path / "out").rglob("*.docx")
    assert text_of(made) == "AR on bus 7 from November 25, 2026"


def test_its_table_says_which_sheets_each_document_needs_and_uses(pack: Pack) -> None:
    rows = re.findall(r"^   \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", README, re.MULTILINE)[2:]
    told = {(tuple(needs.split(", ")), tuple(uses.split(", "))) for _, needs, uses in rows}
    assert told == {(kind.needs, kind.uses) for kind in pack.kinds.values()}


def test_its_columns_are_in_the_workbook_of_the_pack(district: Path) -> None:
    assert load_pack(district).sheets["Students"].columns["bus_route"].title == "Bus Route"


@pytest.mark.parametrize("path", re.findall(r"\]\(((?!http)[^)]+)\)", README))
def test_its_links_lead_somewhere(path: str) -> None:
    assert (Path(__file__).parent.parent / path.partition("#")[0]).exists()


def test_the_elements_that_the_page_of_templates_shows_are_laid_over_the_built_in_ones(
    pack: Pack, tmp_path: Path
) -> None:
    [shown] = [block for block in re.findall(r"```yaml\n(.*?)```", TEMPLATES, re.DOTALL) if "elements:" in block]
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "meeting_invitation.yaml").write_text(shown, encoding="utf-8")
    built_in = {element.key: element for element in pack.kinds["meeting_invitation"].elements}
    district = {element.key: element for element in load_pack(tmp_path).kinds["meeting_invitation"].elements}
    assert built_in.keys() - district.keys() == {"custom: reply slip"}
    assert [key for key in district if district[key] != built_in.get(key)] == [
        "34 CFR 300.322(b)(1)(ii)",
        "custom: bus",
    ]


def test_the_page_of_templates_names_every_filter() -> None:
    table = TEMPLATES.partition("| Filter | makes |")[2].partition("\n\n")[0]
    rows = [row.split(" | ")[0] for row in table.splitlines() if row.startswith("| `")]
    told = {found for row in rows for found in re.findall(r"`(\w+)", row)}
    assert told == {*FILTERS, "image"} - {"safe", "e", "escape", "forceescape"}


@pytest.mark.parametrize("text", re.findall(r"^\| `(\{.*?\}\}?)`", TEMPLATES, re.MULTILINE))
def test_the_tags_that_the_page_of_templates_shows_are_tags(text: str) -> None:
    assert [tag.text for tag in find_tags(text.replace(" … ", "x")) if isinstance(tag, Tag)] or "_" in text

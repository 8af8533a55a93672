"""The house: imports point downwards only, and only some rooms touch the disk."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "iepdocs"

FLOORS = [
    {"text", "version"},
    {"findings", "archive", "bounds", "excel_csv", "garbage", "language", "measurement", "reads"},
    {"sandbox", "files"},
    {"pack"},
    {"workbook", "docx", "pdf"},
    {"plan"},
    {"documents"},
    {"batch"},
    {"iepdocs"},  # the public API
    {"cli"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
ROOMS_OF_FORMATS = {"workbook", "docx", "pdf"}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__main__.py")


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "iepdocs"


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "iepdocs":
            names |= {f"iepdocs.{alias.name}" if alias.name in FLOOR else "iepdocs" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards(path: Path) -> None:
    here = room_of(".".join(("iepdocs", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"))
    for name in imported(path):
        if name.split(".")[0] == "iepdocs":
            there = room_of(name)
            assert there == here or FLOOR[there] < FLOOR[here], f"{here} imports {there}"


@pytest.mark.parametrize("library", ["openpyxl", "xlrd", "olefile", "msoffcrypto", "docx", "lxml", "pypdf"])
def test_formats_are_known_to_their_room_alone(library: str) -> None:
    rooms = {
        path.relative_to(PACKAGE).parts[0]
        for path in modules()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert rooms
    assert rooms <= ROOMS_OF_FORMATS


def test_nothing_reaches_the_network_or_a_log() -> None:
    forbidden = {"socket", "http", "urllib", "requests", "logging", "smtplib", "ftplib"}
    for path in modules():
        names = imported(path) - {"urllib.parse"}  # which only splits and quotes addresses
        assert not {name.split(".")[0] for name in names} & forbidden, path

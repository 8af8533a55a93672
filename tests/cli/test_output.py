"""What `iepdocs check` prints: for people a table, for programs JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click import unstyle
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iepdocs.cli import cli
from iepdocs.cli.columns import width_of
from iepdocs.cli.output import show_findings, write_findings
from iepdocs.findings import CellPlace, FilePlace, Finding, IepdocsError, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

KEYS = ["sheet", "cell", "header", "value", "message", "mend", "severity", "rule", "citation"]
BORN = "Date of Birth"


def at(cell: str, value: str | None = None, header: str = BORN, sheet: str = "Students") -> CellPlace:
    return CellPlace(sheet, cell, header, value, int(cell[1:]), header.lower())


def not_a_date(cell: str, value: str) -> Finding:
    return Finding(f"'{value}' is not a date.", "Type it such as 3/15/2026.", at(cell, value), rule="type")


DATES = [not_a_date("D3", "TBD"), not_a_date("D4", "TBD"), not_a_date("D9", "13/40/2016")]
SCHOOL = Finding("There is no school 'Elm'.", "Did you mean Elms?", at("F2", "Elm", "School"), Severity.WARNING)
AREA = Finding(
    "Area is missing.", "Add the column.", CellPlace("Goals", header="Area"), citation="34 CFR 300.320(a)(2)"
)


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs `check` on a workbook with the findings given."""

    def run(findings: Sequence[Finding] | Exception, *arguments: str) -> Result:
        def found(*_: object, **__: object) -> Sequence[Finding]:
            if isinstance(findings, Exception):
                raise findings
            return findings

        monkeypatch.setattr("iepdocs.check", found)
        return CliRunner().invoke(cli, ["check", "plans.xlsx", *arguments])

    return run


def test_the_table(check: Callable[..., Result]) -> None:
    result = check([SCHOOL, *DATES, AREA])
    assert result.exit_code == 1
    assert result.stdout == (
        "\nStudents: 3 errors, 1 warning\n"
        "  error    D3\u2013D4, D9 (3 cells)  Date of Birth  'TBD' is not a date. Also '13/40/2016' in D9.\n"
        "                                                 Type it such as 3/15/2026.\n"
        "  warning  F2                   School         There is no school 'Elm'.\n"
        "                                                 Did you mean Elms?\n"
        "\nGoals: 1 error\n"
        "  error                         Area           Area is missing. (34 CFR 300.320(a)(2))\n"
        "                                                 Add the column.\n"
        "\nplans.xlsx: 4 errors, 1 warning (3 different problems).\n"
    )


def test_a_few_of_many_values_are_told(check: Callable[..., Result]) -> None:
    result = check([not_a_date(f"D{row}", f"day {row}") for row in range(2, 12)])
    output = " ".join(result.output.split())
    assert "Also 'day 3' in D3, 'day 4' in D4, 'day 5' in D5, 'day 6' in D6, 5 other values." in output
    assert "10 errors (all the same)." in output


def test_a_long_value_is_told_by_its_beginning(check: Callable[..., Result]) -> None:
    long = "Ana will read\n" * 2000
    result = check([not_a_date("D2", "TBD"), not_a_date("D3", long), Finding(f"'{long}' is long.", "", at("D4", long))])
    assert "'Ana will read Ana will read A\u2026' in D3." in result.output
    assert len(result.output) < 1200


def test_a_cell_cannot_steer_the_terminal(check: Callable[..., Result]) -> None:
    evil = "\x1b]0;title\x07\x9b2J\u202e"
    place = CellPlace(f"Gaols{evil}", "A1", f"Area{evil}", evil)
    result = check([Finding(f"'{evil}' is not a choice.", f"Did you mean {evil}?", place)])
    assert not set("\x1b\x07\x9b\u202e") & set(result.output)
    error = check(IepdocsError(Finding(f"'{evil}'", evil, FilePlace(evil))))
    assert not set("\x1b\x07\x9b\u202e") & set(error.output)


@pytest.mark.parametrize(("terminal", "width"), [(60, 80), (100, 100), (400, 160)])
def test_the_table_is_as_wide_as_the_terminal_within_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: int, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(terminal))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    many = [
        Finding("many words " * 40, "more words " * 40, at(f"D{row}", header="Header " * 9)) for row in (2, 4, 6, 8)
    ]
    show_findings(many)
    lines = unstyle(capsys.readouterr().out).splitlines()
    assert width - 12 < max(map(len, lines)) < width


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=4, max_size=4))
def test_any_text_keeps_within_the_width(capsys: pytest.CaptureFixture[str], texts: list[str]) -> None:
    header, value, message, mend = texts
    show_findings([Finding(message, mend, at("D2", value, header))])
    assert all(width_of(line) < 120 for line in capsys.readouterr().out.split("\n"))


def test_json_is_an_array_of_an_object_a_cell_and_nothing_else(check: Callable[..., Result]) -> None:
    result = check([*DATES, AREA], "--format", "json")
    assert result.exit_code == 1
    records = json.loads(result.stdout_bytes)
    assert [list(record) for record in records] == [KEYS] * 4
    assert list(records[2].values()) == [
        *("Students", "D9", BORN, "13/40/2016", "'13/40/2016' is not a date."),
        *("Type it such as 3/15/2026.", "error", "type", None),
    ]
    assert list(records[3].values())[:4] == ["Goals", None, "Area", None]
    assert records[3]["citation"] == "34 CFR 300.320(a)(2)"
    assert check([], "--format", "json").stdout == "[]\n"


def test_a_place_that_json_has_no_key_for_stands_before_the_message(check: Callable[..., Result]) -> None:
    pack = Finding("Nothing uses this file.", "Delete it.", FilePlace("pack/schema/goal.yaml", "meta"), Severity.NOTE)
    row = Finding("It is not clear to which plan this row belongs.", "Add Plan Start.", CellPlace("Services", row=7))
    first, second = json.loads(check([pack, row], "--format", "json").stdout)
    assert [first[key] for key in KEYS[:4]] == [None] * 4
    assert first["message"] == "pack/schema/goal.yaml, meta: Nothing uses this file."
    assert second["message"] == "Row 7: It is not clear to which plan this row belongs."


def test_csv_is_what_excel_reads_right(check: Callable[..., Result]) -> None:
    result = check([not_a_date("D3", "Jos\u00e9,\n\u4e2d"), AREA], "--format", "csv")
    assert result.exit_code == 1
    assert result.stdout_bytes.startswith(
        b"\xef\xbb\xbfsheet,cell,header,value,message,mend,severity,rule,citation\r\n"
    )
    assert result.stdout_bytes.endswith(b",34 CFR 300.320(a)(2)\r\n")
    _, first, second = csv.reader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"), newline=""))
    assert first[:4] == ["Students", "D3", BORN, "Jos\u00e9,\n\u4e2d"]
    assert second[:4] == ["Goals", "", "Area", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_csv_holds_no_formulas(check: Callable[..., Result], start: str) -> None:
    evil = f'{start}HYPERLINK("http://x","y")'
    finding = Finding(f"{evil} is new.", f"{evil}?", CellPlace(evil, "A1", evil, evil))
    _, row = csv.reader(io.StringIO(check([finding], "--format", "csv").stdout_bytes.decode("utf-8-sig"), newline=""))
    assert row[:6] == [f"'{evil}", "A1", f"'{evil}", f"'{evil}", f"'{evil} is new.", f"'{evil}?"]


def test_warnings_alone_end_with_0_in_every_format(check: Callable[..., Result]) -> None:
    assert {check([SCHOOL], "--format", name).exit_code for name in ("table", "json", "csv")} == {0}


@pytest.mark.parametrize("name", ["json", "csv"])
def test_what_stops_the_check_is_told_in_the_same_form_and_to_the_person(
    check: Callable[..., Result], name: str
) -> None:
    missing = Finding("There is no such file.", "Check the spelling.", FilePlace("plans.xlsx"), rule="unreadable")
    for stop, message in (
        (IepdocsError(missing), "plans.xlsx: There is no such file."),
        (RuntimeError("Ana Reyes"), "iepdocs: A fault of iepdocs itself, not of your files (RuntimeError at"),
    ):
        result = check(stop, "--format", name)
        assert result.exit_code == 2
        assert message in result.stdout
        assert message in result.stderr
        assert "Reyes" not in result.output
        assert name != "json" or len(json.loads(result.stdout)) == 1
    assert check(IepdocsError(missing)).stdout == ""


def test_a_format_that_is_none_ends_with_2_and_prints_nothing(check: Callable[..., Result]) -> None:
    result = check([], "--format", "xml")
    assert result.exit_code == 2
    assert result.stdout == ""


def test_json_is_utf_8_whatever_the_console_speaks(tmp_path: Path) -> None:
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "iepdocs", "check", tmp_path / "k\u1ebf ho\u1ea1ch.xlsx", "--format", "json"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252:strict"},
        check=False,
    )
    assert result.returncode == 2
    assert "k\u1ebf ho\u1ea1ch.xlsx: There is no such file." in json.loads(result.stdout)[0]["message"]


@pytest.mark.parametrize("name", ["json", "csv"])
def test_half_a_character_of_a_file_name_is_no_fault(capsysbinary: pytest.CaptureFixture[bytes], name: str) -> None:
    write_findings([Finding("There is no such file.", "", FilePlace("plans\udce9.xlsx"))], name)
    assert rb"plans\udce9.xlsx" in capsysbinary.readouterr().out

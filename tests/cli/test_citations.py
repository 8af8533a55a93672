"""`iepdocs fields --citations`: what the law asks of documents, and where it is."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from iepdocs.cli import cli
from tests.support import lines, raw_document, row, table

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.pack import Pack


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["fields", "--citations", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """Return a folder with the template of an IEP that has one goal table and one sentence of the law."""
    rows = row("{%tr for goal in goals %}"), row("{{ goal.goal_number }}", "{{ goal.goal }}"), row("{%tr endfor %}")
    (tmp_path / "iep.docx").write_bytes(raw_document(lines("You may ask for mediation.") + table(*rows)))
    return tmp_path


def test_each_element_is_listed_with_what_carries_it_and_where(templates: Path) -> None:
    said = run("iep", "--templates", templates).output
    assert said.startswith("\nIndividualized Education Program (iep)\n")
    assert (
        "34 CFR 300.320(a)(2)(i)       the measurable annual goals\n"
        "    Goals: Goal                                 body, table 1, row 2, column 2\n"
    ) in said
    assert (
        "34 CFR 300.506                that the family can ask for mediation\n"
        "    the template's own words                    body\n"
    ) in said
    assert "    Objectives: Objective                       nowhere\n" in said


def test_all_kinds_are_listed_in_110_columns(pack: Pack) -> None:
    titles = [f"{kind.title} ({kind.key})" for kind in pack.kinds.values()]
    said = run().output
    assert [line for line in said.splitlines() if line in titles] == titles
    assert max(map(len, said.splitlines())) <= 110


def test_csv_has_a_row_for_each_name_or_text(templates: Path) -> None:
    output = run("iep", "--templates", templates, "--format", "csv").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(output, newline="")))
    [goal] = [one for one in rows if one["Names"] == "goal.goal"]
    assert goal == {
        "Kind": "iep",
        "Citation": "34 CFR 300.320(a)(2)(i)",
        "Asks for": "the measurable annual goals",
        "Names": "goal.goal",
        "Columns": "Goals: Goal",
        "Place in the template": "body, table 1, row 2, column 2",
    }


def test_a_kind_of_the_districts_without_elements_says_so(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    declared = "{title: Bus Pass, template: bus.docx, for_each: [student], date: today, needs: [Students], file: a}"
    (tmp_path / "documents" / "bus_pass.yaml").write_text(declared, encoding="utf-8")
    assert run("bus_pass", "--district", tmp_path).output == "\nBus Pass (bus_pass)\nNothing is declared.\n"

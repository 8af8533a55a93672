"""The same progress reports the plain way: openpyxl, a Cerberus Validator a sheet, a docxtpl object a document.

Usage: python benchmarks/naive.py [--read-only] [--normalize-false] [--every N] WORKBOOK TEMPLATE OUT

Prints as JSON the seconds of each part, the rows refused, the documents written and the peak memory in MB. The rules
are those of iepdocs's built-in schemas; what they say beyond Cerberus (required_when, rules of law, links between
sheets) is left out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["OPENPYXL_DEFUSEDXML"] = "False"  # its faster way, also where defusedxml is installed

import openpyxl
import yaml
from cerberus import TypeDefinition, Validator
from docxtpl import DocxTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Record = dict[str, Any]
    Sheets = dict[str, list[Record]]

_SCHEMA = Path(__file__).parents[1] / "iepdocs" / "builtin" / "schema"


class RowValidator(Validator):  # type: ignore[misc]
    """Cerberus's Validator with the one type more that the schemas of these sheets have."""

    types_mapping = {  # noqa: RUF012  (as Cerberus has it)
        **Validator.types_mapping,
        "measurement": TypeDefinition("measurement", (int, float, str), (bool,)),
    }


def schema_of(title: str) -> Record:
    """Return the rules of a sheet's columns, without what iepdocs alone reads: Cerberus would be slower by it."""
    text = (_SCHEMA / f"{_key(title)}.yaml").read_text(encoding="utf-8")
    columns = yaml.load(text, yaml.CSafeLoader)["columns"]
    return {key: {rule: what for rule, what in rules.items() if rule != "meta"} for key, rules in columns.items()}


def _key(title: str) -> str:
    return title.lower().replace(" ", "_")


def read(path: Path, *, read_only: bool) -> Sheets:
    """Return the rows of every sheet."""
    book = openpyxl.load_workbook(path, read_only=read_only, data_only=True)
    return {worksheet.title: list(_records(worksheet.iter_rows(values_only=True))) for worksheet in book.worksheets}


def _records(rows: Iterator[tuple[Any, ...]]) -> Iterator[Record]:
    keys = [_key(str(title)) for title in next(rows)]
    for row in rows:
        yield {key: _typed(value) for key, value in zip(keys, row, strict=True) if value is not None}


def _typed(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    return {"yes": True, "no": False}.get(value, value)


def validate(sheets: Sheets, *, normalize: bool) -> int:
    """Validate every row, and return how many are refused."""
    refused = 0
    for title, records in sheets.items():
        validator = RowValidator(schema_of(title), allow_unknown=True)
        refused += sum(not validator.validate(record, normalize=normalize) for record in records)
    return refused


def contexts(sheets: Sheets) -> Iterator[Record]:
    """Yield what the template says of each student."""
    (period,) = sheets["Reporting Periods"]
    goals = _grouped(sheets["Goals"], "student_id")
    measurements = _grouped(sheets["Progress"], "student_id", "goal_number")
    comments = _grouped(sheets["Progress Comments"], "student_id", "goal_number", "period")
    for student in sheets["Students"]:
        key = student["student_id"]
        yield {
            "student": student,
            "period": _written(period),
            "recipient": {"contact_name": student["guardian_1_name"]},
            "goals": [
                {
                    **_written(goal),
                    "comment": comments[key, goal["goal_number"], period["period"]][0],
                    "measurements": [
                        {**_written(one), "text": str(one["value"])} for one in measurements[key, goal["goal_number"]]
                    ],
                }
                for goal in goals[key,]
            ],
        }


def _grouped(records: Iterable[Record], *keys: str) -> Mapping[tuple[str, ...], list[Record]]:
    grouped = defaultdict(list)
    for record in records:
        grouped[tuple(record[key] for key in keys)].append(record)
    return grouped


def _written(record: Record) -> Record:
    return {
        key: f"{value:%B} {value.day}, {value.year}" if isinstance(value, dt.date) else value
        for key, value in record.items()
    }


def main() -> None:
    """Make the documents, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("workbook", "template", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--read-only", action="store_true", help="read with openpyxl's other mode")
    parser.add_argument("--normalize-false", action="store_true", help="validate with normalize=False")
    parser.add_argument("--every", type=int, default=1, help="make the documents of every Nth student only (1)")
    given = parser.parse_args()
    times = [time.perf_counter()]
    sheets = read(given.workbook, read_only=given.read_only)
    times.append(time.perf_counter())
    refused = validate(sheets, normalize=not given.normalize_false)
    times.append(time.perf_counter())
    made = 0
    for number, context in enumerate(contexts(sheets)):
        if number % given.every == 0:
            document = DocxTemplate(given.template)
            document.render(context, autoescape=True)
            document.save(given.out / f"{context['student']['student_id']}.docx")
            made += 1
    times.append(time.perf_counter())
    seconds = dict(
        zip(("read", "validate", "render"), [after - before for before, after in pairwise(times)], strict=True)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**seconds, "refused": refused, "documents": made, "peak": peak}))


if __name__ == "__main__":
    main()

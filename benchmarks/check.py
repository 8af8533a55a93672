"""How fast a workbook is read and checked, against openpyxl and Cerberus in the same run.

Usage: python benchmarks/check.py [rounds]

The workbook has 2,000 students, 8,000 goals and 80,000 measurements of invented people: 642,000 filled cells.
Rounds are interleaved, and a figure is the median of them.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["OPENPYXL_DEFUSEDXML"] = "False"  # its faster way, also where defusedxml is installed

import openpyxl

from iepdocs.pack import RecordValidator, load_pack, sample_workbook
from iepdocs.plan import SheetValidator
from iepdocs.workbook import Workbook, open_workbook
from iepdocs.workbook.sources import read_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STUDENTS, GOALS, MEASUREMENTS = 2_000, 4, 10
TODAY = dt.date(2026, 11, 25)

STUDENT_COLUMNS = (
    "Student ID", "State ID", "Last Name", "First Name", "Middle Name", "Pronouns", "Date of Birth", "Grade", "School",
    "District of Residence", "Home Language", "English Learner", "Primary Disability", "Eligibility Date",
    "Last Evaluation Date", "Part C", "Case Manager", "Case Manager Email", "Case Manager Phone",
    "Adult Rights Transferred", "Guardian 1 Name",
)  # fmt: skip
GOAL_COLUMNS = (
    "Student ID", "Goal Number", "Area", "Baseline", "Goal", "Standard", "Measurement Method", "Measure Type",
    "Measure Unit", "Baseline Value", "Baseline Date", "Target Value", "Target Date", "Direction", "Responsible",
)  # fmt: skip
PROGRESS_COLUMNS = ("Student ID", "Goal Number", "Date", "Value", "Recorded By", "Setting")


def rows(chance: random.Random, students: int = STUDENTS) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the rows of a workbook of so many students, each with its sheet."""
    names = [f"{first}{last}" for first in ("Al", "Ber", "Cor", "Dan", "El") for last in ("man", "son", "ova", "ez")]
    schools = [f"{name} Elementary" for name in ("Alder Creek", "Birch Hill", "Cedar Grove", "Maple Valley")]
    disabilities = ("autism", "specific learning disability", "other health impairment", "deafness")
    yield "Students", STUDENT_COLUMNS
    yield "Goals", GOAL_COLUMNS
    yield "Progress", PROGRESS_COLUMNS
    for number in range(students):
        student = f"{number:05}"
        born = dt.date(2008, 1, 1) + dt.timedelta(days=chance.randrange(3_000))
        yield "Students", (
            student, f"91{number:08}", chance.choice(names), chance.choice(names), chance.choice("ABCDEF"), "they/them",
            born, str(chance.randint(1, 12)), chance.choice(schools), "Fern Valley", "English",
            chance.choice(("yes", "no")), chance.choice(disabilities), dt.date(2024, 10, 8), dt.date(2024, 10, 8), "no",
            chance.choice(names), "manager@example.org", "(555) 555-0142", "no", f"{chance.choice(names)} Parent",
        )  # fmt: skip
        for goal in range(1, GOALS + 1):
            yield "Goals", (
                student, str(goal), chance.choice(("reading", "writing", "math")),
                f"Reads {chance.randint(20, 60)} words.",
                f"By March 2027 student {student} will read {chance.randint(80, 120)} words a minute in 3 of 4 trials.",
                "RF.4.4", "weekly probes", "rate", "words per minute", chance.randint(20, 60), dt.date(2026, 2, 20),
                chance.randint(80, 120), dt.date(2027, 3, 1), "increase", "special education teacher",
            )  # fmt: skip
            for week in range(MEASUREMENTS):
                day = dt.date(2026, 9, 7) + dt.timedelta(days=7 * week)
                setting = chance.choice(("resource room", "classroom"))
                yield "Progress", (student, str(goal), day, chance.randint(20, 120), chance.choice(names), setting)


def write_workbook(path: Path) -> None:
    """Write the workbook as openpyxl does."""
    book = openpyxl.Workbook(write_only=True)
    sheets = {title: book.create_sheet(title) for title in ("Students", "Goals", "Progress")}
    for title, row in rows(random.Random(4)):  # noqa: S311  (the same workbook each time)
        sheets[title].append(row)
    book.save(path)


def read_by_openpyxl(path: Path) -> int:
    """Read every value, and return how many cells are filled."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(
        value is not None
        for worksheet in book.worksheets
        for row in worksheet.iter_rows(values_only=True)
        for value in row
    )


def read_cells(path: Path) -> int:
    """Read every cell with its look, and return how many are filled."""
    gc.disable()  # as `open_workbook` does
    filled = sum(len(cells) for sheet in read_sheets(path) for _, cells in sheet.rows)
    gc.enable()
    return filled


def validate(workbook: Workbook) -> int:
    """Validate all rows, and return how many findings there are."""
    return sum(
        len(SheetValidator(table.sheet, table.sheet.columns).validate(table)[1]) for table in workbook.tables.values()
    )


def validate_row_by_row(workbook: Workbook, *, normalize: bool) -> int:
    """Validate all rows by one Validator for each sheet, and return how many rows it refuses."""
    refused = 0
    for table in workbook.tables.values():
        validator = RecordValidator(
            {key: column.rules for key, column in table.sheet.columns.items()}, allow_unknown=True
        )
        refused += sum(not validator.validate(row.values, normalize=normalize) for row in table.rows)
    return refused


def timed(ways: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each way; the rounds are interleaved."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(found) for name, found in seconds.items()}


def show(title: str, seconds: dict[str, float], ours: str = "") -> None:
    """Print the seconds of each way, and how many times ours is as fast."""
    print(f"\n{title}")
    for name, found in seconds.items():
        ratio = (
            "" if not ours or name.startswith("iepdocs") else f"   ours is {found / seconds[ours]:.1f} times as fast"
        )
        print(f"  {name:58}{found:8.3f} s{ratio}")


def peak_of_check(path: Path) -> tuple[float, float]:
    """Return the seconds and the peak memory in MB of a whole check in a process of its own."""
    program = (
        "import resource, sys, iepdocs, datetime as dt\n"
        f"iepdocs.check(sys.argv[1], date=dt.date.fromisoformat('{TODAY}'))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    started = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=True, text=True)
    return time.perf_counter() - started, float(run.stdout)


def command(*arguments: str) -> Callable[[], Any]:
    """Return a function that runs iepdocs."""
    whole = [sys.executable, "-m", "iepdocs", *arguments]
    return lambda: subprocess.run(whole, capture_output=True, check=True)


def main() -> None:
    """Print all figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    pack = load_pack()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plans.xlsx"
        write_workbook(path)
        print(f"{read_cells(path):,} filled cells; medians of {rounds} rounds")
        ours, typed, peer = (
            "iepdocs: every cell with its look",
            "iepdocs: typed by column",
            "openpyxl read-only: values",
        )
        seconds = timed(
            {
                peer: lambda: read_by_openpyxl(path),
                ours: lambda: read_cells(path),
                typed: lambda: open_workbook(path, pack),
            },
            rounds,
        )
        show("Reading", seconds, ours)
        workbook = open_workbook(path, pack)
        ours = "iepdocs"
        seconds = timed(
            {
                "Cerberus, a Validator for each sheet, row by row": lambda: validate_row_by_row(
                    workbook, normalize=True
                ),
                "the same with normalize=False": lambda: validate_row_by_row(workbook, normalize=False),
                ours: lambda: validate(workbook),
            },
            rounds,
        )
        show("Validating", seconds, ours)
        whole, peak = peak_of_check(path)
        print(f"\nA whole check in a process of its own: {whole:.1f} s, at most {peak:.0f} MB")
        sample = str(sample_workbook())
        seconds = timed(
            {"iepdocs --help": command("--help"), "iepdocs check, the sample": command("check", sample)}, rounds
        )
        show("Starting", seconds)


if __name__ == "__main__":
    main()

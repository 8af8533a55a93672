"""How long the progress reports of a whole district take, against the plain way, in the same run.

Usage: python -m benchmarks.batch [--rounds 3] [--students 2000] [--sizes 200 2000 20000] [--quick]

The workbook has 2,000 invented students with 4 goals of 10 measurements each; the template, without charts, is one that
docxtpl fills too. Ours is the whole command `iepdocs generate`, from the start of its process to its end, with all it
checks; the plain way is naive.py, likewise a process from its start to its end. Between our rounds each plain way runs
once, for it takes minutes; a figure of ours is the median of the rounds. Both count only if the words of their
documents are the same.

Memory is that of the whole tree of processes, from runs of their own: the sum of what each holds, pages that several
share being counted once (PSS, every 20 ms; on Linux only). The cost of a document has the start subtracted: that of the
same command, with as many processes, for ten students. For one it would start no process for the rules.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from benchmarks.check import GOALS, MEASUREMENTS, TODAY, rows
from benchmarks.forms import Tags, document
from benchmarks.render import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Row = tuple[str, tuple[Any, ...]]

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
PERIOD = "Quarter 1"
START = 10
"""How many students a run has that is taken for the start of the others."""
MANY = 5_000
"""With more students than these, one round is enough."""
COMPARED = 25
"""How many students' documents are compared, spread over all."""
NAIVE = {
    "the plain way": (),
    "the same with normalize=False": ("--normalize-false",),
    "the same, and read-only": ("--normalize-false", "--read-only"),
}
"""The plain ways, each with what naive.py is told."""
LEAST = {"the plain way": 20, "the same with normalize=False": 15}
"""How many times as fast as they ours is to be."""
MOST = 500
"""The most memory that it is to take, in MB."""


# --- the workbook and the template


def caseload(students: int) -> Iterator[Row]:
    """Yield the rows of the workbook, each with its sheet: check.py's, and what progress reports need beside them."""
    chance = random.Random(8)  # noqa: S311  (the same workbook each time)
    yield "Plans", (
        "Student ID", "Plan Type", "Meeting Date", "Meeting Type", "Start Date", "End Date", "Student Strengths",
        "Parent Concerns", "Progress Report Schedule",
    )  # fmt: skip
    yield "Progress Comments", ("Student ID", "Goal Number", "Period", "Code", "Comment")
    yield "Reporting Periods", ("Period", "Schedule", "Start Date", "End Date", "Report Date")
    yield "Reporting Periods", (PERIOD, "quarter", dt.date(2026, 8, 31), dt.date(2026, 11, 13), dt.date(2026, 11, 20))
    for sheet, row in rows(chance, students):
        if sheet != "Students":
            yield sheet, row
            continue
        is_title = row[0] == "Student ID"
        yield sheet, (*row, "Guardian 1 Relationship" if is_title else "mother")
        if is_title:
            continue
        yield "Plans", (
            row[0], "IEP", dt.date(2026, 2, 20), "annual review", dt.date(2026, 3, 2), dt.date(2027, 3, 1),
            f"{row[3]} tells stories well and helps classmates.", f"{row[3]} should read alone.", "quarter",
        )  # fmt: skip
        for goal in range(1, GOALS + 1):
            words = f"{row[3]} now reads about {chance.randint(40, 90)} words a minute & asks for help <when stuck>."
            yield "Progress Comments", (row[0], str(goal), PERIOD, "SP", words)


def write_workbook(path: Path, students: int) -> Path:
    """Write the workbook as openpyxl does, and return its path."""
    book = openpyxl.Workbook(write_only=True)
    titles = ("Students", "Plans", "Goals", "Progress", "Progress Comments", "Reporting Periods")
    sheets = {title: book.create_sheet(title) for title in titles}
    for title, row in caseload(students):
        sheets[title].append(row)
    book.save(path)
    return path


def template() -> bytes:
    """Return a progress report of two pages, on python-docx's styles."""
    tags = Tags({})

    def goal() -> str:
        cells = ("[m.date]", "[m.text]", "[m.setting]", "[m.recorded_by]")
        return (
            tags.line("Goal [goal.goal_number]: [goal.area]", "Heading2")
            + tags.line("[goal.goal] Measured by [goal.measurement_method].")
            + tags.line("[goal.comment.comment]", "NoSpacing")
            + tags.table(("Date", "Result", "Setting", "Taken by"), tags.rows("m", "goal.measurements", *cells))
        )

    body = (
        tags.line("Progress Report", "Heading1")
        + tags.line("[student.school], [period.period], to [period.end_date]")
        + tags.line("To [recipient.contact_name], for [student.first_name] [student.last_name], grade [student.grade]")
        + tags.each("goal", "goals", goal)
        + tags.line("Reported on [period.report_date]. Questions? Please call [student.case_manager].")
    )
    footer = tags.runs("[student.last_name], [student.first_name] [student.student_id], page ")
    return document(body, footer, "default")


# --- running


@dataclass(frozen=True)
class Ours:
    """What is wanted of iepdocs.

    Attributes:
        workbook: where the plans are.
        templates: the folder of templates; None for the built-in ones, with charts.
        jobs: how many processes; None for what it does by itself.
    """

    workbook: Path
    templates: Path | None
    jobs: int | None = None

    def command(self, out: Path) -> list[str]:
        """Return the command that makes the documents in a folder."""
        given = ["generate", self.workbook, "--kind", "progress_report", "--out", out, "--date", TODAY]
        given += ["--templates", self.templates] if self.templates else []
        given += ["--jobs", self.jobs] if self.jobs else []
        return [sys.executable, "-m", "iepdocs", *map(str, given)]

    def run(self, students: int, *, watched: bool = False) -> Ran:
        """Make the documents.

        Raises:
            RuntimeError: where there is not one for each of so many students.
        """
        out = folder_beside(self.workbook)
        ran = run(self.command(out), watched=watched)
        made = len(documents_of(out))
        if made != students:
            raise RuntimeError(f"{made} documents for {students} students")
        return ran

    def peak(self, students: int) -> float:
        """Return the peak memory in MB of all its processes."""
        return self.run(students, watched=True).peak


@dataclass(frozen=True)
class Ran:
    """What a command took.

    Attributes:
        seconds: from its start to its end.
        processor: the processor's seconds that all its processes took: the same, whatever else the machine does.
        peak: the peak memory of all its processes in MB, where it was watched.
        said: what it printed.
    """

    seconds: float
    processor: float
    peak: float
    said: str


def run(command: Sequence[str], *, watched: bool = False) -> Ran:
    """Run a command.

    Raises:
        RuntimeError: where it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peaks: list[float] = [0]
    watcher = threading.Thread(target=_watch, args=(process, peaks))
    if watched:
        watcher.start()
    said, _ = process.communicate()
    seconds = time.perf_counter() - begun
    if watched:
        watcher.join()
    if process.returncode:
        raise RuntimeError(f"ended with {process.returncode}: {said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Ran(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, max(peaks), said)


def _watch(process: subprocess.Popen[str], peaks: list[float]) -> None:
    while process.poll() is None:
        peaks.append(_memory(process.pid))
        time.sleep(0.02)


def _memory(pid: int) -> float:
    """Return what a process and all below it hold, in MB; 0 where they have ended, or cannot be looked at."""
    place = Path("/proc", str(pid))
    try:
        lines = (place / "smaps_rollup").read_text(encoding="ascii").splitlines()
        below = [child for found in place.glob("task/*/children") for child in found.read_text("ascii").split()]
    except OSError:
        return 0
    mine = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024
    return mine + sum(_memory(int(child)) for child in below)


def documents_of(out: Path) -> dict[str, Path]:
    """Return the documents in a folder of ours by student."""
    with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student_id"]: out / row["file"] for row in csv.DictReader(file) if row["sha256"]}


def folder_beside(workbook: Path) -> Path:
    """Return a new folder for documents; all go at the end, for a disk just freed of thousands is slow for a while."""
    return Path(tempfile.mkdtemp(dir=workbook.parent))


def naive(workbook: Path, form: Path, flags: Sequence[str], every: int, out: Path) -> tuple[Ran, dict[str, float]]:
    """Run the plain way, and return what it took, and the seconds of its parts, reckoned for all students.

    Args:
        workbook: where the plans are.
        form: the template.
        flags: how it goes about it.
        every: make the documents of every so many students only, and reckon what all of them would take.
        out: an empty folder for the documents.

    Raises:
        RuntimeError: where it refuses a row.
    """
    given = (Path(__file__).with_name("naive.py"), *flags, "--every", every, workbook, form, out)
    ran = run([sys.executable, *map(str, given)])
    parts = json.loads(ran.said)
    if parts["refused"]:
        raise RuntimeError(f"{parts['refused']} rows refused")
    more = parts["render"] * (every - 1)
    whole = Ran(ran.seconds + more, ran.processor + more, parts["peak"], "")
    return whole, {**parts, "render": parts["render"] + more}


def compare(workbook: Path, form: Path, students: int) -> None:
    """Compare the words of some documents of both sides.

    Raises:
        RuntimeError: where they are not the same.
    """
    every = max(1, students // COMPARED)
    with tempfile.TemporaryDirectory() as place:
        mine, theirs = Path(place, "iepdocs"), Path(place, "naive")
        theirs.mkdir()
        run(Ours(workbook, form.parent).command(mine))
        naive(workbook, form, NAIVE["the same, and read-only"], every, theirs)
        ours = documents_of(mine)
        for path in theirs.iterdir():
            if words_of(path) != words_of(ours[path.stem]) or not words_of(path):
                raise RuntimeError(f"The documents of {path.stem} have not the same words")
        print(f"{len(list(theirs.iterdir()))} documents of both sides have the same words")


# --- figures


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how many there are of ours (3)")
    parser.add_argument("--students", type=int, default=2000, help="how many both sides have (2000)")
    sizes = [200, 2000, 20000]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes, help="how many ours has, to see how it grows")
    parser.add_argument("--quick", action="store_true", help="the plain way makes a tenth of its documents only")
    wanted: Any = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        form = folder / "templates" / "progress_report.docx"
        form.parent.mkdir()
        form.write_bytes(template())
        compared(folder, form, wanted)
        growth(folder, form, wanted)


def compared(folder: Path, form: Path, wanted: Any) -> None:
    """Print our figures beside those of the plain way."""
    students = wanted.students
    workbook = write_workbook(folder / "plans.xlsx", students)
    print(f"{students:,} students, {students * GOALS * MEASUREMENTS:,} measurements, {CORES} cores")
    compare(workbook, form, students)
    ways = {
        "iepdocs generate": Ours(workbook, form.parent),
        "iepdocs generate --jobs 1": Ours(workbook, form.parent, jobs=1),
        "iepdocs generate, with charts": Ours(workbook, None),
    }
    runs: dict[str, list[Ran]] = {name: [] for name in ways}
    plain: dict[str, tuple[Ran, dict[str, float]]] = {}
    for number in range(max(wanted.rounds, len(NAIVE))):
        if number < wanted.rounds:
            for name, ours in ways.items():
                runs[name].append(ours.run(students))
        if number < len(NAIVE):
            name, flags = list(NAIVE.items())[number]
            plain[name] = naive(workbook, form, flags, 10 if wanted.quick else 1, folder_beside(workbook))
    print(f"\nThe whole run; ours the median of {wanted.rounds}")
    medians = {name: median(found, ways[name].peak(students)) for name, found in runs.items()}
    for name, ran in medians.items():
        print(f"  {name:36}{shown(ran)}")
    for name, (ran, parts) in plain.items():
        said = ", ".join(f"{part} {parts[part]:.1f}" for part in ("read", "validate", "render"))
        print(f"  {name:36}{shown(ran)}   {said}")
    print()
    best, alone, _ = medians.values()
    for name, (ran, _) in plain.items():
        goal = f"goal: at least {LEAST[name]}x" if name in LEAST else "beside:"
        beside = f"{ran.seconds / alone.seconds:.1f}x with --jobs 1, {ran.processor / best.processor:.1f}x by processor"
        print(f"{goal} {name}, measured {ran.seconds / best.seconds:.1f}x ({beside})")
    print(f"goal: under {MOST} MB, measured {best.peak:.0f} MB")


def median(runs: Sequence[Ran], peak: float) -> Ran:
    """Return the medians of some runs, with the peak memory of another."""
    seconds, processor = ([getattr(one, what) for one in runs] for what in ("seconds", "processor"))
    return Ran(statistics.median(seconds), statistics.median(processor), peak, "")


def shown(ran: Ran) -> str:
    """Return what a command took, in columns."""
    return f"{ran.seconds:8.2f} s{ran.processor:8.2f} s of a processor{ran.peak:8.0f} MB"


def growth(folder: Path, form: Path, wanted: Any) -> None:
    """Print what a document costs, and how much memory there is, by the number of students."""
    print(f"\nBy the number of students, with {CORES} processes")
    found: list[tuple[int, Ran]] = []
    for students in (START, *wanted.sizes):
        workbook = write_workbook(folder / f"{students}.xlsx", students)
        ours = Ours(workbook, form.parent, CORES)
        try:
            runs = [ours.run(students) for _ in range(wanted.rounds if students <= MANY else 1)]
            found.append((students, median(runs, ours.peak(students))))
        except RuntimeError as error:
            print(f"  {students:8,}  NOT MADE: {' '.join(str(error).split())}")
            continue
        print(f"  {students:8,}{shown(found[-1][1])}", flush=True)
    (_, start), *grown = found
    for what, called in (("seconds", ""), ("processor", " of a processor")):
        costs = [(getattr(ran, what) - getattr(start, what)) * 1000 / (students - START) for students, ran in grown]
        said = (
            f"{max(costs) / min(costs) - 1:.0%} ({' / '.join(f'{cost:.2f}' for cost in costs)} ms{called} a document)"
        )
        print(f"goal: costs within 20 % of each other, measured {said}")
    held = " / ".join(f"{(ran.peak - start.peak) * 1000 / (students - START):.0f}" for students, ran in grown)
    print(f"goal: memory growing no faster than the data, measured {held} KB a student")


if __name__ == "__main__":
    main()

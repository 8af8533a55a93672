"""How many documents a second are rendered, and in how much memory, against other engines in the same run.

Usage: python benchmarks/render.py [--rounds 9] [--seconds 0.2] [--documents 2000]

Two forms of invented students, a progress report of two pages and an IEP of eight to ten, each on python-docx's styles
and on lean ones (forms.py). Each engine is a process of its own (engines.py, peers.mjs) that opens its template, makes
documents in each round for some seconds, and writes them as files. Rounds are interleaved, and a figure is the median
of them. What an engine makes counts only if its words are docxtpl's. Needs docx-mailmerge2 (`pip install
'.[benchmark]'`) and, for the JavaScript engines, node and npm; what is missing is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from operator import truediv
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_HERE = Path(__file__).parent
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NPM = {"docxtemplater": "3.71.0", "pizzip": "3.3.0", "easy-template-x": "7.2.8", "carbone": "3.8.2"}

TAGS = {
    "iepdocs": "jinja",
    "docxtpl": "jinja",
    "docx-mailmerge2": "fields",
    "docxtemplater": "braces",
    "easy-template-x": "braces",
    "carbone": "carbone",
    "python-docx": "jinja",
    "ceiling": "jinja",
    "ceiling as packed": "jinja",
}
"""The engines, each with the tags that its templates have."""
JAVASCRIPT = ("docxtemplater", "easy-template-x", "carbone")
CEILINGS = ("ceiling", "ceiling as packed")
OTHERS = ("docx-mailmerge2", *JAVASCRIPT)
SHOWN = {
    "python-docx": "python-docx, opened and saved only",
    "ceiling": "ceiling: changed parts deflated, file written",
    "ceiling as packed": "the same, deflated at the level of iepdocs",
}
FORMS = {"report": "A progress report, 2 pages", "iep": "An IEP, 8 to 10 pages"}
STYLES = {"default": "python-docx's styles", "lean": "lean styles"}


class LeftOutError(Exception):
    """Why an engine is left out."""


@dataclass
class Bench:
    """Where everything is.

    Attributes:
        folder: the templates and data.
        modules: what holds the JavaScript packages, or None without them.
    """

    folder: Path
    modules: Path | None

    def template(self, engine: str, form: str, styles: str) -> Path:
        """Return an engine's template."""
        return self.folder / f"{form}-{styles}-{TAGS[engine]}.docx"

    def command(self, engine: str, form: str, styles: str, out: Path) -> list[str]:
        """Return what starts an engine."""
        given = [engine, self.template(engine, form, styles), self.folder / f"{form}-{TAGS[engine]}.json", out]
        if engine in JAVASCRIPT:
            if self.modules is None:
                raise LeftOutError("no node, or its packages could not be installed")
            return ["node", *map(str, (_HERE / "peers.mjs", *given, self.modules))]
        return [sys.executable, *map(str, (_HERE / "engines.py", *given))]


class Worker:
    """An engine in a process of its own.

    Args:
        command: what starts it.
        out: its folder for documents.
    """

    def __init__(self, command: Sequence[str], out: Path) -> None:
        self.out = out
        self.speeds: list[float] = []
        self.peak = 0.0
        self._said = (out / "stderr.txt").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True
        )

    def turn(self, documents: int, seconds: float = 0) -> Path:
        """Make so many documents, and for so many seconds; return the last.

        Raises:
            LeftOutError: where the engine cannot.
        """
        assert self._process.stdin  # noqa: S101  (it is a pipe)
        assert self._process.stdout  # noqa: S101
        try:
            self._process.stdin.write(json.dumps({"documents": documents, "seconds": seconds}) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        except (BrokenPipeError, ValueError):
            self._said.seek(0)
            lines = [line for line in self._said.read().splitlines() if "Error" in line]
            raise LeftOutError(lines[-1] if lines else "it stopped") from None
        self.speeds.append(answer["documents"] / answer["seconds"])
        self.peak = answer["peak"]
        return self.out / str(answer["file"])

    def end(self) -> None:
        """End the process."""
        self._process.communicate()
        self._said.close()


@dataclass
class Figures:
    """What was measured of one form on one kind of styles.

    Attributes:
        speeds: by engine, the documents a second of each round.
        peak: by engine, the peak memory in MB.
    """

    speeds: dict[str, list[float]]
    peak: dict[str, float]

    def times(self, others: Iterable[str]) -> float:
        """Return how many times as fast as the fastest of some engines iepdocs is; 0 where none of them ran.

        It is the median of the rounds' ratios, since what else the machine does changes from round to round.
        """
        ran = [self.speeds[name] for name in others if name in self.speeds]
        if not ran:
            return 0
        fastest = map(max, zip(*ran, strict=True))
        ratios: list[float] = list(map(truediv, self.speeds["iepdocs"], fastest))
        return statistics.median(ratios)


def words_of(document: Path) -> str:
    """Return the words of a document's body and footer."""
    with zipfile.ZipFile(document) as archive:
        parts = sorted(name for name in archive.namelist() if re.fullmatch(r"word/(document|footer\d*)\.xml", name))
        return "".join(
            text.text or ""
            for part in parts
            for text in ET.fromstring(archive.read(part)).iter(f"{_WORD}t")  # noqa: S314  (we made it)
        )


def measure(bench: Bench, form: str, styles: str, rounds: int, seconds: float) -> Figures:
    """Measure all engines with one form on one kind of styles."""
    workers: dict[str, Worker] = {}
    students = json.loads((bench.folder / f"{form}-jinja.json").read_text(encoding="utf-8"))
    words = ""
    with tempfile.TemporaryDirectory() as place:
        for name in ("docxtpl", *(name for name in TAGS if name != "docxtpl")):
            out = Path(place) / name
            out.mkdir()
            try:
                worker = Worker(bench.command(name, form, styles, out), out)
                made = worker.turn(len(students))  # not measured, and looked at
                found = words_of(made) if name != "python-docx" else words
                words = words or found
                last = students[-1]["goals"][-1]["measurements"][-1]
                if found != words or next(iter(last.values())) not in found:
                    worker.end()
                    raise LeftOutError("its document has not the words that docxtpl's has")  # noqa: TRY301
            except LeftOutError as error:
                print(f"  {name} is left out: {error}")
                continue
            worker.speeds.clear()
            workers[name] = worker
        for _ in range(rounds):
            for worker in workers.values():
                worker.turn(1, seconds)
        for worker in workers.values():
            worker.end()
    return Figures(
        {name: workers[name].speeds for name in TAGS if name in workers},
        {name: workers[name].peak for name in TAGS if name in workers},
    )


def show(figures: Figures) -> None:
    """Print the figures of one form on one kind of styles."""
    for name, speeds in figures.speeds.items():
        beside = {one: f"iepdocs has {figures.times([one]):.0%} of it" for one in CEILINGS} | {"iepdocs": ""}
        ratio = beside.get(name, f"iepdocs is {figures.times([name]):.1f} times as fast")
        peak = "" if name in CEILINGS else f"{figures.peak[name]:6.0f} MB"
        print(f"  {SHOWN.get(name, name):46}{statistics.median(speeds):8,.0f} a second{peak:>10}   {ratio}".rstrip())


def peaks_of(bench: Bench, counts: Sequence[int]) -> list[float]:
    """Return iepdocs's peak memory in MB after so many progress reports, and after so many more."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        worker = Worker(bench.command("iepdocs", "report", "default", out), out)
        peaks = []
        for before, count in zip((0, *counts), counts, strict=False):
            worker.turn(count - before)
            peaks.append(worker.peak)
        worker.end()
    return peaks


def one_by_engine(bench: Bench, engine: str) -> Callable[[Path], None]:
    """Return what makes one progress report by an engine's process, from its start to its end."""

    def make(out: Path) -> None:
        worker = Worker(bench.command(engine, "report", "default", out), out)
        try:
            worker.turn(1)
        finally:
            worker.end()

    return make


def one_by_command(bench: Bench) -> Callable[[Path], None]:
    """Return what makes one progress report by iepdocs's command."""
    template = bench.template("iepdocs", "report", "default")
    data = bench.folder / "one.json"
    students = json.loads((bench.folder / "report-jinja.json").read_text(encoding="utf-8"))
    data.write_text(json.dumps(students[0]), encoding="utf-8")

    def make(out: Path) -> None:
        given = ("template", "render", template, "--data", data, "--out", out / "one.docx")
        run = subprocess.run(
            [sys.executable, "-m", "iepdocs", *map(str, given)], capture_output=True, text=True, check=False
        )
        if run.returncode:
            raise LeftOutError((run.stderr.strip() or "it failed").splitlines()[-1])

    return make


def starts(bench: Bench, rounds: int) -> dict[str, float]:
    """Return the seconds that one progress report takes from the start of a process to its end."""
    ways = {"iepdocs template render": one_by_command(bench)}
    ways |= {name: one_by_engine(bench, name) for name in TAGS if name not in ("python-docx", *CEILINGS)}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, make in list(ways.items()):
            with tempfile.TemporaryDirectory() as place:
                begun = time.perf_counter()
                try:
                    make(Path(place))
                except LeftOutError as error:
                    print(f"  {name} is left out: {error}")
                    del ways[name]
                seconds[name].append(time.perf_counter() - begun)
    return {name: statistics.median(seconds[name][1:]) for name in ways}  # the first is from a cold disk


def goals(figures: Mapping[tuple[str, str], Figures], start: Mapping[str, float], peaks: Sequence[float]) -> None:
    """Print what is aimed at, and whether it is reached."""

    def goal(words: str, found: Mapping[str, str], *, met: bool) -> None:
        said = ", ".join(f"{name} {one}" for name, one in found.items())
        print(f"  {'met    ' if met else 'NOT MET'}  {words:46}{said}")

    def at_least(least: float, words: str, others: Sequence[str], *styles: str) -> None:
        times = {f"{form}/{kind}": figures[form, kind].times(others) for form in FORMS for kind in styles}
        goal(words, {name: f"{one:.2g}" for name, one in times.items()}, met=min(times.values()) >= least)

    print("\nGoals")
    at_least(30, "30 times docxtpl on python-docx's styles", ["docxtpl"], "default")
    at_least(20, "20 times docxtpl on lean styles", ["docxtpl"], "lean")
    at_least(8, "8 times the fastest of the other engines", OTHERS, *STYLES)
    for one in CEILINGS:
        at_least(0.6, f"0.6 of the {one}", [one], *STYLES)
    ours = {name: seconds for name, seconds in start.items() if name.startswith("iepdocs")}
    said = {name: f"{seconds * 1000:.0f} ms" for name, seconds in ours.items()}
    limit = start["docxtpl"]
    goal(f"one document as soon as docxtpl's, in {limit * 1000:.0f} ms", said, met=max(ours.values()) <= limit)
    goal("no more memory for ten times the documents", {"MB": f"{peaks[1]:.1f}"}, met=peaks[1] <= 1.02 * peaks[0])


def installed() -> Path | None:
    """Install the JavaScript packages into the user's cache, and return where; None where that cannot be."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "iepdocs-benchmark"
    cache.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "dependencies": _NPM})
    package, modules = cache / "package.json", cache / "node_modules"
    if modules.is_dir() and package.exists() and package.read_text(encoding="utf-8") == wanted:
        return cache
    package.write_text(wanted, encoding="utf-8")
    run = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund"],  # noqa: S607
        cwd=cache, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        package.unlink()
        print(f"npm install failed: {run.stderr.strip().splitlines()[-1:]}")
        return None
    return cache


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="How fast documents are rendered, against other engines.")
    parser.add_argument("--rounds", type=int, default=9, help="how many there are (9)")
    parser.add_argument("--seconds", type=float, default=0.2, help="how long an engine's turn in a round is (0.2)")
    parser.add_argument(
        "--documents", type=int, default=2000, help="how many are made to see that memory is flat (2000)"
    )
    wanted: Any = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    modules = installed()
    figures = {}
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(Path(place), modules)
        subprocess.run([sys.executable, str(_HERE / "forms.py"), place], check=True)
        for form, called in FORMS.items():
            for styles, named in STYLES.items():
                size = bench.template("iepdocs", form, styles).stat().st_size / 1000
                print(f"\n{called}, on {named} ({size:.0f} KB); medians of {wanted.rounds} rounds")
                figures[form, styles] = measure(bench, form, styles, wanted.rounds, wanted.seconds)
                show(figures[form, styles])
        print("\nOne progress report, from the start of a process to its end")
        start = starts(bench, wanted.rounds)
        for name, seconds in start.items():
            print(f"  {name:46}{seconds * 1000:8.0f} ms")
        counts = (wanted.documents // 10, wanted.documents)
        peaks = peaks_of(bench, counts)
        print(f"\niepdocs's peak after {counts[0]:,} and {counts[1]:,} documents: {peaks[0]:.1f}, {peaks[1]:.1f} MB")
    goals(figures, start, peaks)


if __name__ == "__main__":
    main()

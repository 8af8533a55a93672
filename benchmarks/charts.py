"""Progress reports with a chart for each goal: iepdocs' native charts against pictures that matplotlib draws.

Usage: python benchmarks/charts.py [--rounds 5] [--students 20] [--goals 4] [--points 10]

Both make the same reports of invented students and write them as files, one after the other in each round; a figure is
the median of the rounds, the ratio the median of theirs. iepdocs works out aim line, trend and rating too, and
puts the data into each chart; docxtpl, opened anew for each document as it must be, gets a PNG of the same points, aim
line and trend for each goal. Needs matplotlib (`pip install '.[benchmark]'`).
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.shared import Inches
from docxtpl import DocxTemplate, InlineImage
from matplotlib import pyplot as plt
from matplotlib.dates import date2num

from iepdocs.documents.progress import Told
from iepdocs.docx import Template
from iepdocs.measurement import Measurement
from iepdocs.pack import load_pack
from iepdocs.plan import progress_of

if TYPE_CHECKING:
    from collections.abc import Callable


START, END = dt.date(2026, 8, 31), dt.date(2027, 6, 11)


def students(count: int, goals: int, points: int) -> list[dict[str, Any]]:
    """Return invented students with goals, each with results once a week."""
    chance = random.Random(6)  # noqa: S311  (invented data)
    return [
        {
            "name": f"Student {number}",
            "goals": [
                {
                    "goal": f"Goal {goal} of student {number}: reads 90 words a minute.",
                    "values": [chance.randint(40, 60) + week for week in range(points)],
                }
                for goal in range(goals)
            ],
        }
        for number in range(count)
    ]


def write_template(path: Path) -> None:
    """Write the template that both fill."""
    document = docx.Document()
    document.add_heading("Progress Report", 1)
    document.add_paragraph("{{ name }}")
    for text in ("{%p for goal in goals %}", "{{ goal.goal }}", "{{ goal.chart }}", "{%p endfor %}"):
        document.add_paragraph(text)
    document.save(str(path))


def native(path: Path, out: Path) -> Callable[[dict[str, Any]], None]:
    """Return what makes a report with iepdocs."""
    template, wording = Template(path), load_pack().wordings["en"]

    def make(student: dict[str, Any]) -> None:
        goals = []
        for goal in student["goals"]:
            rows = [
                {"date": START + dt.timedelta(weeks=week), "value": Measurement(str(value), value)}
                for week, value in enumerate(goal["values"], start=1)
            ]
            columns = {
                "measure_type": "rate",
                "baseline_value": Measurement("40", 40),
                "baseline_date": START,
                "target_value": Measurement("90", 90),
                "target_date": END,
            }
            told = Told(progress_of(columns, rows), None, wording, {"name": "Ana", "they": "she", "day": END})
            goals.append({"goal": goal["goal"], "chart": told.chart()})
        (out / f"{student['name']}.docx").write_bytes(template.render({"name": student["name"], "goals": goals}))

    return make


def pictures(path: Path, out: Path) -> Callable[[dict[str, Any]], None]:
    """Return what makes a report with docxtpl and matplotlib."""
    plt.switch_backend("Agg")

    def make(student: dict[str, Any]) -> None:
        template = DocxTemplate(path)
        goals = []
        for number, goal in enumerate(student["goals"]):
            days = [_number(START + dt.timedelta(weeks=week + 1)) for week in range(len(goal["values"]))]
            figure, axes = plt.subplots(figsize=(6, 1.5))
            axes.plot(days, goal["values"], "o-", label="results")
            axes.plot([_number(START), _number(END)], [40, 90], "--", label="line to the target")
            slope, start = statistics.linear_regression(days, goal["values"])
            axes.plot(days, [start + slope * day for day in days], label="trend")
            axes.xaxis_date()
            axes.legend()
            picture = out / f"{student['name']}-{number}.png"
            figure.savefig(picture, dpi=150)
            plt.close(figure)
            goals.append({"goal": goal["goal"], "chart": InlineImage(template, str(picture), width=Inches(6))})
        template.render({"name": student["name"], "goals": goals})
        template.save(out / f"{student['name']} docxtpl.docx")

    return make


def _number(day: dt.date) -> float:
    return float(date2num(day))


def main() -> None:
    """Measure both, and print documents a second and how many times as fast iepdocs is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, usual in (("rounds", 5), ("students", 20), ("goals", 4), ("points", 10)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    given = parser.parse_args()
    everyone = students(given.students, given.goals, given.points)
    speeds: dict[str, list[float]] = {"iepdocs": [], "docxtpl and matplotlib": []}
    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        template = out / "template.docx"
        write_template(template)
        makers = dict(zip(speeds, (native(template, out), pictures(template, out)), strict=True))
        for make in makers.values():
            make(everyone[0])  # not measured
        for _ in range(given.rounds):
            for name, make in makers.items():
                begun = time.perf_counter()
                for student in everyone:
                    make(student)
                speeds[name].append(len(everyone) / (time.perf_counter() - begun))
    print(f"Progress reports with {given.goals} charts of {given.points} results each, documents a second:")
    for name, found in speeds.items():
        print(f"  {name:24}{statistics.median(found):8.1f}")
    ratio = statistics.median(mine / theirs for mine, theirs in zip(*speeds.values(), strict=True))
    print(f"  iepdocs is {ratio:.0f} times as fast")


if __name__ == "__main__":
    main()

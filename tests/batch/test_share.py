"""Work shared out to processes: the same documents as in one, whatever becomes of a worker or of the run."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

import iepdocs
from iepdocs.batch import How, make_documents, prepare
from iepdocs.batch.executors import Crew, InThisProcess, _begin
from iepdocs.documents import Wanted
from iepdocs.pack import load_pack
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, progress_sheets, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.batch import Report
    from tests.support import MakeTemplate, MakeWorkbook

MANY = 150
FORKS = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this system copies no process"
)


@pytest.fixture
def workbook(make_workbook: MakeWorkbook) -> Path:
    ids = [f"{number:05}" for number in range(MANY)]
    students = [STUDENTS[0], *([one, f"Name {one}", *STUDENTS[1][2:]] for one in ids)]
    goals = [GOALS[0], *([one, *GOALS[1][1:]] for one in ids)]
    progress = [PROGRESS[0], *([one, *PROGRESS[1][1:]] for one in ids)]
    return make_workbook(progress_sheets(Students=students, Goals=goals, Progress=progress))


@pytest.fixture
def templates(make_template: MakeTemplate) -> Path:
    return make_template(
        "{{ student.full_name }}: {% for goal in goals %}{{ goal.measurements|length }}{% endfor %}"
    ).parent


def hashes(out: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in out.rglob("*.docx")}


def manifest(out: Path) -> str:
    """Return the list without the times, which alone differ from run to run."""
    return re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d", "", (out / "manifest.csv").read_text("utf-8-sig"))


def run_with(crew: Crew, workbook: Path, out: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    prepared = prepare(workbook, load_pack(None, templates), ["progress_report"], TODAY)
    monkeypatch.setattr(sys.modules["iepdocs.batch.generate"], "local_crew", lambda *_: crew)
    return make_documents(prepared, out, Wanted(), How())


def pool(method: str) -> Callable[[], Executor]:
    return lambda: ProcessPoolExecutor(2, multiprocessing.get_context(method), initializer=_begin)


@pytest.mark.parametrize(
    ("method", "copies"),
    [*((method, False) for method in multiprocessing.get_all_start_methods()), pytest.param("fork", True, marks=FORKS)],
)
def test_processes_make_what_one_makes(
    workbook: Path, templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, *, copies: bool
) -> None:
    alone, together = tmp_path / "alone", tmp_path / "together"
    iepdocs.generate(workbook, alone, templates=templates, date=TODAY, jobs=1)
    report = run_with(Crew(pool(method), 2, copies=copies), workbook, together, templates, monkeypatch)
    assert report.made["progress_report"] == MANY
    assert hashes(together) == hashes(alone)
    assert manifest(together) == manifest(alone)
    assert sorted(path.name for path in (together / ".iepdocs").iterdir()) == ["journal.jsonl", "lock"]


class _Mortal(ProcessPoolExecutor):
    """A pool one of whose workers dies with its second piece of work."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        self.count += 1
        if self.count == 2:
            return super().submit(os._exit, 9)
        return super().submit(fn, *args, **kwargs)


def test_what_a_worker_was_at_when_it_died_is_made_by_another(
    workbook: Path, templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = iter([_Mortal, *[ProcessPoolExecutor] * 9])
    crew = Crew(lambda: next(pools)(2), 2)
    report = run_with(crew, workbook, tmp_path / "out", templates, monkeypatch)
    assert (report.made["progress_report"], report.is_complete) == (MANY, True)


def test_the_document_that_kills_every_worker_is_named_and_the_others_are_made(
    workbook: Path, templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = sys.modules["iepdocs.batch.share"]
    monkeypatch.setattr(share, "work", partial(_deadly, share.work))
    report = run_with(Crew(pool("fork"), 2), workbook, tmp_path / "out", templates, monkeypatch)
    assert len(report.skipped) == 1
    assert {skipped.findings[0].rule for skipped in report.skipped} == {"worker-died"}
    assert report.made["progress_report"] == MANY - 1
    assert manifest(tmp_path / "out").count(",failed,") == 1
    monkeypatch.undo()
    again = iepdocs.generate(workbook, tmp_path / "out", templates=templates, date=TODAY)
    assert again.made["progress_report"] == 1


def test_what_a_worker_had_made_before_it_died_is_counted_as_made(
    workbook: Path, templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = sys.modules["iepdocs.batch.share"]
    monkeypatch.setattr(share, "work", partial(_once_deadly, share.work, tmp_path / "died"))
    report = run_with(Crew(pool("fork"), 2), workbook, tmp_path / "out", templates, monkeypatch)
    assert (report.made["progress_report"], report.unchanged["progress_report"]) == (MANY, 0)


def _once_deadly(work: Callable[[Any], Any], died: Path, sent: Any) -> Any:
    found = work(sent)
    if 70 in sent.numbers and not died.exists():
        died.touch()
        os._exit(9)
    return found


def _deadly(work: Callable[[Any], Any], sent: Any) -> Any:
    if 70 in sent.numbers:
        os._exit(9)
    return work(sent)


def test_a_script_that_every_process_would_run_anew_is_told_how_to_be_written(workbook: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import multiprocessing\nmultiprocessing.set_start_method('spawn', force=True)\n"
        f"import iepdocs\niepdocs.generate({str(workbook)!r}, {str(tmp_path / 'out')!r}, jobs=2)\n",
        encoding="utf-8",
    )
    ended = subprocess.run(  # noqa: S603
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(iepdocs.__file__).parents[1])},
    )
    assert "No process could be started, as where a script" in ended.stderr


def test_a_worker_that_outlives_a_run_has_the_settings_of_the_next(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates, out = make_template("{{ terms.iep_team }}").parent, tmp_path / "out"
    for term in ("ARD committee", "PPT"):
        workbook = make_workbook(progress_sheets(District=[["terms.iep_team", term]]))
        report = run_with(Crew(InThisProcess, 2), workbook, out, templates, monkeypatch)
        assert {text_of(out / planned.path) for planned in report.planned} == {term}


COMMAND = "import sys, iepdocs.cli; iepdocs.cli.main()"


def begun(workbook: Path, templates: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """Start a run as a user does, and wait until it has made some documents."""
    process = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-c", COMMAND, "generate", str(workbook), "--out", str(out)),
            *("--templates", str(templates), "--date", f"{TODAY}", *more),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if len(list(out.glob("progress_report/*.docx"))) > 3:
            return process
        time.sleep(0.02)
    raise AssertionError(process.communicate())


@pytest.fixture
def slow(make_template: MakeTemplate) -> Path:
    loops = "{% for a in range(200) %}{% for b in range(200) %}{{ '' }}{% endfor %}{% endfor %}"
    return make_template("{{ student.full_name }}: {{ goals|length }}" + loops).parent


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_run_leaves_nothing_broken_and_the_next_makes_the_rest(
    workbook: Path, slow: Path, tmp_path: Path, jobs: str
) -> None:
    out = tmp_path / "out"
    process = begun(workbook, slow, out, "--jobs", jobs)
    process.kill()
    process.communicate()
    there = hashes(out)
    assert 3 < len(there) < MANY
    with FileLock(out / ".iepdocs" / "lock", timeout=10):  # its workers end with it
        pass
    report = iepdocs.generate(workbook, out, templates=slow, date=TODAY)
    assert report.made["progress_report"] + report.unchanged["progress_report"] == MANY
    assert report.unchanged["progress_report"] >= len(there)
    assert there.items() <= hashes(out).items()
    iepdocs.generate(workbook, tmp_path / "whole", templates=slow, date=TODAY)
    assert hashes(out) == hashes(tmp_path / "whole")
    assert manifest(out) == manifest(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console alone")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_with_what_was_made_so_far(workbook: Path, slow: Path, tmp_path: Path, jobs: str) -> None:
    out = tmp_path / "out"
    process = begun(workbook, slow, out, "--jobs", jobs)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in said + errors
    assert "Run the same command again to go on." in said
    assert "manifest.csv" in said
    made = int(re.search(r"All +(\d+)", said)[1])  # type: ignore[index]
    assert abs(made - len(hashes(out))) <= 1
    report = iepdocs.generate(workbook, out, templates=slow, date=TODAY)
    assert report.unchanged["progress_report"] >= made


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the program")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_waits_for_no_program_that_makes_pdfs(
    workbook: Path, templates: Path, tmp_path: Path, jobs: str
) -> None:
    hangs, began = tmp_path / "soffice", tmp_path / "began"
    hangs.write_text(f"#!/bin/sh\necho $$ >> {began}\nsleep 600\n", encoding="utf-8")
    hangs.chmod(0o700)
    process = begun(workbook, templates, tmp_path / "out", "--pdf", "--soffice", str(hangs), "--jobs", jobs)
    for _ in range(600):
        if began.exists():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Traceback" not in said + errors
    for number in map(int, began.read_text("utf-8").split()):
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
    assert not list(tmp_path.rglob("~iepdocs-*"))

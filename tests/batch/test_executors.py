"""Who does the work: this process for a few documents, others for many, and the workers of a real scheduler."""

from __future__ import annotations

import errno
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

import pytest
from distributed import LocalCluster

import iepdocs
from iepdocs.batch.executors import Crew, _begin, _Pool, cluster_crew, in_copies, local_crew
from iepdocs.findings import IepdocsError
from iepdocs.pdf import find_office
from tests.batch.test_share import FORKS, MANY, begun, hashes, manifest, pool, run_with, slow, templates, workbook
from tests.support import TODAY, need_libreoffice, progress_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iepdocs.batch.printing import Printed
    from tests.support import MakeWorkbook

__all__ = ["slow", "templates", "workbook"]


def test_a_few_documents_are_made_in_this_process() -> None:
    assert local_crew(None, 5).here
    assert local_crew(1, 5_000).here
    assert (local_crew(3, 5).here, local_crew(3, 5).size) == (False, 3)


@FORKS
def test_what_goes_wrong_in_a_copy_is_worked_out_here() -> None:
    here = os.getpid()

    def half_of(number: int) -> tuple[int, bool]:
        if number == 4 and os.getpid() != here:
            os._exit(9)
        return number // 2, os.getpid() == here

    crew = replace(local_crew(2, 5), start=pool("fork"))
    assert [half for half, _ in in_copies(half_of, [2, 4, 6], crew)] == [1, 2, 3]
    assert in_copies(half_of, [2], crew) == [(1, False)]
    with pytest.raises(ZeroDivisionError):
        in_copies(lambda number: 1 // number, [1, 0], crew)


@FORKS
def test_where_the_system_gives_no_more_processes_one_looks_at_all_and_that_is_said_of_documents(
    workbook: Path, templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", _refused(after=1))
    context = multiprocessing.get_context("fork")
    crew = Crew(lambda: _Pool(2, context, initializer=_begin), 2, copies=True)
    assert in_copies(lambda number: (number, os.getpid()), [1, 2], crew) == [(1, os.getpid()), (2, os.getpid())]
    monkeypatch.setattr(os, "fork", _refused(after=1))
    with pytest.raises(IepdocsError) as raised:
        run_with(crew, workbook, tmp_path / "out", templates, monkeypatch)
    assert [finding.rule for finding in raised.value.findings] == ["no-worker"]


@pytest.mark.skipif(os.name != "posix", reason="this system starts processes in another way")
def test_a_process_too_many_that_is_started_late_is_said_too(
    workbook: Path, templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource_tracker.ensure_running()  # a process too
    start = multiprocessing.util.spawnv_passfds
    monkeypatch.setattr("multiprocessing.util.spawnv_passfds", _refused(after=1, otherwise=start))
    context = multiprocessing.get_context("spawn")
    with pytest.raises(IepdocsError) as raised:
        run_with(Crew(lambda: _Pool(2, context, initializer=_begin), 2), workbook, tmp_path, templates, monkeypatch)
    assert [finding.rule for finding in raised.value.findings] == ["no-worker"]


def _refused(*, after: int, otherwise: Callable[..., int] = os.fork) -> Callable[..., int]:
    """Return what starts so many processes, and then no more, as where a user may have no more."""
    left = iter(range(after))

    def start(*of: Any) -> int:
        if next(left, None) is None:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return otherwise(*of)

    return start


@pytest.mark.skipif(sys.platform != "linux", reason="this system's processes are not copied")
def test_ctrl_c_ends_copies_at_once() -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:  # noqa: S603
        assert run.stdout
        assert run.stdout.read(2) == b".."
        run.send_signal(signal.SIGINT)
        began = time.monotonic()
        run.wait(30)
        assert time.monotonic() - began < 2


ENDLESS = """
import os, time
from iepdocs.batch.executors import in_copies, local_crew

def endless(_):
    os.write(1, b".")
    while True:
        time.sleep(0.01)

in_copies(endless, range(9), local_crew(2, 5))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="this system's processes are not copied")
def test_a_copy_is_made_only_of_a_process_with_one_thread() -> None:
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", THREADS], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout.split() == ["True", "False"], ended.stderr


THREADS = """
import threading
from iepdocs.batch.executors import local_crew
print(local_crew(2, 5).copies)
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(local_crew(2, 5).copies)
"""


def test_windows_has_no_more_processes_than_it_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    crew = local_crew(200, 5_000)
    assert crew.size == 61
    with crew.start():  # which refuses more there
        pass


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def test_a_cluster_makes_the_same(workbook: Path, templates: Path, tmp_path: Path, cluster: LocalCluster) -> None:
    iepdocs.generate(workbook, tmp_path / "here", templates=templates, date=TODAY, jobs=1)
    for _ in range(2):  # its workers outlive a run
        report = iepdocs.generate(
            workbook, tmp_path / "there", templates=templates, date=TODAY, cluster=cluster.scheduler_address
        )
        assert report.is_complete
    assert hashes(tmp_path / "there") == hashes(tmp_path / "here")
    assert manifest(tmp_path / "there") == manifest(tmp_path / "here")


def test_a_worker_of_a_cluster_that_is_killed_costs_no_document(
    workbook: Path, slow: Path, tmp_path: Path, cluster: LocalCluster
) -> None:
    iepdocs.generate(workbook, tmp_path / "here", templates=slow, date=TODAY, jobs=1)
    out = tmp_path / "there"
    killed = threading.Event()

    def kill() -> None:
        while len(list(out.glob("progress_report/*.docx"))) < 10:
            time.sleep(0.01)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        killed.set()

    threading.Thread(target=kill, daemon=True).start()
    report = iepdocs.generate(workbook, out, templates=slow, date=TODAY, cluster=cluster.scheduler_address)
    assert killed.is_set()
    assert report.is_complete
    assert len(hashes(out)) == MANY
    assert hashes(out) == hashes(tmp_path / "here")
    assert manifest(out) == manifest(tmp_path / "here")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console alone")
def test_ctrl_c_ends_a_run_on_a_cluster_with_what_was_made_so_far(
    workbook: Path, slow: Path, tmp_path: Path, cluster: LocalCluster
) -> None:
    out = tmp_path / "out"
    process = begun(workbook, slow, out, "--cluster", cluster.scheduler_address)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, "")
    assert "Run the same command again to go on." in said
    report = iepdocs.generate(workbook, out, templates=slow, date=TODAY)
    assert report.unchanged["progress_report"] >= int(re.search(r"All +(\d+)", said)[1])  # type: ignore[index]
    assert report.is_complete


@pytest.fixture
def printed(
    templates: Path, tmp_path: Path, cluster: LocalCluster, make_workbook: MakeWorkbook
) -> Callable[..., Printed]:
    """Return a function that has the documents of a small workbook printed by the cluster, as is wanted."""
    need_libreoffice()

    def on_cluster(**wanted: Any) -> Printed:
        workbook, address = make_workbook(progress_sheets()), cluster.scheduler_address
        report = iepdocs.generate(
            workbook, tmp_path / "out", templates=templates, date=TODAY, cluster=address, **wanted
        )
        assert report.printed
        return report.printed

    return on_cluster


def test_a_cluster_makes_pdfs(printed: Callable[..., Printed]) -> None:
    combined = printed(combine=True)
    assert (combined.made, combined.problems) == (2, [])
    assert combined.files == {"print/Progress Report.pdf": 3}


def test_a_pdf_whose_workers_were_killed_is_made_by_another(printed: Callable[..., Printed], tmp_path: Path) -> None:
    deadly, starts = tmp_path / "soffice", tmp_path / "starts"
    deadly.write_text(
        f"#!/bin/sh\necho >> {starts}\n[ $(wc -l < {starts}) -gt 4 ] || kill -9 $PPID\n"
        f'exec {find_office().program} "$@"\n',
        encoding="utf-8",
    )
    deadly.chmod(0o700)
    alone = printed(pdf=True, soffice=deadly, students=["00042"])
    assert (alone.made, alone.problems) == (1, [])
    assert starts.read_text("utf-8").count("\n") == 5, "the scheduler gives up after four"
    assert list((tmp_path / "out").rglob("~*")) == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://", "tcp://127.0.0.1", "tcp://a b:1"]
)
def test_what_is_no_address_is_said_at_once(address: str) -> None:
    with pytest.raises(IepdocsError, match="This is no address"), cluster_crew(address):
        pass


def test_a_scheduler_without_workers_is_said() -> None:
    with (
        LocalCluster(n_workers=0, dashboard_address=None) as cluster,
        pytest.raises(IepdocsError, match="has no workers") as raised,
        cluster_crew(cluster.scheduler_address),
    ):
        pass
    assert "dask worker" in raised.value.findings[0].mend


def test_a_cluster_whose_last_worker_is_gone_is_not_waited_for(
    workbook: Path, slow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iepdocs.batch.executors._SECONDS_WITHOUT", 1)
    monkeypatch.setattr("iepdocs.batch.share._GLANCE", 1)
    out = tmp_path / "out"
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        wanted: dict[str, Any] = {"templates": slow, "date": TODAY, "cluster": cluster.scheduler_address}
        with pytest.raises(IepdocsError, match="no worker for 1 seconds"):
            iepdocs.generate(workbook, out, watch=lambda *_: cluster.scale(0), **wanted)
        cluster.scale(1)
        cluster.wait_for_workers(1)
        report = iepdocs.generate(workbook, out, **wanted)
    assert report.unchanged["progress_report"] > 0
    assert report.is_complete


def test_where_no_scheduler_answers_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iepdocs.batch.executors._SECONDS_TO_ANSWER", 1)
    with pytest.raises(IepdocsError) as raised, cluster_crew("tcp://127.0.0.1:9"):
        pass
    assert re.search("No scheduler", raised.value.findings[0].message)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(IepdocsError) as raised, cluster_crew("tcp://127.0.0.1:9"):
        pass
    assert "iepdocs[cluster]" in raised.value.findings[0].mend

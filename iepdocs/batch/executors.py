"""Who does the work: this process, others on this machine, or a cluster; to a run, each is an Executor."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_T = TypeVar("_T")
_R = TypeVar("_R")

_WORTH_A_PROCESS = 60
"""Documents that one process makes in the time in which another starts."""
_MOST_ON_WINDOWS = 61
"""Processes that Windows lets one wait for."""
_SECONDS_TO_ANSWER = 20
_SECONDS_TO_CLEAR = 3
_SECONDS_WITHOUT = 60
"""How long a cluster may have no worker, as while a lost one is started anew."""
_START = "Start some with 'dask worker' and the scheduler's address, on machines that share the output folder."
_ADDRESS = re.compile(r"(tcp|tls|ucx|wss?)://(\[[^\]\s]+\]|[^:/\s]+):\d{1,5}/?")


@dataclass(frozen=True)
class Crew:
    """How work is shared out.

    Attributes:
        start: begins anew with fresh workers.
        size: how many work at the same time.
        here: whether the work is done in this process.
        copies: whether workers begin as copies of this process, with all that it has read.
        check: raises where nobody is left who could do the work.
    """

    start: Callable[[], Executor]
    size: int
    here: bool = False
    copies: bool = False
    check: Callable[[], None] = lambda: None


class InThisProcess(Executor):
    """Does each piece of work at once, where it is asked for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  (as any executor does)
            future.set_exception(error)
        return future


class _Pool(ProcessPoolExecutor):
    """Processes that are ended where the run is broken off: none is waited for, whatever it waits for itself."""

    def __exit__(self, kind: type[BaseException] | None, *raised: Any) -> bool | None:  # noqa: PYI036
        if kind:
            for process in list((self._processes or {}).values()):
                process.terminate()
        return super().__exit__(kind, *raised)


class _Remote(Executor):
    """An executor of a cluster; where the run is broken off, none of its workers is waited for."""

    def __init__(self, of: Any) -> None:
        self._of = of

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = self._of.submit(fn, *args, **kwargs)
        return future

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._of.shutdown(wait=kind is None)


def local_crew(jobs: int | None, documents: int) -> Crew:
    """Return workers on this machine: as many processes as are wanted, or else as there are cores.

    Args:
        jobs: how many, if that was said.
        documents: how many documents there are: for a few no process is started, unless it was said.
    """
    return _crew(jobs or min(_cores(), documents // _WORTH_A_PROCESS))


def office_crew(jobs: int | None) -> Crew:
    """Return workers on this machine that each wait for another program: so many, or else as there are cores."""
    return _crew(jobs or _cores())


def _crew(size: int) -> Crew:
    if size <= 1:
        return Crew(InThisProcess, 1, here=True)
    size = min(size, _MOST_ON_WINDOWS) if sys.platform == "win32" else size
    method = multiprocessing.get_start_method(allow_none=True)
    if method is None and sys.platform == "linux" and threading.active_count() == 1:
        method = "fork"  # with more threads a copy may wait for ever
    started_by = multiprocessing.get_context(method)
    return Crew(lambda: _Pool(size, started_by, initializer=_begin), size, copies=method == "fork")


def in_copies(of: Callable[[_T], _R], parts: Sequence[_T], crew: Crew) -> list[_R]:
    """Work something out for each part, in a crew of copies of this process at the same time.

    What went wrong in one, or with it, is worked out here once more; all is, where the system starts no process.
    """
    try:
        with at_hand((of, parts)), crew.start() as executor:
            begun = [executor.submit(_of_part, number) for number in range(len(parts))]
            wait(begun)
    except (OSError, BrokenExecutor):
        return [of(part) for part in parts]
    return [of(part) if one.exception() else one.result() for part, one in zip(parts, begun, strict=True)]


def _of_part(number: int) -> Any:
    of, parts = what_is_at_hand()
    try:
        return of(parts[number])
    except SystemExit:  # the run is broken off, and there is nothing to clear
        os._exit(1)


_AT_HAND: list[Any] = []


@contextmanager
def at_hand(what: Any) -> Iterator[None]:
    """Have something at hand for workers that begin as copies of this process: it need not be sent."""
    _AT_HAND.append(what)
    try:
        yield
    finally:
        _AT_HAND.pop()


def what_is_at_hand() -> Any:
    """Return what was at hand when this process began as a copy of the run's."""
    return _AT_HAND[-1]


@contextmanager
def cluster_crew(address: str) -> Iterator[Crew]:
    """Give the workers of a running dask.distributed scheduler.

    Args:
        address: the scheduler's, such as `tcp://10.0.0.5:8786`, or `tls://…`.

    Raises:
        IepdocsError: where dask.distributed is not installed, nobody answers, or there is no worker.
    """
    try:
        from distributed import Client  # noqa: PLC0415  (heavy, and an extra)
    except ImportError:
        mend = "Install it with: pip install 'iepdocs[cluster]'."
        raise _no_cluster(address, "dask.distributed is not installed.", mend) from None
    if not _ADDRESS.fullmatch(address):
        raise _no_cluster(
            address, "This is no address.", "Write it such as tcp://10.0.0.5:8786, as the scheduler says it."
        )
    try:
        client = Client(address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise _no_cluster(
            address, "No scheduler answers there.", "Start it with 'dask scheduler', or mend the address."
        ) from None

    def workers() -> int:
        return len(client.scheduler_info(n_workers=-1)["workers"])

    seen = time.monotonic()

    def check() -> None:
        nonlocal seen
        if workers():
            seen = time.monotonic()
        elif time.monotonic() - seen > _SECONDS_WITHOUT:
            message = f"The cluster has had no worker for {_SECONDS_WITHOUT} seconds."
            raise _no_cluster(address, message, f"{_START} The same command goes on from where it ended.")

    with client:
        size = workers()
        if not size:
            raise _no_cluster(address, "The scheduler has no workers.", _START)
        yield Crew(lambda: _Remote(client.get_executor(pure=False, retries=2)), size, check=check)


def _no_cluster(address: str, message: str, mend: str) -> IepdocsError:
    return IepdocsError(Finding(message, mend, FilePlace(f"--cluster {address}"), rule="no-cluster"))


def _cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin() -> None:
    """Begin a worker process: it prints nothing, leaves Ctrl-C to the run, and ends with it, however that ends."""
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (a traceback may hold a child's data)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _clear_and_end)
    threading.Thread(target=_end_with_the_run, daemon=True).start()


def _clear_and_end(*_: object) -> None:
    """End a worker process: what it has begun is cleared away, such as another program that it waits for."""
    ending = threading.Timer(_SECONDS_TO_CLEAR, os._exit, (1,))
    ending.daemon = True
    ending.start()
    sys.exit(1)


def _end_with_the_run() -> None:
    run = multiprocessing.parent_process()
    if run:
        run.join()
        os._exit(1)

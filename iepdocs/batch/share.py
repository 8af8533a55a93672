"""Sharing out the work of a run to workers, a few documents at a time, and what comes back."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from iepdocs.batch.executors import at_hand
from iepdocs.batch.journal import HIDDEN
from iepdocs.batch.work import AtHand, Done, Outcome, Share, work
from iepdocs.files import write_file
from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from iepdocs.batch.bundle import Bundle
    from iepdocs.batch.executors import Crew
    from iepdocs.batch.work import Sent, Task

_FEWEST, _MOST = 4, 32
"""How many documents, at least, go to a worker at a time: few enough that one who stops the run waits no second."""
_SHARES_EACH = 8
"""Into how many shares, if they are as large, documents are parted for each worker: at the end none waits long."""
_GLANCE, _PATIENCE = 5, 30
"""How many seconds pass before it is asked whether anybody is left; how many Ctrl-C waits for what has been begun."""
_AHEAD = 2
"""How many shares wait for each worker: each holds its students' records once more."""

_Tasks = list["Task"]
_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Job(Generic[_T, _R]):
    """What workers do with a share, which is a list of things.

    Attributes:
        do: what a worker calls; it raises nothing, as some executors would log that with the arguments.
        given: returns what that is called with for a share.
        died: returns what came of a share that kills a worker.
        again: returns what came of a share that was given out once more, as a worker had died at it.
        is_awaited: whether Ctrl-C waits for what has been begun.
    """

    do: Callable[..., _R]
    given: Callable[[list[_T]], tuple[Any, ...]]
    died: Callable[[list[_T]], _R]
    again: Callable[[_R], _R] = lambda result: result
    is_awaited: bool = True


def give(job: Job[_T, _R], shares: Iterable[list[_T]], crew: Crew, most: int) -> Iterator[_R]:
    """Give shares to workers, so many at a time, and yield what comes of them, as they are done.

    Where a worker dies, what it may have been at is given out again after all else, one share at a time: whole, then
    thing by thing.

    Raises:
        IepdocsError: where no worker can begin, or none is left.
    """
    lost = yield from _given(job, shares, crew, most)
    yield from map(job.again, _once_more(job, lost, crew))


def _once_more(job: Job[_T, _R], lost: list[list[_T]], crew: Crew) -> Iterator[_R]:
    lost = lost and (yield from _given(job, lost, crew, 1))
    lost = lost and (yield from _given(job, [[one] for share in lost for one in share], crew, 1))
    yield from map(job.died, lost)


def share_out(bundle: Bundle, by_student: Mapping[str, _Tasks], crew: Crew) -> Iterator[list[Outcome]]:
    """Have the documents of a run made, and yield what became of them, share by share as they are done.

    A document that kills a worker by itself is not made. On Ctrl-C what has been begun is ended, and the interrupt
    raised.

    Args:
        bundle: what the documents have in common.
        by_student: the documents by student.
        crew: who does the work.

    Raises:
        IepdocsError: where no worker can begin, or none is left.
    """
    if crew.here:
        with crew.start() as executor:
            for tasks in by_student.values():
                yield executor.submit(work, Share(bundle, bundle.contexts.caseload, tasks)).result()
        return
    with _ready_to_go(bundle, by_student, crew) as ready:
        new = {task.number for tasks in by_student.values() for task in tasks if task.before is None}

        def again(found: list[Outcome]) -> list[Outcome]:
            """Count what the worker that died had made itself: it was not there before the run."""
            return [
                replace(one, done=Done.MADE) if one.number in new and one.done is Done.UNCHANGED else one
                for one in found
            ]

        job: Job[Task, list[Outcome]] = Job(work, ready, lambda tasks: [*map(_died, tasks)], again)
        yield from give(job, _shares(by_student, crew.size * _SHARES_EACH), crew, crew.size * _AHEAD)


@contextmanager
def _ready_to_go(
    bundle: Bundle, by_student: Mapping[str, _Tasks], crew: Crew
) -> Iterator[Callable[[_Tasks], tuple[Sent | AtHand]]]:
    """Give what makes some tasks ready to go to a worker, with as much as it has not yet."""
    if crew.copies:
        whole = {task.number: task for tasks in by_student.values() for task in tasks}
        with at_hand((bundle, whole)):
            yield lambda tasks: (AtHand([task.number for task in tasks]),)
        return
    content = bundle.packed()
    digest = sha256(content).hexdigest()
    path = bundle.out / HIDDEN / f"{digest[:16]}.run"

    def sent(tasks: _Tasks) -> tuple[Sent]:
        caseload = bundle.contexts.caseload.part(task.document.student_id for task in tasks)
        return (Share(bundle, caseload, tasks).sent(path, digest),)

    write_file(path, content)
    try:
        yield sent
    finally:
        path.unlink(missing_ok=True)


def _shares(by_student: Mapping[str, _Tasks], wanted: int) -> Iterator[_Tasks]:
    """Yield documents together with all others of their students, in so many shares, if these are as large."""
    least = max(_FEWEST, min(_MOST, sum(map(len, by_student.values())) // wanted))
    tasks: _Tasks = []
    for mine in by_student.values():
        tasks += mine
        if len(tasks) >= least:
            yield tasks
            tasks = []
    if tasks:
        yield tasks


def _given(job: Job[_T, _R], shares: Iterable[list[_T]], crew: Crew, most: int) -> Generator[_R, None, list[list[_T]]]:
    """Give shares to workers once, and yield what comes back; return what was lost with a worker."""
    shares = iter(shares)
    lost: list[list[_T]] = []
    is_broken = True
    while is_broken:
        is_broken = False
        with crew.start() as executor:
            begun = _submitted(executor, os.getpid)
            running: dict[Future[_R], list[_T]] = {}
            try:
                while not is_broken:
                    _fill(running, job, shares, executor, most)
                    if not running:
                        break
                    done, _ = wait(running, _GLANCE, FIRST_COMPLETED)
                    if not done:
                        crew.check()
                    for future in done:
                        share = running.pop(future)
                        error = future.exception()
                        is_broken |= isinstance(error, BrokenExecutor)
                        if error:
                            lost.append(share)
                        else:
                            yield future.result()
            except KeyboardInterrupt:
                yield from _begun(job, running)
                raise
            if is_broken and begun.exception():
                raise _none_begins()
            lost += running.values()
    return lost


def _fill(
    running: dict[Future[_R], list[_T]], job: Job[_T, _R], shares: Iterator[list[_T]], executor: Executor, most: int
) -> None:
    while len(running) < most and (share := next(shares, None)):
        try:
            running[_submitted(executor, job.do, *job.given(share))] = share
        except BrokenExecutor as error:
            broken: Future[_R] = Future()
            broken.set_exception(error)
            running[broken] = share


def _submitted(executor: Executor, do: Callable[..., Any], *given: Any) -> Future[Any]:
    try:
        return executor.submit(do, *given)
    except OSError:  # the process that is started for it is one too many
        raise _none_begins() from None


def _begun(job: Job[_T, _R], running: Iterable[Future[_R]]) -> Iterator[_R]:
    """Yield what comes yet of what has been begun, if that is awaited."""
    running = list(running)
    if job.is_awaited:
        done, _ = wait(running, _PATIENCE)
        yield from (future.result() for future in running if future in done and not future.exception())
    for future in running:
        future.cancel()


def _none_begins() -> IepdocsError:
    return IepdocsError(
        Finding(
            "No process could be started, as where a script does not call this below 'if __name__ == \"__main__\":', "
            "or memory is short.",
            "Write the script so, or let this process do the work, with --jobs 1.",
            FilePlace("--jobs"),
            rule="no-worker",
        )
    )


def _died(task: Task) -> Outcome:
    reason = Finding(
        "The process that was making this document ended, as when memory is short.",
        "Run the same command again; if it stays, with --jobs 1.",
        FilePlace(task.file),
        rule="worker-died",
    )
    return Outcome(task.number, Done.NOT_MADE, (reason,), is_noted=False)

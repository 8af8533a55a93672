"""Sharing out the work of a run: students to workers, a few at a time, and what comes back."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

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

_DOCUMENTS_AT_ONCE = 32
"""How many documents, at least, go to a worker at a time: few enough that one who stops the run waits no second."""
_AHEAD = 2
"""How many shares wait for each worker: each holds its students' records once more."""

_Tasks = list["Task"]


def share_out(bundle: Bundle, by_student: Mapping[str, _Tasks], crew: Crew) -> Iterator[list[Outcome]]:
    """Have the documents of a run made, and yield what became of them, share by share as they are done.

    Where a worker dies, what it may have been at is given out again, one document at a time; one that kills a worker by
    itself is not made. On Ctrl-C what has been begun is ended, and the interrupt raised.

    Args:
        bundle: what the documents have in common.
        by_student: the documents by student.
        crew: who does the work.

    Raises:
        IepdocsError: where no worker can begin.
    """
    if crew.here:
        with crew.start() as executor:
            for tasks in by_student.values():
                yield executor.submit(work, Share(bundle, bundle.contexts.caseload, tasks)).result()
        return
    with _ready_to_go(bundle, by_student, crew) as ready:
        shares = ((tasks, ready(tasks)) for tasks in _shares(by_student))
        lost = yield from _given(shares, crew, crew.size * _AHEAD)
        alone = (([task], ready([task])) for tasks in lost for task in tasks)
        for tasks in (yield from _given(alone, crew, 1)):
            yield [_died(task) for task in tasks]


@contextmanager
def _ready_to_go(
    bundle: Bundle, by_student: Mapping[str, _Tasks], crew: Crew
) -> Iterator[Callable[[_Tasks], Sent | AtHand]]:
    """Give what makes some tasks ready to go to a worker, with as much as it has not yet."""
    if crew.copies:
        whole = {task.number: task for tasks in by_student.values() for task in tasks}
        with at_hand((bundle, whole)):
            yield lambda tasks: AtHand([task.number for task in tasks])
        return
    content = bundle.packed()
    digest = sha256(content).hexdigest()
    path = bundle.out / HIDDEN / f"{digest[:16]}.run"
    caseload = bundle.contexts.caseload
    write_file(path, content)
    try:
        yield lambda tasks: Share(bundle, caseload.part(task.document.student_id for task in tasks), tasks).sent(
            path, digest
        )
    finally:
        path.unlink(missing_ok=True)


def _shares(by_student: Mapping[str, _Tasks]) -> Iterator[_Tasks]:
    """Yield documents together with all others of their students, at least so many at a time."""
    tasks: _Tasks = []
    for mine in by_student.values():
        tasks += mine
        if len(tasks) >= _DOCUMENTS_AT_ONCE:
            yield tasks
            tasks = []
    if tasks:
        yield tasks


def _given(
    shares: Iterable[tuple[_Tasks, Sent | AtHand]], crew: Crew, most: int
) -> Generator[list[Outcome], None, list[_Tasks]]:
    """Give shares to workers, so many ahead, and yield what comes back; return what was lost with a worker."""
    shares = iter(shares)
    lost: list[_Tasks] = []
    is_broken = True
    while is_broken:
        is_broken = False
        with crew.start() as executor:
            begun = executor.submit(os.getpid)
            running: dict[Future[list[Outcome]], _Tasks] = {}
            try:
                while not is_broken:
                    _fill(running, shares, executor, most)
                    if not running:
                        break
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        tasks = running.pop(future)
                        error = future.exception()
                        is_broken |= isinstance(error, BrokenExecutor)
                        if error:
                            lost.append(tasks)
                        else:
                            yield future.result()
            except KeyboardInterrupt:
                for future in running:
                    if not future.exception():
                        yield future.result()
                raise
            if is_broken and begun.exception():
                raise _none_begins()
            lost += running.values()
    return lost


def _fill(
    running: dict[Future[list[Outcome]], _Tasks],
    shares: Iterator[tuple[_Tasks, Sent | AtHand]],
    executor: Executor,
    most: int,
) -> None:
    while len(running) < most and (share := next(shares, None)):
        tasks, sent = share
        try:
            running[executor.submit(work, sent)] = tasks
        except BrokenExecutor as error:
            broken: Future[list[Outcome]] = Future()
            broken.set_exception(error)
            running[broken] = tasks


def _none_begins() -> IepdocsError:
    return IepdocsError(
        Finding(
            "No process could be started, as where a script does not call this below 'if __name__ == \"__main__\":'.",
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

"""Many images on one machine: processes (or threads) that each compute with one core.

One image that ends its process, for want of memory as a rule, ends the pool that it runs in. Those that were under way
are then done one by one, so that only the image at fault is given up.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import cast

from .work import Done, Task, failed, process

Answers = Iterator[tuple[Task, Done | None]]
AHEAD = 2  # tasks under way or waiting, per worker: none waits for work, and few are held in memory
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS")
ENDED = ("The process that worked on this image was ended, as a rule for want of memory. Run again with fewer "
         "workers.")


def cores() -> int:
    """How many this program may use."""
    there = getattr(os, "sched_getaffinity", None)
    return len(there(0)) if there else os.cpu_count() or 1


def in_this_process(tasks: Iterable[Task]) -> Answers:
    """One after the other, without any process beside this one."""
    return ((task, process(task)) for task in tasks)


def in_threads(tasks: Iterable[Task], workers: int) -> Answers:
    """In threads of this process: for comparison, see ``radiomicnet bench``."""
    with ThreadPoolExecutor(workers) as pool:
        yield from _answers(pool, deque(), iter(tasks), workers)


def in_processes(tasks: Iterable[Task], workers: int, work: Callable[[Task], Done | None] = process) -> Answers:
    """In processes of their own, in the order in which they are ready.

    Parameters
    ----------
    tasks : iterable of Task
        Taken as they are needed.
    workers : int
        1 or more.
    work : callable
        What is done with each; has to be a function of a module.

    Yields
    ------
    tuple of Task and (Done or None)
    """
    waiting = iter(tasks)
    suspects: deque[Task] = deque()
    with _one_thread_each():
        while True:
            # After a process was ended, one task at a time: the next that ends its process is the one at fault.
            alone = bool(suspects)
            under_way: deque[Task] = deque()
            pool = _pool(1 if alone else workers)
            try:
                source = iter([suspects.popleft()]) if alone else waiting
                yield from _answers(pool, under_way, source, 1 if alone else workers, work)
            except BrokenProcessPool:
                if alone:
                    task = under_way.pop()
                    yield task, failed("", ENDED, lasting=False)
                suspects.extend(under_way)
                continue
            finally:
                _end(pool)
            if not alone:
                return


def _answers(pool: Executor, under_way: deque[Task], tasks: Iterator[Task], workers: int,
             work: Callable[[Task], Done | None] = process) -> Answers:
    """Answers as they come; ``under_way`` holds, in every moment, the tasks that have none yet."""
    futures: dict[Future[Done | None], Task] = {}

    def fill() -> None:
        while len(futures) < AHEAD * workers and (task := next(tasks, None)) is not None:
            under_way.append(task)
            futures[pool.submit(work, task)] = task

    fill()
    while futures:
        for future in wait(futures, return_when=FIRST_COMPLETED).done:
            answer = future.result()
            task = futures.pop(future)
            under_way.remove(task)
            yield task, answer
        fill()


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_follow_the_parent)


def _follow_the_parent() -> None:
    """Leave it to the parent to stop, since a key that stops the command reaches every process of it; but end with
    the parent, also where it is killed: a worker would wait for work, and hold its memory, for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _end(pool: ProcessPoolExecutor) -> None:
    """At once, also where images are under way: what they would give is not waited for."""
    processes = list(cast("dict[int, BaseProcess]", pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for each in processes:
        each.terminate()
    for each in processes:
        each.join()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """What processes that start meanwhile read when they load their libraries."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

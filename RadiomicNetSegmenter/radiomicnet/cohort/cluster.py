"""Many images on an existing Dask cluster: its workers read, segment and send back; this program alone writes."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import CohortError
from .local import AHEAD, ENDED, Answers
from .work import Done, Task, failed, process

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_ANSWER = 20


def on_cluster(tasks: Iterable[Task], address: str, work: Callable[[Task], Done | None] = process) -> Answers:
    """Answers in the order in which they are ready.

    A worker that is lost loses nothing: the scheduler gives its images to others. An image whose workers end again
    and again is given up, after as many tries as the cluster's ``distributed.scheduler.allowed-failures`` says.

    Parameters
    ----------
    tasks : iterable of Task
        Taken as they are needed; the workers see the files at the same place.
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    work : callable
        What is done with each.

    Raises
    ------
    CohortError
        Where distributed is not installed, there is no scheduler or no worker, one has no RadiomicNet or another
        version of it, or the cluster goes away.
    """
    with _client(address) as client:
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        threads = _check_workers(client)
        waiting = iter(tasks)
        under_way = {client.submit(work, task, pure=False): task for task in islice(waiting, AHEAD * threads)}
        answers = as_completed(under_way, loop=client.loop)
        for future in answers:
            task = under_way.pop(future)
            try:
                answer = future.result()
            except KilledWorker:
                answer = failed("", ENDED, lasting=False)
            yield task, answer
            for following in islice(waiting, 1):
                new = client.submit(work, following, pure=False)
                under_way[new] = following
                answers.add(new)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError
    except ModuleNotFoundError as error:
        raise CohortError(f"A cluster needs the Python package {error.name}, which is missing.",
                          "Install dask and distributed, or leave --scheduler out.") from error
    from concurrent.futures import CancelledError

    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CohortError(f"No Dask scheduler answers at {address}.",
                          "Check the address; the scheduler prints it when it starts.") from error
    try:
        yield client
    except (CancelledError, CommClosedError) as error:
        raise CohortError("The cluster went away.", "Run again when it is back; what is done is kept.") from error
    finally:
        client.close()


def _check_workers(client: Client) -> int:
    """Threads of all workers, of which each has this version of RadiomicNet."""
    threads = sum(client.nthreads().values())
    if not threads:
        raise CohortError("The cluster has no worker.", "Start workers, and try again.")
    answers = client.run(pkgutil.resolve_name, "radiomicnet:__version__", on_error="return")
    others = sorted({str(answer) for answer in answers.values() if answer != __version__})
    if others:
        raise CohortError(f"Not every worker has RadiomicNet {__version__} ({others[0]}).",
                          "Install the same version everywhere.")
    return threads

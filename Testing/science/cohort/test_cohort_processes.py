"""Many images side by side: processes of this machine, and of a Dask cluster one of whose workers is killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from cohort_images import contents
from cohort_jobs import quick, slow

from radiomicnet.cohort.cluster import on_cluster
from radiomicnet.cohort.local import ONE_THREAD, in_processes
from radiomicnet.cohort.settings import Settings
from radiomicnet.cohort.source import Item
from radiomicnet.cohort.work import Task
from radiomicnet.errors import CohortError

SETTINGS = Settings("small", None, "cpu", {}, {})


def tasks(*names):
    return [Task(Item(name, Path(name)), "small", SETTINGS) for name in names]


def counted(answers):
    return Counter(task.item.path for task, _ in answers)


def test_every_image_is_answered_once_by_processes_of_one_thread_each():
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    names = [f"{number}.png" for number in range(20)]
    answers = list(in_processes(tasks(*names), 2, quick))
    assert counted(answers) == Counter(names)
    assert all(done.key == task.item.path for task, done in answers)
    assert {done.row["threads"] for _, done in answers} == {"1"}
    assert os.getpid() not in {done.row["process"] for _, done in answers}
    assert {name: os.environ.get(name) for name in ONE_THREAD} == before


def test_tasks_are_taken_as_they_are_needed():
    taken = []

    def endless():
        for number in range(10**9):
            taken.append(number)
            yield from tasks(f"{number}.png")

    answers = in_processes(endless(), 1, quick)
    for _ in range(5):
        next(answers)
    answers.close()
    assert len(taken) < 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals.")
@pytest.mark.parametrize("blow", ["SIGTERM", "SIGKILL"])
def test_no_worker_outlives_a_command_that_is_killed(tmp_path, blow):
    program = ("import sys; from test_cohort_processes import tasks; from cohort_jobs import slow\n"
               "from radiomicnet.cohort.local import in_processes\n"
               "if __name__ == '__main__':\n"
               "    for _, done in in_processes(tasks(*map(str, range(10000))), 2, slow):\n"
               "        print(done.row['process'], flush=True)\n")
    (tmp_path / "killed.py").write_text(program)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, tmp_path / "killed.py"], stdout=subprocess.PIPE, text=True,
                          env=environment) as command:
        workers = {int(command.stdout.readline()) for _ in range(6)}
        command.send_signal(getattr(signal, blow))
        end = time.monotonic() + 60
        while any(map(alive, workers)) and time.monotonic() < end:
            time.sleep(0.1)
    assert not any(map(alive, workers))


def alive(process):
    """Whether it runs; one that ended may wait for whoever inherited it to take note."""
    try:
        os.kill(process, 0)
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no such folder on this system
        return True


def test_an_image_that_ends_its_process_is_given_up_and_the_others_are_not():
    names = ["1.png", "2.png", "deadly.png", *(f"{number}.png" for number in range(3, 9))]
    answers = list(in_processes(tasks(*names), 2, quick))
    assert counted(answers) == Counter(names)
    rows = {task.item.path: done for task, done in answers}
    assert "was ended, as a rule for want of memory" in rows["deadly.png"].row["reason"]
    assert not rows["deadly.png"].lasting  # the next run tries it again
    assert all(done.key == name for name, done in rows.items() if name != "deadly.png")


@pytest.fixture(scope="module")
def cluster():
    """Two real workers with a process each, and one thread."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as there:
        yield there


def kill_one(cluster):
    """End one worker's process at once, as a machine that fails does."""
    from distributed import Client

    with Client(cluster.scheduler_address, set_as_default=False) as client:
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(cluster):
    names = [f"{number}.png" for number in range(14)]
    answers = []
    for answer in on_cluster(tasks(*names), cluster.scheduler_address, slow):
        answers.append(answer)
        if len(answers) == 3:
            kill_one(cluster)
    assert counted(answers) == Counter(names)
    assert all(done.key == task.item.path for task, done in answers)


def test_a_cluster_gives_the_bytes_that_this_machine_gives_also_where_a_worker_is_killed(
        cluster, cohort, tree, finished, tmp_path, monkeypatch):
    from radiomicnet.cohort.store import Store

    keep, kept = Store.keep, []

    def and_kill(self, item, *words):
        keep(self, item, *words)
        kept.append(item)
        if len(kept) == 1:
            kill_one(cluster)

    monkeypatch.setattr(Store, "keep", and_kill)
    assert cohort(tree, tmp_path / "out", "--scheduler", cluster.scheduler_address, workers=None) == 1
    assert len(kept) == 5
    assert contents(tmp_path / "out") == contents(finished)


def test_a_scheduler_that_is_not_there_is_a_sentence(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("radiomicnet.cohort.cluster.SECONDS_TO_ANSWER", 1)
    with pytest.raises(CohortError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:1\."):
        next(on_cluster(tasks("1.png"), "tcp://127.0.0.1:1"))


def test_a_worker_of_another_version_is_refused(cluster, monkeypatch):
    monkeypatch.setattr("radiomicnet.cohort.cluster.__version__", "9.9")
    with pytest.raises(CohortError, match=r"Not every worker has RadiomicNet 9\.9 \(\d"):
        next(on_cluster(tasks("1.png"), cluster.scheduler_address, slow))


def test_a_worker_that_does_not_see_the_images_is_told_of(tmp_path):
    from radiomicnet.cohort.work import process

    (task,) = tasks("nowhere.png")
    with pytest.raises(CohortError, match=r"A worker does not see nowhere\.png"):
        process(task)

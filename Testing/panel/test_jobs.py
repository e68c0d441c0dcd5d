"""Work in a thread that the main thread lets run, and that stops when it is told to."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtWidgets import QApplication

from radiomicnet.errors import Cancelled
from RadiomicNetSegmenterLib.jobs.job import Job


class Record:
    """Handlers that write down what is called, and in which thread."""

    def __init__(self) -> None:
        self.calls = []
        self.threads = set()

    def handlers(self):
        return {kind: self._recorder(kind) for kind in ("progress", "prediction", "done", "failed", "cancelled")}

    def _recorder(self, kind):
        def record(*values):
            self.calls.append((kind, *values))
            self.threads.add(threading.current_thread())
        return record

    def wait(self, count: int) -> None:
        deadline = time.monotonic() + 10
        while len(self.calls) < count:
            assert time.monotonic() < deadline
            QApplication.processEvents()


@pytest.fixture
def record():
    return Record()


def alive():
    return [thread for thread in threading.enumerate() if thread.name == "RadiomicNet"]


def test_messages_and_result_arrive_in_order_on_the_main_thread(record):
    def work(channel):
        channel.progress("first", 0.0)
        channel.deliver("prediction", "outline")
        channel.deliver("prediction", "another")
        return threading.current_thread()

    job = Job(work, record.handlers())
    job.start()
    record.wait(4)
    assert record.calls[:3] == [("progress", "first", 0.0), ("prediction", "outline"),
                                ("prediction", "another")]
    assert record.calls[3][0] == "done"
    assert record.calls[3][1] is not threading.main_thread()
    assert record.threads == {threading.main_thread()}


def test_the_event_loop_turns_while_the_work_goes_on(record):
    job = Job(lambda channel: time.sleep(0.3), record.handlers())
    job.start()
    turns = 0
    while not record.calls:
        QApplication.processEvents()
        turns += 1
    assert turns > 5


def test_work_that_speaks_faster_than_it_is_heard_leaves_the_event_loop_turning(record):
    def work(channel):
        while True:
            channel.progress("again", 0.5)
            time.sleep(0.001)

    job = Job(work, {**record.handlers(), "progress": lambda *values: time.sleep(0.01)})
    job.start()
    for _turn in range(10):
        QApplication.processEvents()
    job.cancel()
    record.wait(1)
    assert record.calls == [("cancelled",)]


def test_an_exception_arrives_as_it_is(record):
    error = RuntimeError("no memory")

    def work(channel):
        raise error

    job = Job(work, record.handlers())
    job.start()
    record.wait(1)
    assert record.calls == [("failed", error)]


def test_cancelling_stops_the_work_at_its_next_message(record):
    begun, go_on = threading.Event(), threading.Event()
    after = []

    def work(channel):
        begun.set()
        go_on.wait()
        channel.progress("never", 0.5)
        after.append("reached")

    job = Job(work, record.handlers())
    job.start()
    begun.wait()
    job.cancel()
    go_on.set()
    record.wait(1)
    assert record.calls == [("cancelled",)]
    assert after == []
    assert alive() == []


def test_what_was_queued_before_a_cancellation_is_dropped(record):
    said = threading.Event()

    def work(channel):
        channel.progress("queued", 0.1)
        said.set()
        return "result"

    job = Job(work, record.handlers())
    job.start()
    said.wait()
    job.cancel()
    record.wait(1)
    assert record.calls == [("cancelled",)]


def test_closing_waits_for_the_thread_and_calls_nothing(record):
    def work(channel):
        while True:
            channel.progress("again", 0.5)
            time.sleep(0.005)

    job = Job(work, record.handlers())
    job.start()
    job.close()
    assert alive() == []
    QApplication.processEvents()
    assert record.calls == []


def test_work_may_stop_itself(record):
    def work(channel):
        raise Cancelled

    job = Job(work, record.handlers())
    job.start()
    record.wait(1)
    assert record.calls == [("cancelled",)]

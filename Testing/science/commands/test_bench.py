"""``python -m radiomicnet bench``: what it says of cohorts."""

from __future__ import annotations

import argparse

import pytest

from radiomicnet.cohort import throughput
from radiomicnet.cohort.throughput import PROCESSES, THREADS, measure
from radiomicnet.commands import bench

SPEEDS = {(10, PROCESSES, 1): (2.0, 600, 300), (10, PROCESSES, 4): (6.0, 610, 301), (10, THREADS, 1): (2.0, 700, 700),
          (10, THREADS, 4): (3.0, 1500, 1500), (1000, PROCESSES, 1): (2.0, 620, 305),
          (1000, PROCESSES, 4): (7.5, 630, 310), (1000, THREADS, 1): (2.5, 720, 720),
          (1000, THREADS, 4): (3.0, 1600, 1600)}


@pytest.fixture
def printed(monkeypatch, capsys):
    """Print the cohorts of these numbers as if they had been measured."""
    def measured(images, kind, workers):
        speed, worker, writer = SPEEDS[images, kind, workers]
        return {"images": images, "images_per_second": speed, "worker_mib": worker, "writer_mib": writer}

    def call(*words):
        monkeypatch.setattr(throughput, "measure", measured)
        parser = argparse.ArgumentParser()
        bench.add_arguments(parser)
        assert bench.main(parser.parse_args(["--repeats", "0", "--workers", "1", "4", "--cohort", *words])) == 0
        return capsys.readouterr().out
    return call


def test_processes_stand_beside_threads_with_their_speed_and_memory(printed):
    lines = printed("10", "1000").splitlines()
    assert lines[1].split() == ["images", "workers", "kind", "images/s", "MiB", "a", "worker", "MiB", "to", "write"]
    assert [line.split() for line in lines[2:10]][1] == ["10", "4", "processes", "6.00", "610", "301"]
    assert "  4 processes go through 3.75 times as many images a second as 1 (1,000 images)." in lines
    assert "  4 threads go through 1.20 times as many images a second as 1 (1,000 images)." in lines


def test_the_growth_with_the_cohorts_length_is_said(printed):
    text = printed("10", "1000")
    assert ("From 10 to 1,000 images, 4 processes: a worker's memory from 610 to 630 MiB, the writer's from 301 to "
            "310 MiB.") in text
    assert "From" not in printed("10")


def test_a_real_cohort_is_measured_in_a_program_of_its_own():
    made = measure(2, PROCESSES, 1)
    assert made["images"] == 2 and made["images_per_second"] > 0
    assert made["worker_mib"] > 100 and made["writer_mib"] > 20


@pytest.mark.parametrize("model", ["breast-ultrasound", "polyp-endoscopy"])
def test_the_steps_of_the_model_asked_for_are_timed(model, capsys):
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    assert bench.main(parser.parse_args(["--repeats", "1", "--cohort", "--model", model])) == 0
    lines = capsys.readouterr().out.splitlines()
    took = {line[2:40].strip(): float(line[40:49]) for line in lines[1:]}
    assert took["contributions"] > took["network"] > 0
    outlined = took["features, network, lesions and maps"]
    assert sum(took[name] for name in bench.FIRST) == pytest.approx(outlined, abs=0.3)

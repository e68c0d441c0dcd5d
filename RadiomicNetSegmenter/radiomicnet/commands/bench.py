"""``python -m radiomicnet bench``: how long each step takes on this machine, and how fast a cohort goes through.

Steps are the median of several runs; each cohort is one run of generated images in a program of its own.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .arguments import positive, whole

# Milliseconds that a 512 x 512 image may take on two idle cores.
GOALS = {"features, network, lesions and maps": 250, "contributions": 2000, "PyRadiomics check": 500,
         "import radiomicnet": 300}
FIRST = ("preparing the image", "features", "network", "lesions and maps")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="breast-ultrasound", metavar="NAME",
                        help="whose steps are timed, on the generated image of its kind (breast-ultrasound)")
    parser.add_argument("--repeats", type=whole(10_000), default=20, help="runs per figure (20)")
    parser.add_argument("--threads", type=positive, default=2, help="CPU threads (2)")
    parser.add_argument("--cohort", type=positive, nargs="*", default=[10], metavar="IMAGES",
                        help="how many images the cohorts hold (10); the growth shows in 10 100 1000, which takes long")
    parser.add_argument("--workers", type=positive, nargs="+", metavar="N",
                        help="how many workers (1, and as many as there are cores)")


def main(arguments: argparse.Namespace) -> int:
    if arguments.repeats:
        _print_steps(arguments)
    if arguments.cohort:
        _print_cohorts(arguments)
    return 0


def _print_steps(arguments: argparse.Namespace) -> None:
    import torch

    torch.set_num_threads(arguments.threads)
    times: dict[str, list[float]] = {"import radiomicnet": [_import_seconds() for _ in range(arguments.repeats)]}
    for seconds in _runs(arguments.model, arguments.repeats):
        times.setdefault("features, network, lesions and maps", []).append(sum(seconds[name] for name in FIRST))
        for name, value in seconds.items():
            times.setdefault(name, []).append(value)
    print(f"512 x 512, {arguments.threads} threads, median of {arguments.repeats} (smallest to largest), milliseconds")
    for name, values in times.items():
        goal = f"goal {GOALS[name]}" if name in GOALS else ""
        low, middle, high = (1000 * f(values) for f in (min, statistics.median, max))
        print(f"  {name:<38}{middle:>9.1f}   ({low:.1f} to {high:.1f})  {goal}")


def _print_cohorts(arguments: argparse.Namespace) -> None:
    from ..cohort.local import cores
    from ..cohort.throughput import PROCESSES, THREADS, measure

    print("cohort of generated images, one core each worker; the first image, with what is loaded for it, is not timed")
    print(f"  {'images':>7}{'workers':>9}  {'kind':<11}{'images/s':>9}{'MiB a worker':>14}{'MiB to write':>14}")
    made = []
    for images in arguments.cohort:
        for kind in (PROCESSES, THREADS):
            for workers in arguments.workers or sorted({1, cores()}):
                made.append(one := {**measure(images, kind, workers), "kind": kind, "workers": workers})
                speed = "-" if one["images_per_second"] is None else f"{one['images_per_second']:.2f}"
                print(f"  {images:>7}{workers:>9}  {kind:<11}{speed:>9}{one['worker_mib']:>14.0f}"
                      f"{one['writer_mib']:>14.0f}", flush=True)
    print("  Threads share one program's memory, the writer's too.")
    for sentence in comparison(made):
        print(f"  {sentence}")


def comparison(made: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the measurements say of processes against threads, of more workers, and of a cohort's length.

    Parameters
    ----------
    made : sequence of mapping
        As :func:`radiomicnet.cohort.throughput.measure` gives them, with ``kind`` and ``workers``.
    """
    few, many = (find(one["images"] for one in made) for find in (min, max))
    for kind in dict.fromkeys(one["kind"] for one in made):
        own = sorted((one for one in made if one["kind"] == kind), key=lambda one: (one["workers"], one["images"]))
        first, last = ([one for one in own if one["workers"] == own[end]["workers"]] for end in (0, -1))
        slow, fast = first[-1]["images_per_second"], last[-1]["images_per_second"]
        if first[-1]["workers"] != last[-1]["workers"] and slow and fast:
            yield (f"{last[-1]['workers']} {kind} go through {fast / slow:.2f} times as many images a second as "
                   f"{first[-1]['workers']} ({many:,} images).")
        if few < many:
            yield (f"From {few:,} to {many:,} images, {last[-1]['workers']} {kind}: a worker's memory from "
                   f"{last[0]['worker_mib']:.0f} to {last[-1]['worker_mib']:.0f} MiB, the writer's from "
                   f"{last[0]['writer_mib']:.0f} to {last[-1]['writer_mib']:.0f} MiB.")


def _runs(model: str, repeats: int) -> list[dict[str, float]]:
    """Seconds by step of a model's runs on the phantom of its modality at 512 x 512, after one run to warm up."""
    import numpy as np

    from ..images.array import image_from_array
    from ..images.phantoms import breast_ultrasound, polyp_endoscopy
    from ..models.store import load
    from ..run import run
    from ..segmenter import Segmenter

    segmenter = Segmenter(load(model))
    phantom = polyp_endoscopy if segmenter.card.modality == "endoscopy" else breast_ultrasound
    pixels = phantom()[0].pixels
    missing = [max(0, 512 - length) for length in pixels.shape[:2]] + [0] * (pixels.ndim - 2)
    square = np.pad(pixels, [(0, length) for length in missing], mode="reflect")[:512, :512]
    image = image_from_array(square)
    return [run(segmenter, image).seconds for _ in range(repeats + 1)][1:]


def _import_seconds() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import radiomicnet"], check=True)
    return time.perf_counter() - started

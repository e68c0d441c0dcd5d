"""How fast a cohort goes through, and in how much memory: what ``radiomicnet bench`` measures.

    python -m radiomicnet.cohort.throughput FOLDER KIND WORKERS

works in a program of its own, so that every measurement begins with nothing in memory, and prints it as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from .local import in_processes, in_threads

PROCESSES, THREADS = "processes", "threads"
MEBIBYTE = 1 << 20
SIDES = ((512, 400), (480, 360), (400, 512))  # rows and columns, as images of a mixed cohort have them


def measure(images: int, kind: str, workers: int) -> dict[str, Any]:
    """Run a cohort of generated images.

    Parameters
    ----------
    images : int
    kind : str
        :data:`PROCESSES` or :data:`THREADS`.
    workers : int

    Returns
    -------
    dict
        ``images``, ``seconds`` from the first answer to the last, ``images_per_second`` meanwhile (None for fewer than
        two), and the most memory in MiB that a worker and that the program which wrote the results held.
    """
    with tempfile.TemporaryDirectory(prefix="radiomicnet-bench-") as folder:
        _generate(Path(folder, "images"), images)
        command = [sys.executable, "-m", "radiomicnet.cohort.throughput", folder, kind, str(workers)]
        result = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return measured


def _generate(folder: Path, images: int) -> None:
    """Parts of the ultrasound phantom, each another one."""
    from PIL import Image

    from ..images.phantoms import breast_ultrasound

    pixels = breast_ultrasound()[0].pixels
    folder.mkdir()
    for number in range(images):
        rows, columns = (min(side, there) for side, there in zip(SIDES[number % len(SIDES)], pixels.shape))
        top, left = number % max(1, pixels.shape[0] - rows), 7 * number % max(1, pixels.shape[1] - columns)
        Image.fromarray(pixels[top:top + rows, left:left + columns]).save(folder / f"{number:05d}.png")


def _run(folder: Path, kind: str, workers: int) -> dict[str, Any]:
    import resource

    from .cohort import run_cohort
    from .settings import settings_for
    from .source import read_source

    source = read_source(folder / "images")
    settings = settings_for("breast-ultrasound", None, "cpu", ())
    runner = partial(in_processes if kind == PROCESSES else in_threads, workers=workers)
    answered: list[float] = []
    run_cohort(source, folder / "out", settings, runner, progress=lambda *_: answered.append(time.perf_counter()))
    seconds = answered[-1] - answered[0]
    unit = MEBIBYTE if sys.platform == "darwin" else 1024  # the systems count in bytes or in KiB
    own, workers_most = (resource.getrusage(who).ru_maxrss / unit
                         for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"images": len(source.items), "seconds": seconds,
            "images_per_second": (len(source.items) - 1) / seconds if seconds > 0 else None,
            "worker_mib": workers_most if kind == PROCESSES else own, "writer_mib": own}


if __name__ == "__main__":
    print(json.dumps(_run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))

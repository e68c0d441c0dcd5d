"""What the commands print: progress on one line, the ranked table, the times, where the results lie."""

from __future__ import annotations

import sys
from pathlib import Path

from ..features.catalogue import BY_KEY
from ..images.image import Image
from ..images.modality import coloured_share
from ..results.explanation_words import shapley
from ..results.result import Result
from ..results.trust_words import trust
from ..results.words import NOTICE, agreement, described, finding, number, verification


class ProgressLine:
    """Shows the step of the image at hand on a terminal, and nothing where the output goes to a file."""

    def __init__(self, total: int) -> None:
        self.total, self.index, self.name = total, 0, ""
        self.live = sys.stderr.isatty()

    def start(self, name: str) -> None:
        self.index, self.name = self.index + 1, name

    def __call__(self, step: str, share: float) -> None:
        if self.live:
            print(f"\r\x1b[K[{self.index}/{self.total}] {self.name}: {step} ({share:.0%})", end="", file=sys.stderr)

    def clear(self) -> None:
        if self.live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def print_choice(image: Image) -> None:
    """What the automatic choice of the model went by, for whoever gave it another kind of picture."""
    colour = f"{coloured_share(image):.0%} of the picture is coloured"
    reason = f"DICOM modality {image.modality}" if image.modality else colour
    print(f"  Model chosen automatically ({reason}); --model names another.")


def print_summary(result: Result) -> None:
    """Image, model and finding, a line each, with what the user should be warned of."""
    prediction = result.prediction
    rows, columns = prediction.image.shape
    print(f"\n{prediction.image.name}  {columns} x {rows}  {prediction.card.title} ({prediction.card.name})")
    print(f"  {finding(prediction)}")
    if prediction.looked_at:
        print(f"  {described(prediction)}")
    for sentence in trust(prediction):
        print(f"  {sentence}")
    for warning in prediction.image.warnings:
        print(f"  Note: {warning}")


def print_table(result: Result) -> None:
    """The ranked features beside PyRadiomics' values."""
    checks = result.verification.checks
    print(f"\n  {'':>2}  {'feature':<30}{'contribution':>13}{'share':>9}{'network':>14}{'PyRadiomics':>14}  agreement")
    for item in result.contributions.items:
        check = checks.get(item.key)
        theirs = number(check.pyradiomics, 6) if check else "-"
        print(f"  {item.rank:>2}  {BY_KEY[item.key].label:<30}{_signed(item.contribution):>13}{item.share:>8.1f}%"
              f"{number(item.value, 6):>14}{theirs:>14}  {agreement(check)}")
    made = result.contributions
    print(f"  Contributions in logits; they sum up to {_signed(made.change + made.residual)}, the features changed "
          f"the mean logit by {_signed(made.change)}, from {made.reference_quantity:.3f} to {made.quantity:.3f}.")
    if result.shapley is not None:
        print(f"  {shapley(result.contributions, result.shapley)}")
    print(f"  {verification(result.verification)}")


def print_times(result: Result, written: float) -> None:
    """Seconds of each step and of writing."""
    steps = {**result.seconds, "writing": written}
    print("\n  Time: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in steps.items())
          + f"; {sum(steps.values()):.2f} s in all")


def print_files(files: tuple[Path, ...], folder: Path) -> None:
    """Where the results lie, the page to open first."""
    page = next(path for path in files if path.suffix == ".html")
    print(f"\n  {len(files)} files in {folder}; open {page.name} first. {NOTICE}")


def _signed(value: float) -> str:
    """With its sign, a true minus as in the other columns."""
    return f"{value:+.4f}".replace("-", "−")

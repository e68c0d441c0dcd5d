"""Draw the documentation's pictures anew, all of generated images: the hero, the limits, the tutorial's five steps.

    .venv/bin/python tools/docs_pictures.py [hero|limits|tutorial ...]

Everything in them is computed with the shipped models as the picture is made, the numbers in the titles too.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import panel_frames

os.environ.setdefault("MPLBACKEND", "Agg")
FOLDER = panel_frames.ROOT / "docs" / "pictures"
FOR, AGAINST, TRUTH = "#d95f02", "#3b73b9", "#1b9e77"
JPEG = {"quality": 90, "optimize": True}


def hero() -> None:
    """Image, outline, attention and ranked features of one image of each kind."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 4, figsize=(15, 6.6), width_ratios=(1, 1, 1, 0.95), layout="constrained")
    titles = ("generated image", "outline", "attention of the deepest gate", "features by contribution")
    for axis, title in zip(axes[0], titles):
        axis.set_title(title, fontsize=13)
    for row, (model, image, _truth) in zip(axes, samples()):
        result = segmented(model, image)
        for axis in row[:3]:
            show(axis, image)
        outline(row[1], result.prediction.labels > 0, FOR)
        row[2].imshow(result.prediction.attention[0].spatial, cmap="viridis", vmin=0, vmax=1, alpha=0.55)
        outline(row[2], result.prediction.labels > 0, "white")
        bars(row[3], result)
    save(figure, "hero.jpg")


def limits() -> None:
    """The sample images altered in ways the models were not made for."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 5, figsize=(15, 6.6), layout="constrained")
    for row, (model, image, truth) in zip(axes, samples()):
        for axis, (title, altered, inside) in zip(row, alterations(image, truth)):
            prediction = segmented(model, altered).prediction
            drawn = prediction.labels > 0
            show(axis, altered)
            outline(axis, inside, TRUTH)
            outline(axis, drawn, FOR)
            axis.set_title(f"{title}\n{verdict(drawn, inside)}", fontsize=11)
            axis.set_xlabel(said(prediction), fontsize=9)
    save(figure, "limits.jpg")


def tutorial() -> None:
    """What the panel shows after each of the tutorial's steps."""
    for number, step in enumerate((load, segment, see_why, correct, export), start=1):
        panel(step, f"tutorial-{number}.jpg")


def clip() -> None:
    """What the panel and the views show after a run over a clip."""
    import screenshots

    panel(screenshots.clip, "clip.jpg", screenshots.VIEWS["clip"])


def panel(drive, name: str, *views) -> None:
    """A picture of the panel beside what the views show."""
    from PIL import Image

    application()
    with tempfile.TemporaryDirectory() as folder, Image.open(
            panel_frames.take(drive, Path(folder) / "taken.png", *views)) as picture:
        picture.convert("RGB").save(FOLDER / name, **JPEG)
    print(f"docs/pictures/{name}")


@cache
def application():
    """Qt, once for all pictures of the panel."""
    return panel_frames.start()


def load(module) -> None:
    """Step 1."""
    module.ui.inputSelector.setCurrentNode(module.panel.logic.sample("RadiomicNetUltrasound"))
    panel_frames.only(module, "image", "segment")


def segment(module) -> None:
    """Step 2."""
    load(module)
    module.segment()
    panel_frames.only(module, "image", "segment", "trust", "lesions")


def see_why(module) -> None:
    """Step 3."""
    segment(module)
    panel_frames.only(module, "why", "features")


def correct(module) -> None:
    """Step 4: the top of the outline is rubbed out."""
    segment(module)
    panel_frames.correct(module)
    panel_frames.only(module, "image", "segment", "correct")


def export(module) -> None:
    """Step 5."""
    segment(module)
    panel_frames.only(module, "segment", "export")
    panel_frames.export(module)


@cache
def samples() -> tuple:
    """(model, image, truth) of the two sample images."""
    from radiomicnet.images import phantoms

    return (("breast-ultrasound", *phantoms.breast_ultrasound()), ("polyp-endoscopy", *phantoms.polyp_endoscopy()))


def alterations(image, truth):
    """(title, image, truth) of an image as it is and in ways that a model was not made for."""
    import numpy as np

    from radiomicnet.images.array import image_from_array

    pixels = image.pixels
    noise = np.random.default_rng(0).normal(0, 60, pixels.shape)
    columns = np.flatnonzero(truth.any(axis=0))
    beside = slice(0, columns[0] - 6) if columns[0] > pixels.shape[1] - columns[-1] else slice(columns[-1] + 6, None)
    for title, altered, inside in (
        ("as it is", pixels, truth),
        ("too dark", (pixels * 0.35).astype(np.uint8), truth),
        ("a fifth of the contrast", (pixels.mean() + 0.2 * (pixels - pixels.mean())).astype(np.uint8), truth),
        ("noise", (pixels + noise).clip(0, 255).astype(np.uint8), truth),
        ("beside its lesion", pixels[:, beside], truth[:, beside]),
    ):
        yield title, image_from_array(np.ascontiguousarray(altered), modality=image.modality), inside


@cache
def model_of(name: str):
    """The segmenter of a shipped model."""
    from radiomicnet.models.store import load
    from radiomicnet.segmenter import Segmenter

    return Segmenter(load(name))


def segmented(model: str, image):
    """The result of a whole run."""
    from radiomicnet.run import run

    return run(model_of(model), image)


def show(axis, image) -> None:
    """The image without axes."""
    axis.imshow(image.pixels, cmap="gray", vmin=0, vmax=255)
    axis.set_xticks([])
    axis.set_yticks([])


def outline(axis, mask, color: str) -> None:
    """The border of a mask, where there is one."""
    if mask.any():
        axis.contour(mask, levels=[0.5], colors=color, linewidths=1.8)


def bars(axis, result) -> None:
    """Every feature's signed share, the largest on top."""
    from radiomicnet.features.catalogue import BY_KEY

    items = result.contributions.items
    signed = [item.share if item.contribution >= 0 else -item.share for item in items]
    axis.barh([BY_KEY[item.key].label for item in items], signed,
              color=[FOR if value >= 0 else AGAINST for value in signed])
    axis.invert_yaxis()
    axis.axvline(0, color="#404040", linewidth=0.8)
    axis.tick_params(labelsize=9)
    axis.set_xlabel("% of all contributions;  right: for a lesion", fontsize=9)
    axis.spines[["top", "right", "left"]].set_visible(False)


def verdict(drawn, truth) -> str:
    """Dice, or what is said where there is nothing to be found."""
    if not truth.any():
        return "a false outline" if drawn.any() else "rightly empty"
    return f"Dice {2 * (drawn & truth).sum() / (drawn.sum() + truth.sum()):.2f}" if drawn.any() else "missed"


def said(prediction) -> str:
    """What the trust of the result says of the image, in a few words."""
    trust = prediction.trust
    words = [f"image: {trust.novelty.level}"] if trust.novelty else []
    return "\n".join([*words, f"outline: {trust.quality.level}"] if trust.quality else words)


def save(figure, name: str) -> None:
    """As JPEG: speckle makes PNG five times as large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    figure.savefig(FOLDER / name, dpi=100, pil_kwargs=JPEG)
    print(f"docs/pictures/{name}")


PICTURES = {function.__name__: function for function in (hero, limits, tutorial, clip)}

if __name__ == "__main__":
    for picture in panel_frames.asked(PICTURES):
        PICTURES[picture]()

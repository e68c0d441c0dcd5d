"""A model on images whose truth is known: figures for the card, for papers, and for whoever doubts them.

Definitions
-----------
dice, iou
    Per image, at its own size, over images whose truth is not empty.
hd95, hd95_percent
    The larger of the 95th percentiles of the distances from either outline to the other (after Huttenlocher 1993), in
    pixels and in percent of the picture's diagonal. An image on which nothing was drawn counts as the diagonal;
    ``nothing_drawn`` says how many.
ece, ece_band, ece_union_band
    Pooled calibration error of the picture and of the two bands; see :mod:`radiomicnet.evaluation.calibration`.
    ``per_image`` is the mean of the images' own errors, which is large for any network with realistic outlines.
brier
    Mean squared difference of probability and truth per image (Brier 1950).
missed_share
    Share of images with a lesion of which less than Dice 0.1 was found.
empty_share
    Share of images without a lesion on which nothing was drawn.
lured_share
    Share of images on which callipers drawn around healthy tissue were outlined; see
    :mod:`radiomicnet.evaluation.marks`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import FeatureError, TrainingError
from ..explain.reliance import reliance
from ..images.kinds import kind_of, stem
from ..images.mask import kind_of_mask, read_mask
from ..images.read import read_image
from ..results.result import Prediction
from ..segmenter import Segmenter
from .calibration import REGIONS, Pixels, bin_sums, calibration_error, draw_pixels, pooled_interval
from .explanation import ExplanationTests, drawn_by_lot
from .marks import mark_test
from .metrics import MISSED_DICE, dice, hd95, iou, summarise, summarise_share

if TYPE_CHECKING:
    from ..training.data import Row


@dataclass(frozen=True)
class Pair:
    """An image file and its mask file; images of one ``group`` are not independent of each other.

    ``dataset`` and ``label`` are what the manifest says of it, for figures of a part.
    """

    name: str
    image: Path
    mask: Path
    group: str
    dataset: str = ""
    label: str = ""


@dataclass(frozen=True)
class Scored:
    """One image's figures, and the pixels that its share of the calibration error is made of."""

    row: dict[str, Any]
    group: str
    pixels: dict[str, Pixels]


def evaluate(segmenter: Segmenter, pairs: Sequence[Pair], done: Callable[[int], None] | None = None,
             explained: bool = False, tested: int = 0, marked: bool = False) -> dict[str, Any]:
    """Figures over image and mask pairs, through the same predictor as the product.

    Parameters
    ----------
    segmenter : Segmenter
    pairs : sequence of Pair
    done : callable, optional
        Told the number of images that are done.
    explained : bool
        Whether each row also says what the features contributed and how much hung on them.
    tested : int
        In how many rows, drawn by lot, stands how faithful the explanation is, and how unlike that of random weights.
    marked : bool
        Whether each row also says what callipers around healthy tissue do.

    Returns
    -------
    dict
        A figure (``mean``, ``std``, ``n``, ``ci95``; null where there is too little to tell) by name, then ``model``,
        ``parameters``, what the card says of the training, and ``rows``, an object per image.

    Raises
    ------
    TrainingError
        Where there is no pair.
    ImageError
        Where an image or a mask is missing (before anything is computed), cannot be read, or where a mask has another
        size than its image.
    FeatureError
        Where too little of an image shows the scan.
    """
    if not pairs:
        raise TrainingError("There is no image with a mask to evaluate on.",
                            "Give folders whose files share their names.")
    for pair in pairs:
        kind_of(pair.image)
        kind_of_mask(pair.mask)
    tests = ExplanationTests(segmenter) if tested else None
    lot = set(drawn_by_lot(len(pairs), tested))
    scored = []
    for index, pair in enumerate(pairs):
        scored.append(score(segmenter, pair, index, explained, tests if index in lot else None, marked))
        if done is not None:
            done(index + 1)
    lesions = [item for item in scored if item.row["truth_pixels"]]
    clean = [item for item in scored if not item.row["truth_pixels"]]
    figures: dict[str, Any] = {name: _summary(lesions, name) for name in ("dice", "iou", "hd95", "hd95_percent")}
    figures["hd95"]["nothing_drawn"] = sum(not item.row["drawn_pixels"] for item in lesions)
    for region, name in zip(REGIONS, ("ece", "ece_band", "ece_union_band")):
        figures[name] = _calibration([item for item in scored if region in item.pixels], region)
    figures["brier"] = _summary(scored, "brier")
    figures["missed_share"] = _share(lesions, "missed")
    figures["empty_share"] = _share(clean, "empty")
    if marked:
        figures["lured_share"] = _share([item for item in scored if "lured" in item.row], "lured")
    if tested:
        figures["explanations_tested"] = {"images": len(lot), "of": len(pairs),
                                          "with_outline": sum(bool(item.row.get("explanation")) for item in scored)}
    return {**figures, "model": segmenter.card.name, "parameters": segmenter.card.parameters,
            "training": segmenter.card.training, "weights_sha256": segmenter.card.weights_sha256,
            "rows": [item.row for item in scored]}


def score(segmenter: Segmenter, pair: Pair, seed: int, explained: bool = False,
          tests: ExplanationTests | None = None, marked: bool = False) -> Scored:
    """One image's figures; null where a figure is not defined for it."""
    image = read_image(pair.image)
    truth = read_mask(pair.mask, image.shape)
    try:
        prediction = segmenter.predict(image)
    except FeatureError as error:
        raise in_image(pair.image, error) from error
    drawn = prediction.labels > 0
    row: dict[str, Any] = {"name": pair.name, "group": pair.group, "dataset": pair.dataset, "label": pair.label,
                           "presence": prediction.presence, "truth_pixels": int(truth.sum()),
                           "drawn_pixels": int(drawn.sum()),
                           "brier": float(((prediction.probability - truth) ** 2).mean())}
    if truth.any():
        overlap, distance, diagonal = dice(drawn, truth), hd95(drawn, truth), float(np.hypot(*truth.shape))
        row |= {"dice": overlap, "iou": iou(drawn, truth), "hd95": distance,
                "hd95_percent": 100 * distance / diagonal, "missed": float(overlap < MISSED_DICE)}
    else:
        row |= {"empty": float(not drawn.any())}
    pixels = draw_pixels(prediction.probability, truth, drawn, seed)
    row["reliability"] = {region: np.round(bin_sums(part), 2).tolist() for region, part in pixels.items()
                          if region != "image"}
    if explained:
        row |= _explained(segmenter, prediction)
    if tests is not None:
        row["explanation"] = tests.of(prediction, seed)
    if marked:
        made = mark_test(segmenter, image, prediction, truth, seed)
        row |= {"dice_to_unmarked": made.dice, "lured": made.lured} if made else {}
    return Scored(row, pair.group, pixels)


def in_image(path: Path, error: FeatureError) -> FeatureError:
    """The same error, saying which of many images it is about."""
    return FeatureError(f"{path.name}: {error.problem}", error.remedy)


def _explained(segmenter: Segmenter, prediction: Prediction) -> dict[str, Any]:
    """Signed contributions by feature, and how much of the mask hung on the features and on the gates."""
    made, hung = segmenter.explain(prediction), reliance(segmenter, prediction)
    return {"contributions": {item.key: round(item.contribution, 5) for item in made.items},
            "quantity": round(made.quantity, 4), "residual": round(made.residual, 6), "region": made.region,
            "dice_to_mean_features": round(hung.mean_features, 4), "dice_to_open_gates": round(hung.open_gates, 4)}


def pair_of(row: Row) -> Pair:
    """The pair of a manifest's row."""
    return Pair(row.id, row.image, row.mask, row.group, row.dataset, row.label)


def pairs_in(images: Path, masks: Path) -> list[Pair]:
    """Image and mask files of two folders that share their stem, by name; each its own group.

    Names that look the same are the same, however their accents are encoded.

    Raises
    ------
    TrainingError
        Where a folder cannot be read, an image lacks its mask, or one stem stands for two files.
    """
    truth, pictures = _by_stem(masks), _by_stem(images)
    lacking = sorted(set(pictures) - set(truth))
    if lacking:
        raise TrainingError(f"{len(lacking)} of {len(pictures)} files in {images.name or images} have no mask of their "
                            f"name, {pictures[lacking[0]].name} first.",
                            "Give every image a mask file with the same name, and take out what is no image.")
    return [Pair(name, pictures[name], truth[name], name) for name in sorted(pictures)]


def _by_stem(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise TrainingError(f"The folder {folder.name or folder} cannot be read.", "Check its name.") from error
    for path in paths:
        name = unicodedata.normalize("NFC", stem(path))
        if files.setdefault(name, path) != path:
            raise TrainingError(f"{folder.name or folder} has two files named {name}.", "Keep one of them.")
    return files


def _summary(scored: Sequence[Scored], name: str) -> dict[str, Any]:
    return summarise([item.row[name] for item in scored], [item.group for item in scored])


def _share(scored: Sequence[Scored], name: str) -> dict[str, Any]:
    return summarise_share([item.row[name] for item in scored], [item.group for item in scored])


def _calibration(scored: Sequence[Scored], region: str) -> dict[str, Any]:
    """The pooled error as ``mean``; ``std`` and ``per_image`` of the images' own errors."""
    parts, groups = [item.pixels[region] for item in scored], [item.group for item in scored]
    figure = summarise([calibration_error([part]) for part in parts], groups)
    figure["per_image"] = figure["mean"]
    figure["mean"] = calibration_error(parts) if parts else None
    figure["ci95"] = pooled_interval(parts, groups) if len(set(groups)) > 1 else None
    return figure

"""Results made from plain arrays: writers take nothing else, so no network has to run for their tests."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.special import expit

from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import Radiomics
from radiomicnet.images.grid import to_grid
from radiomicnet.images.image import Geometry, Image
from radiomicnet.measure.lesions import find_lesions
from radiomicnet.models.card import ModelCard
from radiomicnet.results.result import (
    Check,
    Contribution,
    Contributions,
    GateAttention,
    Prediction,
    Result,
    Verification,
)

# Neither square pixels nor axes along the patient's: what a writer that is careless with geometry gets wrong.
_TURN = np.deg2rad(20)
OBLIQUE = Geometry(
    spacing=(0.0931, 0.1207, 2.5), origin=(-12.345678901234567, 33.3, -7.25), calibrated=True,
    direction=(np.cos(_TURN), 0.0, np.sin(_TURN), 0.0, -1.0, 0.0, np.sin(_TURN), 0.0, -np.cos(_TURN)))

CARD = {
    "name": "breast-ultrasound", "title": "Breast ultrasound", "version": "1.2.3",
    "summary": "Outlines lesions in B-mode images of the breast.", "modality": "breast ultrasound",
    "dicom_modalities": ["US"], "intended_use": "Research on segmentation; not for diagnosis.", "license": "MIT",
    "target": {
        "name": "Breast lesion", "category": ["SCT", "49755003", "Morphologically Altered Structure"],
        "type": ["SCT", "4147007", "Mass"], "region": ["SCT", "76752008", "Breast"], "color": [0.87, 0.52, 0.24]},
    "architecture": {"encoder": "mobilenet_v2"}, "parameters": 3_200_000, "input_size": 256,
    "preprocessing": "Scaled to fit with its aspect kept, padded with black.",
    "intensity_scaling": "ImageNet's mean and deviation.",
    "feature_mean": dict.fromkeys(KEYS, 0.5), "feature_std": dict.fromkeys(KEYS, 0.25),
    "local_feature_mean": {}, "local_feature_std": {},
    "views": ["plain"], "threshold": 0.45, "peak_threshold": 0.0, "presence_threshold": 0.0, "temperature": 1.3,
    "trust": {},
    "training_data": [{"name": "Made up", "images": 1234, "license": "CC-BY-4.0", "citation": "Nobody 2020.",
                       "doi": "10.1234/abc", "use": "training"}],
    "training": {"epochs": 20, "seed": 0},
    "metrics": {
        "dice": {"title": "Dice", "mean": 0.756, "std": 0.24, "n": 106, "ci95": [0.71, 0.8], "data": "validation fold"},
        "ece_band": {"mean": 0.08, "std": None, "n": 106, "ci95": None}},
    "limits": ["Shown on one hospital's images only."],
    "weights_file": "weights.safetensors", "weights_sha256": "0123456789abcdef" * 4,
}


def build(pixels: np.ndarray, probability: np.ndarray, *, name: str = "scan", geometry: Geometry | None = None,
          checked: bool = True, card: dict | None = None, warnings: tuple[str, ...] = (),
          threshold: float = 0.45) -> Result:
    """A result whose arrays belong together, with contributions that add up to all but a small residual."""
    geometry = geometry or Geometry()
    image = Image(pixels, geometry, name, "US", warnings)
    probability = probability.astype(np.float32)
    labels, lesions = find_lesions(probability, threshold, geometry)
    inner = probability.clip(1e-7, 1 - 1e-7).astype(float)
    uncertainty = -(inner * np.log2(inner) + (1 - inner) * np.log2(1 - inner)).astype(np.float32)
    random = np.random.default_rng(7)
    gates = tuple(
        GateAttention(f"stride-{stride}", _coarse(probability, stride), random.random(8, np.float32), 0.2 + stride / 25)
        for stride in (16, 8, 4, 2))
    values = dict(zip(KEYS, random.random(13).tolist(), strict=True))
    prediction = Prediction(image, ModelCard.from_dict(card or CARD), to_grid(image.rgb, 256),
                            Radiomics(values, np.full((13, 16, 16), np.nan, np.float32)), probability,
                            uncertainty, labels, lesions, gates, threshold)
    parts = np.sort(random.normal(scale=0.3, size=13))
    parts = parts[np.argsort(-np.abs(parts))]
    total = np.abs(parts).sum()
    items = tuple(
        Contribution(rank, key, values[key], 0.5, float(part), float(100 * abs(part) / total))
        for rank, (key, part) in enumerate(zip(KEYS, parts, strict=True), start=1))
    residual = 0.001 * total
    contributions = Contributions(items, 1.5 + float(parts.sum() - residual), 1.5,
                                  "predicted" if lesions else "most-probable-1-percent", residual, 32)
    verification = Verification(
        True, {key: Check(key, value, value * (1 + 1e-13), -value * 1e-13, True) for key, value in values.items()},
        version="3.0.1") if checked else Verification(
        False, reason="PyRadiomics is not installed. Install it with: pip install pyradiomics")
    return Result(prediction, contributions, verification, {"read": 0.01, "segment": 0.2, "explain": 0.9})


def _coarse(probability: np.ndarray, stride: int) -> np.ndarray:
    return (0.1 + 0.8 * gaussian_filter(probability, stride)).clip(0, 1)


def scene(lesions: int, shape: tuple[int, int] = (120, 160)) -> tuple[np.ndarray, np.ndarray]:
    """Speckle with dark discs of different sizes, as grey pixels and probability."""
    random = np.random.default_rng(3)
    rows, columns = np.indices(shape)
    probability = np.zeros(shape)
    for number in range(lesions):
        centre = (30 + 55 * (number % 2), 25 + 38 * number)
        distance = np.hypot(rows - centre[0], (columns - centre[1]) / 1.3)
        probability = np.maximum(probability, expit(16 - 2 * number - distance))
    echo = gaussian_filter(random.rayleigh(60, shape), 0.8) * (1 - 0.7 * probability)
    return echo.clip(0, 255).astype(np.uint8), probability


@pytest.fixture
def make_result() -> Callable[..., Result]:
    """``make_result(lesions=1, **settings of build)``."""
    def make(lesions: int = 1, shape: tuple[int, int] = (120, 160), **settings) -> Result:
        return build(*scene(lesions, shape), **settings)
    return make


@pytest.fixture
def make_scene() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """``make_scene(lesions)``: grey pixels and probability."""
    return scene


@pytest.fixture
def build_result() -> Callable[..., Result]:
    """``build_result(pixels, probability, **settings)``."""
    return build


@pytest.fixture
def oblique() -> Geometry:
    """A calibrated grid, turned and flipped, with rectangular pixels."""
    return OBLIQUE


@pytest.fixture
def card_data() -> dict:
    """A model card's JSON object, to change at will."""
    return copy.deepcopy(CARD)

"""What may differ between two pictures of the same lesion: place, scale, angle, and how it was recorded.

The features are computed on the augmented picture, so that the network always sees a picture together with the
radiomics of that very picture; but for its speckle, where the experiment says so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import affine_grid, grid_sample

from .config import Config
from .data import Sample
from .exposure import expose
from .settings import BILINEAR, CORNER


class Variant(NamedTuple):
    """One random variant of a sample.

    Attributes
    ----------
    seen, measured : numpy.ndarray
        (S, S, 3) uint8: what the network sees, and what its features are measured on.
    inside : numpy.ndarray
        (S, S) bool, the scan; never less than a twentieth of the picture.
    truth : numpy.ndarray
        (S, S) bool.
    """

    seen: np.ndarray
    measured: np.ndarray
    inside: np.ndarray
    truth: np.ndarray


def augment(sample: Sample, config: Config, rng: np.random.Generator) -> Variant:
    """Draw a variant."""
    rgb, inside, truth = _move(sample, config, rng)
    if inside.mean() < 0.05:
        rgb, inside, truth = sample.grid.rgb, sample.grid.mask, sample.truth
    return Variant(*expose(rgb, inside, config, rng), inside, truth)


def _move(sample: Sample, config: Config, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flip, turn, zoom and shift picture, scan and truth together."""
    angle = np.deg2rad(rng.uniform(-config.rotation, config.rotation))
    closest = config.largest_crop if rng.uniform() < config.crops else config.zoom[1]
    zoom = np.exp(rng.uniform(np.log(config.zoom[0]), np.log(closest)))
    aspect = np.exp(rng.uniform(-0.15, 0.15))
    flip_x = rng.choice([-1, 1])
    flip_y = rng.choice([-1, 1]) if config.flip_vertical else 1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([flip_x * aspect, flip_y / aspect]) / zoom
    # The image sits at the top left of its square; turn about its middle, and leave that there or put it at the middle
    # of the square.
    size = len(sample.truth)
    middle = np.array([sample.grid.content[1], sample.grid.content[0]]) / size - 1
    target = middle if config.placement == CORNER else np.zeros(2)
    reach = 0.15 + 0.5 * max(0.0, 1 - 1 / zoom)
    shift = middle - matrix @ target + rng.uniform(-reach, reach, 2)
    theta = torch.tensor(np.column_stack([matrix, shift]), dtype=torch.float32)[None]
    field = affine_grid(theta, [1, 1, size, size], align_corners=False)
    moved = _sampled(sample.grid.rgb, field, config.interpolation).clip(0, 255)
    masks = _sampled(np.stack([sample.grid.mask, sample.truth], axis=2), field, BILINEAR)
    return np.rint(moved).astype(np.uint8), masks[..., 0] > 0.5, masks[..., 1] > 0.5


def _sampled(planes: np.ndarray, field: torch.Tensor, interpolation: str) -> np.ndarray:
    """(S, S, C) planes at the places of a field, (1, S, S, 2), as float32; 0 beyond their border."""
    stacked = torch.from_numpy(np.ascontiguousarray(planes.transpose(2, 0, 1), np.float32))[None]
    moved = grid_sample(stacked, field, mode=interpolation, align_corners=False)
    return moved[0].numpy().transpose(1, 2, 0)

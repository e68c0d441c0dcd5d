"""What may differ between two pictures of the same lesion: place, scale, angle, gain, speckle, colour.

The features are computed on the augmented picture, so that the network always sees a picture together with the
radiomics of that very picture.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import affine_grid, grid_sample

from .config import Config
from .data import Sample


def augment(sample: Sample, config: Config, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One random variant of a sample.

    Returns
    -------
    rgb : numpy.ndarray
        (S, S, 3) uint8.
    inside : numpy.ndarray
        (S, S) bool, the scan; never less than a twentieth of the picture.
    truth : numpy.ndarray
        (S, S) bool.
    """
    rgb, inside, truth = _move(sample, config, rng)
    if inside.mean() < 0.05:
        rgb, inside, truth = sample.grid.rgb, sample.grid.mask, sample.truth
    return _expose(rgb, config, rng), inside, truth


def _move(sample: Sample, config: Config, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flip, turn, zoom and shift picture, scan and truth together."""
    angle = np.deg2rad(rng.uniform(-config.rotation, config.rotation))
    zoom = np.exp(rng.uniform(*np.log(config.zoom)))
    aspect = np.exp(rng.uniform(-0.1, 0.1))
    flip_x = rng.choice([-1, 1])
    flip_y = rng.choice([-1, 1]) if config.flip_vertical else 1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([flip_x * aspect, flip_y / aspect]) / zoom
    # The image sits at the top left of its square; turn about its middle and put that at the middle of the square.
    size = len(sample.truth)
    middle = np.array([sample.grid.content[1], sample.grid.content[0]]) / size - 1
    shift = middle + rng.uniform(-0.15, 0.15, 2)
    theta = torch.tensor(np.column_stack([matrix, shift]), dtype=torch.float32)[None]
    field = affine_grid(theta, [1, 1, size, size], align_corners=False)
    planes = np.concatenate([sample.grid.rgb, 255 * sample.grid.mask[..., None], 255 * sample.truth[..., None]], axis=2)
    stacked = torch.from_numpy(planes.astype(np.float32)).permute(2, 0, 1)[None]
    moved = grid_sample(stacked, field, align_corners=False)[0].permute(1, 2, 0).numpy()
    return np.rint(moved[..., :3]).astype(np.uint8), moved[..., 3] > 127, moved[..., 4] > 127


def _expose(rgb: np.ndarray, config: Config, rng: np.random.Generator) -> np.ndarray:
    """Gain, contrast, gamma, colour cast, blur and speckle; black stays black."""
    picture = rgb.astype(np.float32) / 255
    if config.speckle:
        grain = rng.normal(0, config.speckle * rng.uniform(), picture.shape[:2]).astype(np.float32)
        picture = picture * (1 + grain[..., None])
    if config.color:
        picture = picture * np.exp(rng.uniform(-config.color, config.color, 3)).astype(np.float32)
    picture = picture.clip(0, 1) ** np.float32(np.exp(rng.uniform(-0.35, 0.35)))
    picture = picture * np.float32(np.exp(rng.uniform(-0.25, 0.25)))
    return np.rint(picture.clip(0, 1) * 255).astype(np.uint8)

"""Samples to batches of tensors: images, standardised features, truths."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from ..features.extract import extract
from ..features.scale import FeatureScale
from ..images.grid import to_grey, to_tensor
from .augment import augment
from .config import Config
from .data import Sample


def measure_scale(samples: list[Sample], local: bool) -> FeatureScale:
    """The scale of a set of training images, unaltered; with that of their tiles where the network takes them."""
    scale = FeatureScale.measure(extract(sample.grid.grey, sample.grid.mask) for sample in samples)
    return scale if local else FeatureScale(scale.mean, scale.deviation)


class Variants(Dataset[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]):
    """A fresh random variant of every sample; reproducible from seed, epoch and index, whatever the worker."""

    def __init__(self, samples: list[Sample], scale: FeatureScale, config: Config, epoch: int) -> None:
        self.samples, self.scale, self.config, self.epoch = samples, scale, config, epoch

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rng = np.random.default_rng([self.config.seed, self.epoch, index])
        variant = augment(self.samples[index], self.config, rng)
        features = self.scale.standardise(extract(to_grey(variant.measured), variant.inside))
        truth = torch.from_numpy(variant.truth[None].astype(np.float32))
        return to_tensor(variant.seen), torch.from_numpy(features), truth


def training_batches(
    samples: list[Sample], scale: FeatureScale, config: Config, epoch: int, workers: int = 0
) -> DataLoader[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Every image once, in random order; the last, incomplete batch is left out."""
    order = torch.Generator().manual_seed(config.seed * 100_003 + epoch)
    sampler = torch.utils.data.RandomSampler(samples, generator=order)
    return DataLoader(Variants(samples, scale, config, epoch), config.batch_size, sampler=sampler, drop_last=True,
                      num_workers=workers)


def plain_batches(samples: list[Sample], scale: FeatureScale, size: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Unaltered images and features, in order."""
    for start in range(0, len(samples), size):
        part = samples[start : start + size]
        images = torch.stack([to_tensor(sample.grid.rgb) for sample in part])
        features = [scale.standardise(extract(sample.grid.grey, sample.grid.mask)) for sample in part]
        yield images, torch.from_numpy(np.stack(features))

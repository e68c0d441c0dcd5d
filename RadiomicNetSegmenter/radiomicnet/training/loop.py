"""The training itself: epochs, schedule, averaged weights, checkpoints, a log that a person can follow."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from ..errors import TrainingError
from ..features.scale import FeatureScale
from ..network.architecture import IMAGE, LOCAL, NONE, Architecture
from ..network.radiomicnet import Output, RadiomicNet, channels_last
from .batches import measure_scale, plain_batches, training_batches
from .choose import refuse_too_few
from .config import Config
from .data import Sample
from .imagenet import load_imagenet
from .losses import loss_terms
from .precision import described, exact, fast
from .run_folder import append_log, make, read_checkpoint, read_log, reading_checkpoint, write_checkpoint
from .selection import kept, shrink
from .shift import described as described_shifts
from .shift import feature_shifts
from .supervision import DeepSupervision

Log = Callable[[str], None]
# Share of the picture from which a lesion counts as shown; a crop may leave a sliver that nobody would see.
VISIBLE = 0.001
# How the names of the gates' learned scalars end.
GATE = "gate.gate"


class Trainer:
    """One training, resumable after any kill at the last whole epoch.

    Parameters
    ----------
    config : Config
    training, validation : list of Sample
    folder : pathlib.Path
        Gets ``checkpoint.pt`` and ``log.jsonl``.
    imagenet : pathlib.Path or None
        Weights to start the encoder from; None starts it from chance.

    Raises
    ------
    TrainingError
        Where the checkpoint in the folder, or the weights, are damaged or of something else.
    """

    def __init__(
        self, config: Config, training: list[Sample], validation: list[Sample], folder: Path, imagenet: Path | None,
        log: Log = print, workers: int = 0,
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.training, self.validation = config, training, validation
        self.folder, self.log, self.workers = folder, log, workers
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        architecture = Architecture.from_dict(config.architecture)
        self.network = channels_last(RadiomicNet(architecture).to(self.device))
        if imagenet is not None:
            load_imagenet(self.network.encoder, imagenet)
        self.start = "chance" if imagenet is None else "ImageNet (MobileNetV2, TF-slim)"
        self.averaged = copy.deepcopy(self.network).eval()
        self.supervision = DeepSupervision(architecture).to(self.device)
        self.frozen = self.network.encoder.features[: config.frozen_blocks].requires_grad_(False)
        self.scale = measure_scale(training, architecture.driver == LOCAL)
        self.optimizer = self._optimizer()
        self.epoch = self.step = 0
        self.steps_per_epoch = len(training) // config.batch_size
        self._resume()

    def run(self) -> None:
        """Train until the configured number of epochs is reached.

        Raises
        ------
        TrainingError
            Where the images fill no batch, or where the loss is no number any more.
        OutputError
            Where the folder cannot be written to.
        """
        if self.epoch < self.config.epochs:
            refuse_too_few(len(self.training), self.config)
            make(self.folder)
        while self.epoch < self.config.epochs:
            shifts = self._shifts() if self.epoch == 0 else {}
            started = time.perf_counter()
            losses = self._train_epoch()
            self.epoch += 1
            record: dict[str, Any] = {"epoch": self.epoch, **losses, **self._learned(), **shifts}
            if self.validation and (self.epoch % 3 == 0 or self.epoch == self.config.epochs):
                record.update(self._validate())
            record["seconds"] = round(time.perf_counter() - started, 1)
            left = record["seconds"] * (self.config.epochs - self.epoch) / 60
            append_log(self.folder, record)  # first: a kill in between costs a second line of this epoch, not the only
            self._save()
            self.log(f"{json.dumps(record)}  about {left:.0f} min left")

    def _shifts(self) -> dict[str, Any]:
        """How far augmentation moves the features that drive this network; nothing for one that takes none."""
        if self.network.architecture.driver in (IMAGE, NONE):
            return {}
        shifts = feature_shifts(self.training, self.scale, self.config)
        self.log(described_shifts(shifts, self.config))
        return {"shifts": [shift.to_dict() for shift in shifts]}

    def _train_epoch(self) -> dict[str, float]:
        self.network.train()
        self.frozen.eval()
        sums: dict[str, float] = {}
        batches = training_batches(self.training, self.scale, self.config, self.epoch, self.workers)
        for image, features, truth in batches:
            image = image.to(self.device, memory_format=torch.channels_last)
            if self.config.shuffle_features:
                features = features.roll(1, dims=0)  # each image gets those of the next of the batch
            features, truth = features.to(self.device), truth.to(self.device)
            self._set_rates()
            with fast(self.device):
                output = self.network(image, features, detailed=True)
            terms = self._terms(exact(output), truth, image)
            total = torch.stack([self.config.loss_weights[name] * term for name, term in terms.items()]).sum()
            self.optimizer.zero_grad()
            total.backward()
            length = torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
            if not torch.isfinite(total + length):
                raise TrainingError(f"The loss is no number any more in epoch {self.epoch + 1}.",
                                    "Lower learning_rate and start again in another folder.")
            self.optimizer.step()
            if self.config.feature_selection:
                rate = self.config.learning_rate * self._share()
                shrink(self.network, self.averaged, rate * self.config.feature_selection)
            self.step += 1
            self._average()
            for name, term in {**terms, "loss": total}.items():
                sums[name] = sums.get(name, 0.0) + float(term.detach())
        return {name: round(value / max(1, len(batches)), 4) for name, value in sums.items()}

    def _terms(self, output: Output, truth: torch.Tensor, image: torch.Tensor) -> dict[str, torch.Tensor]:
        """All terms of the loss by name, unweighted."""
        terms = loss_terms(output.logits, truth, image, self.config.positive_weight)
        terms["deep"] = self.supervision(output, truth)
        if output.presence is not None:
            shown = (truth.sum(dim=(1, 2, 3)) >= VISIBLE * truth[0].numel()).float()
            terms["presence"] = binary_cross_entropy_with_logits(output.presence, shown)
        return terms

    def _validate(self) -> dict[str, float]:
        """Mean Dice on the grid over images with a lesion, at threshold 0.5; progress, not a reported figure."""
        scores = []
        for sample, logits in zip(self.validation, self.logits(self.validation)):
            if sample.truth.any():
                drawn = logits > 0
                scores.append(2 * (drawn & sample.truth).sum() / (drawn.sum() + sample.truth.sum()))
        return {"validation_dice": round(float(np.mean(scores)), 4), "n": len(scores)}

    def history(self) -> dict[str, Any]:
        """How long it took, on what, and where gamma and validation Dice ended; from the log.

        The time is that of the median epoch by their number: a pause, or another program beside one epoch, is no cost
        of the training.
        """
        log = read_log(self.folder, self.epoch)
        told = [record["validation_dice"] for record in log if "validation_dice" in record]
        minutes = float(np.median([record["seconds"] for record in log])) * self.epoch / 60
        return {"minutes": round(minutes, 1), "device": described(self.device),
                **self._learned(), "validation_dice_on_grid": told[-1] if told else None}

    def logits(self, samples: list[Sample]) -> list[np.ndarray]:
        """(S, S) float32 logits of the averaged network for every sample."""
        results: list[np.ndarray] = []
        with torch.inference_mode():
            for image, features in plain_batches(samples, self.scale, self.config.batch_size):
                results.extend(self.averaged(image.to(self.device), features.to(self.device))[:, 0].cpu().numpy())
        return results

    def _optimizer(self) -> torch.optim.Optimizer:
        encoder: list[torch.nn.Parameter] = []
        gates: list[torch.nn.Parameter] = []
        rest = list(self.supervision.parameters())
        for name, parameter in self.network.named_parameters():
            if parameter.requires_grad:
                group = encoder if name.startswith("encoder.") else gates if name.endswith(GATE) else rest
                group.append(parameter)
        groups = [{"params": encoder, "rate": self.config.encoder_learning_rate},
                  {"params": rest, "rate": self.config.learning_rate}]
        if gates:
            groups.append({"params": gates, "rate": self.config.gate_learning_rate, "weight_decay": 0.0})
        return torch.optim.AdamW(groups, lr=0.0, weight_decay=self.config.weight_decay)

    def _set_rates(self) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = group["rate"] * self._share()

    def _share(self) -> float:
        """Of the rates: linear warm-up, then a cosine down to zero."""
        warm, total = self.config.warm_up_epochs * self.steps_per_epoch, self.config.epochs * self.steps_per_epoch
        if self.step < warm:
            return (self.step + 1) / warm
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (self.step - warm) / max(1, total - warm))))

    @torch.no_grad()
    def _average(self) -> None:
        """Exponential moving average of weights and batch statistics; short at first so that it can follow."""
        decay = min(self.config.average_decay, (1 + self.step) / (10 + self.step))
        for mean, value in zip(self.averaged.state_dict().values(), self.network.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)

    def _learned(self) -> dict[str, list[Any]]:
        """Gamma of each gate, deepest first; with a selection of features, those that are kept."""
        gates = [value for name, value in self.network.named_parameters() if name.endswith(GATE)]
        gammas = {"gamma": [round(torch.sigmoid(gate).item(), 3) for gate in gates]}
        return gammas | {"features": kept(self.network)} if self.config.feature_selection else gammas

    def _save(self) -> None:
        state = {"config": self.config.to_dict(), "epoch": self.epoch, "step": self.step,
                 "network": self.network.state_dict(), "averaged": self.averaged.state_dict(),
                 "start": self.start, "supervision": self.supervision.state_dict(),
                 "optimizer": self.optimizer.state_dict(),
                 "random": torch.get_rng_state(),
                 "scale": {name: torch.from_numpy(values) for name, values in vars(self.scale).items()
                           if values is not None}}
        write_checkpoint(self.folder, state)

    def _resume(self) -> None:
        state = read_checkpoint(self.folder, self.config)
        if state is None:
            return
        with reading_checkpoint(self.folder):
            self.network.load_state_dict(state["network"])
            self.averaged.load_state_dict(state["averaged"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.epoch, self.step = state["epoch"], state["step"]
            self.start = state.get("start", self.start)
            self.supervision.load_state_dict(state["supervision"])
            self.scale = FeatureScale(**{name: values.numpy() for name, values in state["scale"].items()})
            torch.set_rng_state(state["random"])
        self.log(f"Resumed after epoch {self.epoch}.")

"""A small model with weights drawn from a seed: everything of a real one but its skill, in milliseconds."""

from __future__ import annotations

import json

import pytest
import torch

from radiomicnet.features.catalogue import KEYS

CARD = {
    "name": "small", "title": "Small model for tests", "version": "0.0.1", "summary": "Draws by chance.",
    "modality": "ultrasound", "dicom_modalities": ["US"], "intended_use": "Tests.", "license": "Apache-2.0",
    "target": {"name": "Lesion", "category": ["SCT", "49755003", "Morphologically Altered Structure"],
               "type": ["SCT", "4147007", "Mass"], "region": ["SCT", "76752008", "Breast"], "color": [1.0, 0.5, 0.0]},
    "parameters": 1, "input_size": 64, "preprocessing": "As every model.", "intensity_scaling": "As every model.",
    "feature_mean": dict.fromkeys(KEYS, 0.0), "feature_std": dict.fromkeys(KEYS, 10.0),
    "local_feature_mean": dict.fromkeys(KEYS, 0.0), "local_feature_std": dict.fromkeys(KEYS, 10.0),
    "views": ["plain", "horizontal"], "threshold": 0.5, "peak_threshold": 0.0, "presence_threshold": 0.0,
    "temperature": 1.0, "training": {"images": 0},
    "trust": {}, "training_data": [{"name": "None", "images": 1, "license": "none", "citation": "none"}],
    "metrics": {"dice": {"mean": None, "std": None, "n": 0, "ci95": None}}, "limits": ["It has not learned anything."],
    "weights_file": "weights.safetensors",
}


@pytest.fixture(scope="session")
def small_model_folder(tmp_path_factory):
    """A folder of models with one in it, ``small``."""
    from safetensors.torch import save_file

    from radiomicnet.models.store import sha256
    from radiomicnet.network.architecture import Architecture
    from radiomicnet.network.radiomicnet import RadiomicNet

    folder = tmp_path_factory.mktemp("models") / "small"
    folder.mkdir()
    torch.manual_seed(5)
    network = RadiomicNet(Architecture(decoder=(16, 12, 8, 8), embedding=8)).eval()
    with torch.no_grad():
        for level in network.levels:  # gates that are listened to, and an embedding that speaks up
            level.gate.gate.fill_(3.0)
            level.gate.from_embedding.weight.mul_(8)
        network.head.weight.mul_(20)
    save_file(network.state_dict(), folder / "weights.safetensors")
    card = {**CARD, "architecture": network.architecture.to_dict(),
            "weights_sha256": sha256(folder / "weights.safetensors")}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder.parent


@pytest.fixture(scope="session")
def small_segmenter(small_model_folder):
    """A segmenter with the small model."""
    from radiomicnet.models.store import load
    from radiomicnet.segmenter import Segmenter

    return Segmenter(load("small", small_model_folder))


@pytest.fixture(scope="session")
def phantom():
    """The speckle phantom and the true shape of its lesion."""
    from radiomicnet.images.phantoms import breast_ultrasound

    return breast_ultrasound()

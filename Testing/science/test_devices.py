"""Where the network computes, and what happens where a graphics card fails."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from radiomicnet import devices
from radiomicnet.devices import DeviceError
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.models.store import load
from radiomicnet.network.remote import RemoteNetwork
from radiomicnet.segmenter import Segmenter


@pytest.fixture(scope="module")
def image():
    return breast_ultrasound()[0]


def test_a_graphics_card_is_preferred_and_the_processor_always_there(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert devices.choose() == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert devices.available() == ("cpu",)
    assert devices.choose() == devices.choose("cpu") == "cpu"


def test_a_device_that_is_not_there_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match=r"finds no NVIDIA or AMD graphics card.*auto"):
        devices.choose("cuda")


def test_through_the_remote_network_the_answer_is_the_same(image):
    near, far = Segmenter(load("breast-ultrasound")), Segmenter(load("breast-ultrasound"))
    far.network = RemoteNetwork(far.network, "cpu")
    one, other = near.predict(image), far.predict(image)
    np.testing.assert_array_equal(one.probability, other.probability)
    for mine, theirs in zip(one.attention, other.attention, strict=True):
        np.testing.assert_array_equal(mine.spatial, theirs.spatial)
    mine, theirs = near.explain(one), far.explain(other)
    assert [item.contribution for item in mine.items] == pytest.approx([item.contribution for item in theirs.items])


@pytest.mark.parametrize("fails", ["__call__", "encode", "decode"])
def test_a_card_that_fails_in_the_middle_is_left_with_a_sentence(image, monkeypatch, fails):
    segmenter = Segmenter(load("breast-ultrasound"))
    wanted = segmenter.predict(image)
    segmenter.network, segmenter.device = RemoteNetwork(segmenter.network, "cpu"), "cuda"

    def fail(self, *_arguments, **_keywords):
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB\nmore lines")

    monkeypatch.setattr(RemoteNetwork, fails, fail)
    prediction = segmenter.predict(image)
    segmenter.explain(prediction)
    assert segmenter.device == "cpu"
    assert "graphics card (cuda) failed" in segmenter.notice and "out of memory" in segmenter.notice
    assert "more lines" not in segmenter.notice
    np.testing.assert_allclose(prediction.probability, wanted.probability, atol=1e-6)
    noted = segmenter.noted(segmenter.noted(prediction))
    assert noted.image.warnings == (*prediction.image.warnings, segmenter.notice)


def test_a_card_that_cannot_even_be_reached_is_left_with_a_sentence(image):
    if torch.cuda.is_available():
        pytest.skip("needs a computer without a CUDA card")
    segmenter = Segmenter(load("breast-ultrasound"), "cuda")
    assert segmenter.device == "cpu"
    assert "failed" in segmenter.notice
    assert segmenter.predict(image).probability.shape == image.shape


def test_on_the_processor_an_error_is_an_error(image, monkeypatch):
    segmenter = Segmenter(load("breast-ultrasound"))
    monkeypatch.setattr(segmenter.network, "forward", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError, match="broken"):
        segmenter.predict(image)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA card")
def test_on_a_cuda_card_the_answer_agrees_with_the_processors(image):
    near, far = Segmenter(load("breast-ultrasound")), Segmenter(load("breast-ultrasound"), "cuda")
    one, other = near.predict(image), far.predict(image)
    assert (far.device, far.notice) == ("cuda", "")
    np.testing.assert_allclose(one.probability, other.probability, atol=2e-2)
    mine, theirs = near.explain(one), far.explain(other)
    assert {item.key: item.contribution for item in mine.items} == pytest.approx(
        {item.key: item.contribution for item in theirs.items}, abs=1e-2)

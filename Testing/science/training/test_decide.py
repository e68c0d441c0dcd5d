"""Temperature and thresholds from held-out answers whose faults are known."""

from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.errors import OutputError, TrainingError
from radiomicnet.training.decide import decide, fit_temperature
from radiomicnet.training.heldout import HeldOut, load, save

SIZE = 64


def disc(radius, middle=(32, 32)):
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return np.hypot(rows - middle[0], columns - middle[1]) <= radius


def answer(truth, logits, presence=0.99, name="a"):
    return HeldOut(name, "made", name, logits.astype(np.float16), presence, truth, np.ones_like(truth),
                   np.zeros((26, 4, 4), np.float16))


def lesion(seed, presence=0.99):
    """Found as it is, with high probability."""
    truth = disc(12 + seed % 5, (30, 28))
    return answer(truth, np.where(truth, 6.0, -6.0), presence, f"lesion{seed}")


def clean(seed, logit=0.7, presence=0.99):
    """A false outline of the given logit."""
    return answer(np.zeros((SIZE, SIZE), bool), np.where(disc(10), logit, -6.0), presence, f"clean{seed}")


def test_the_temperature_undoes_a_known_overconfidence():
    """Truths drawn with the probabilities of logits that are then made three times too large."""
    rng, answers = np.random.default_rng(0), []
    for _ in range(4):
        logit = rng.normal(0, 1.5, (SIZE, SIZE))
        answers.append(answer(rng.random(logit.shape) < 1 / (1 + np.exp(-logit)), 3 * logit))
    assert fit_temperature(answers) == pytest.approx(3, rel=0.05)


def test_pixels_outside_the_scan_do_not_count():
    inside = disc(20)
    sure = answer(disc(12), np.where(disc(12), 2.0, -2.0))
    confused = replace(sure, inside=inside, logits=np.where(inside, sure.logits, 9).astype(np.float16))
    assert fit_temperature([confused]) == pytest.approx(fit_temperature([replace(sure, inside=inside)]), rel=1e-3)


def test_the_temperature_serves_the_outline_and_not_only_the_background():
    """Near the lesion three times too sure, far from it sure as is right; over whole scans alone, 0.97 would do."""
    rng, near = np.random.default_rng(0), disc(8)
    logit = np.where(near, rng.normal(0, 1.5, near.shape), -5.0)
    truth = near & (rng.random(near.shape) < 1 / (1 + np.exp(-logit)))
    assert fit_temperature([answer(truth, np.where(near, 3 * logit, logit))]) == pytest.approx(1.61, abs=0.05)


def test_the_threshold_is_that_of_the_best_dice():
    answers = []
    for seed in range(6):
        truth = disc(12)
        logits = np.where(truth, 3.0, np.where(disc(18), 0.5, -5.0))  # a rim of probability 0.6 that is not lesion
        answers.append(answer(truth, logits, name=str(seed)))
    decision = decide(answers)
    rim = 1 / (1 + np.exp(-0.5 / decision.temperature))
    assert decision.threshold > rim


def test_a_weak_false_outline_is_kept_out_by_the_peak():
    decision = decide([lesion(k) for k in range(10)] + [clean(k) for k in range(4)])
    assert decision.peak_threshold > decision.threshold


def test_an_image_that_hardly_shows_a_lesion_is_kept_out_by_its_presence():
    shown = [lesion(k, presence=0.9 + k / 1000) for k in range(20)]
    decision = decide(shown + [clean(k, logit=6.0, presence=0.1) for k in range(4)])
    assert 0.1 < decision.presence_threshold < 0.9


def test_no_more_is_asked_for_than_images_that_look_different_can_give():
    """A threshold between these lesions and these clean images would be the best one, here and nowhere else."""
    shown = [lesion(k, presence=0.99) for k in range(20)]
    decision = decide(shown + [clean(k, logit=6.0, presence=0.9) for k in range(20)])
    assert decision.presence_threshold <= 0.2


def test_of_thresholds_that_do_as_well_the_lowest_is_taken():
    decision = decide([lesion(k, presence=0.9) for k in range(20)] + [clean(k, logit=-6.0) for k in range(4)])
    assert decision.peak_threshold == decision.presence_threshold == 0


def test_lesions_are_not_given_up_for_clean_images():
    """Nothing tells these clean images from the lesions, so no threshold may be raised."""
    decision = decide([lesion(k) for k in range(20)] + [clean(k, logit=6.0) for k in range(20)])
    kept = [item for item in (lesion(k) for k in range(20)) if item.presence >= decision.presence_threshold]
    assert len(kept) == 20


def test_without_clean_images_nothing_but_the_threshold_is_asked_for():
    decision = decide([lesion(k) for k in range(5)])
    assert decision.peak_threshold == decision.presence_threshold == 0


def test_answers_survive_their_file(tmp_path):
    answers = [lesion(1), clean(2, presence=float("nan"))]
    save(tmp_path / "answers.npz", answers)
    for before, after in zip(answers, load(tmp_path / "answers.npz"), strict=True):
        assert (before.name, before.dataset, before.group) == (after.name, after.dataset, after.group)
        assert np.array_equal(before.logits, after.logits) and np.array_equal(before.truth, after.truth)
        assert before.presence == pytest.approx(after.presence, nan_ok=True)


def damaged(path, how):
    """A file in place of answers."""
    save(path, [lesion(1)])
    whole = path.read_bytes()
    if how == "npy":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    elif how == "other npz":
        with path.open("wb") as file:
            np.savez(file, names=np.zeros(3))
    elif how == "missing":
        path.unlink()
    else:
        path.write_bytes({"text": b"no", "empty": b"", "cut": whole[: len(whole) // 2], "pickle": b"\x80\x04N.",
                          "exchanged": whole[:200] + bytes(100) + whole[300:]}[how])


@pytest.mark.parametrize("how", ["missing", "text", "empty", "cut", "exchanged", "pickle", "npy", "other npz"])
def test_another_file_than_answers_is_refused(tmp_path, how):
    damaged(tmp_path / "answers.npz", how)
    with pytest.raises(TrainingError, match=r"answers\.npz holds no answers"):
        load(tmp_path / "answers.npz")


@pytest.mark.parametrize("place", ["missing/a.npz", "file/a.npz", "folder"])
def test_answers_that_cannot_be_written_leave_nothing(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        save(tmp_path / place, [lesion(1)])
    assert {path.name for path in tmp_path.rglob("*")} == {"file", "folder"}
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.filterwarnings("error")
def test_images_without_a_lesion_alone_choose_no_threshold():
    with pytest.raises(TrainingError, match="None of the held-out images shows a lesion"):
        decide([clean(1), clean(2)])

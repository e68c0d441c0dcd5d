"""Evaluations as ``evaluate`` writes them, of made rows, and a plan of a page about them."""



import numpy as np

from radiomicnet.__main__ import main
from radiomicnet.evaluation.calibration import BINS
from radiomicnet.features.catalogue import KEYS

PLAN = """
[[table]]
experiment = "ours"
dataset = "made"
title = "Made lesions"
goal = 0.8
[[other]]
title = "Theirs"
parameters = 3.0
busi = "0.7"
kvasir = ""
protocol = "another"
[ablation]
reference = "ours"
title = "the whole recipe"
[[ablation.place]]
ending = ""
dataset = "made"
title = "Images of here"
[[ablation.place]]
ending = "-elsewhere"
dataset = "found"
title = "Images of elsewhere"
[[ablation.recipe]]
experiment = "other"
title = "without something"
"""


def counts(rng):
    number = rng.integers(1, 50, BINS)
    predicted = number * (np.arange(BINS) + 0.5) / BINS
    return [number.tolist(), predicted.round(2).tolist(), rng.binomial(number, 0.5).tolist()]


def explanation(rng):
    """All but the finest gate beat chance at both, that one at insertion alone; no map beats the probability."""
    def scores(gain):
        gain += rng.normal(scale=0.02)
        return [0.5 - gain / 2, 0.5 + gain / 2]

    return {"features": {"contributions": scores(0.6), "random": [0.5, 0.5]},
            "regions": {"coarsest": scores(0.4), "finest": [0.8, 0.7],
                        "grad-cam": scores(0.2), "probability": scores(0.4), "random": [0.5, 0.5]},
            "top_feature_dice": 0.97, "other_feature_dice": 0.99, "sanity": {"attention": 0.05, "contributions": -0.1}}


def evaluation(fold, seed, shift=0.0, images=12):
    """Figures as ``evaluate`` writes them, of random rows that depend on the fold alone but for a shift of Dice."""
    rng = np.random.default_rng(fold)
    rows = []
    for index in range(images):
        dice = float(np.clip(rng.uniform(0.6, 0.9) + shift + 0.001 * seed, 0, 1))
        rows.append({
            "name": f"i{fold}-{index}", "group": f"g{fold}-{index // 2}", "dataset": "made",
            "label": "benign" if index % 3 else "malignant", "presence": 0.9, "truth_pixels": 100, "drawn_pixels": 90,
            "brier": 0.1, "dice": dice, "iou": dice / (2 - dice), "hd95": 5.0, "hd95_percent": 2.0,
            "missed": float(dice < 0.1), "lured": float(index == 0),
            "reliability": {"band": counts(rng), "union_band": counts(rng)},
            "contributions": {key: float(rng.normal()) for key in KEYS}, "quantity": 4.0, "residual": 0.0,
            "dice_to_mean_features": 0.9, "dice_to_open_gates": 0.8,
            "explanation": explanation(rng)})
    rows.append({"name": f"n{fold}", "group": f"n{fold}", "dataset": "made", "label": "normal", "presence": 0.1,
                 "truth_pixels": 0, "drawn_pixels": 0, "brier": 0.0, "empty": 1.0, "reliability": {}})
    return {"fold": fold, "parameters": 2_000_000, "rows": rows,
            "training": {"seed": seed, "minutes": 30.0, "device": "CPU, 1 thread", "epochs": 3, "images": 20,
                         "gamma": [0.5, 0.6, 0.7]}}


def report(folder, page="results.md"):
    words = ["report", "--results", str(folder / "results"), "--plan", str(folder / "plan.toml"), "--out",
             str(folder / page)]
    return main(words)

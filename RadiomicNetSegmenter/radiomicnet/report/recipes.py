"""What belongs to a recipe as a whole: its explanations, its gates and what a training costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import importance
from .collect import Evaluation, rows_of
from .explanations import faithfulness
from .tables import VALIDATION


def recipe(name: str, evaluations: dict[str, list[Evaluation]]) -> dict[str, Any]:
    """Importance, reliance, faithfulness, γ and cost, on test images where there are any."""
    items = evaluations.get(name) or evaluations[name + VALIDATION]
    rows = rows_of(items)
    training = [item.figures["training"] for item in items]
    shares, spans = importance.shares(rows), importance.spans([item.rows for item in items])
    gammas = [entry["gamma"] for entry in training if entry.get("gamma")]
    return {"name": name, "on": "test" if name in evaluations else "validation",
            "minutes": [entry["minutes"] for entry in training], "epochs": training[0]["epochs"],
            "images": [entry["images"] for entry in training],
            "devices": sorted({entry["device"] for entry in training}),
            "gamma": np.mean(gammas, axis=0).tolist() if gammas else [],
            "models": len(items), "shares": [{**share, "of_models": spans[share["key"]]} for share in shares],
            "families": importance.families(rows), "faithfulness": faithfulness(rows),
            "reliance": importance.reliance(rows)}

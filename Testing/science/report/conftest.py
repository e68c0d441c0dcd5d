import json

import pytest
from made_results import PLAN, evaluation


@pytest.fixture
def results(tmp_path):
    """Three seeds of two recipes on two folds; the other is worse by 0.05 on every image."""
    for name, shift in (("ours", 0.0), ("other", -0.05)):
        (tmp_path / "results" / name).mkdir(parents=True)
        for fold in (0, 1):
            for seed in (0, 1, 2):
                path = tmp_path / "results" / name / f"fold-{fold}-seed-{seed}.json"
                path.write_text(json.dumps(evaluation(fold, seed, shift)))
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path

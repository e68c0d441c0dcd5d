"""ComBat on a cohort's table."""

import csv

import numpy as np
import pytest

from radiomicnet.__main__ import main
from radiomicnet.cohort.harmonise import harmonise
from radiomicnet.cohort.tables import Table, read_table
from radiomicnet.errors import CohortError

FEATURES = [f"feature_f{number}" for number in range(6)]


def scanners(n=40, seed=0):
    """Two scanners, the second brighter by 5 and wider by 2, and a diagnosis whose effect is 3, commoner there."""
    random = np.random.default_rng(seed)
    second = np.repeat([0, 1], n)
    ill = (random.uniform(size=2 * n) < np.where(second, 0.7, 0.3)).astype(int)
    base = random.normal(10, 1, (2 * n, len(FEATURES))) + 3 * ill[:, None]
    values = np.where(second[:, None], 5 + base + (base - base.mean(axis=0)), base)
    return second, ill, values


def table(path, second, ill, values, **more):
    columns = {"batch": [("A", "B")[k] for k in second], "given_ill": [("no", "yes")[k] for k in ill],
               **dict(zip(FEATURES, values.T.tolist())), **more}
    return Table(path / "t.csv", columns)


@pytest.fixture
def made(tmp_path):
    return table(tmp_path, *scanners())


def johnson(values, batches):
    """Parametric ComBat as Johnson et al. 2007 write it down, without covariates."""
    labels = np.unique(batches)
    shares = np.array([(batches == label).mean() for label in labels])
    alpha = shares @ [values[batches == label].mean(axis=0) for label in labels]
    left = np.concatenate([values[batches == label] - values[batches == label].mean(axis=0) for label in labels])
    sigma = np.sqrt((left**2).mean(axis=0))
    z = (values - alpha) / sigma
    out = np.empty_like(values)
    for label in labels:
        part = z[batches == label]
        n, gamma_hat, delta_hat = len(part), part.mean(axis=0), part.var(axis=0, ddof=1)
        prior, tau2 = gamma_hat.mean(), gamma_hat.var(ddof=1)
        mean, variance = delta_hat.mean(), delta_hat.var(ddof=1)
        shape, scale = mean**2 / variance + 2, mean * (mean**2 / variance + 1)
        gamma, delta = gamma_hat, delta_hat
        for _ in range(1000):
            gamma = (n * tau2 * gamma_hat + delta * prior) / (n * tau2 + delta)
            delta = (scale + ((part - gamma) ** 2).sum(axis=0) / 2) / (n / 2 + shape - 1)
        out[batches == label] = sigma * (part - gamma) / np.sqrt(delta) + alpha
    return out


def test_the_values_are_those_of_the_papers_formulas(tmp_path):
    second, ill, values = scanners()
    ours = harmonise(table(tmp_path, second, ill, values), "batch", ["feature_*"])
    theirs = johnson(values, second)
    for place, name in enumerate(FEATURES):
        np.testing.assert_allclose(ours.columns[f"harmonised_{name}"], theirs[:, place], rtol=1e-4)


def test_the_scanners_effect_goes_and_a_diagnosis_that_is_to_stay_stays(made):
    second, ill, _ = scanners()
    kept = harmonise(made, "batch", ["feature_*"], preserve=["given_ill"])
    raw, left = kept.between["feature_*"]
    assert raw > 0.4
    new = np.array([kept.columns[f"harmonised_{name}"] for name in FEATURES])
    for group in (0, 1):
        healthy, ill_ones = (new[:, (second == group) & (ill == state)].mean() for state in (0, 1))
        assert 2 < ill_ones - healthy < 6  # 3 on the first scanner, 6 on the second
    means = [new[:, second == group].mean() for group in (0, 1)]
    assert means[1] - means[0] > 1  # more are ill there, which ComBat must not take for the scanner
    without = harmonise(made, "batch", ["feature_*"]).between["feature_*"]
    assert without[0] == raw and without[1] < 0.01 < left < raw / 2


def test_rows_that_are_not_fitted_on_have_no_say_but_are_harmonised(tmp_path):
    second, ill, values = scanners(60)
    fold = ["0" if k % 2 else "1" for k in range(len(second))]
    one = harmonise(table(tmp_path, second, ill, values, given_fold=fold), "batch", ["feature_*"], "given_fold=0")
    values[::2] += np.random.default_rng(3).normal(0, 50, values[::2].shape)
    other = harmonise(table(tmp_path, second, ill, values, given_fold=fold), "batch", ["feature_*"], "given_fold=0")
    name = f"harmonised_{FEATURES[0]}"
    assert one.columns[name][1::2] == other.columns[name][1::2]
    assert None not in one.columns[name] and one.columns[name][::2] != other.columns[name][::2]


@pytest.mark.parametrize(("n", "words", "sentence"), [
    (19, {}, "Batch A has 19 rows to fit on .*; under 20 rows a batch"),
    (40, {"fit": "given_ill=yes"}, "Batch A has 1[0-9] rows to fit on"),
    (40, {"fit": "given_ill"}, "does not say which rows to fit on"),
    (40, {"fit": "batch=A"}, "holds 1 batch only among the rows to fit on"),
    (40, {"fit": "batch=C"}, "holds no batch"),
    (40, {"batch": "scanner"}, "has no column scanner"),
    (40, {"preserve": ["age"]}, "has no column age"),
    (40, {"blocks": ["contribution_*"]}, r"no column of numbers named like contribution_\*"),
])
def test_what_cannot_be_harmonised_is_refused_with_a_sentence(tmp_path, n, words, sentence):
    made = table(tmp_path, *scanners(n))
    with pytest.raises(CohortError, match=sentence):
        harmonise(made, **{"batch": "batch", "blocks": ["feature_*"], **words})


def test_rows_that_lack_a_value_or_a_batch_and_columns_without_variation_are_left_empty_and_said(tmp_path):
    second, ill, values = scanners()
    values[3, 0] = np.nan
    values[:40, 5] = 7.0
    made = table(tmp_path, second, ill, values)
    made.columns["batch"][5] = None
    new = harmonise(made, "batch", ["feature_*"])
    cells = new.columns["harmonised_feature_f1"]
    assert [place for place, cell in enumerate(cells) if cell is None] == [3, 5]
    assert "harmonised_feature_f5" not in new.columns
    assert any("same in all of a batch: feature_f5" in note for note in new.notes)


def test_shape_is_left_out_where_millimetres_and_pixels_are_mixed(tmp_path):
    second, ill, values = scanners()
    more = {"segment_shape2D_Perimeter": values[:, 0].tolist(), "segment_glcm_Contrast": values[:, 1].tolist(),
            "calibrated": ["true" if k else "false" for k in second]}
    new = harmonise(table(tmp_path, second, ill, values, **more), "batch", ["segment_*"])
    assert "harmonised_segment_shape2D_Perimeter" not in new.columns
    assert any("some images are measured in mm" in note for note in new.notes)


def test_the_command_adds_columns_and_leaves_the_others_and_the_table_as_they_were(tmp_path, made, capsys):
    path = tmp_path / "cohort.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(made.columns)
        writer.writerows(zip(*made.columns.values()))
    before = path.read_bytes()
    assert main(["harmonise", str(path), "--batch", "batch", "--columns", "feature_*"]) == 0
    assert path.read_bytes() == before
    assert "lay between batches" in capsys.readouterr().out
    new = read_table(tmp_path / "cohort-harmonised.csv")
    assert list(new.columns) == [*made.columns, *(f"harmonised_{name}" for name in FEATURES)]
    assert new.columns["feature_f0"] == [repr(value) for value in made.columns["feature_f0"]]
    again = (tmp_path / "cohort-harmonised.csv").read_bytes()
    main(["harmonise", str(path), "--batch", "batch", "--columns", "feature_*"])
    assert (tmp_path / "cohort-harmonised.csv").read_bytes() == again
    pytest.importorskip("pyarrow")
    typed = read_table(tmp_path / "cohort-harmonised.parquet")
    assert typed.columns["harmonised_feature_f0"] == [float(cell) for cell in new.columns["harmonised_feature_f0"]]
    assert isinstance(typed.columns["feature_f0"][0], float) and typed.columns["batch"][0] == "A"


def test_without_neuroharmonize_a_sentence_says_what_is_missing(made, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "neuroHarmonize", None)
    with pytest.raises(CohortError, match="neuroHarmonize, which is missing"):
        harmonise(made, "batch", ["feature_*"])

"""ICC between two tables of the same cases."""

import numpy as np
import pytest

from radiomicnet.__main__ import main
from radiomicnet.cohort.agreement import agreement
from radiomicnet.cohort.tables import Table, read_table
from radiomicnet.errors import CohortError

# Shrout and Fleiss 1979, table 2: six targets; here its first two judges. ICC(2,1) of two columns by their formulas.
JUDGES = np.array([[9, 2], [6, 1], [8, 4], [7, 1], [10, 5], [6, 2]], float)


def table(tmp_path, name, **columns):
    return Table(tmp_path / name, columns)


def test_the_value_is_that_of_an_analysis_of_variance(tmp_path):
    from scipy.stats import f_oneway

    names = [f"{number}.png" for number in range(6)]
    made = agreement(table(tmp_path, "a.csv", path=names, feature_x=JUDGES[:, 0].tolist()),
                     table(tmp_path, "b.csv", path=names[::-1], feature_x=JUDGES[::-1, 1].tolist()))
    n, k = JUDGES.shape
    total = JUDGES.var() * n * k
    rows = k * n * JUDGES.mean(axis=1).var()
    columns = n * k * JUDGES.mean(axis=0).var()
    error = (total - rows - columns) / ((n - 1) * (k - 1))
    expected = (rows / (n - 1) - error) / (rows / (n - 1) + error + 2 / n * (columns - error))
    assert made.columns["feature_x"].value == pytest.approx(expected)
    assert made.paired == 6 and made.alone == (0, 0)
    assert f_oneway(*JUDGES.T).pvalue < 0.01  # the judges do differ, which absolute agreement counts


def test_rows_are_paired_by_id_where_both_tables_have_it_and_those_without_a_partner_are_counted(tmp_path):
    first = table(tmp_path, "a.csv", path=["1.png", "2.png", "3.png"], id=["p", "q", "r"], feature_x=[1.0, 2.0, 3.0])
    second = table(tmp_path, "b.csv", path=["x.png", "y.png"], id=["r", "p"], feature_x=["3.0", "1.0"])
    made = agreement(first, second)
    assert (made.paired, made.alone) == (2, (1, 0))
    assert made.columns["feature_x"].value == pytest.approx(1)


def test_columns_that_are_no_numbers_in_both_are_passed_over(tmp_path):
    first = table(tmp_path, "a.csv", path=["1", "2", "3"], feature_x=[1.0, 2.0, None], feature_y=["a", "b", "c"])
    second = table(tmp_path, "b.csv", path=["1", "2", "3"], feature_x=[1.0, 2.5, 3.0], feature_y=[1.0, 2.0, 3.0])
    made = agreement(first, second)
    assert list(made.columns) == ["feature_x"] and made.columns["feature_x"].images == 2


@pytest.mark.parametrize(("second", "by", "sentence"), [
    ({"path": ["7", "8"], "feature_x": [1.0, 2.0]}, "", "share 0 values of the column path"),
    ({"path": ["1", "2"], "feature_y": [1.0, 2.0]}, "", "share no column of numbers"),
    ({"path": ["1", "1"], "feature_x": [1.0, 2.0]}, "", "has two rows of one path"),
    ({"path": ["1", "2"], "feature_x": [1.0, 2.0]}, "patient", "has no column patient"),
])
def test_tables_that_cannot_be_compared_are_refused_with_a_sentence(tmp_path, second, by, sentence):
    first = table(tmp_path, "a.csv", path=["1", "2"], feature_x=[1.0, 2.0])
    with pytest.raises(CohortError, match=sentence):
        agreement(first, table(tmp_path, "b.csv", **second), by)


def test_a_cohort_agrees_with_itself_in_the_command(finished, tmp_path, capsys):
    place = str(finished / "cohort.csv")
    assert main(["icc", place, place, "--columns", "feature_*", "--out", str(tmp_path / "icc.csv")]) == 0
    assert "5 cases in both tables" in capsys.readouterr().out
    made = read_table(tmp_path / "icc.csv")
    assert len(made) == 13 and {float(cell) for cell in made.columns["icc"]} == {1.0}


@pytest.mark.parametrize(("content", "sentence"), [
    (None, "There is no table"), (b"a,a\n1,2\n", "does not name its columns"), (b"a,b\n1\n", "not all as long"),
    (b"\xff\xfe\x00", "cannot be read as a table"),
])
def test_a_file_that_is_no_table_is_refused_with_a_sentence(tmp_path, content, sentence):
    if content is not None:
        (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(CohortError, match=sentence):
        read_table(tmp_path / "t.csv")

"""The user's own tables: every format, and every mistake as one sentence that says where."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.data.source import DataError, FixedSource, facts, make
from nnlab.errors import UserError
from nnlab.scenario.data import Table

GOOD = "a,b,label\n1,2,yes\n3,4,no\n5,6,yes\n7,8,no\n9,10,yes\n"


def load(folder: Path, name: str, **options: Any) -> FixedSource:
    source = make(Table(kind="table", path=name, **options), 0, folder, 32)
    assert isinstance(source, FixedSource)
    return source


def load_csv(folder: Path, text: str, **options: Any) -> FixedSource:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return load(folder, "t.csv", **options)


def load_npz(folder: Path, arrays: dict[str, Any], **options: Any) -> FixedSource:
    np.savez(folder / "t.npz", **arrays)
    return load(folder, "t.npz", **options)


def test_csv_with_text_labels(tmp_path: Path) -> None:
    source = load_csv(tmp_path, GOOD, val_fraction=0.2)
    assert source.class_names == ("no", "yes") and source.feature_names == ("a", "b")
    assert source.x_train.shape == (4, 2) and source.x_val.shape == (1, 2) and source.target_names == ("label",)


@pytest.mark.parametrize("text", [GOOD.replace(",", ";"), GOOD.replace(",", "\t"), "\ufeff" + GOOD, GOOD + "\n\n"])
def test_csv_dialects(tmp_path: Path, text: str) -> None:
    np.testing.assert_array_equal(load_csv(tmp_path, text).x_train, load_csv(tmp_path, GOOD).x_train)


def test_csv_numeric_labels_are_numbered_in_order(tmp_path: Path) -> None:
    source = load_csv(tmp_path, "x,y\n1,10\n2,2\n3,10\n4,-1\n", val_fraction=0.0)
    assert source.class_names == ("-1", "2", "10")
    np.testing.assert_array_equal(source.y_train, [2, 1, 2, 0])


def test_csv_several_targets_and_true_false(tmp_path: Path) -> None:
    text = "on,u,v\nTrue,1,0.5\nfalse,0,1\nTrue,1,2\nFalse,0,3\n"
    source = load_csv(tmp_path, text, target=["u", "v"], task="regression", val_fraction=0.0)
    np.testing.assert_array_equal(source.y_train, np.array([[1, 0.5], [0, 1], [1, 2], [0, 3]], dtype=np.float32))
    np.testing.assert_array_equal(source.x_train[:, 0], [1, 0, 1, 0])
    with pytest.raises(DataError, match=r"multilabel target is 0 or 1, but 0.5"):
        load_csv(tmp_path, text, target=["u", "v"], task="multilabel")


def test_val_path_orders_columns_by_name(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("label,b,a\nyes,20,10\nmaybe,40,30\n")
    source = load_csv(tmp_path, GOOD, val_path="v.csv")
    np.testing.assert_array_equal(source.x_val, [[10, 20], [30, 40]])
    assert source.class_names == ("maybe", "no", "yes") and len(source.x_train) == 5
    (tmp_path / "v.csv").write_text("label,bb,a\nyes,20,10\n")
    with pytest.raises(DataError, match=r"v.csv: there is no column 'b'; did you mean 'bb'"):
        load_csv(tmp_path, GOOD, val_path="v.csv")


@pytest.mark.parametrize(
    ("text", "options", "parts"),
    [
        ("", {}, ["t.csv is empty"]),
        ("\n\n", {}, ["t.csv is empty"]),
        ("a,b,label\n", {}, ["0 examples", "at least 4"]),
        ("a,label\n1,x\n2,y\n3,x\n", {}, ["3 examples"]),
        ("1,2,3\n4,5,6\n", {}, ["line 1 holds numbers", "header"]),
        ("a,a,label\n1,2,x\n", {}, ["two columns are named 'a'"]),
        (",a,label\n1,2,x\n", {}, ["column 1 has no name"]),
        (GOOD.replace("3,4,no", "3,4"), {}, ["line 3", "2 values", "3 columns"]),
        (GOOD.replace("3,4,no", "3,4,no,1"), {}, ["line 3", "4 values"]),
        (GOOD.replace("3,4,no", "3,red,no"), {}, ["line 3", "column 'b'", "'red' is not a number", "drop the column"]),
        (GOOD.replace("3,4,no", "3,,no"), {}, ["line 3", "column 'b'", "missing"]),
        (GOOD.replace("3,4,no", "3,NaN,no"), {}, ["line 3", "column 'b'", "missing"]),
        (GOOD.replace("3,4,no", "3,inf,no"), {}, ["line 3", "infinite"]),
        (GOOD.replace("3,4,no", "3,1e300,no"), {}, ["line 3", "1e+300 is too large"]),
        (GOOD.replace("3,4,no", "3,4,"), {}, ["line 3", "column 'label'", "the label is missing"]),
        (GOOD.replace("no", "yes"), {}, ["every example has the class 'yes'"]),
        (GOOD, {"target": "lable"}, ["no column 'lable'", "did you mean 'label'"]),
        (GOOD, {"target": ["a", "label"]}, ["classification has one target"]),
        (GOOD, {"target": []}, ["empty list"]),
        (GOOD, {"task": "regression"}, ["column 'label'", "'yes' is not a number"]),
        ("a\n1\n2\n3\n4\n", {}, ["no column besides the target"]),
        ("a,y\n" + "".join(f"1,{i / 7}\n" for i in range(60)), {}, ["60 different values", "regression"]),
        ("a,y\n" + "".join(f"1,{i}\n" for i in range(1100)), {}, ["1100 different values", "regression"]),
        ('a,label\n1,"x\n2,y\n', {}, ["line", "unexpected end"]),
    ],
)
def test_bad_csv_is_one_clear_sentence(
    tmp_path: Path, text: str, options: dict[str, Any], parts: Sequence[str]
) -> None:
    with pytest.raises(UserError) as error:
        load_csv(tmp_path, text, **options)
    message = str(error.value)
    assert "\n" not in message and all(part in message for part in parts), message


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=120) | st.text('ab,;1.\n"-e\t', max_size=80).map(str.encode))
def test_any_bytes_load_or_are_a_data_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("any.csv", "any.npz", "any.parquet"):
        (folder / name).write_bytes(content)
        try:
            source = load(folder, name)
        except DataError as error:
            assert str(error)
        else:
            assert np.isfinite(source.x_train).all()


def test_files_that_are_not_there_or_not_data(tmp_path: Path) -> None:
    load_csv(tmp_path, GOOD)
    with pytest.raises(DataError, match=r"there is no file .*tt\.csv; did you mean 't\.csv'"):
        load(tmp_path, "tt.csv")
    with pytest.raises(DataError, match=r"known endings: \.csv"):
        load(tmp_path, "t.xlsx")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        load(tmp_path, "d.csv")
    (tmp_path / "latin.csv").write_bytes("é,b\n1,2\n".encode("latin-1"))
    with pytest.raises(DataError, match="not UTF-8"):
        load(tmp_path, "latin.csv")


def test_npz_lets_non_finite_inputs_through_and_counts_them(tmp_path: Path) -> None:
    x = np.arange(20.0).reshape(10, 2)
    x[3, 1], x[4, 0] = np.nan, np.inf
    source = load_npz(tmp_path, {"x": x, "y": np.arange(10)[:, None] % 2}, val_fraction=0.0, standardize=True)
    assert facts(source)["nonfinite_inputs"] == 2.0 and source.y_train.shape == (10,)
    assert np.nanstd(source.x_train[:, 1]) == pytest.approx(1.0, rel=1e-6)
    x[5, 0] = 1e300
    plain = facts(load_npz(tmp_path, {"x": x, "y": x[:, 0]}, val_fraction=0.0, task="regression"))
    assert plain["nonfinite_inputs"] == 3.0 and plain["nonfinite_targets"] == 2.0


@pytest.mark.parametrize(
    ("arrays", "options", "match"),
    [
        ({"x": np.zeros((5, 2))}, {}, "holds x, but needs x and y"),
        ({"x": np.zeros((5, 2)), "y": np.zeros(4)}, {}, r"shape \(5, 2\) and y \(4,\)"),
        ({"x": np.zeros((5, 2)), "y": np.zeros(5)}, {}, "every example has the class '0'"),
        ({"x": np.zeros((5, 2)), "y": np.eye(5) * 2}, {}, "not one-hot"),
        ({"x": np.zeros((5, 2)), "y": np.array([0, 1, 0, 1, np.nan])}, {}, "1 class labels are NaN"),
        ({"x": np.zeros((5, 2)), "y": np.array(list("ababa"))}, {"task": "regression"}, "holds text"),
        ({"x": np.zeros((5, 2)).astype(str), "y": np.arange(5)}, {}, "real numbers"),
        ({"x": np.zeros((5, 2)), "y": np.arange(5)}, {"target": "y"}, "target names a column"),
        ({"x": np.zeros((5, 0)), "y": np.arange(5)}, {}, "nothing to learn"),
        ({"x": np.array([object()] * 5), "y": np.arange(5)}, {}, "not a readable NPZ"),
    ],
)
def test_bad_npz(tmp_path: Path, arrays: dict[str, Any], options: dict[str, Any], match: str) -> None:
    with pytest.raises(DataError, match=match):
        load_npz(tmp_path, arrays, **options)


def test_npz_forms(tmp_path: Path) -> None:
    x, y = np.random.default_rng(0).normal(size=(8, 2, 3)), np.arange(8) % 4 * 10
    hot = load_npz(tmp_path, {"x": x, "y": np.eye(4)[np.arange(8) % 4]}, val_fraction=0.0)
    plain = load_npz(tmp_path, {"x": x, "y": y}, val_fraction=0.0)
    np.testing.assert_array_equal(hot.y_train, plain.y_train)
    assert plain.class_names == ("0", "10", "20", "30") and plain.x_train.shape == (8, 6)
    split = load_npz(tmp_path, {"x_train": x, "y_train": y, "x_val": x[:0], "y_val": y[:0]}, val_fraction=0.25)
    assert len(split.x_val) == 2
    given_split = load_npz(tmp_path, {"x_train": x, "y_train": y, "x_val": x[:3], "y_val": y[:3]})
    assert len(given_split.x_val) == 3 and len(given_split.x_train) == 8


def test_parquet_equals_csv(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"a": [1, 3, 5, 7, 9], "b": [2.0, 4.0, 6.0, 8.0, 10.0], "label": ["yes", "no", "yes", "no", "yes"]}
    parquet.write_table(arrow.table(columns), tmp_path / "t.parquet")
    np.testing.assert_array_equal(load(tmp_path, "t.parquet").x_train, load_csv(tmp_path, GOOD).x_train)
    parquet.write_table(arrow.table({**columns, "b": [2.0, None, 6.0, 8.0, 10.0]}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match="row 2, column 'b': the value is missing"):
        load(tmp_path, "t.parquet")


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(DataError, match="pip install pyarrow"):
        load(tmp_path, "t.parquet")


def test_rows_without_a_number_can_be_left_out(tmp_path: Path) -> None:
    x = np.arange(20.0).reshape(10, 2)
    x[3, 1], x[6, 0], x[8, 0] = np.nan, np.inf, 1e300
    arrays = {"x": x, "y": np.arange(10) % 2}
    assert facts(load_npz(tmp_path, arrays, val_fraction=0.0))["nonfinite_inputs"] == 3
    source = load_npz(tmp_path, arrays, val_fraction=0.0, drop_nonfinite=True)
    np.testing.assert_array_equal(source.x_train[:, 0], [0, 2, 4, 8, 10, 14, 18])
    np.testing.assert_array_equal(source.y_train, [0, 1, 0, 0, 1, 1, 1])
    with pytest.raises(DataError, match="at least 4 are needed"):
        load_npz(tmp_path, {"x": np.full((5, 2), np.nan), "y": np.arange(5) % 2}, drop_nonfinite=True)

"""Shapes of the published cases: given splits of any size, with the labels as the programs had them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab.data.source import FixedSource, facts, make
from nnlab.scenario.data import Table

XOR6 = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [0, 0], [1, 1]], dtype=np.float32)


@pytest.mark.parametrize(
    ("x", "y", "task", "width"),
    [
        (XOR6, np.array([0, 1, 1, 0, 0, 0]), "regression", 1),
        (XOR6[:4], np.array([0.0, 1.0, 4.0, 9.0]), "regression", 1),
        (XOR6, np.array([[0, 1, 1]] * 6), "regression", 3),
        (XOR6, np.array([[0, 1, 1]] * 6), "multilabel", 3),
        (XOR6, np.array([0, 1, 2, 0, 1, 2]), "classification", 0),
    ],
)
def test_tiny_given_splits_load(tmp_path: Path, x: Any, y: Any, task: Any, width: int) -> None:
    np.savez(tmp_path / "case.npz", x_train=x, y_train=y, x_val=x, y_val=y)
    source = make(Table(kind="table", path="case.npz", task=task), 0, tmp_path, 32)
    assert isinstance(source, FixedSource)
    np.testing.assert_array_equal(source.x_train, source.x_val)
    np.testing.assert_array_equal(source.y_train.reshape(y.shape), y)
    assert source.targets == width and source.classes == (3 if task == "classification" else 0)
    assert facts(source)["nonfinite_inputs"] == 0

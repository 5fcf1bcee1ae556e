"""The baseline of the nearest training rows, against scikit-learn's."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from nnlab.data.neighbours import neighbour_score
from nnlab.data.source import FixedSource, facts, make
from nnlab.scenario.data import Data


def build(**options: Any) -> FixedSource:
    source = make(TypeAdapter(Data).validate_python(options), 0, Path(), 32)
    assert isinstance(source, FixedSource)
    return source


@pytest.mark.parametrize(
    ("options", "oracle"),
    [
        ({"kind": "moons", "noise": 0.4}, KNeighborsClassifier(5)),
        ({"kind": "linear", "features": 4}, KNeighborsRegressor(5)),
    ],
)
def test_the_score_is_that_of_the_five_nearest_rows(options: dict[str, Any], oracle: Any) -> None:
    source = build(samples=1200, **options)
    centre, spread = source.x_train.mean(axis=0), source.x_train.std(axis=0)
    oracle.fit((source.x_train - centre) / spread, source.y_train)
    expected = oracle.score((source.x_val - centre) / spread, source.y_val)
    assert neighbour_score(source) == pytest.approx(expected, abs=1e-6)
    assert facts(source)["neighbour_score"] == neighbour_score(source)


def test_a_row_is_not_its_own_neighbour() -> None:
    source = build(kind="moons", samples=250, noise=0.4)
    draw = np.random.default_rng(0)
    source = FixedSource(**{**vars(source), "y_train": draw.integers(0, 2, len(source.y_train))})
    twice = FixedSource(**{**vars(source), "x_val": source.x_train, "y_val": source.y_train})
    score = neighbour_score(twice)
    assert score is not None and score < 0.65


@pytest.mark.parametrize("options", [{"samples": 100}, {"val_fraction": 0.0}])
def test_nothing_is_said_of_too_few_rows(options: dict[str, Any]) -> None:
    source = build(kind="moons", **options)
    assert neighbour_score(source) is None and "neighbour_score" not in facts(source)

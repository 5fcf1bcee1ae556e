"""Data of the published cases and of a few small real tables, as NPZ files for `[data] kind = "table"`.

The generators and seeds are those of the published programs where they are known (scikit-learn's make_blobs,
make_circles, make_moons, make_multilabel_classification; numpy's RandomState). Auto MPG, which the regression programs
read from a server, is replaced by a table of the same shape and kind.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets as sk

Array = NDArray[np.float64]
Split = tuple[Array, Array, Array, Array]
"""x_train, y_train, x_val, y_val."""


def _split(x: Array, y: Array, rows: int) -> Split:
    return x[:rows], y[:rows], x[rows:], y[rows:]


def _twice(x: Array, y: Array) -> Split:
    """Programs without a validation set of their own."""
    return x, y, x, y


def _blobs() -> Split:
    x, y = sk.make_blobs(n_samples=1000, centers=3, n_features=2, cluster_std=2, random_state=2)
    return _split(x, y, 700)


def _circles() -> Split:
    x, y = sk.make_circles(n_samples=1000, noise=0.1, random_state=1)
    return _split(x, y, 700)


def _moons() -> Split:
    x, y = sk.make_moons(n_samples=4000, noise=0.2, random_state=0)
    return _split(x, y, 3200)


def _multilabel() -> Split:
    x, y = sk.make_multilabel_classification(n_samples=6000, n_features=20, n_classes=3, random_state=0)
    return _split(x, y, 4800)


def _digits() -> Split:
    x, y = sk.load_digits(return_X_y=True)
    order = np.random.RandomState(0).permutation(len(x))
    return _split(x[order] / 16, y[order], 1400)


def _random_digits() -> Split:
    """Every training label is replaced by another one."""
    x, y, x_val, y_val = _digits()
    return x, (y + np.random.RandomState(0).randint(1, 10, len(y))) % 10, x_val, y_val


def _random_pairs() -> Split:
    draw = np.random.RandomState(0)
    x, y = draw.rand(1000, 5), draw.rand(1000)
    return _split(x, y, 800)


def _wide_linear() -> Split:
    x = np.random.RandomState(0).uniform(0, 1e4, (4000, 3))
    return _split(x, x @ [2.0, 1.0, 0.5] + 2.2, 3200)


def _ramp() -> Split:
    x = np.arange(100.0)
    noise = np.random.RandomState(20180130).uniform(4, 14, 100)
    return _twice(np.stack([x, np.ones(100)], 1), 2 * x + noise)


def _parabola() -> Split:
    x = np.arange(4.0)
    return _twice(np.stack([x**2, x], 1), x**2)


def _xor() -> Split:
    x = np.array([[1, 1], [0, 0], [1, 0], [0, 1], [1, 1], [0, 0]], dtype=float)
    return _twice(x, np.array([0.0, 0, 1, 1, 0, 0]))


def _cars() -> tuple[Array, Array]:
    """Like Auto MPG: cylinders, displacement, power, weight, acceleration, year in [0, 1], origin as three columns;
    the target falls with weight and rises with the year, with a few per cent of noise."""
    draw = np.random.RandomState(0)
    size = draw.beta(1.2, 1.6, 392)
    year = draw.randint(0, 13, 392) / 12
    near = [np.clip(size + draw.normal(0, s, 392), 0, 1) for s in (0.08, 0.1, 0.06)]
    columns = [np.round(2 * size) / 2, *near, np.clip(1 - size + draw.normal(0, 0.2, 392), 0, 1), year]
    x = np.concatenate([np.stack(columns, 1), np.eye(3)[draw.choice(3, 392, p=[0.6, 0.2, 0.2])]], 1)
    y = 37 - 26 * size**0.7 + 8 * year + 2 * x[:, 7] + draw.normal(0, 2, 392)
    return x, np.clip(y, 9, None)


def _cars_between(low: float, high: float) -> Split:
    """Fuel consumption, with the training targets between two values."""
    x, y = _cars()
    least, most = y[:314].min(), y[:314].max()
    return _split(x, low + (high - low) * (y - least) / (most - least), 314)


def _cars_tenfold() -> Split:
    x, y = _cars()
    return _split(x, 10 * y, 314)


def _shuffled(x: Array, y: Array) -> Split:
    order = np.random.RandomState(0).permutation(len(x))
    return _split(x[order], y[order], round(0.8 * len(x)))


DATASETS: dict[str, Callable[[], Split]] = {
    "at-blobs": _blobs,
    "at-circles": _circles,
    "many-moons": _moons,
    "multilabel": _multilabel,
    "digits": _digits,
    "random-digits": _random_digits,
    "random-pairs": _random_pairs,
    "wide-linear": _wide_linear,
    "ramp": _ramp,
    "parabola": _parabola,
    "xor6": _xor,
    "cars": lambda: _cars_between(0.0, 1.0),
    "cars-signed": lambda: _cars_between(-1.0, 1.0),
    "cars-tenfold": _cars_tenfold,
    "wine": lambda: _shuffled(*sk.load_wine(return_X_y=True)),
    "cancer": lambda: _shuffled(*sk.load_breast_cancer(return_X_y=True)),
    "iris": lambda: _shuffled(*sk.load_iris(return_X_y=True)),
    "diabetes": lambda: _shuffled(*sk.load_diabetes(return_X_y=True)),
    "friedman": lambda: _shuffled(*sk.make_friedman1(n_samples=1000, noise=0.5, random_state=0)),
}


def write(folder: Path) -> None:
    """All data sets as `NAME.npz`; those that are there stay."""
    for name, make in DATASETS.items():
        file = folder / f"{name}.npz"
        if not file.exists():
            x, y, x_val, y_val = make()
            np.savez(file, x_train=x.astype(np.float32), y_train=y, x_val=x_val.astype(np.float32), y_val=y_val)

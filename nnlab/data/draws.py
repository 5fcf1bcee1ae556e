"""The randomness behind the rows of a stream, drawn by address and kept a little while."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnlab.data.fixed import Floats, Ints
from nnlab.data.seeded import generator


@dataclass(frozen=True, eq=False)
class Draws:
    """Rows before any drift, in arrays of shape [..., rows], [..., rows, axes] (around), [..., rows, features] (noise).

    `cloud` is the cloud, `around` the place about its centre and `noise` the features' noise, both standard normal. The
    label is wrong if `wrong` in [0, 1) lies below the rate of label noise; `slip` in [0, 1) says which it is then.
    """

    cloud: Ints
    around: Floats
    noise: Floats
    wrong: Floats
    slip: Floats


@lru_cache(maxsize=8)
def draws(seed: int, purpose: str, shape: tuple[int, ...], features: int, shares: tuple[float, ...]) -> Draws:
    """Rows of this shape, clouds drawn by their shares. Kept because blocks of steps need not end where chunks do."""
    draw = generator(seed, f"stream {purpose}", *shape)
    edges = np.cumsum(shares)[:-1]
    return Draws(
        cloud=np.searchsorted(edges, draw.random(shape), side="right").astype(np.int64),
        around=draw.standard_normal((*shape, min(features, 2)), dtype=np.float32),
        noise=draw.standard_normal((*shape, features), dtype=np.float32),
        wrong=draw.random(shape, dtype=np.float32),
        slip=draw.random(shape, dtype=np.float32),
    )

"""The world that a stream watches: clouds in a plane, seen through the features, and a landscape that labels them.

Every example is a point of the signal plane (a line if there is one feature) near the centre of one of a few clouds;
each feature is the point's coordinate in one direction, so each has variance 1. The clouds' classes are read off a
fixed smooth landscape: the clouds with the lowest values are class 0, the next class 1, and so on. That makes the
classes equally frequent and cleanly separable, needs a hidden layer to learn, and gives drift something to move: the
points (as inputs that leave the regions learned for them) or the landscape (as labels that no longer fit the regions).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.data.fixed import Floats, Ints
from nnlab.data.seeded import generator

Points = NDArray[np.float64]

GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))
FEWEST_CLOUDS = 8
"""Fewer would leave the landscape too coarse for a moderate drift to change a label."""
OFFSET = 1.0
"""Distance of the clouds' centre from the origin in standard deviations: so rotation and scale move the mean too."""
SPREAD = 0.3
"""A cloud's standard deviation as a share of half the distance to its neighbours."""
WAVES = 3
"""Plane waves that make up the landscape."""
WAVE_NUMBERS = (1.2, 2.0)
"""Their wave numbers in radians per standard deviation: two to four times as long as the clouds' spacing."""


@dataclass(frozen=True, eq=False)
class Clouds:
    """`centres` [clouds, axes] in the signal plane, `spread` of each around it, `directions` [features, axes] of the
    features; `waves` [WAVES, axes] and `phases` of the landscape; `heading` [axes], the unit vector of a mean shift.
    """

    classes: int
    centres: Points
    spread: float
    directions: Floats
    waves: Points
    phases: Points
    heading: Points

    def labels(self, moved: Points) -> Ints:
        """The class of each cloud when the landscape is read at `moved` [..., clouds, axes] instead of its centre."""
        height: Points = np.sin(moved @ self.waves.T + self.phases).sum(axis=-1)
        rank = height.argsort(axis=-1).argsort(axis=-1)
        labels: Ints = rank * self.classes // len(self.centres)
        return labels


def make_clouds(features: int, classes: int, seed: int, attempt: int) -> Clouds:
    """One of the worlds of this seed; `classes` divide its clouds evenly."""
    draw = generator(seed, "clouds", attempt)
    axes = min(features, 2)
    per_class = 2 if axes == 1 else -(-FEWEST_CLOUDS // classes)
    layout, spacing = _line(classes * per_class) if axes == 1 else _disc(classes * per_class, draw)
    spread = SPREAD * spacing / 2.0
    size = 1.0 / np.sqrt(1.0 + spread**2)
    heading = _unit(draw, axes)
    return Clouds(
        classes=classes,
        centres=size * layout + OFFSET * _unit(draw, axes),
        spread=size * spread,
        directions=_directions(features, draw),
        waves=draw.uniform(*WAVE_NUMBERS, (WAVES, 1)) * np.stack([_unit(draw, axes) for _ in range(WAVES)]),
        phases=draw.uniform(0.0, 2.0 * np.pi, WAVES),
        heading=heading,
    )


def _disc(clouds: int, draw: np.random.Generator) -> tuple[Points, float]:
    """Points of a sunflower (Vogel 1979), variance 1 on each axis, and their least distance."""
    place = np.arange(clouds)
    radius, angle = np.sqrt(place + 0.5), place * GOLDEN_ANGLE + draw.uniform(0.0, 2.0 * np.pi)
    layout = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    layout = (layout - layout.mean(axis=0)) / layout.std(axis=0)
    gaps = np.linalg.norm(layout[:, None] - layout, axis=-1) + np.diag(np.full(clouds, np.inf))
    return layout, float(gaps.min())


def _line(clouds: int) -> tuple[Points, float]:
    """Evenly spaced points with variance 1, and their distance."""
    layout = np.arange(clouds, dtype=np.float64)[:, None]
    return (layout - layout.mean()) / layout.std(), float(1.0 / layout.std())


def _directions(features: int, draw: np.random.Generator) -> Floats:
    """Unit vectors [features, axes], evenly turned over the half circle, so that they keep the plane's shape."""
    signs = draw.choice([-1.0, 1.0], features)
    angles = np.pi * (draw.permutation(features) / features + draw.uniform())
    if features == 1:
        return signs[:, None].astype(np.float32)
    vectors: Points = signs[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return vectors.astype(np.float32)


def _unit(draw: np.random.Generator, axes: int) -> Points:
    vector: Points = draw.normal(size=axes)
    return vector / float(np.linalg.norm(vector))

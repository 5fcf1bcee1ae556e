"""What a drift does to a world of clouds, and which world it hurts.

Covariate drift moves the inputs and leaves each sample its label: shifted by factor · σ in every feature, rotated about
the origin in the signal plane by `factor` radians, or multiplied by exp(factor). Concept drift leaves the inputs and
moves the landscape that labels them by the same transformation. Both can be learned anew, as the clouds stay apart.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nnlab.data.clouds import Clouds, Points, make_clouds
from nnlab.data.fixed import Floats
from nnlab.scenario.data import Stream

Real = TypeVar("Real", np.float32, np.float64)

WORLDS = 24
"""Worlds to choose from: enough that each kind of drift finds one it hurts."""
STRENGTHS = np.array([1.0, 2.0, 3.0])
"""Strengths at which the drift must hurt."""


def moved(points: Points, factors: Points, data: Stream, clouds: Clouds) -> Points:
    """Points of the signal plane [..., axes] after the drift, each by its factor (`factors` [...])."""
    if data.drift == "mean-shift":
        return points + factors[..., None] * clouds.heading
    if data.drift == "scale":
        return points * np.exp(factors)[..., None]
    return rotated(points, factors) if data.drift == "rotation" else points


def moved_features(x: Floats, factors: Floats, data: Stream, clouds: Clouds) -> Floats:
    """Features [..., features] shifted by factor · σ, towards the heading's side of each, or scaled by exp(factor)."""
    if data.drift == "mean-shift":
        sigma = np.sqrt(1.0 + data.noise**2)
        step: Floats = (sigma * np.sign(clouds.directions @ clouds.heading)).astype(np.float32)
        return x + factors[..., None] * step
    grown: Floats = np.exp(factors)
    return x * grown[..., None]


def rotated(points: NDArray[Real], angles: NDArray[Real]) -> NDArray[Real]:
    """Points [..., 2] turned about the origin by angles [...]."""
    cos, sin = np.cos(angles), np.sin(angles)
    x, y = points[..., 0], points[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def vulnerable_clouds(data: Stream, seed: int) -> Clouds:
    """Of this seed's worlds the one in which the drift does the most harm: a drift that happens to leave the classes
    where they were would teach nothing. Harm is the least share, over STRENGTHS, of clouds that change their class.
    """
    worlds = [make_clouds(data.features, data.classes, seed, attempt) for attempt in range(WORLDS)]
    return max(worlds, key=lambda clouds: _harm(data, clouds))


def _harm(data: Stream, clouds: Clouds) -> float:
    labels = clouds.labels(clouds.centres)
    centres = np.broadcast_to(clouds.centres, (len(STRENGTHS), *clouds.centres.shape))
    after = moved(centres, np.repeat(STRENGTHS[:, None], len(labels), axis=1), data, clouds)
    if data.affects == "concept":
        return float((clouds.labels(after) != labels).mean(axis=1).min())
    nearest = np.linalg.norm(after[:, :, None] - clouds.centres, axis=-1).argmin(axis=-1)
    return float((labels[nearest] != labels).mean(axis=1).min())

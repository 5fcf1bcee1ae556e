"""An endless labelled stream that drifts at a known step, with random access to every step's batch."""

from dataclasses import dataclass, replace

import numpy as np

from nnlab.data.clouds import Clouds, Points
from nnlab.data.course import Course
from nnlab.data.draws import Draws, draws
from nnlab.data.drift import moved, moved_features, rotated, vulnerable_clouds
from nnlab.data.errors import DataError
from nnlab.data.fixed import Floats, Ints
from nnlab.data.prepare import moments
from nnlab.scenario.data import Stream

REFERENCE_ROWS = 2048
"""Rows of the sample that stands for "before the drift" in two-sample tests."""
CHUNK_STEPS = 64
CHUNK_NUMBERS = 1 << 18
"""A chunk is drawn at once: so many steps, fewer where that would be more than so many numbers."""


@dataclass(frozen=True, eq=False)
class StreamSource:
    """Batches, validation and reference samples of a stream; every method is a pure function of its arguments.

    `batch_size` is what `block` uses unless told another. `shares` says how often each cloud is drawn; inputs are
    reduced by `mean` and divided by `std` (float32 [features]; 0 and 1 unless standardised on the reference sample).
    """

    data: Stream
    seed: int
    batch_size: int
    clouds: Clouds
    course: Course
    shares: tuple[float, ...]
    mean: Floats
    std: Floats

    @property
    def features(self) -> int:
        return self.data.features

    @property
    def classes(self) -> int:
        return self.data.classes

    @property
    def reference(self) -> tuple[Floats, Ints]:
        """A sample from before the drift: x float32 [2048, features], y int64 [2048]."""
        return self._sample("reference", REFERENCE_ROWS, 0.0)

    def active(self, step: int) -> float:
        """The share of the drift in force at `step`, 0 to 1."""
        return float(self.course.active(np.array([step]))[0])

    def onsets(self, until_step: int) -> list[int]:
        """The steps before `until_step` at which the drift truly sets in."""
        return self.course.onsets(until_step)

    def block(
        self,
        first_step: int,
        steps: int,
        strength: float,
        replay: float,
        *,
        batch_size: int | None = None,
        label_noise: float | None = None,
    ) -> tuple[Floats, Ints]:
        """The batches of `steps` steps: x float32 [steps, batch, features], y int64 [steps, batch].

        The first round(replay · batch) rows of a batch are as before the drift. A step's batch depends on the step and
        the other arguments, not on where blocks begin and end.
        """
        batch = self.batch_size if batch_size is None else batch_size
        noise = self.data.label_noise if label_noise is None else label_noise
        length = chunk_steps(batch, self.features)
        x = np.empty((steps, batch, self.features), dtype=np.float32)
        y = np.empty((steps, batch), dtype=np.int64)
        done = 0
        while done < steps:
            chunk, begin = divmod(first_step + done, length)
            count = min(length - begin, steps - done)
            factors = strength * self.course.active(chunk * length + np.arange(length))[:, None].repeat(batch, axis=1)
            factors[:, : round(replay * batch)] = 0.0
            drawn = draws(self.seed, f"block {chunk}", (length, batch), self.features, self.shares)
            chunk_x, chunk_y = self._rows(drawn, factors, noise)
            x[done : done + count] = chunk_x[begin : begin + count]
            y[done : done + count] = chunk_y[begin : begin + count]
            done += count
        return x, y

    def validation(self, step: int, strength: float, n: int = 1024) -> tuple[Floats, Ints]:
        """`n` rows of the regime at `step`, without label noise: x float32 [n, features], y int64 [n].

        They are the same points at every step, so that a change of accuracy is the model's or the drift's.
        """
        return self._sample("validation", n, strength * self.active(step))

    def _sample(self, purpose: str, n: int, factor: float) -> tuple[Floats, Ints]:
        return self._rows(draws(self.seed, purpose, (n,), self.features, self.shares), np.full(n, factor), 0.0)

    def _rows(self, drawn: Draws, factors: Points, label_noise: float) -> tuple[Floats, Ints]:
        """Inputs and labels with each row drifted by its factor (strength times active share)."""
        covariate = self.data.affects == "covariate"
        point = (self.clouds.centres[drawn.cloud] + self.clouds.spread * drawn.around).astype(np.float32)
        if covariate and self.data.drift == "rotation":
            point = rotated(point, factors.astype(np.float32))
        x = np.float32(self.data.noise) * drawn.noise
        for axis in range(point.shape[-1]):
            x += point[..., axis, None] * self.clouds.directions[:, axis]
        if covariate and self.data.drift in {"mean-shift", "scale"}:
            x = moved_features(x, factors.astype(np.float32), self.data, self.clouds)
        y = self._labels(drawn.cloud, np.zeros(1) if covariate else factors)
        other = (y + 1 + (drawn.slip * (self.classes - 1)).astype(np.int64)) % self.classes
        y = np.where(drawn.wrong < label_noise, other, y)
        return (x - self.mean) / self.std, y

    def _labels(self, cloud: Ints, factors: Points) -> Ints:
        """The classes of the rows' clouds, the landscape having moved by each row's factor."""
        levels, level = np.unique(factors, return_inverse=True)
        centres = np.broadcast_to(self.clouds.centres, (len(levels), *self.clouds.centres.shape))
        read_at = moved(centres, np.repeat(levels[:, None], len(self.clouds.centres), axis=1), self.data, self.clouds)
        labels: Ints = self.clouds.labels(read_at)[level.reshape(factors.shape), cloud]
        return labels


def stream(data: Stream, seed: int, batch_size: int) -> StreamSource:
    """The stream of a scenario. Raises DataError where its options contradict each other."""
    if data.drift == "rotation" and data.features < 2:
        raise DataError("a rotation needs at least two features")
    clouds = vulnerable_clouds(data, seed)
    source = StreamSource(
        data=data,
        seed=seed,
        batch_size=batch_size,
        clouds=clouds,
        course=Course("none" if data.drift == "none" else data.course, data.start_step, data.duration),
        shares=_shares(clouds, data.imbalance),
        mean=np.zeros(data.features, dtype=np.float32),
        std=np.ones(data.features, dtype=np.float32),
    )
    if not data.standardize:
        return source
    mean, std = moments(source.reference[0])
    return replace(source, mean=mean.astype(np.float32), std=std.astype(np.float32))


def chunk_steps(batch: int, features: int) -> int:
    """Steps drawn together: a power of two that depends on the batch's shape alone."""
    fitting = max(1, CHUNK_NUMBERS // (batch * (features + 4)))
    return min(CHUNK_STEPS, 1 << (fitting.bit_length() - 1))


def _shares(clouds: Clouds, imbalance: float) -> tuple[float, ...]:
    """How often each cloud is drawn: those of class 0 most, falling geometrically to 1/imbalance of that."""
    weight = imbalance ** (-clouds.labels(clouds.centres) / (clouds.classes - 1))
    return tuple((weight / weight.sum()).tolist())

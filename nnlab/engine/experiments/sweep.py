"""One sweep of the learning rate: up exponentially, a step at each rate, until the loss diverges.

Smith 2017 (Cyclical Learning Rates), as fastai runs it: smoothed by a moving average without bias, ended where the
smoothed loss passes four times its minimum.
"""

import math

import numpy as np
from numpy.typing import NDArray

from nnlab.engine.experiments.copies import at_rate, copy_of
from nnlab.engine.tasks import Retrieval
from nnlab.engine.training import Training
from nnlab.wire.experiments import Sweep

LOWEST, HIGHEST = 1e-7, 10.0
STEPS, RETRIEVAL_STEPS = 160, 100
SMOOTHING = 0.9
"""fastai smooths by 0.98 over some hundred steps, a lag of decades on a curve of eight; here the sweeps are several."""
DIVERGED = 4.0
"""Times the best smoothed loss (fastai's stop)."""
FLAT = 0.02
"""Least share of the starting loss by which a curve must fall to be read."""
NOISE = 4.0
"""Least fall in standard errors of the smoothed loss, judged by the sweep's first quarter, where no rate acts yet."""

BEGUN = 0.1
"""Share of the fall after which a slope is no noise of the flat beginning."""

Curve = NDArray[np.float64]


def sweep(training: Training, skip: int) -> Sweep:
    """Sweep a copy from the current state; `skip` batches are passed over first, so that sweeps see different ones."""
    copy = copy_of(training)
    for _ in range(skip):
        copy.task.next()
    steps = RETRIEVAL_STEPS if isinstance(copy.task, Retrieval) else STEPS
    at_rate(copy, LOWEST)
    rates = np.geomspace(LOWEST, HIGHEST, steps)
    losses: list[float] = []
    average, best, diverged = 0.0, math.inf, math.nan
    copy.ring.fetch()
    for step, rate in enumerate(rates.tolist()):
        copy.turn_lr(rate)
        copy.one_step()
        loss = copy.ring.fetch()[1][0]
        losses.append(loss)
        average = SMOOTHING * average + (1.0 - SMOOTHING) * loss
        smooth = average / (1.0 - SMOOTHING ** (step + 1))
        if not math.isfinite(loss) or smooth > DIVERGED * best:
            diverged = rate
            break
        best = min(best, smooth)
    return read(rates[: len(losses)], np.array(losses), diverged)


def smoothed(losses: Curve) -> Curve:
    """Exponential moving average, corrected for its start at zero; ends before the first loss that is not finite."""
    finite = np.isfinite(losses)
    end = len(losses) if finite.all() else int(finite.argmin())
    average, out = 0.0, np.empty(end)
    for step, loss in enumerate(losses[:end].tolist()):
        average = SMOOTHING * average + (1.0 - SMOOTHING) * loss
        out[step] = average / (1.0 - SMOOTHING ** (step + 1))
    return out


def read(rates: Curve, losses: Curve, diverged: float) -> Sweep:
    """What a curve says: steepest fall, middle of the longest valley, minimum, and the distance to half of the fall."""
    curve = smoothed(losses)
    marks = _marks(rates, curve, losses) if len(curve) > 3 else (math.nan,) * 4
    return Sweep(tuple(rates.tolist()), tuple(losses.tolist()), tuple(curve.tolist()), diverged, *marks)


def _marks(rates: Curve, curve: Curve, losses: Curve) -> tuple[float, float, float, float]:
    """Steepest, valley, lowest, traction; NaN where the curve is flat."""
    quiet, settled = max(4, len(curve) // 4), min(round(1.0 / (1.0 - SMOOTHING)), len(curve) - 1)
    start = float(losses[:quiet].mean())
    error = float(losses[:quiet].std()) * math.sqrt((1.0 - SMOOTHING) / (1.0 + SMOOTHING))
    lowest = settled + int(curve[settled:].argmin())
    fall = start - float(curve[lowest])
    if not fall > max(FLAT * abs(start), NOISE * error):
        return (math.nan,) * 4
    begun = int(np.flatnonzero(curve[: lowest + 1] > start - BEGUN * fall)[-1:].sum())
    slopes = np.gradient(curve, np.log(rates[: len(curve)]))
    steepest = begun + int(slopes[begun : lowest + 1].argmin())
    half = settled + int((curve[settled:] <= start - 0.5 * fall).argmax())
    return (
        float(rates[steepest]), float(rates[longest_valley(curve[: lowest + 1])]), float(rates[lowest]),
        float(rates[: half + 1].sum()),
    )  # fmt: skip


def longest_valley(curve: Curve) -> int:
    """Index two thirds along the longest decreasing subsequence (fastai's `valley`)."""
    length = np.ones(len(curve), dtype=np.int64)
    for i in range(1, len(curve)):
        above = curve[:i] > curve[i]
        if above.any():
            length[i] = 1 + length[:i][above].max()
    end = int(length.argmax())
    return max(0, end - round(int(length[end]) / 3))

"""Learning-rate schedules as a factor of the step, so that a live turn of lr keeps its meaning: the base rate."""

import math

from nnlab.scenario.training import Schedule

ONE_CYCLE_START = 1.0 / 25.0
"""Factor at the start of one_cycle: torch's OneCycleLR default, div_factor = 25."""


def factor(schedule: Schedule, step: int, planned_steps: int) -> float:
    """What multiplies the base learning rate in step `step` (0-based)."""
    warmup = schedule.warmup_steps
    if schedule.kind == "warmup" and warmup == 0:
        warmup = max(1, planned_steps // 10)
    if step < warmup:
        return (step + 1) / warmup
    elapsed = step - warmup
    total = max(1, (schedule.total_steps or planned_steps) - warmup)
    share = min(1.0, elapsed / total)
    match schedule.kind:
        case "cosine":
            return _between(1.0, schedule.min_factor, share)
        case "step":
            return schedule.gamma ** (elapsed // schedule.step_size)
        case "exponential":
            return float(schedule.gamma**elapsed)
        case "one_cycle":
            return _one_cycle(schedule, elapsed, total)
        case _:
            return 1.0


def _one_cycle(schedule: Schedule, elapsed: int, total: int) -> float:
    """Up to 1 at the step peak_at · total - 1 and down to min_factor at the last step, as torch's OneCycleLR."""
    peak, last = max(1e-9, schedule.peak_at * total - 1.0), max(1.0, total - 1.0)
    if elapsed <= peak:
        return _between(ONE_CYCLE_START, 1.0, elapsed / peak)
    return _between(1.0, schedule.min_factor, min(1.0, (elapsed - peak) / max(1e-9, last - peak)))


def _between(start: float, end: float, share: float) -> float:
    """Half a cosine from start (share 0) to end (share 1)."""
    return end + (start - end) * 0.5 * (1.0 + math.cos(math.pi * share))

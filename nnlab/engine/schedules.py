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
    low = schedule.min_factor
    match schedule.kind:
        case "cosine":
            return low + (1.0 - low) * 0.5 * (1.0 + math.cos(math.pi * share))
        case "step":
            return schedule.gamma ** (elapsed // schedule.step_size)
        case "exponential":
            return float(schedule.gamma**elapsed)
        case "one_cycle":
            if share < schedule.peak_at:
                rise = 0.5 * (1.0 - math.cos(math.pi * share / schedule.peak_at))
                return ONE_CYCLE_START + (1.0 - ONE_CYCLE_START) * rise
            fall = (share - schedule.peak_at) / (1.0 - schedule.peak_at)
            return low + (1.0 - low) * 0.5 * (1.0 + math.cos(math.pi * fall))
        case _:
            return 1.0

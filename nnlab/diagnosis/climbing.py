"""Updates that climb: even a small part of an update raises the loss, so its direction is wrong and not its length."""

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Remedy
from nnlab.diagnosis.look import Look

PROBES = 8
"""Probes looked at, and the fewest that count."""
LEAST_PROBES = 3
EIGHTH = 0.125
"""Smallest share of an update that the probe of c* tries: a descent direction too long by less than that lowers it."""
SMALL_CHANGE = 0.5
"""Relative rise of the loss in one step. A descent more than eight times too long multiplies the loss of a quadratic
by (1 − 16)² and more; an ascent of usual length raises it by far less."""

BECAUSE = (
    "Even an eighth of the update raises the loss: the updates climb instead of descending. "
    "Look for a flipped sign of the loss or the gradient."
)


def climbs(look: Look) -> bool:
    """Whether the recent updates go uphill."""
    smallest = look.recent("step/critical").finite().tail(PROBES)
    change = look.recent("step/change").finite().tail(PROBES)
    return (
        len(smallest) >= LEAST_PROBES and stats.median(smallest) <= EIGHTH and 0 < stats.median(change) < SMALL_CHANGE
    )


def turned_round(look: Look) -> Remedy | None:
    """The sign put right where it can be, advice where the sign is not ours; None for updates that go downhill."""
    if not climbs(look):
        return None
    if look.history.knob("fault.flip_gradient") is True:
        return remedies.restart("restart with the sign of the gradient put right", fault__flip_gradient=False)
    return remedies.advice("look for a flipped sign of the loss or the gradient")

"""dead-units: hidden units that are zero on every row of the probe, so that no gradient ever revives them.

Units are counted, not activations: counting zeros flags half of all normal models, and 40 to 68 % of dead units are
common in healthy tiny nets. Nearly all of a layer must be dead, or half of one while nothing is learned.
"""

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.neighbours import lag
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

MOST = 0.9
"""Share of a layer's units (FAILURE_MODES); healthy maximum here 0.73."""
HALF, STUCK_GAIN = 0.5, 0.1
"""Half of a layer counts where rel_gain is so low and the loss does not fall (FAILURE_MODES, stricter), and has not
fallen since before the units died: units go on dying in runs that found nothing to learn."""
PROBES = 3
GOOD_GAIN = 0.6
"""A run that has learned so much does well with the units it has left."""
WAIT = 0.15
"""Share of the budget after which half a dead layer is believed to be the cause."""


def check(look: Look) -> Answer:
    dead = look.layers("dead", PROBES)
    if not dead:
        return "no ReLU layer is probed" if look.step else None
    if min(map(len, dead.values())) < PROBES:
        return f"{min(map(len, dead.values()))} of {PROBES} probes"
    worst = max(dead, key=lambda name: stats.median(dead[name]))
    rate = stats.median(dead[worst])
    strength = min(rate / MOST, GOOD_GAIN / max(look.gain, 1e-3))
    half = HALF < rate < MOST and look.budget >= WAIT
    if half and _stuck(look) and _onset(look, worst) <= look.stall.first_step:
        strength = max(strength, rate / HALF)
    if strength < 0.5 or (rate < MOST and strength < 1):
        return None
    wide = next((layer.outputs for layer in look.info.layers if layer.name == worst), 0)
    born = look.early(f"layer/{worst}/dead", 1)
    at_birth = bool(len(born) and born[0] >= MOST)
    return Reading(
        strength=strength,
        headline=f"{percent(rate)} of the {wide} units of {worst} are zero for every row of the probe.",
        because="They were dead from the start." if at_birth else _cause(look, worst),
        since_step=_onset(look, worst),
        severity="critical",
        confidence=0.95 if rate >= MOST else 0.75,
        evidence=(
            Evidence(
                f"layer/{worst}/dead",
                f"{percent(rate)} dead in {PROBES} probes, limit {percent(MOST)}",
                rate,
                MOST,
                layer=worst,
                step=look.step,
            ),
            against_a_guess(look.loss_name, look.gain, STUCK_GAIN, look.step),
        ),
        remedies=_remedies(look, at_birth),
    )


def _stuck(look: Look) -> bool:
    """Whether next to nothing is learned, or a part that stays far behind what the inputs tell."""
    found = lag(look)
    return (look.gain < STUCK_GAIN and not look.improving) or (found is not None and found.strength >= 1)


def _onset(look: Look, layer: str) -> int:
    points = look.points(f"layer/{layer}/dead")
    alive = np.flatnonzero(points.values < HALF)
    return int(points.steps[min(len(points) - 1, alive[-1] + 1)]) if len(alive) else int(points.steps[0])


def _cause(look: Look, layer: str) -> str:
    moved = look.points("weight/distance").finite()
    if len(moved) and moved.values.max() > 5:
        return f"Updates at learning rate {num(look.lr)} threw the weights so far that no input activates these units."
    return "A step pushed their bias or weights so far that no input activates them, and no gradient comes back."


def _remedies(look: Look, at_birth: bool) -> tuple[Remedy, ...]:
    slower = remedies.restart("restart with a third of the learning rate", optimizer__lr=look.base_lr / 3)
    init = remedies.initialised(
        look, "restart with He initialisation and zero bias", "kaiming_normal", model__bias_init=0.0
    )
    leaky = remedies.restart("restart with leaky ReLU", model__activation="leaky_relu")
    norm = remedies.restart("restart with layer normalisation", model__norm="layer")
    return remedies.ranked(*((init, leaky, norm, slower) if at_birth else (slower, init, leaky, norm)))


RULE = Rule("dead-units", check, needs=("train/probe_loss",), confirm=(2, 3), clear=3)

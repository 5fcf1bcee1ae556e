"""over-regularised: the penalty or the dropout, not the data, decides what the weights do.

At a minimum the penalty's gradient balances that of the data, so a ratio of one is no fault in a run that has learned.
Where the penalty has won, the weights are next to nothing, what is left of the data's gradient is noise in the biases,
and the ratio says nothing any more: there the vanished weights are the evidence.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.rules.lr_too_low import TINY, largest_update
from nnlab.diagnosis.rules.vanishing_gradients import vanished_at_birth
from nnlab.diagnosis.words import num, percent

RATIO = 0.7
"""Penalty over data gradient norm; sick runs settle at 0.85 to 1 (FAILURE_MODES: 1), where both balance."""
PROBES = 5
LOW_GAIN = 0.35
"""rel_gain under which the data have too little say."""
SHRUNK = 0.8
"""Weight norm over its initial value."""
COLLAPSED, NOTHING = 0.25, 0.05
"""Weight norm over its initial value, and rel_gain, at which the penalty has won; runs that learn under a strong
penalty keep a fifth of their norm and more (two moons, SGD and Adam, weight decay 0.1 to 0.2)."""
DROPOUT_GAP = 0.08
"""rel_gain that dropout takes from a run with a low one."""
MUCH_DROPOUT = 0.4
MOST_DROPOUT, NOISY_GAIN = 0.6, 0.1
"""Dropout from which too few units are left to learn with (Srivastava et al. 2014, 7.3: the error is flat while 40 to
80 % are kept and rises below that), and the rel_gain that such a run does not reach."""
WAIT = 0.1
WAIT_COLLAPSED = 0.05
WAIT_NOISY = 0.2
"""Shares of the budget first watched."""


def check(look: Look) -> Answer:
    if look.budget < WAIT_COLLAPSED:
        return f"judged from {percent(WAIT_COLLAPSED)} of the budget on"
    if math.isnan(look.gain) or look.gain >= 2 * LOW_GAIN:
        return None
    return _penalty(look) or _dropout(look)


def weight_share(look: Look) -> float:
    """The weight norm now over that at the start; 1 where it is not known."""
    norm, first = look.points("weight/norm").finite(), look.early("weight/norm", 1)
    return norm.last / float(first[0]) if len(norm) and len(first) and first[0] > 0 else 1.0


def _smallest_layer(look: Look) -> tuple[str, float]:
    """The layer that shrank most and its share: biases, which an l2 term leaves out, keep the whole norm up."""
    shares = {
        name: values[-1] / float(first[0])
        for name, values in look.layers("weight_norm", 1).items()
        if len(first := look.early(f"layer/{name}/weight_norm", 1)) and first[0] > 0
    }
    return min(shares.items(), key=lambda item: item[1], default=("", 1.0))


def _penalty(look: Look) -> Reading | None:
    decay = look.setting("weight_decay", "optimizer.weight_decay", 0.0)
    l2 = look.number("objective.l2", 0.0)
    if decay <= 0 and l2 <= 0:
        return None
    shrunk = weight_share(look)
    layer, least = _smallest_layer(look)
    if min(shrunk, least) < COLLAPSED and look.gain < NOTHING and not vanished_at_birth(look):
        return _penalty_won(look, decay, l2, *(("", shrunk) if shrunk < COLLAPSED else (layer, least)))
    ratios = look.recent("grad/penalty_ratio").finite().tail(PROBES)
    if len(ratios) < PROBES or look.budget < WAIT:
        return None
    ratio = stats.median(ratios)
    strength = min(ratio / RATIO, LOW_GAIN / max(look.gain, 1e-3), SHRUNK / max(shrunk, 1e-3), 3.0)
    if strength < 0.5:
        return None
    headline = (
        f"The penalty pulls {num(ratio)} times as hard as the data: the weights shrank to {percent(shrunk)} of their "
        f"initial length and the loss is still {num(look.loss)}."
    )
    evidence = Evidence("grad/penalty_ratio", f"median {num(ratio)} of {PROBES} probes", ratio, RATIO, step=look.step)
    return _reading(look, strength, headline, (decay, l2), (evidence, _shrunk(look, shrunk, SHRUNK)))


def _penalty_won(look: Look, decay: float, l2: float, layer: str, shrunk: float) -> Reading:
    """`layer` is the one that shrank, nothing where all weights together did."""
    whose = f"The weights of {layer}" if layer else "The weights"
    headline = (
        f"{whose} shrank to {percent(shrunk)} of their initial length, so every input gets the same answer; "
        f"the loss is {num(look.loss)}, that of a constant guess."
    )
    strength = min(COLLAPSED / max(shrunk, 1e-3), 3.0)
    return _reading(look, strength, headline, (decay, l2), (_shrunk(look, shrunk, COLLAPSED, layer),))


def _shrunk(look: Look, shrunk: float, limit: float, layer: str = "") -> Evidence:
    text = f"{percent(shrunk)} of its initial value, limit {percent(limit)}"
    series = f"layer/{layer}/weight_norm" if layer else "weight/norm"
    return Evidence(series, text, shrunk, limit, layer=layer, step=look.step)


def _reading(
    look: Look, strength: float, headline: str, penalty: tuple[float, float], evidence: tuple[Evidence, ...]
) -> Reading:
    decay, l2 = penalty
    blamed = [f"weight decay of {num(decay)}"] * (decay > 0) + [f"l2 term of {num(l2)}"] * (l2 > 0)
    loss = against_a_guess(look.loss_name, look.gain, LOW_GAIN, look.step)
    return Reading(
        strength=strength,
        headline=headline,
        because=f"The {' and the '.join(blamed)} outweigh{'s' * (len(blamed) == 1)} what the data ask for.",
        since_step=look.start,
        severity="critical",
        confidence=0.9,
        evidence=(*evidence, loss),
        remedies=remedies.ranked(
            remedies.turn(look, "weight_decay", decay / 100, "a hundredth of the weight decay") if decay > 0 else None,
            remedies.restart("restart with a hundredth of the l2 term", objective__l2=l2 / 100) if l2 > 0 else None,
            remedies.turn(look, "weight_decay", 0.0, "no weight decay") if decay > 0 else None,
        ),
        explains=(
            "vanishing-gradients",
            "dead-units",
            "plateau",
            "underfitting",
            "lr-too-high",
            "class-collapse",
            "bad-init",
        ),
    )


def _dropout(look: Look) -> Reading | None:
    rate = look.setting("dropout", "model.dropout", 0.0)
    noisy = look.recent("train/dropout_loss").finite().tail(PROBES)
    if rate < MUCH_DROPOUT or len(noisy) < PROBES or look.budget < WAIT:
        return None
    with_it = 1 - stats.median(noisy) / look.constant_loss
    taken = look.gain - with_it
    by_loss = min(taken / DROPOUT_GAP, LOW_GAIN / max(with_it, 1e-3), LOW_GAIN / max(look.gain, 1e-3), 3.0)
    strength = max(by_loss, _too_few_left(look, rate))
    if strength < 0.5:
        return None
    return Reading(
        strength=strength,
        headline=f"With dropout {num(rate)} the training loss is {num(stats.median(noisy))}, without it "
        f"{num(look.loss)}: "
        "the noise hides what there is to learn.",
        because=f"{percent(rate)} of the units are missing in every step.",
        since_step=look.start,
        confidence=0.85,
        evidence=(
            Evidence(
                "train/dropout_loss",
                f"dropout adds {percent(taken)} of a constant guess's loss",
                taken,
                DROPOUT_GAP,
                step=look.step,
            ),
            against_a_guess(look.loss_name, look.gain, LOW_GAIN, look.step),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "dropout", rate / 2 if rate < 0.6 else 0.2, "less dropout"),
            remedies.turn(look, "dropout", 0.0, "no dropout"),
        ),
        explains=("lr-too-low", "dead-units"),
    )


def _too_few_left(look: Look, rate: float) -> float:
    """Strength of 'so few units are left in a step that next to nothing is learned', by steps of a usual length."""
    if rate <= MOST_DROPOUT or look.budget < WAIT_NOISY or look.forecast >= LOW_GAIN:
        return 0.0
    return min(rate / MOST_DROPOUT, NOISY_GAIN / max(look.gain, 1e-3)) if largest_update(look) >= TINY else 0.0


RULE = Rule("over-regularised", check, needs=("train/probe_loss",), confirm=(3, 4), clear=3)

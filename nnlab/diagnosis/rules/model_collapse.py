"""model-collapse: a model trained on its own samples loses the tails of the true distribution.

Three witnesses over the generations: the variance of the samples or the mass in their tails has shrunk, both go on
shrinking, and the loss on true data rises. The last one tells collapse from samples that are merely less varied than
the truth and stay so, as where enough true data is mixed in.
"""

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.points import Points
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

SHRUNK = 0.7
"""Variance of the samples over that of the first generation."""
THINNED = 0.5
"""Mass in the tails over that of the first generation."""
FALLING = 0.5
"""Kendall's tau of a fall: three of four pairs of generations are in its order."""
RISE = 0.05
"""Loss on true data above its lowest, in units of L_c (as the rule overfitting has it)."""
GENERATIONS = 4
"""Generations for a monotone fall to mean anything (1 in 24 by chance for four)."""
REPLAY = 0.3
"""Share of true data that is prescribed: a tenth or two slow the loss down, more than this cures it slowly too."""


def check(look: Look) -> Answer:
    variance = look.points("samples/variance").finite()
    if len(variance) < GENERATIONS:
        return f"{len(variance)} of {GENERATIONS} generations"
    tail, true = (look.points(name).finite() for name in ("samples/tail_mass", "samples/true_loss"))
    kept, held = _kept(variance), _kept(tail)
    lowest = float(true.values.min()) if len(true) else true.last
    witnesses = [max((1 - kept) / (1 - SHRUNK), (1 - held) / (1 - THINNED)), _falling(variance)]
    witnesses += [_falling(tail)] if len(tail) else []
    witnesses += [(true.last - lowest) / (RISE * look.constant_loss)] if len(true) and look.constant_loss > 0 else []
    strength = min(witnesses)
    if strength < 0.5:
        return None
    worse = f", and the loss on true data rose from {num(lowest)} to {num(true.last)}" if len(true) else ""
    thin = f": their tails hold {percent(held)} of what they held at first" if len(tail) else ""
    return Reading(
        strength=strength,
        headline=f"After {len(variance)} generations the samples' variance is {percent(kept)} of the first "
        f"generation's{worse}.",
        because=f"Each generation learns from samples of the one before and forgets what is rare in them{thin}.",
        since_step=int(variance.steps[0]),
        severity="critical",
        confidence=0.9,
        evidence=tuple(_evidence(look, variance, tail, true)),
        remedies=remedies.ranked(
            remedies.turn(look, "replay", REPLAY, f"keep {percent(REPLAY)} of true data in every generation")
            if look.setting("replay", "data.replay", 0.0) < REPLAY
            else remedies.turn(look, "replay", 1.0, "train on true data alone again"),
            remedies.advice("add samples to the true data instead of replacing them, and filter them"),
        ),
    )


def _kept(points: Points) -> float:
    """The newest value as a share of the first one; 1 where there is none."""
    return points.last / max(float(points.values[0]), 1e-12) if len(points) else 1.0


def _falling(points: Points) -> float:
    """1 and more where the values fall from generation to generation."""
    return -stats.mann_kendall(points.values)[0] / FALLING


def _evidence(look: Look, variance: Points, tail: Points, true: Points) -> list[Evidence]:
    found = []
    for name, points, share in (("samples/variance", variance, SHRUNK), ("samples/tail_mass", tail, THINNED)):
        if len(points):
            first = float(points.values[0])
            found.append(
                Evidence(name, f"{num(points.last)} against {num(first)} at first", points.last, share * first)
            )
    if len(true):
        lowest = float(true.values.min())
        limit = lowest + RISE * look.constant_loss
        found.append(Evidence("samples/true_loss", f"{num(true.last)}, at best it was {num(lowest)}", true.last, limit))
    return found


RULE = Rule("model-collapse", check, needs=("samples/variance",), confirm=(1, 2), clear=3, patient=False)

"""model-collapse: a model trained on its own samples loses the tails of the true distribution.

Over the generations the variance of the samples and the mass in their tails shrink, and the loss on true data rises.
"""

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

SHRUNK = 0.7
"""Variance of the samples over that of the first generation."""
GENERATIONS = 4
"""Generations for a monotone fall to mean anything (1 in 24 by chance for four)."""


def check(look: Look) -> Answer:
    variance = look.points("samples/variance").finite()
    if len(variance) < GENERATIONS:
        return f"{len(variance)} of {GENERATIONS} generations"
    first, now = float(variance.values[0]), variance.last
    tau, _ = stats.mann_kendall(variance.values)
    ratio = now / max(first, 1e-12)
    strength = min((1 - ratio) / (1 - SHRUNK), -tau / 0.5)
    if strength < 0.5:
        return None
    true = look.points("samples/true_loss").finite()
    tail = look.points("samples/tail_mass").finite()
    worse = (
        f", and the loss on true data went from {num(float(true.values[0]))} to {num(true.last)}" if len(true) else ""
    )
    thin = f"; tails hold {percent(tail.last)} instead of {percent(float(tail.values[0]))}" if len(tail) else ""
    return Reading(
        strength=strength,
        headline=f"After {len(variance)} generations on its own samples their variance fell to "
        f"{percent(ratio)}{worse}.",
        because=f"Each generation forgets what is rare in the one before{thin}.",
        since_step=int(variance.steps[0]),
        severity="critical",
        confidence=0.9,
        evidence=(
            Evidence(
                "samples/variance", f"{num(now)} against {num(first)} at first", now, SHRUNK * first, step=look.step
            ),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "replay", 0.2, "keep a fifth of true data in every generation"),
            remedies.advice("never train on unfiltered samples alone"),
        ),
    )


RULE = Rule("model-collapse", check, needs=("samples/variance",), confirm=(1, 2), clear=3, patient=False)

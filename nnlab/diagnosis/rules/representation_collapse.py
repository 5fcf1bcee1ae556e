"""representation-collapse: the towers map (almost) everything to the same place.

Positive and negative pairs have the same similarity, so no query can rank a document. Two degrees: stuck at chance
(no gap, loss at its constant) and collapsed (all vectors alike). Dimensional collapse, where only a few of the
dimensions are used, is seen in the spectrum. The rank of centred embeddings does not fall in complete collapse, so the
gap and the spread decide there (FAILURE_MODES).
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

GAP = 0.02
"""Mean positive minus mean negative similarity (FAILURE_MODES)."""
PINNED = 0.02
"""Relative distance of the loss from its constant (margin, or ln 2) (FAILURE_MODES)."""
ALIKE = 0.98
"""Mean cosine of all pairs of documents (FAILURE_MODES)."""
NARROW = 0.1
"""std·√d of normalised embeddings; 1 when they are spread over the whole sphere (FAILURE_MODES)."""
SPREAD = 0.03
"""Standard deviation of all similarities; collapsing runs fell from 0.18 to 0.013 (DESIGN §4)."""
RANK = 0.25
"""Effective rank over dimensions (FAILURE_MODES)."""
EVALUATIONS = 3
STEPS = 60
"""Training losses whose median is held against the constant: batches of triplets vary a lot."""
WAIT = 0.05
"""Share of the budget first watched: at initialisation there is no gap yet."""
STRONG_DECAY = 1e-2
"""Weight decay in the gradient that Adam blows up to steps as long as the loss's own."""


def check(look: Look) -> Answer:
    gaps = look.recent("sim/gap").finite()
    if look.budget < WAIT or len(gaps) < EVALUATIONS:
        return f"{len(gaps)} of {EVALUATIONS} evaluations after {percent(WAIT)} of the budget"
    gap = float(stats.ema(gaps.tail(2 * EVALUATIONS), EVALUATIONS)[-1])
    alike, narrow, spread = (_now(look, name) for name in ("sim/allpairs", "embed/std_sqrt_d", "sim/spread"))
    signs = {
        "train/loss": (_pinned(look), f"the loss {num(look.loss)} is pinned at its constant {num(look.constant_loss)}"),
        "sim/allpairs": (_over(alike, ALIKE), f"any two documents have cosine {num(alike)}"),
        "embed/std_sqrt_d": (_under(narrow, NARROW), f"embeddings fill {num(narrow)} of the sphere's spread"),
        "sim/spread": (_under(spread, SPREAD), f"all similarities lie within {num(spread)} of one another"),
    }
    series, (worst, words) = max(signs.items(), key=lambda item: item[1][0])
    strength = min(_under(max(gap, 0.0), GAP), worst, 3.0)
    if strength < 0.5:
        return _dimensional(look, gap)
    return Reading(
        strength=strength,
        headline=f"Relevant and irrelevant documents get the same similarity (gap {num(gap)}): {words}.",
        because=_cause(look),
        since_step=_onset(look),
        severity="critical",
        confidence=0.95,
        evidence=(
            Evidence(
                "sim/gap", f"positive minus negative similarity {num(gap)}, limit {num(GAP)}", gap, GAP, step=look.step
            ),
            Evidence(series, words, _now(look, series), _limit(series), step=look.step),
        ),
        remedies=_remedies(look),
        explains=("vanishing-gradients", "over-regularised", "plateau", "underfitting"),
    )


def _dimensional(look: Look, gap: float) -> Reading | None:
    ratio = _now(look, "embed/rank_ratio")
    strength = _under(ratio, RANK)
    if not math.isfinite(ratio) or gap < 2 * GAP or strength < 0.5:
        return None
    return Reading(
        strength=strength,
        headline=f"The embeddings use only {percent(ratio)} of their dimensions, although they tell documents apart.",
        because="The loss is satisfied with a few directions; the others are wasted, and rare topics share them.",
        since_step=look.start,
        severity="note",
        confidence=0.7,
        evidence=(Evidence("embed/rank_ratio", f"effective rank over dimensions {num(ratio)}", ratio, RANK),),
        remedies=remedies.ranked(remedies.advice("a smaller output_dim, or a uniformity term")),
    )


def _now(look: Look, name: str) -> float:
    if name == "train/loss":
        return look.loss
    return stats.median(look.recent(name).finite().tail(EVALUATIONS))


def _limit(series: str) -> float:
    return {"sim/allpairs": ALIKE, "embed/std_sqrt_d": NARROW, "sim/spread": SPREAD}.get(series, PINNED)


def _pinned(look: Look) -> float:
    level = stats.median(look.recent("train/loss").tail(STEPS)) / look.constant_loss
    return _under(abs(1 - level), PINNED) if math.isfinite(level) else 0.0


def _under(value: float, limit: float) -> float:
    """Strength of 'value lies under limit'; 0 where it is not known."""
    return min(3.0, limit / max(value, 1e-9)) if math.isfinite(value) else 0.0


def _over(value: float, limit: float) -> float:
    """Strength of 'a cosine lies over limit', in terms of what is missing to 1."""
    return min(3.0, (1 - limit) / max(1 - value, 1e-9)) if math.isfinite(value) else 0.0


def _onset(look: Look) -> int:
    """The first evaluation from which on the gap never left its limit."""
    gaps = look.recent("sim/gap").finite()
    above = [int(step) for step, gap in zip(gaps.steps, gaps.values, strict=True) if gap > GAP]
    return above[-1] if above else look.start


def _cause(look: Look) -> str:
    kind = look.history.knob("negatives") or look.text("data.negatives")
    decay = look.setting("weight_decay", "optimizer.weight_decay", 0.0)
    if kind == "same-query":
        shrink = f", and the weight decay {num(decay)} pulls all vectors together" if decay > 0 else ""
        return (
            "The negatives come from the same query as the positives: they are as relevant, so the expected "
            "gradient is "
            f"zero and no boundary can exist{shrink}."
        )
    wrong = look.recent("triplet/false_negatives").finite()
    if len(wrong) and stats.median(wrong.tail(EVALUATIONS)) > 0.1 and kind != "random":
        return "Many negatives are in truth relevant, so the loss pulls every way at once."
    if kind == "hard":
        return "The hardest negatives from the first step on drive all vectors to one point."
    if decay >= STRONG_DECAY:
        return f"The weight decay {num(decay)} outweighs what the loss asks for."
    return "Nothing in the loss keeps the vectors apart at this setting."


def _remedies(look: Look) -> tuple[Remedy, ...]:
    kind = look.history.knob("negatives") or look.text("data.negatives")
    decay = look.setting("weight_decay", "optimizer.weight_decay", 0.0)
    honest = remedies.turn(look, "negatives", "random", "negatives from other queries")
    free = remedies.turn(look, "weight_decay", 0.0, "no weight decay") if decay > 0 else None
    wrong = kind in ("same-query", "hard", "semi-hard")
    both = "negatives from other queries, without the weight decay that holds the vectors together"
    return remedies.ranked(
        remedies.together(both, honest, free) if wrong and decay >= STRONG_DECAY else None,
        honest if wrong else None,
        free,
        remedies.turn(look, "false_negative_rate", 0.0, "no relevant passages among the negatives")
        if look.setting("false_negative_rate", "data.false_negative_rate", 0.0) > 0
        else None,
        remedies.turn(look, "lr", look.base_lr / 10, "a tenth of the learning rate"),
        remedies.turn(look, "batch_size", int(look.batch_size) * 2, "a larger batch"),
    )


RULE = Rule("representation-collapse", check, needs=("sim/gap",), confirm=(3, 4), clear=3)

"""false-negatives: many of the "irrelevant" documents are as similar to the query as the relevant one.

After the warm-up a tower that works keeps under 1 % of its triplets active. When a tenth of the negatives stay at the
positive's own similarity while the ranking is good otherwise, they are relevant documents with the wrong label. Where
the negatives are drawn from the same query, as the story of SOURCES A had them, that is known from the settings: there
the towers cannot rank at all and the loss stays at the margin.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

RATE = 0.1
"""Share of negatives at 0.95 × the positive similarity or more (FAILURE_MODES)."""
GAP = 0.1
"""Gap of mean similarities from which the towers are known to rank."""
STUCK_RATE, STUCK_WAIT = 0.3, 0.15
"""Without such a gap half of all negatives are above their positive by chance: then it takes more, a longer wait and
a loss that does not fall. Same-query negatives stay at 0.5."""
APART = 0.06
"""Standard deviation of all similarities of towers that still tell documents apart; less is collapse."""
BLUR = 4.0
"""A ranking that is wrong on one held-out triplet in n takes this many in n of the honest negatives for similar, too:
towers on their way out of a collapse measured 8 % wrong and 13 % similar, healthy ones 1 % and 1 %."""
EVALUATIONS = 4
WAIT = 0.1
"""Share of the budget taken for warm-up."""
PROBABLY = "Those documents are probably relevant: the loss is asked to push apart what belongs together."
SAME_QUERY = "Negatives are passages of the same query, as relevant as the positive: no boundary can exist."


def check(look: Look) -> Answer:
    rates = look.recent("triplet/false_negatives").finite()
    if look.budget < WAIT or len(rates) < EVALUATIONS:
        return f"{len(rates)} of {EVALUATIONS} evaluations after the warm-up"
    rate = stats.median(rates.tail(EVALUATIONS))
    gap = stats.median(look.recent("sim/gap").finite().tail(EVALUATIONS))
    active = stats.median(look.recent("triplet/active").finite().tail(EVALUATIONS))
    same_query = look.history.knob("negatives") == "same-query"
    if not same_query and (_still_falling(rates.values) or not _apart(look)):
        return None
    ranking = gap >= GAP
    if not ranking and not same_query and (look.improving or look.budget < STUCK_WAIT):
        return None
    strength = rate / (RATE if same_query else max(RATE if ranking else STUCK_RATE, BLUR * _wrong(look)))
    if strength < 0.5:
        return None
    shown = f", and {percent(active)} of the triplets stay active" if math.isfinite(active) else ""
    return Reading(
        strength=strength,
        headline=f"{percent(rate)} of the negatives are as similar to their query as the positive{shown}.",
        because=SAME_QUERY if same_query else PROBABLY,
        since_step=look.start,
        confidence=0.85,
        evidence=(
            Evidence(
                "triplet/false_negatives",
                f"{percent(rate)}, limit {percent(RATE)}; clean data stay under 1 %",
                rate,
                RATE,
                step=look.step,
            ),
            Evidence("sim/gap", f"positive minus negative similarity {num(gap)}", gap, GAP),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "negatives", "random", "negatives from other queries"),
            remedies.turn(look, "false_negative_rate", 0.0, "drop negatives above 0.95 × the positive similarity"),
            remedies.advice("only afterwards: a smaller margin"),
        ),
    )


def _apart(look: Look) -> bool:
    spread = look.recent("sim/spread").finite().tail(EVALUATIONS)
    return not len(spread) or stats.median(spread) >= APART


def _wrong(look: Look) -> float:
    """Share of held-out triplets, whose negatives are honest, that are ranked wrongly; 0 where none are held out."""
    ranked = look.recent("val/accuracy").finite().tail(EVALUATIONS)
    return 1.0 - stats.median(ranked) if len(ranked) else 0.0


def _still_falling(rates: stats.Floats) -> bool:
    """Whether the share is on its way down, as it is while the towers still learn."""
    tau, p = stats.mann_kendall(rates[-12:])
    return len(rates) >= 6 and tau < 0 and p < 0.01 and float(rates[-1]) < 0.7 * float(rates[-12:][0])


RULE = Rule("false-negatives", check, needs=("triplet/false_negatives",), confirm=(3, 4), clear=3)

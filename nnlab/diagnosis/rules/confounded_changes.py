"""confounded-changes: several knobs were turned before the first of them could show an effect.

Whatever happens next cannot be told apart (SOURCES A: five knobs at once). It stands until the effect of the lot has
been measured. What one remedy turns at once is one change; learning rate and batch size scaled together by rule are
a note.
"""

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import steps

WINDOW_EVALUATIONS = 1
"""Knobs turned within one evaluation of each other are confounded (FAILURE_MODES)."""
SETTLED_EVALUATIONS = 5
"""Evaluations after which the effect of the lot has been seen."""
IGNORED = ("drift", "label_noise", "input_scale", "false_negative_rate")
"""Knobs that stage the world rather than answer to it."""


def check(look: Look) -> Answer:
    every = max(1, look.info.eval_every)
    turns = [turn for turn in look.history.turns if turn.old != turn.new and turn.step > 0 and turn.knob not in IGNORED]
    if not turns:
        return None
    newest = turns[-1]
    if look.step - newest.step > SETTLED_EVALUATIONS * every:
        return None
    together = [turn for turn in turns if newest.step - turn.step <= WINDOW_EVALUATIONS * every]
    knobs = list(dict.fromkeys(turn.knob for turn in together))
    if len(knobs) < 2:
        return None
    if {turn.source for turn in together} == {"remedy"} and together[0].step == newest.step:
        return None
    by_rule = set(knobs) == {"lr", "batch_size"}
    first = together[0].step
    undo = next((turn for turn in together if turn.knob == knobs[-1]), newest)
    return Reading(
        strength=len(knobs) / 2,
        headline=f"{len(knobs)} knobs ({', '.join(knobs)}) were turned within {steps(newest.step - first + 1)}: "
        "whatever follows has no single cause.",
        because="One change per evaluation window shows what each does.",
        since_step=first,
        severity="note" if by_rule else "warning",
        confidence=0.95,
        evidence=(
            Evidence(
                "journal",
                f"{len(knobs)} knobs turned from step {first} to {newest.step}",
                len(knobs),
                2,
                step=newest.step,
            ),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, undo.knob, undo.old, f"put {undo.knob} back and look at one change at a time"),
            remedies.advice("separate them: Y in the lab, nnlab separate with the run file; each is trained alone"),
            remedies.advice(f"rewind to step {first} and turn one knob per evaluation"),
        ),
    )


RULE = Rule("confounded-changes", check, confirm=(1, 1), clear=1, patient=False)

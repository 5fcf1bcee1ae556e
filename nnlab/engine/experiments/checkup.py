"""The order of diagnosis (SOURCES D): data, one step, one batch, gradients, learning rate. Stop at the first fault.

Each stage may trust those before it: a learning rate means nothing while the labels are wrong.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from nnlab.engine.build import Plan
from nnlab.engine.experiments import data, layers, mechanics, outputs, tasters
from nnlab.engine.experiments.batch import pick
from nnlab.engine.experiments.contradictions import contradictions
from nnlab.engine.experiments.copies import copy_of
from nnlab.engine.experiments.labels import labels_match
from nnlab.engine.experiments.lr_range import lr_range
from nnlab.engine.experiments.overfit import overfit_batch
from nnlab.engine.experiments.step_sizes import step_is_not_too_long, step_sizes
from nnlab.engine.experiments.tasters import SLOWER, Taster, longer, taste
from nnlab.engine.facts import measured_facts
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.training import Training
from nnlab.scenario.scenario import Scenario
from nnlab.wire.experiments import Check, CheckState, Checkup

LEARNS = 0.2
"""rel_gain of the short training from which on a suspicion about gradients or rate is a note (FAILURE_MODES §2)."""
BETTER = 0.2
"""Gain by which the suggested rate must beat the scenario's own for that to be wrong."""

HEALTHY = "Healthy: data, step, one batch, gradients and learning rate are right."
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: the plan of a scenario; `others` builds trainings of other seeds once sweeps need them."""

    plan: Plan
    scenario: Scenario
    others: Callable[[], Sequence[Training]]

    @property
    def training(self) -> Training:
        """The training at its start; no stage changes it."""
        return self.plan.training


def checkup(subject: Subject, tell: Tell = lambda _: None) -> Checkup:
    """Walk the stages in order. Deterministic: the same subject gives the same result."""
    found: list[Check] = []
    with same_random_state(subject.training.parameters.values.device):
        for stage, checks in _stages(subject, tell):
            tell(stage)
            found += (replace(check, stage=stage) for check in checks)
            wrong = next((check for check in found if check.state == "wrong"), None)
            if wrong is not None:
                return Checkup(False, stage, f"{wrong.mode or wrong.name}: {wrong.text}", tuple(found))
    notes = [check.text for check in found if check.state == "note" and check.name != "something-learns"]
    text = f"Nothing is wrong, but: {notes[-1]}" if notes else HEALTHY
    return Checkup(True, "", text, tuple(found))


def _stages(subject: Subject, tell: Tell) -> Iterator[tuple[str, Iterator[Check]]]:
    """The stages, each made only when the one before has passed."""
    training = subject.training
    yield "data", _data(subject)
    yield "step", _step(subject)
    yield "one batch", _one_batch(training, tell)
    real = taste(training)
    constant = float(_facts(subject).get("constant_loss", math.nan))
    gain = 1.0 - real.last / constant if constant > 0 else math.nan
    yield "gradients", _gradients(training, real, gain)
    yield "learning rate", _rate(subject, real, constant, gain, tell)
    yield "inputs", _inputs(training, real, constant)


def _facts(subject: Subject) -> dict[str, float | str | bool]:
    plan = subject.plan
    return measured_facts(plan.training.task, plan.source, subject.scenario)  # type: ignore[arg-type]


def _data(subject: Subject) -> Iterator[Check]:
    facts = _facts(subject)
    yield data.finite(facts)
    yield data.scaled(facts)
    yield data.shuffled(facts)
    yield contradictions(subject.training.task.probe())
    yield data.held_out_is_unseen(copy_of(subject.training).task)
    yield labels_match(copy_of(subject.training).task)
    yield mechanics.batches_change(subject.training)


def _step(subject: Subject) -> Iterator[Check]:
    training = subject.training
    copy = copy_of(training)
    batch = pick(copy.task)
    yield outputs.first_loss(copy.task, batch)
    yield outputs.outputs_differ(copy.task, batch)
    yield outputs.reaches_zero(copy.task, batch)
    yield layers.frozen(training)
    yield mechanics.gradient_is_own(training)
    yield mechanics.evaluation_agrees(training, subject.scenario.fault.eval_dropout)


def _one_batch(training: Training, tell: Tell) -> Iterator[Check]:
    result = overfit_batch(training, tell)
    best = min(min(trial.losses) for trial in result.trials if trial.rows == result.rows)
    share = best / max(result.constant_loss, 1e-6)
    # A wrong rate is the business of a later stage; here only whether the batch can be fitted at all.
    state: CheckState = "ok" if result.fits or not result.cause else "wrong"
    yield Check("one-batch-fits", state, result.headline, share, 0.0, mode=result.cause)
    for check in result.checks:
        if check.name in {"gradients-arrive", "units-alive"}:
            yield check if check.name == "gradients-arrive" else replace(check, state=_softer(check))


def _gradients(training: Training, real: Taster, gain: float) -> Iterator[Check]:
    """The layers as they begin; what only training at this rate has done to them is left to the next stage."""
    probe = training.task.probe()
    first, last = layers.look(training, probe), layers.look(real.end, probe)
    yield layers.gradients_arrive(first, last)
    for before, after in (
        (layers.gradients_even([first]), layers.gradients_even([first, last])),
        (layers.units_alive(first), layers.units_alive(last)),
    ):
        persists = before.state == "wrong" and not gain >= LEARNS
        yield after if persists else replace(after, state=_softer(after))


def _rate(subject: Subject, real: Taster, constant: float, gain: float, tell: Tell) -> Iterator[Check]:
    """The range test, believed where a short training at the suggested rate bears it out."""
    training = subject.training
    learns = gain >= LEARNS
    step = step_is_not_too_long(step_sizes(training))
    yield replace(step, state=_softer(step))
    found = lr_range([training, *subject.others()], tell)
    text, steps = found.headline, len(real.losses)
    if found.verdict == "flat":
        yield Check("learning-rate", "note" if learns else "wrong", text, found.lr, mode="plateau")
    else:
        suggested = taste(training, lr=found.suggestion)
        own = real
        if found.verdict == "inside" and not learns:
            own = longer(taste(training), SLOWER)
            learns = 1.0 - own.last / constant >= LEARNS
        better = (own.last - suggested.last) / max(constant, 1e-6)
        text += (
            f" After {len(own.losses)} steps the loss is {own.last:.4g};"
            f" at {found.suggestion:.2g} it is {suggested.last:.4g} after {len(suggested.losses)}."
        )
        suspect = found.verdict != "inside" or not learns
        state: CheckState = "wrong" if suspect and not better < BETTER else "note" if suspect else "ok"
        mode = "lr-too-high" if found.lr > found.suggestion else "lr-too-low" if found.lr else "no-gradient"
        yield Check("learning-rate", state, text, found.lr, found.suggestion, mode=mode if state == "wrong" else "")
    if not all(map(math.isfinite, real.losses)):
        text = f"the loss is no longer finite after {steps} steps"
        yield Check("stays-finite", "wrong", text, math.inf, math.inf, mode="exploding-gradients")


def _inputs(training: Training, real: Taster, constant: float) -> Iterator[Check]:
    """With more steps where the first ones show no difference: a slow start is no proof."""
    blind = taste(training, zero_inputs=True)
    check = tasters.uses_inputs(real, blind, constant)
    if check.state == "wrong":
        check = tasters.uses_inputs(longer(taste(training), SLOWER), longer(blind, SLOWER), constant)
    yield check


def _softer(check: Check) -> CheckState:
    return "note" if check.state == "wrong" else check.state

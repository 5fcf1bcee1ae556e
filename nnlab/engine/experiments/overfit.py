"""The one-batch overfit test: a model that cannot learn 32 rows by heart within 1000 steps has a bug.

Regularisation is off and the rate constant. If the rate as given does not do it, ten times and a tenth of it are
tried, then the optimizer's usual rate; then two rows instead of 32, which tells too small a model from a broken one.
"""

import math
from collections.abc import Callable
from typing import Any

from nnlab.engine.experiments import layers, mechanics, outputs
from nnlab.engine.experiments.batch import accuracy, constant_loss, fitted, pair, pick, rows_of
from nnlab.engine.experiments.contradictions import contradictions
from nnlab.engine.experiments.copies import OneBatch, at_rate, train, unregularised
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.tasks import Task
from nnlab.engine.training import Training
from nnlab.scenario.training import OptimizerKind
from nnlab.wire.experiments import Check, OverfitBatch, Trial

STEPS = 1000
"""SOURCES D: the loss of one batch goes to about zero within 1000 steps."""
LOOK_EVERY = 20
PATIENCE = 300
"""Steps without a new minimum, lower by 1 %, after which a trial is given up."""
SLOW = 0.5
"""A rate that brings the loss below this share of a constant guess is no more than slow."""
GROWN = 4.0
"""Loss over the first one that counts as divergence, as in the range test (fastai)."""
USUAL: dict[OptimizerKind, float] = {"sgd": 0.01, "adam": 1e-3, "adamw": 1e-3, "rmsprop": 0.01, "adagrad": 0.01}
"""Rates that are tried last: the defaults of Keras (sgd) and torch.optim."""

Tell = Callable[[str], None]


def overfit_batch(training: Training, tell: Tell = lambda _: None) -> OverfitBatch:
    """Whether one batch can be learned by heart from the current state, and if not, why. `training` stays as it was."""
    with same_random_state(training.parameters.values.device):
        start = unregularised(training)
        batch = pick(start.task)
        constant = constant_loss(start.task, batch)
        checks = [
            contradictions(batch),
            layers.frozen(start),
            outputs.first_loss(unregularised(start).task, batch),
            outputs.outputs_differ(start.task, batch),
            outputs.reaches_zero(start.task, batch),
            mechanics.gradient_is_own(start),
        ]
        trials, ends = _trials(start, batch, constant, tell)
        checks += _layers(start, ends[0], batch)
        if not any(trial.fits for trial in trials):
            two = pair(start.task, batch)
            trials.append(_trial(start, two, 10 * USUAL[start.optimizer.kind], constant_loss(start.task, two))[0])
            tell(f"two rows instead of {rows_of(batch)}: {'fit' if trials[-1].fits else 'do not fit'}")
    fits = any(trial.fits and trial.rows == rows_of(batch) for trial in trials)
    cause, headline = _judge(start, trials, checks, constant, rows_of(batch))
    return OverfitBatch(fits, cause, headline, rows_of(batch), constant, tuple(trials), tuple(checks))


def _trials(start: Training, batch: Any, constant: float, tell: Tell) -> tuple[list[Trial], list[Training]]:
    given = start.base_lr
    rates = dict.fromkeys(rate for rate in (given, given * 10, given / 10, USUAL[start.optimizer.kind]))
    trials: list[Trial] = []
    ends: list[Training] = []
    for rate in rates:
        trial, end = _trial(start, batch, rate, constant)
        trials.append(trial)
        ends.append(end)
        outcome = "fits" if trial.fits else f"{_times(trial.losses[-1] / max(constant, 1e-6))} a constant guess's loss"
        tell(f"lr {rate:g}: {outcome} after {len(trial.losses)} steps")
        if trial.fits:
            break
    return trials, ends


def _trial(start: Training, batch: Any, lr: float, constant: float) -> tuple[Trial, Training]:
    """One attempt from the same start; also the copy as it was at the end."""
    copy = unregularised(start)
    inner: Task = copy.task
    copy.task = OneBatch(inner, batch)
    at_rate(copy, lr)
    losses: list[float] = []
    done = False
    while len(losses) < STEPS and not done:
        losses += train(copy, LOOK_EVERY)
        done = fitted(inner, batch, losses[-1], constant)
        if not math.isfinite(losses[-1]) or _stuck(losses):
            break
    return Trial(lr, rows_of(batch), done, accuracy(inner, batch), tuple(losses)), copy


def _stuck(losses: list[float]) -> bool:
    return len(losses) > PATIENCE and min(losses[-PATIENCE:]) > 0.99 * min(losses[:-PATIENCE])


def _layers(start: Training, end: Training, batch: Any) -> list[Check]:
    """The layers at the start, after a few steps, and where the first trial ended."""
    few = unregularised(start)
    few.task = OneBatch(few.task, batch)
    first = layers.look(few, batch)
    train(few, LOOK_EVERY)
    soon, last = layers.look(few, batch), layers.look(end, batch)
    return [layers.gradients_arrive(first, soon), layers.gradients_even([first, soon]), layers.units_alive(last)]


def _judge(start: Training, trials: list[Trial], checks: list[Check], constant: float, rows: int) -> tuple[str, str]:
    """The cause ("" for none) and a sentence."""
    first = trials[0]
    bugs = {check.name: check for check in checks if check.state == "wrong"}
    if first.fits:
        text = f"One batch of {rows} rows is learned by heart in {len(first.losses)} steps at lr {first.lr:g}"
        bug = _first(bugs, ALWAYS_WRONG)
        if bug is not None:
            return bug.mode, f"{text}, and yet something is wrong: {bug.text}."
        return "", f"{text}: loss and data go together, and the gradient flows."
    share = min(first.losses) / max(constant, 1e-6)
    cause, why = _why(start, trials, bugs, share, constant)
    text = f"One batch of {rows} rows is not learned in {len(first.losses)} steps at lr {first.lr:g}"
    return cause, f"{text} (loss at best {_times(share)} a constant guess's){why}."


def _why(
    start: Training, trials: list[Trial], bugs: dict[str, Check], share: float, constant: float
) -> tuple[str, str]:
    """Why the first trial did not fit: the cause, and how the sentence goes on."""
    first, rows = trials[0], trials[0].rows
    bug = _first(bugs, CERTAIN)
    if bug is not None:
        return bug.mode, f": {bug.text}"
    if start.base_lr == 0.0:
        return "no-gradient", ": the learning rate is 0"
    fitting = next((trial for trial in trials if trial.fits and trial.rows == rows), None)
    if fitting is not None and share <= SLOW:
        return "", f", but in {len(fitting.losses)} at lr {fitting.lr:g}: slow at the rate as given, no bug"
    if fitting is not None:
        mode = "lr-too-low" if fitting.lr > first.lr else "lr-too-high"
        return mode, f", but at lr {fitting.lr:g} in {len(fitting.losses)}: the rate is wrong, not the pipeline"
    bug = _first(bugs, SUSPECT)
    if bug is not None:
        return bug.mode, f": {bug.text}"
    if share <= SLOW:
        return "", ", yet most of it is: too slow or too small for all of it, but no bug"
    worst = max(first.losses, key=lambda loss: loss if math.isfinite(loss) else math.inf)
    if not worst <= GROWN * max(first.losses[0], constant):
        return "exploding-gradients", f": the loss went from {first.losses[0]:.3g} up to {worst:.3g}"
    if trials[-1].fits:
        return "capacity", ", but two rows are: the model is too small or too plain for the data"
    return "unknown", ", nor at any other rate tried, and every check passed: look at initialisation and scale"


def _times(share: float) -> str:
    """How a loss compares: `25% of`, `300 times`."""
    return f"{share:.0%} of" if share < 10.0 else f"{share:.3g} times"


def _first(bugs: dict[str, Check], names: tuple[str, ...]) -> Check | None:
    return next((bugs[name] for name in names if name in bugs), None)


ALWAYS_WRONG = ("gradient-is-own", "gradients-arrive")
"""Checks that matter even where the batch is fitted: what is left of the model can be enough for one batch."""
CERTAIN = (
    "loss-is-finite", "contradictions", "something-learns", "outputs-differ", "loss-can-reach-zero",
    "gradient-is-own", "gradients-arrive",
)  # fmt: skip
"""Checks that explain a failure by themselves, in the order of cause before effect."""
SUSPECT = ("first-loss", "gradients-even", "units-alive")
"""Checks that explain it only if no other rate cures it."""

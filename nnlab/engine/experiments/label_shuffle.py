"""The label-shuffle check by training: copies on the true labels and on shuffled ones, with the same budget.

What counts is the loss on rows that nobody trains on, at its best along the way: by heart a network learns any labels
(Zhang et al. 2017, Understanding Deep Learning Requires Rethinking Generalization), but only true ones help elsewhere.
Where training makes no difference, the permutation test of `labels` tells labels without information from a training
that does not find it.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch

from nnlab.data.seeded import generator
from nnlab.data.source import GenerationSource
from nnlab.engine.batches import Batch, FixedBatches
from nnlab.engine.experiments.batch import constant_loss
from nnlab.engine.experiments.copies import copy_of, train
from nnlab.engine.experiments.labels import labels_match
from nnlab.engine.experiments.tasters import PIECE, SLOWER, Altered, length
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.tasks import Task
from nnlab.engine.training import Training
from nnlab.engine.triplets import TripletBatch
from nnlab.errors import UserError
from nnlab.wire.experiments import Comparison, Course

SHUFFLES = 3
"""Copies with shuffled labels: their spread says how much chance does."""
BETTER = 0.02
"""Share of a constant guess's loss by which the true labels must beat shuffled ones, as real inputs zeroed ones."""
SPREADS = 2.0
"""The same in spreads (largest less smallest) of the shuffled copies."""
ROWS = 512

Tell = Callable[[str], None]


def label_shuffle(training: Training, tell: Tell = lambda _: None) -> Comparison:
    """Whether training learns more from the true labels than from shuffled ones. `training` stays as it was.

    Raises UserError where no rows are held out, and where the model makes its own labels.
    """
    if isinstance(training.task.batches.source, GenerationSource):
        raise UserError("the label-shuffle check needs labels that are given; here the model writes its own corpus")
    held = training.task.batches.validation(ROWS)
    if held is None:
        raise UserError("the label-shuffle check needs rows that are not trained on: set data.val_fraction")
    constant = constant_loss(training.task, held)
    copies = [_Copy("true labels", copy_of(training), held)]
    copies += [_Copy(f"shuffled {number}", _shuffled(training, number), held) for number in range(1, SHUFFLES + 1)]
    steps = length(training)
    with same_random_state(training.parameters.values.device):
        _go_on(copies, steps, tell)
        left = min((SLOWER - 1) * steps, training.planned_steps - steps)
        if not _gain(copies) >= _needed(copies, constant) and left > 0:
            _go_on(copies, left, tell)
    return _judge(copies, constant, training)


@dataclass(slots=True)
class _Copy:
    """A copy in training and its held-out losses so far."""

    label: str
    training: Training
    held: Any
    steps: tuple[int, ...] = ()
    losses: tuple[float, ...] = ()

    @property
    def best(self) -> float:
        """The lowest held-out loss so far."""
        return min(filter(math.isfinite, self.losses), default=math.inf)

    def advance(self, steps: int) -> None:
        """Train on, a piece at a time, until the loss is no longer finite."""
        done = self.steps[-1] if self.steps else 0
        if not self.steps:
            self._read(0)
        for step in range(done + PIECE, done + steps + 1, PIECE):
            if not math.isfinite(train(self.training, PIECE)[-1]):
                return
            self._read(step)

    def _read(self, step: int) -> None:
        with torch.no_grad():
            loss = float(self.training.task.measure(self.held)[1])
        self.steps, self.losses = (*self.steps, step), (*self.losses, loss)


def _go_on(copies: list[_Copy], steps: int, tell: Tell) -> None:
    for copy in copies:
        copy.advance(steps)
        tell(f"{copy.label}: held-out loss {copy.best:.4g} at best, after {copy.steps[-1]} steps")


def _gain(copies: list[_Copy]) -> float:
    """By how much the true labels beat the best of the shuffled ones."""
    own, *others = copies
    return min(other.best for other in others) - own.best


def _needed(copies: list[_Copy], constant: float) -> float:
    """The gain that is no chance."""
    others = [copy.best for copy in copies[1:]]
    return max(BETTER * constant, SPREADS * (max(others) - min(others)))


def _judge(copies: list[_Copy], constant: float, training: Training) -> Comparison:
    own, *others = copies
    steps = own.steps[-1]
    text = (
        f"after {steps} steps the loss on held-out rows is {own.best:.4g} at best with the true labels, with shuffled "
        f"ones {min(other.best for other in others):.4g} (a constant guess costs {constant:.4g})"
    )
    courses = tuple(Course(copy.label, copy.steps, copy.losses) for copy in copies)
    if _gain(copies) >= _needed(copies, constant):
        headline = f"The labels say something about the inputs: {text}."
        return Comparison("learns from the labels", True, "", headline, constant, courses, ())
    check = labels_match(copy_of(training).task)
    match check.state:
        case "ok":
            verdict, cause = "does not find it", ""
            text += "; yet the labels go with the inputs, so the training, or too plain a model, is at fault"
        case "wrong":
            verdict, cause = "nothing to learn", check.mode
            text += "; nor is there anything to find: look at how labels and rows are put together"
        case _:
            verdict, cause = "undecided", ""
            text += "; there are too few rows to say whether there is anything to find"
    headline = f"Learned no better than from shuffled labels: {text}."
    return Comparison(verdict, False, cause, headline, constant, courses, (check,))


def _shuffled(training: Training, number: int) -> Training:
    """A copy whose training labels are dealt out to other rows; those of held-out rows stay."""
    copy = copy_of(training)
    batches = copy.task.batches
    if isinstance(batches, FixedBatches):
        source = batches.source
        order = generator(number, "label shuffle").permutation(len(source.x_train))
        dealt = replace(
            source, y_train=source.y_train[order], clean_labels=source.clean_labels[order],
            noise_order=source.noise_order[order], wrong_labels=source.wrong_labels[order],
        )  # fmt: skip
        batches.use(dealt)
    else:
        copy.task = _crossed(copy.task, number)
    return copy


def _crossed(task: Task, skip: int) -> Altered:
    """Inputs of one batch with the labels of the next; `skip` batches are passed over first."""

    def deal() -> Iterator[Any]:
        for _ in range(skip):
            task.next()
        while True:
            yield _cross(task.next(), task.next())

    dealt = deal()
    return Altered(task, lambda: next(dealt), task.probe)


def _cross(one: Any, other: Any) -> Any:
    if isinstance(one, TripletBatch):
        return replace(other, queries=one.queries)
    return Batch(one.inputs, other.targets)

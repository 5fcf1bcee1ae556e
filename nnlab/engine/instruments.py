"""When what is measured: probes every `probe_every` steps, evaluation every `eval_every`, never on the clock.

A reading at step s is taken with the parameters after s steps. What needs the step itself (update ratios, c*) is
taken around the step that begins at a probe step s and is recorded at s + 1.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nnlab.engine.generations import GenerationBatches
from nnlab.engine.probes.drift import PageHinkley, measure_drift
from nnlab.engine.probes.generations import measure_generation
from nnlab.engine.probes.layers import Measured, measure_layers
from nnlab.engine.probes.noise import NoiseScale, rows_of
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.probes.retrieval import evaluate_retrieval
from nnlab.engine.probes.step_quality import measure_critical, measure_update
from nnlab.engine.probes.supervised import evaluate_supervised, quality
from nnlab.engine.streams import WINDOW, StreamBatches
from nnlab.engine.tasks import Supervised
from nnlab.engine.training import Training

PROBES_PER_RUN = 60
LONGEST_PROBE_INTERVAL = 100
"""Steps: about sixty readings in a short run, and never more than a hundred steps apart (FAILURE_MODES §1: probes one
in fifty steps or so cost below a few per cent)."""
EVALUATIONS_PER_RUN = 100
RETRIEVAL_SHARE = 0.4
"""Recurrent towers are probed and evaluated this much as often: each reading costs as much as a training step."""
NOISE_EVERY = 2
"""Probes to one reading of the gradient noise, which is smoothed over ten readings anyway."""
FIRST_EXPONENT = 4
"""Where the first search for c* begins: the middle of what is healthy, 2^1 … 2^8."""
DIAGNOSES_PER_RUN = 200


def probe_every(planned_steps: int, retrieval: bool) -> int:
    """Steps between two probes."""
    readings = PROBES_PER_RUN * (RETRIEVAL_SHARE if retrieval else 1.0)
    return max(1, min(LONGEST_PROBE_INTERVAL, int(planned_steps / readings)))


def eval_every(planned_steps: int, asked: int | None, retrieval: bool) -> int:
    """Steps between two evaluations."""
    readings = EVALUATIONS_PER_RUN * (RETRIEVAL_SHARE if retrieval else 1.0)
    return asked or max(1, int(planned_steps / readings))


def diagnose_every(planned_steps: int) -> int:
    """Steps between two looks of the diagnosis."""
    return max(1, planned_steps // DIAGNOSES_PER_RUN)


@dataclass(slots=True)
class Instruments:
    """All probes of one run with their state."""

    training: Training
    probe_every: int
    eval_every: int
    probing: bool
    start: Tensor
    """Parameters at step 0, flat [n]."""
    page_hinkley: PageHinkley = field(default_factory=PageHinkley)
    noise: NoiseScale = field(default_factory=NoiseScale)
    _before: Tensor | None = None
    _exponent: int = FIRST_EXPONENT
    _regular: int = -1
    """Last probe step whose readings entered the averages of the noise scale."""

    def due_around(self) -> bool:
        """True when the coming step is to be measured."""
        return self.probing and self.training.step % self.probe_every == 0

    def before_step(self) -> None:
        """Remember the parameters that the coming step will change."""
        self._before = self.training.parameters.values.clone()

    def after_step(self) -> Measured:
        """Update ratios and c* of the step just done."""
        if self._before is None:
            return {}
        before, self._before = self._before, None
        parameters = self.training.parameters
        with torch.no_grad():
            measured = measure_update(parameters, before, self.start)
        critical, self._exponent = measure_critical(self.training.task, parameters, before, self._exponent)
        return measured | critical

    def due(self) -> tuple[bool, bool]:
        """Whether the state now is to be (probed, evaluated)."""
        step = self.training.step
        return self.probing and step % self.probe_every == 0, self.probing and step % self.eval_every == 0

    def probe(self) -> Measured:
        """Layers, gradient noise, learning rate, and what dropout costs, at the current state.

        A probe between the regular ones, asked for by a client, leaves no trace in the averages of later ones.
        """
        training, task = self.training, self.training.task
        noise = replace(self.noise)
        if training.step % self.probe_every == 0 and training.step > self._regular:
            noise, self._regular = self.noise, training.step
        self.training.set_lr()
        decay = training.optimizer.weight_decay
        measured, gradient = measure_layers(task, training.parameters, decay, training.l2)
        measured["lr"] = training.lr.clone()
        batch = task.probe()
        with torch.no_grad(), same_random_state(training.parameters.values.device):
            outputs, _ = task.measure(batch)
            if isinstance(task, Supervised):
                measured |= quality(task, outputs, batch.targets, "train/probe_")
            if task.dropout > 0.0:
                measured["train/dropout_loss"] = task.measure(batch, task.dropout)[1]
        if training.step // self.probe_every % NOISE_EVERY == 0:
            measured |= noise.measure(task, training.parameters, gradient, rows_of(outputs))
        return measured

    def evaluate(self, eval_dropout: bool, losses: NDArray[np.float64]) -> Measured:
        """Validation series, and drift where there is a stream. `losses`: training losses since the last call."""
        task = self.training.task
        dropout = task.dropout if eval_dropout else 0.0
        with same_random_state(self.training.parameters.values.device):
            if not isinstance(task, Supervised):
                return evaluate_retrieval(task, dropout)  # type: ignore[arg-type]  # the only other task
            measured = evaluate_supervised(task, dropout)
        if isinstance(task.batches, StreamBatches):
            measured |= self._drift(task, task.batches, losses)
        return measured

    def generation(self) -> Measured:
        """The generation that ends with the step just done; empty where none does."""
        batches = self.training.task.batches
        ends = self.probing and isinstance(batches, GenerationBatches) and batches.ends_at(self.training.step)
        return measure_generation(batches) if ends else {}

    def _drift(self, task: Supervised, batches: StreamBatches, losses: NDArray[np.float64]) -> Measured:
        measured: Measured = {"drift/page_hinkley": self.page_hinkley.update(losses)}
        reference = batches.reference()
        with torch.no_grad():
            outputs, _ = task.measure(reference)
            measured |= quality(task, outputs, reference.targets, "stream/reference_")
        if batches.fed >= WINDOW:
            measured |= measure_drift(batches.source.reference[0], batches.recent(WINDOW)[0], batches.step)
        return measured

"""When what is measured: probes and evaluations at the steps that the run's cadence names, never on the clock.

A reading at step s is taken with the parameters after s steps. What needs the step itself (update ratios, c*) is
taken around the step that begins at a probe step s and is recorded at s + 1.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nnlab.engine.cadence import Cadence
from nnlab.engine.generations import GenerationBatches
from nnlab.engine.models.mlp import Tap
from nnlab.engine.probes.batch_labels import measure_batch_labels
from nnlab.engine.probes.drift import PageHinkley, measure_drift
from nnlab.engine.probes.dropout import dropout_loss
from nnlab.engine.probes.generations import measure_generation
from nnlab.engine.probes.layers import Measured, flat_gradient, measure_gradient, measure_layers
from nnlab.engine.probes.memory import measure_memory
from nnlab.engine.probes.noise import NoiseScale, rows_of
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.probes.retrieval import evaluate_retrieval
from nnlab.engine.probes.samples import loss_spread
from nnlab.engine.probes.stability import measure_stability
from nnlab.engine.probes.step_quality import measure_critical, measure_update
from nnlab.engine.probes.stretches import evaluate_stretches, fisher_drift
from nnlab.engine.probes.supervised import evaluate_supervised, quality
from nnlab.engine.state import State
from nnlab.engine.streams import WINDOW, StreamBatches
from nnlab.engine.tasks import Retrieval, Supervised
from nnlab.engine.training import Training

FIRST_EXPONENT = 4
"""Where the first search for c* begins: the middle of what is healthy, 2^1 … 2^8."""
LINE_TRIPLETS = 16
"""Triplets on which c* is searched."""


@dataclass(slots=True)
class Instruments:
    """All probes of one run with their state."""

    training: Training
    cadence: Cadence
    probing: bool
    start: Tensor
    """Parameters at step 0, flat [n]."""
    page_hinkley: PageHinkley = field(default_factory=PageHinkley)
    noise: NoiseScale = field(default_factory=NoiseScale)
    _before: Tensor | None = None
    _exponent: int = FIRST_EXPONENT
    _regular: int = -1
    """Last probe step whose readings entered the averages of the noise scale."""
    _seen: tuple[int, Any] | None = None
    """Outputs of the last probe and its step, for an evaluation of the same state."""

    def due_around(self) -> bool:
        """True when the coming step is to be measured."""
        return self.probing and self.training.step % self.cadence.probe_every == 0

    def before_step(self) -> None:
        """Remember the parameters that the coming step will change."""
        self._before = self.training.parameters.values.clone()

    def after_step(self) -> Measured:
        """Update ratios and c* of the step just done, and how mixed its batch was."""
        if self._before is None:
            return {}
        before, self._before = self._before, None
        parameters, task = self.training.parameters, self.training.task
        with torch.no_grad():
            measured = measure_update(parameters, before, self.start)
            if isinstance(task, Supervised):
                measured |= measure_batch_labels(task)
        if self.cadence.line_due(self.training.step - 1):
            line = task.probe() if isinstance(task, Supervised) else task.part(task.probe(), LINE_TRIPLETS)
            critical, self._exponent = measure_critical(task, line, parameters, before, self._exponent)
            measured |= critical
        return measured

    def due(self) -> tuple[bool, bool]:
        """Whether the state now is to be (probed, evaluated)."""
        step, cadence = self.training.step, self.cadence
        return self.probing and step % cadence.probe_every == 0, self.probing and step % cadence.eval_every == 0

    def probe(self) -> Measured:
        """Layers, gradient noise, learning rate, and what dropout costs, at the current state.

        A probe between the regular ones, asked for by a client, leaves no trace in the averages of later ones.
        """
        training, task = self.training, self.training.task
        noise = replace(self.noise)
        if training.step % self.cadence.probe_every == 0 and training.step > self._regular:
            noise, self._regular = self.noise, training.step
        self.training.set_lr()
        decay = training.optimizer.weight_decay
        batch = task.probe()
        taps: list[Tap] = []
        with torch.set_grad_enabled(self.cadence.gradient_due(training.step)):
            measured, outputs, loss = measure_layers(task, batch, training.parameters, taps)
        self._seen = training.step, outputs
        if self.cadence.gradient_due(training.step):
            gradient = flat_gradient(loss, training.parameters)
            measured |= measure_gradient(gradient, training.parameters, decay, training.l2)
            if self.cadence.noise_due(training.step):
                measured |= noise.measure(task, training.parameters, gradient, rows_of(outputs))
                measured |= measure_memory(training.optimizer, gradient)
        if self.cadence.stable_due(training.step):
            measured |= measure_stability(training, batch)
        measured["lr"] = training.lr.clone()
        with torch.no_grad(), same_random_state(training.parameters.values.device):
            if isinstance(task, Supervised | Retrieval):
                measured |= loss_spread(task.row_losses(outputs, batch))
            if isinstance(task, Supervised):
                measured |= quality(task, outputs, batch.targets, "train/probe_")
            if task.dropout > 0.0:
                measured["train/dropout_loss"] = dropout_loss(task, batch, taps)
        if isinstance(task, Supervised) and self.cadence.fisher_due(training.step):
            measured |= fisher_drift(task, training.learned)
        return measured

    def evaluate(self, eval_dropout: bool, losses: NDArray[np.float64]) -> Measured:
        """Validation series, and drift where there is a stream. `losses`: training losses since the last call."""
        task = self.training.task
        dropout = task.dropout if eval_dropout else 0.0
        with same_random_state(self.training.parameters.values.device):
            if not isinstance(task, Supervised):
                seen, self._seen = self._seen, None
                known = seen[1] if seen is not None and seen[0] == self.training.step else None
                return evaluate_retrieval(task, dropout, known)  # type: ignore[arg-type]  # the only other task
            measured = evaluate_supervised(task, dropout) | evaluate_stretches(task, self.training.learned)
        if isinstance(task.batches, StreamBatches):
            measured |= self._drift(task, task.batches, losses)
        return measured

    def generation(self) -> Measured:
        """The generation that ends with the step just done; empty where none does."""
        batches = self.training.task.batches
        ends = self.probing and isinstance(batches, GenerationBatches) and batches.ends_at(self.training.step)
        return measure_generation(batches) if ends else {}

    def state(self) -> State:
        """Of the averages and the searches that go from reading to reading."""
        return {
            "noise": asdict(self.noise),
            "page_hinkley": asdict(self.page_hinkley),
            "exponent": self._exponent,
            "regular": self._regular,
        }

    def restore(self, state: State) -> None:
        """Take a state back."""
        self.noise, self.page_hinkley = NoiseScale(**state["noise"]), PageHinkley(**state["page_hinkley"])
        self._exponent, self._regular, self._before = state["exponent"], state["regular"], None
        self._seen = None

    def _drift(self, task: Supervised, batches: StreamBatches, losses: NDArray[np.float64]) -> Measured:
        measured: Measured = {"drift/page_hinkley": self.page_hinkley.update(losses)}
        reference = batches.reference()
        with torch.no_grad():
            outputs, _ = task.measure(reference)
            measured |= quality(task, outputs, reference.targets, "stream/reference_")
        if batches.fed >= WINDOW:
            measured |= measure_drift(batches.source.reference[0], batches.recent(WINDOW)[0], batches.step)
        return measured

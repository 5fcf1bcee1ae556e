"""A recorded run put back to a step and walked along its line, as it went or without something that happened."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import torch

from nnlab.engine import recall
from nnlab.engine.begin import begin
from nnlab.engine.experiments.perform import Nobody
from nnlab.engine.experiments.reexecute import spec_of
from nnlab.engine.run import Run
from nnlab.engine.shelf import Kept
from nnlab.engine.state import State, from_body, to_body
from nnlab.engine.tree import Entry
from nnlab.runs.reader import RunFile


@dataclass(frozen=True, slots=True)
class Stepped:
    """One training step: loss, gradient norm before clipping, that of each layer, and the loss of fixed rows before."""

    step: int
    loss: float
    norm: float
    layers: tuple[float, ...]
    sample: float


class Walk:
    """The line of a branch of a run file. Nothing is written, and the run that made the file is not touched."""

    def __init__(self, file: RunFile, branch: int, first: int, end: int) -> None:
        """Stand at step `first`; the line is known to have been trained up to `end`. Raises UserError."""
        tree = recall.tree(file)
        tree.end(branch, max(end, tree.tips[branch].step))
        self.run: Run = begin(spec_of(file, probes=False), Nobody(), tree)  # type: ignore[arg-type]  # tells nobody
        self.run.script.skip_all()
        for kept in file.snapshots():
            if kept.step <= first:
                self.run.time.shelf.put(Kept(kept.step, kept.branch, kept.body, kept.kind))
        self.run.time.go(branch, first)
        self.training = self.run.training
        self.entries: list[Entry] = tree.line(branch)
        self._start = to_body(self.run.parts.capture())
        self._sample: Any = self.training.task.probe()

    def restart(self) -> None:
        """Back to the first step."""
        state: State = from_body(self._start)
        self.run.restore(state)

    def arrive(self, without: Collection[Entry] = ()) -> None:
        """Carry out what happened to the line at this step."""
        for entry in self.entries:
            if entry.step == self.training.step and entry not in without:
                self.run.repeat(entry)

    def one_step(self) -> Stepped:
        """Train one step."""
        training, step = self.training, self.training.step
        sample = self.sample_loss()
        if training.ring.full:
            training.ring.fetch()
        training.one_step()
        loss, norm = training.ring.latest()
        return Stepped(step, loss, norm, self._layers(norm), sample)

    def walk(self, end: int, without: Collection[Entry] = ()) -> list[Stepped]:
        """Train up to step `end` (exclusive)."""
        found = []
        while self.training.step < end:
            self.arrive(without)
            found.append(self.one_step())
        return found

    def slowed(self, begin: int, end: int, factor: float) -> Stepped:
        """Train up to step `end` (exclusive), from step `begin` on at a part of the rate; the last step."""
        self.walk(begin)
        training = self.training
        while True:
            self.arrive()
            rate = training.base_lr
            training.turn_lr(factor * rate)
            found = self.one_step()
            training.turn_lr(rate)
            if training.step >= end:
                return found

    def sample_loss(self) -> float:
        """Loss of fixed training rows, drawn at the first step, with the parameters as they are."""
        with torch.no_grad():
            return float(self.training.task.measure(self._sample)[1])

    def layer_names(self) -> tuple[str, ...]:
        """In forward order."""
        return tuple(segment.layer for segment in self.training.parameters.segments)

    def _layers(self, norm: float) -> tuple[float, ...]:
        """Gradient norms before clipping by norm, which some rules do in place; clipping by value has been done."""
        parts = self.training.parameters.by_layer(self.training.parameters.grads)
        norms: list[float] = torch.stack([torch.linalg.vector_norm(part) for part in parts]).tolist()
        whole = math.hypot(*norms)
        clipped = self.training.clips_norm and not self.training.clips_value and 0.0 < whole < math.inf
        return tuple(value * norm / whole for value in norms) if clipped else tuple(norms)

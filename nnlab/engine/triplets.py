"""Batches of triplets from the synthetic corpus: token tensors on the device, indices drawn in blocks."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnlab.data.fixed import Ints
from nnlab.data.source import TripletSource
from nnlab.engine.objectives.retrieval import FROM_BATCH
from nnlab.engine.state import State
from nnlab.scenario.data import Negatives

LIVE = ("batch_size", "negatives", "false_negative_rate", "misaligned")
"""What `TripletBatches.set` may change."""
BLOCK = 64
"""Steps drawn at once."""

Places = tuple[Ints, Ints, Ints]
"""Which queries, positives and negatives: int64 [rows] each, as the source numbers them."""


@dataclass(frozen=True, slots=True)
class TripletBatch:
    """Tokens int64: queries [batch, query length]; positives and negatives [batch, document length].

    `negatives` is None when they are to be chosen among the batch's positives; where `drawn` (bool [batch]) is given,
    only its rows take theirs from `negatives` and the others choose.
    """

    queries: Tensor
    positives: Tensor
    negatives: Tensor | None
    drawn: Tensor | None = None

    def state(self) -> State:
        """All tensors."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def of_state(cls, state: State, device: torch.device) -> "TripletBatch":
        """The batch again, in memory of its own."""
        copied: dict[str, Any] = {
            name: None if part is None else part.clone().to(device) for name, part in state.items()
        }
        return cls(**copied)


class TripletBatches:
    """Batch of step s = what the source draws for s."""

    def __init__(
        self, source: TripletSource, *, batch_size: int, negatives: Negatives, false_negative_rate: float,
        device: torch.device,
    ) -> None:  # fmt: skip
        """Move all tokens to `device`."""
        self.device = device
        self.batch_size = batch_size
        self.negatives: Negatives = negatives
        self.false_negative_rate = false_negative_rate
        self.misaligned = False
        self.step = 0
        self._ready: list[tuple[Tensor, Tensor, Tensor]] = []
        self._probe: tuple[int, int, TripletBatch] | None = None
        self.use(source)

    def use(self, source: TripletSource) -> None:
        """Draw from this source from the next batch on (a phase of the data)."""
        self.source = self._drawn = source
        self.queries = torch.from_numpy(source.queries).to(self.device)
        self.passages = torch.from_numpy(source.passages).to(self.device)
        self._query_topic = torch.from_numpy(source.query_topic).to(self.device)
        self._passage_topic = torch.from_numpy(source.passage_topic).to(self.device)
        self._ready, self._probe = [], None

    def reorder(self, seed: int) -> None:
        """Draw other triplets of the same queries and passages from the next batch on."""
        self._drawn = replace(self.source, seed=seed)
        self._ready = []

    def set(self, **changes: float | bool | int | str) -> None:
        """Change batch_size, negatives, false_negative_rate or misaligned from the next batch on."""
        for name, value in changes.items():
            setattr(self, name, value)
        self._ready, self._probe = [], None

    def next(self) -> TripletBatch:
        """The batch of the next step."""
        if not self._ready:
            drawn = self._drawn.draw(self.step, BLOCK, self.batch_size, self.negatives, self.false_negative_rate)
            q, p, n = (torch.from_numpy(index).to(self.device) for index in drawn)
            if self.misaligned:
                p = p.roll(1, 1)
            self._ready = list(zip(q.unbind(0), p.unbind(0), n.unbind(0), strict=True))[::-1]
        self.step += 1
        return self._tokens(*self._ready.pop())

    def drawn(self) -> Places:
        """Which queries, positives and drawn negatives the batch handed out last has, int64 [batch] each."""
        step = self.step - 1
        q, p, n = self._drawn.draw(step, 1, self.batch_size, self.negatives, self.false_negative_rate)
        return q[0], np.roll(p[0], 1) if self.misaligned else p[0], n[0]

    def probe(self, rows: int) -> TripletBatch:
        """Training triplets of the way of drawing now in force: those of the last steps (at step 0, of the first)."""
        if self._probe is None or self._probe[:2] != (self.step, rows):
            self._probe = self.step, rows, self._tokens(*self._on_device(self.probe_places(rows)))
        return self._probe[2]

    def probe_places(self, rows: int) -> Places:
        """Which queries, positives and drawn negatives the probe has, int64 [rows] each."""
        steps = -(-rows // self.batch_size)
        first = max(0, self.step - steps)
        drawn = self._drawn.draw(first, steps, self.batch_size, self.negatives, self.false_negative_rate)
        q, p, n = (index.reshape(-1)[:rows] for index in drawn)
        return q, p, n

    def validation(self, rows: int) -> TripletBatch | None:
        """Triplets of held-out queries with honest random negatives; None when no queries are held out."""
        if not len(self.source.val_queries):
            return None
        return self.of(self.source.validation(rows))

    def of(self, places: Places) -> TripletBatch:
        """The tokens of these queries, positives and negatives."""
        q, p, n = self._on_device(places)
        return TripletBatch(self.queries[q], self.passages[p], self.passages[n])

    def state(self) -> State:
        """Live settings and the step; a batch follows from them."""
        return {name: getattr(self, name) for name in LIVE} | {"step": self.step}

    def restore(self, state: State, source: TripletSource) -> None:
        """Take a state back, in the phase of the data that has this source."""
        if source is not self.source:
            self.use(source)
        self.set(**{name: state[name] for name in LIVE})
        self.step = state["step"]

    def _on_device(self, places: Places) -> tuple[Tensor, Tensor, Tensor]:
        q, p, n = (torch.from_numpy(index).to(self.device) for index in places)
        return q, p, n

    def _tokens(self, q: Tensor, p: Tensor, n: Tensor) -> TripletBatch:
        if self.negatives not in FROM_BATCH or self.batch_size == 1:
            return TripletBatch(self.queries[q], self.passages[p], self.passages[n])
        if self.false_negative_rate == 0.0:
            return TripletBatch(self.queries[q], self.passages[p], None)
        relevant = self._passage_topic[n] == self._query_topic[q]
        return TripletBatch(self.queries[q], self.passages[p], self.passages[n], relevant)

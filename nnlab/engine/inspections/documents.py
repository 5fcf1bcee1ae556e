"""Embeddings of held-out queries and documents, for the inspections that look at two towers."""

from dataclasses import dataclass

import torch
from torch import Tensor

from nnlab.data.fixed import Ints
from nnlab.engine.inspections.payload import InspectionError
from nnlab.engine.tasks import Retrieval, Task

TRIPLETS = 256


@dataclass(frozen=True, slots=True)
class Embedded:
    """Embeddings [rows, dim] of queries, positives and negatives, and the topic of each, int64 [rows]."""

    query: Tensor
    positive: Tensor
    negative: Tensor
    query_topic: Ints
    positive_topic: Ints
    negative_topic: Ints
    distance: str

    @property
    def documents(self) -> Tensor:
        """Positives, then negatives."""
        return torch.cat((self.positive, self.negative))


def embedded(task: Task, what: str, rows: int = TRIPLETS) -> Embedded:
    """Held-out triplets; training triplets as drawn where no queries are held out. Raises InspectionError where there
    are no towers, or embeddings are not finite.
    """
    if not isinstance(task, Retrieval):
        raise InspectionError(f"{what} needs a two-tower scenario")
    batches, source = task.batches, task.batches.source
    places = source.validation(rows) if len(source.val_queries) else batches.probe_places(rows)
    with torch.no_grad():
        (query, positive, negative), _ = task.measure(batches.of(places))
    if not bool(torch.cat((query, positive, negative)).isfinite().all()):
        raise InspectionError("the embeddings are not finite")
    q, p, n = places
    topics = source.query_topic[q], source.passage_topic[p], source.passage_topic[n]
    return Embedded(query, positive, negative, *topics, task.objective.distance)

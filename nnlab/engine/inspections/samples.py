"""The training rows that cost the most."""

import numpy as np
import torch
from numpy.typing import NDArray

from nnlab.engine.inspections.names import input_names
from nnlab.engine.inspections.payload import Payload, resolution
from nnlab.engine.objectives.retrieval import similarity
from nnlab.engine.objectives.supervised import correct
from nnlab.engine.tasks import Retrieval, Supervised
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect

SHOWN, MOST = 12, 256
ROWS, TRIPLETS = 2048, 256
"""Rows and triplets that are searched."""
INPUTS_SHOWN = 6
"""Inputs of a row that its text tells."""
Floats = NDArray[np.float64]


def samples(training: Training, request: Inspect) -> Payload:
    """The k training rows with the largest loss. Raises InspectionError for a k out of range."""
    count = resolution(request.resolution, SHOWN, MOST)
    task = training.task
    with torch.no_grad():
        index, losses, true, predicted, texts = (
            _rows(task) if isinstance(task, Supervised) else _triplets(task)  # type: ignore[arg-type]  # the only other
        )
    worst = np.argsort(-np.nan_to_num(losses, nan=np.inf), kind="stable")[:count]
    values = {
        "index": index[worst],
        "loss": losses[worst],
        "true": true[worst],
        "predicted": predicted[worst],
        "mean": losses.mean(keepdims=True),
        "rows": np.array([len(losses)]),
    }
    return Payload(values, tuple(texts[place] for place in worst))


def _rows(task: Supervised) -> tuple[NDArray[np.int64], Floats, Floats, Floats, list[str]]:
    index, batch = task.batches.sample(ROWS)
    outputs, _ = task.measure(batch)
    losses = task.row_losses(outputs, batch)
    if task.classes:
        predicted, true = correct(task.objective.kind, outputs, batch.targets, task.classes)
    else:
        predicted, true = outputs[:, 0], batch.targets[:, 0]
    names = input_names(task.batches.source)
    inputs = _floats(batch.inputs / (task.batches.input_scale or 1.0))
    texts = [row_text(names, row) for row in inputs.reshape(len(inputs), -1)]
    return index, _floats(losses), _floats(true), _floats(predicted), texts


def row_text(names: tuple[str, ...], row: Floats) -> str:
    """`x0 1.2, x1 -0.5`, cut after some."""
    parts = [f"{name} {value:.3g}" for name, value in zip(names, row, strict=True)]
    return ", ".join(parts[:INPUTS_SHOWN]) + (", …" if len(parts) > INPUTS_SHOWN else "")


def _triplets(task: Retrieval) -> tuple[NDArray[np.int64], Floats, Floats, Floats, list[str]]:
    batches = task.batches
    outputs, _ = task.measure(batch := batches.probe(TRIPLETS))
    losses = task.losses(outputs, batch)
    query, positive, negative = outputs
    near = similarity(query, positive, task.objective.distance)
    far = similarity(query, negative, task.objective.distance)
    queries, positives, drawn = batches.probe_places(TRIPLETS)
    source = batches.source
    texts = [
        f"query {q} (topic {source.query_topic[q]}), positive {p}" for q, p in zip(queries, positives, strict=True)
    ]
    if batch.negatives is not None and batch.drawn is None:
        texts = [
            f"{text}, negative {n} (topic {source.passage_topic[n]})" for text, n in zip(texts, drawn, strict=True)
        ]
    return np.arange(len(near)), _floats(losses), _floats(near), _floats(far), texts


def _floats(tensor: torch.Tensor) -> Floats:
    found: Floats = tensor.detach().cpu().double().numpy()
    return found

"""The moment in which the data change under the model: what is learned so far is put by, then the new data begin."""

import math

from nnlab.data.source import FixedSource, Source
from nnlab.engine.batches import FixedBatches
from nnlab.engine.learned import FISHER_ROWS
from nnlab.engine.probes.stretches import accuracies
from nnlab.engine.streams import StreamBatches
from nnlab.engine.tasks import Supervised
from nnlab.engine.training import Training


def move_on(training: Training, source: Source) -> None:
    """Train on `source` from the next batch on. The parameters stay as they are."""
    task = training.task
    if isinstance(task, Supervised) and isinstance(task.batches, FixedBatches):
        accuracy = float(accuracies(task, task.batches)[-1]) if training.learned.chapter else math.nan
        rows = task.batches.probe(FISHER_ROWS)
        training.learned = training.learned.with_stretch(task, training.parameters, rows, accuracy)
        assert isinstance(source, FixedSource)
        task.batches.move_on(source)
    else:
        task.batches.use(source)


def drift_begins(training: Training) -> None:
    """Put by what a stream taught before its drift, once: later onsets drift from the same reference."""
    task = training.task
    if isinstance(task, Supervised) and isinstance(task.batches, StreamBatches) and training.learned.rows is None:
        rows = task.part(task.batches.reference(), FISHER_ROWS)
        training.learned = training.learned.with_stretch(task, training.parameters, rows, math.nan)

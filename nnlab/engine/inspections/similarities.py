"""How similar queries are to what they should find, and to what they should not."""

import numpy as np

from nnlab.engine.inspections.documents import embedded
from nnlab.engine.inspections.histograms import BINS, MOST_BINS, as_floats, span
from nnlab.engine.inspections.payload import Payload, resolution
from nnlab.engine.objectives.retrieval import similarity
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect


def similarities(training: Training, request: Inspect) -> Payload:
    """Histograms of positive and negative similarities in the same bins. Raises InspectionError."""
    bins = resolution(request.resolution, BINS, MOST_BINS)
    found = embedded(training.task, "a histogram of similarities")
    near = as_floats(similarity(found.query, found.positive, found.distance))
    far = as_floats(similarity(found.query, found.negative, found.distance))
    limits = (-1.0, 1.0) if found.distance == "cosine" else span(np.concatenate((near, far)))
    return Payload(
        {
            "low": np.array(limits[:1]),
            "high": np.array(limits[1:]),
            "positive": np.histogram(near.clip(*limits), bins, limits)[0],
            "negative": np.histogram(far.clip(*limits), bins, limits)[0],
            "mean": np.array([near.mean(), far.mean()]),
            "std": np.array([near.std(), far.std()]),
        }
    )

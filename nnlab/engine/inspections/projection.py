"""The document embeddings on the plane in which they spread the most."""

import numpy as np
import torch

from nnlab.engine.inspections.documents import TRIPLETS, embedded
from nnlab.engine.inspections.payload import InspectionError, Payload, resolution
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect

MOST = 2048


def projection(training: Training, request: Inspect) -> Payload:
    """The first two principal components of documents, with queries on the same axes. Raises InspectionError."""
    rows = resolution(request.resolution, TRIPLETS, MOST) // 2
    found = embedded(training.task, "a projection", rows)
    documents = found.documents.cpu().double()
    if documents.shape[1] < 2:
        raise InspectionError("embeddings with one dimension are their own projection")
    centre = documents.mean(dim=0)
    _, sizes, axes = torch.linalg.svd(documents - centre, full_matrices=False)
    plane = axes[:2]
    # A direction and its opposite are the same component: the largest entry is made positive.
    plane = plane * plane.gather(1, plane.abs().argmax(dim=1, keepdim=True)).sign()
    everything = torch.cat((documents, found.query.cpu().double())) - centre
    x, y = (everything @ plane.T).unbind(dim=1)
    shares = sizes.square() / sizes.square().sum().clamp_min(1e-300)
    values = {
        "x": x.numpy(),
        "y": y.numpy(),
        "topic": np.concatenate((found.positive_topic, found.negative_topic, found.query_topic)),
        "kind": np.repeat([0.0, 1.0, 2.0], len(found.query)),
        "explained": shares[:2].numpy(),
    }
    return Payload(values)

"""How many directions the document embeddings use."""

import numpy as np
import torch

from nnlab.engine.inspections.documents import embedded
from nnlab.engine.inspections.payload import Payload
from nnlab.engine.probes.retrieval import effective_rank
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect


def spectrum(training: Training, _: Inspect) -> Payload:
    """Singular values of the centred document embeddings. Raises InspectionError."""
    documents = embedded(training.task, "a spectrum").documents
    values = torch.linalg.svdvals((documents - documents.mean(dim=0)).cpu())
    return Payload(
        {
            "values": values.numpy(),
            "rows": np.array([len(documents)]),
            "effective_rank": effective_rank(values).reshape(1).numpy(),
        }
    )

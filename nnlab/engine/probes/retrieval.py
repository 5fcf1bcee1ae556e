"""Evaluation of a two-tower task: similarities, spread and rank of the embeddings, triplet accuracy, recall."""

import math

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own convention)
from torch import Tensor

from nnlab.engine.objectives.retrieval import similarities, similarity
from nnlab.engine.probes.layers import Measured
from nnlab.engine.tasks import Retrieval

VALIDATION_TRIPLETS = 64
"""Held-out triplets per evaluation: with a recurrent encoder twice as many cost half as much again."""
FALSE_NEGATIVE = 0.95
"""A training negative at this share of its positive's similarity is a likely false negative (FAILURE_MODES §2)."""


Outputs = tuple[Tensor, Tensor, Tensor]


def evaluate_retrieval(task: Retrieval, dropout: float, probed: Outputs | None = None) -> Measured:
    """All two-tower series. `dropout` above 0 only as the fault eval_dropout; `probed` are the outputs for the probe
    batch where they are known.
    """
    with torch.no_grad():
        batch = task.batches.validation(VALIDATION_TRIPLETS)
        if batch is None:
            return _training(task, probed)
        (query, positive, negative), loss = task.measure(batch, dropout)
        distance = task.objective.distance
        near, far = similarity(query, positive, distance), similarity(query, negative, distance)
        table = similarities(query, positive, distance)
        measured: Measured = {
            "val/loss": loss,
            "val/accuracy": (near > far).float().mean(),
            "val/recall@1": (table.argmax(dim=1) == torch.arange(len(table), device=table.device)).float().mean(),
            "sim/positive": near.mean(),
            "sim/negative": far.mean(),
            "sim/gap": (near - far).mean(),
            "sim/spread": table.std(correction=0),
        }
        return measured | spread(torch.cat((positive, negative))) | _training(task, probed)


def spread(embeddings: Tensor) -> Measured:
    """How the rows [n, d] fill their space: mean cosine over pairs, std·√d of unit rows, effective rank.

    std·√d: 1 for rows spread over the sphere, 0 in collapse (SimSiam, Chen & He 2021). Effective rank: exponential of
    the entropy of the normalised singular values of the centred rows (Roy & Vetterli 2007; RankMe).
    """
    n, d = embeddings.shape
    unit = F.normalize(embeddings, dim=1)
    total = unit.sum(dim=0)
    centred = (embeddings - embeddings.mean(dim=0)).cpu()
    finite = bool(centred.isfinite().all())  # the decomposition raises an error on anything else
    values = torch.linalg.svdvals(centred) if finite else torch.full((1,), math.nan)
    rank = effective_rank(values)
    return {
        "sim/allpairs": (total.square().sum() - n) / (n * (n - 1)),
        "embed/std_sqrt_d": unit.std(dim=0, correction=0).mean() * math.sqrt(d),
        "embed/effective_rank": rank,
        "embed/rank_ratio": rank / min(n - 1, d),
    }


def effective_rank(values: Tensor) -> Tensor:
    """Exponential of the entropy of the normalised singular values [n]: how many directions count, 0-dim."""
    share = (values / values.sum().clamp_min(1e-30)).clamp_min(1e-30)
    return torch.exp(-(share * share.log()).sum())


def _training(task: Retrieval, probed: Outputs | None) -> Measured:
    """Share of active triplets and of likely false negatives among those that training draws now."""
    batch, distance = task.probe(), task.objective.distance
    outputs = task.measure(batch)[0] if probed is None else probed
    near, far = similarity(outputs[0], outputs[1], distance), similarity(outputs[0], outputs[2], distance)
    return {
        "triplet/active": (task.losses(outputs, batch) > 0).float().mean(),
        "triplet/false_negatives": (far >= FALSE_NEGATIVE * near).float().mean(),
    }

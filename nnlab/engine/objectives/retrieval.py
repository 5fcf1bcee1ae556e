"""Losses of triplets: queries, positives, negatives as embeddings [batch, dim].

Formula of the collapsed two-tower retriever (SOURCES A): max(0, (1 − sim⁺) − (1 − sim⁻) + margin) on cosine
similarity with norms guarded by 1e-8.
"""

import math

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own convention)
from torch import Tensor

from nnlab.scenario.data import Negatives
from nnlab.scenario.training import ObjectiveKind

NORM_GUARD = 1e-8
FROM_BATCH: frozenset[Negatives] = frozenset({"in-batch", "semi-hard", "hard"})
"""Ways of choosing negatives among the other positives of the batch."""


def similarity(a: Tensor, b: Tensor, distance: str) -> Tensor:
    """Similarity of rows [n]: cosine, or minus the Euclidean distance."""
    if distance == "cosine":
        return F.cosine_similarity(a, b, dim=1, eps=NORM_GUARD)
    return -(a - b).square().sum(dim=1).clamp_min(NORM_GUARD).sqrt()


def similarities(a: Tensor, b: Tensor, distance: str) -> Tensor:
    """Similarity of every row of a with every row of b [n, m]."""
    if distance == "cosine":
        return F.normalize(a, dim=1, eps=NORM_GUARD) @ F.normalize(b, dim=1, eps=NORM_GUARD).T
    return -torch.cdist(a, b)


def choose(query: Tensor, positive: Tensor, how: Negatives, distance: str) -> Tensor:
    """Index [batch] of each query's negative among the batch's positives (two or more).

    in-batch: the neighbour in the batch; hard: the most similar other one; semi-hard: the most similar one that is
    less similar than the query's own positive, else the least similar other one (Schroff 2015, FaceNet; the margin
    decides only whether it costs anything).
    """
    n = len(query)
    if how == "in-batch":
        return (torch.arange(n, device=query.device) + 1) % n
    with torch.no_grad():
        table = similarities(query, positive, distance)
        own = table.diagonal().unsqueeze(1).clone()
        others = table.clone().fill_diagonal_(-math.inf)
        if how == "hard":
            return others.argmax(dim=1)
        easier = torch.where(others < own, others, torch.full_like(others, -math.inf))
        easiest = table.fill_diagonal_(math.inf).argmin(dim=1)
        return torch.where(easier.max(dim=1).values > -math.inf, easier.argmax(dim=1), easiest)


def losses(
    kind: ObjectiveKind, embeddings: tuple[Tensor, Tensor, Tensor], distance: str, margin: Tensor, temperature: Tensor
) -> Tensor:
    """Loss of each triplet [batch]; contrastive ignores `negative` and uses all other positives of the batch."""
    query, positive, negative = embeddings
    if kind == "contrastive":
        table = similarities(query, positive, distance) / temperature
        return F.cross_entropy(table, torch.arange(len(query), device=query.device), reduction="none")
    gap = similarity(query, positive, distance) - similarity(query, negative, distance)
    if kind == "triplet":
        return torch.relu(margin - gap)
    return F.softplus(-gap / temperature)


def constant_loss(kind: ObjectiveKind, margin: float, batch_size: int) -> float:
    """Loss when all embeddings are equal: the margin, ln 2, or ln(batch)."""
    match kind:
        case "triplet":
            return margin
        case "soft_triplet":
            return math.log(2.0)
        case _:
            return math.log(batch_size)

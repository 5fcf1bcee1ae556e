"""The loss of a script, as one function."""

from textwrap import dedent, indent

from nnlab.programs.pytorch.plan import Plan
from nnlab.scenario.training import ObjectiveKind

LOSSES: dict[ObjectiveKind, str] = {
    "cross_entropy": 'losses = F.cross_entropy(outputs, y, reduction="none"{weight}{smoothing})',
    "bce_with_logits": 'losses = F.binary_cross_entropy_with_logits(outputs, y, reduction="none"{pos_weight})',
    "mse": "losses = (outputs - y).square()",
    "mae": "losses = (outputs - y).abs()",
    "huber": 'losses = F.huber_loss(outputs, y, reduction="none")',
    "hinge": "losses = torch.relu(1.0 - (2.0 * y - 1.0) * outputs)  # y is 0 or 1, hinge wants -1 or 1",
    "categorical_cross_entropy": """
        # On probabilities, as in Keras: normalised to sum 1 and clipped.
        p = (outputs / outputs.sum(dim=1, keepdim=True)).clamp(1e-7, 1.0 - 1e-7)
        logs = {weighted}
        losses = -logs.gather(1, y.unsqueeze(1)).squeeze(1)
        """,
    "binary_cross_entropy": """
        # On probabilities, as in Keras: clipped.
        p = outputs.clamp(1e-7, 1.0 - 1e-7)
        losses = -({weights_times}y * p.log() + (1.0 - y) * (1.0 - p).log())
        """,
}  # fmt: skip

SMOOTHED_LOGS = 'losses = (1.0 - knobs["label_smoothing"]) * losses - knobs["label_smoothing"] * logs.mean(dim=1)'
SMOOTHED_TARGETS = 'y = y * (1.0 - knobs["label_smoothing"]) + 0.5 * knobs["label_smoothing"]'

TRIPLET_LOSSES: dict[ObjectiveKind, str] = {
    "triplet": """
        gap = similarity(q, p) - similarity(q, n)
        losses = torch.relu(knobs["margin"] - gap)
        """,
    "soft_triplet": """
        gap = similarity(q, p) - similarity(q, n)
        losses = F.softplus(-gap / knobs["temperature"])
        """,
    "contrastive": """
        # Each query has to pick its own positive out of all positives of the batch.
        losses = F.cross_entropy(similarities(q, p) / knobs["temperature"], torch.arange(len(q)), reduction="none")
        """,
}


def loss(plan: Plan) -> str:
    """`loss_of(outputs, y)`: one number for a batch."""
    objective = plan.scenario.objective
    weighted, indexed = plan.uses("class_weights"), objective.kind in ("cross_entropy", "categorical_cross_entropy")
    smoothed = plan.uses("label_smoothing")
    body = LOSSES[objective.kind].format(
        weight=", weight=weights" if weighted else "",
        pos_weight=", pos_weight=weights" if weighted else "",
        smoothing=', label_smoothing=knobs["label_smoothing"]' if smoothed else "",
        weighted="p.log() if weights is None else p.log() * weights" if weighted else "p.log()",
        weights_times="(1.0 if weights is None else weights) * " if weighted else "",
    )
    lines = dedent(body).strip().splitlines()
    if smoothed and objective.kind in ("bce_with_logits", "binary_cross_entropy"):
        lines.insert(0, SMOOTHED_TARGETS)
    if smoothed and objective.kind == "categorical_cross_entropy":
        lines.append(SMOOTHED_LOGS)
    if weighted:
        lines.insert(0, 'weights = torch.tensor(knobs["class_weights"]) if knobs["class_weights"] else None')
    lines.append(_reduced(objective.reduction, weighted and indexed))
    return "def loss_of(outputs, y):\n" + indent("\n".join(lines), "    ") + "\n"


def _reduced(reduction: str, averaged: bool) -> str:
    if reduction == "sum":
        return "return losses.sum()"
    if averaged:
        return "return losses.mean() if weights is None else losses.sum() / weights[y].sum()"
    return "return losses.mean()"


def triplet_loss(plan: Plan) -> str:
    """`loss_of(q, p, n)` on embeddings [batch, dim] of queries, positives and negatives."""
    objective = plan.scenario.objective
    body = dedent(TRIPLET_LOSSES[objective.kind]).strip() + f"\nreturn losses.{objective.reduction}()"
    return "def loss_of(q, p, n):\n" + indent(body, "    ") + "\n"

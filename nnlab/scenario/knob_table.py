"""The knobs there are: what can be turned between two steps, and in which scenarios.

Bounds are what a slider offers; `floor` and `ceiling` are what a scenario's `[knobs.NAME]` may widen them to, because
beyond them a value has no meaning (a dropout of 1) or cannot be computed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from nnlab.scenario.data import (
    Blobs,
    Circles,
    Generations,
    Linear,
    Moons,
    MsMarco,
    Negatives,
    Spirals,
    Stream,
    Table,
    Tasks,
    Triplets,
    Xor,
)
from nnlab.scenario.model import Mlp
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.training import ObjectiveKind, OptimizerKind

Scale = Literal["linear", "log", "choice", "switch", "integer", "log_integer", "action"]
"""choice: one of some texts; switch: on or off; integer, log_integer: whole numbers; action: done once when turned."""

RESET = "reset_optimizer"
"""The action that empties the optimizer's moments."""

WITH_MOMENTUM: frozenset[OptimizerKind] = frozenset({"sgd", "rmsprop"})
WITH_SMOOTHING: frozenset[ObjectiveKind] = frozenset(
    {"cross_entropy", "bce_with_logits", "categorical_cross_entropy", "binary_cross_entropy"}
)
WITH_MARGIN: frozenset[ObjectiveKind] = frozenset({"triplet"})
WITH_TEMPERATURE: frozenset[ObjectiveKind] = frozenset({"soft_triplet", "contrastive"})
RETRIEVAL: frozenset[ObjectiveKind] = frozenset({"triplet", "soft_triplet", "contrastive"})
REGRESSION: frozenset[ObjectiveKind] = frozenset({"mse", "mae", "huber"})

WhyNot = Callable[[Scenario], str]
"""Why a scenario lacks a knob, as a sentence part; "" where it has it."""


@dataclass(frozen=True, slots=True)
class KnobKind:
    """A knob before it meets a scenario. `key` is the dotted key of the scenario that holds its first value; an action
    holds none and has no key."""

    id: str
    label: str
    key: str
    scale: Scale
    help: str
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    floor: float = 0.0
    ceiling: float = math.inf
    unit: str = ""
    zero_ok: bool = False
    choices: tuple[str, ...] = ()
    why_not: WhyNot = lambda _: ""


def layer_count(scenario: Scenario) -> int:
    """Layers of an mlp, hidden and output, that keys and knobs count from 0; 0 for other models."""
    return len(scenario.model.hidden) + 1 if isinstance(scenario.model, Mlp) else 0


def is_classification(scenario: Scenario) -> bool:
    """Whether each example has one class label."""
    data = scenario.data
    if isinstance(data, Table | Linear):
        return data.task == "classification"
    return isinstance(data, Blobs | Moons | Circles | Spirals | Xor | Stream | Tasks | Generations)


def optimizers(scenario: Scenario) -> set[str]:
    """Optimizers that the run can have by its own plan: the first one and those that script and cure turn to."""
    plans = [scenario.expect.cure, *(intervention.set for intervention in scenario.script)]
    return {scenario.optimizer.kind, *(str(plan["optimizer"]) for plan in plans if "optimizer" in plan)}


def _only(reason: str, holds: Callable[[Scenario], bool]) -> WhyNot:
    return lambda scenario: "" if holds(scenario) else reason


def _objective(kinds: frozenset[ObjectiveKind]) -> WhyNot:
    return _only(f"only the objectives {', '.join(sorted(kinds))} have it", lambda s: s.objective.kind in kinds)


_momentum = _only("only the optimizers sgd and rmsprop have it", lambda s: not optimizers(s).isdisjoint(WITH_MOMENTUM))
_triplets = _only(
    "only triplets and msmarco data have it, and the contrastive loss takes the rest of the batch",
    lambda s: isinstance(s.data, Triplets | MsMarco) and s.objective.kind != "contrastive",
)
_labelled = _only("triplets have no labels", lambda s: not isinstance(s.data, Triplets | MsMarco))
_numeric = _only("the inputs are words", lambda s: not isinstance(s.data, Triplets | MsMarco))
_finite_set = _only(
    "streams and triplets are drawn anew, in no order to shuffle or hold out of",
    lambda s: not isinstance(s.data, Stream | Triplets | MsMarco),
)
_seen_again = _only(
    "streams and triplets are drawn anew, no example comes twice",
    lambda s: not isinstance(s.data, Stream | Triplets | MsMarco),
)
_drifting = _only("only a stream with drift has it", lambda s: isinstance(s.data, Stream) and s.data.drift != "none")
_changing = _only(
    "only tasks, streams and data with phases have earlier data, and triplets keep none",
    lambda s: isinstance(s.data, Stream | Tasks) or bool(s.data.phases and not isinstance(s.data, Triplets | MsMarco)),
)
_replayed = _only(
    "only tasks, streams, generations and data with phases have earlier data, and triplets keep none",
    lambda s: isinstance(s.data, Generations) or not _changing(s),
)
_weighted = _only(
    f"only classes under the objectives {', '.join(sorted(WITH_SMOOTHING))} have it",
    lambda s: is_classification(s) and s.objective.kind in WITH_SMOOTHING,
)
_layers = _only("only an mlp has numbered layers", lambda s: isinstance(s.model, Mlp))
_droppable = _only(
    "a linear model has no hidden layer to drop from", lambda s: not isinstance(s.model, Mlp) or bool(s.model.hidden)
)

KNOBS: tuple[KnobKind, ...] = (
    KnobKind(
        "lr", "learning rate", "optimizer.lr", "log", low=1e-7, high=100.0, step=10**0.1, zero_ok=True,
        help="Length of a step against the gradient; with a schedule, the base rate that it multiplies.",
    ),
    KnobKind(
        "optimizer", "optimizer", "optimizer.kind", "choice", choices=get_args(OptimizerKind),
        help="Update rule; the new one begins without memory of earlier gradients.",
    ),
    KnobKind(
        "momentum", "momentum", "optimizer.momentum", "linear", high=0.99, ceiling=0.9999, why_not=_momentum,
        help="Share of the last update kept in the next one (sgd, rmsprop).",
    ),
    KnobKind(
        "weight_decay", "weight decay", "optimizer.weight_decay", "log", low=1e-7, high=10.0, step=10**0.1,
        zero_ok=True, help="Pull of the weights towards 0: L2 in the gradient, or directly with adamw.",
    ),
    KnobKind(
        RESET, "moments", "", "action",
        help="Forget the moments: the optimizer begins again without memory of earlier gradients.",
    ),
    KnobKind(
        "batch_size", "batch size", "train.batch_size", "log_integer", low=1, high=4096, step=2, floor=1,
        ceiling=1_000_000, unit="examples", help="Examples behind each step.",
    ),
    KnobKind(
        "clip_norm", "clip norm", "train.clip_norm", "log", low=1e-4, high=1e4, step=10**0.1, zero_ok=True,
        help="Longest gradient let through, as the L2 norm over all parameters; 0 is off.",
    ),
    KnobKind(
        "clip_value", "clip value", "train.clip_value", "log", low=1e-6, high=1e4, step=10**0.1, zero_ok=True,
        help="Largest gradient entry let through; 0 is off.",
    ),
    KnobKind(
        "dropout", "dropout", "model.dropout", "linear", high=0.95, ceiling=0.999, why_not=_droppable,
        help="Share of activations zeroed while training.",
    ),
    KnobKind(
        "label_smoothing", "label smoothing", "objective.label_smoothing", "linear", high=0.9, ceiling=0.999,
        why_not=_objective(WITH_SMOOTHING), help="Share of each target spread evenly over all classes.",
    ),
    KnobKind(
        "class_weights", "class weights", "objective.class_weights", "choice", choices=("none", "balanced"),
        why_not=_weighted, help="How much the examples of each class count; balanced: the rarer the more.",
    ),
    KnobKind(
        "margin", "margin", "objective.margin", "linear", high=2.0, why_not=_objective(WITH_MARGIN),
        help="How much nearer than a negative the positive must be, in units of the distance.",
    ),
    KnobKind(
        "temperature", "temperature", "objective.temperature", "log", low=1e-3, high=10.0, step=10**0.1,
        why_not=_objective(WITH_TEMPERATURE), help="Divides the similarities; low ones look at the hardest only.",
    ),
    KnobKind(
        "negatives", "negatives", "data.negatives", "choice", choices=get_args(Negatives), why_not=_triplets,
        help="Which passages a query is pushed away from.",
    ),
    KnobKind(
        "false_negative_rate", "false negatives", "data.false_negative_rate", "linear", ceiling=1.0, why_not=_triplets,
        help="Share of the negatives that are in truth relevant.",
    ),
    KnobKind(
        "label_noise", "label noise", "data.label_noise", "linear", ceiling=1.0, why_not=_labelled,
        help="Share of training labels that are wrong.",
    ),
    KnobKind(
        "input_scale", "input scale", "data.input_scale", "log", low=1e-4, high=1e4, step=10**0.1, why_not=_numeric,
        help="Every feature is multiplied by this.",
    ),
    KnobKind(
        "augment", "augmentation", "data.augment", "linear", why_not=_seen_again,
        help="Gaussian noise on the inputs of each training batch, in standard deviations of the feature.",
    ),
    KnobKind(
        "shuffle", "shuffle", "data.shuffle", "switch", why_not=_finite_set,
        help="Draw the examples in a new random order each epoch.",
    ),
    KnobKind(
        "drift", "drift", "data.strength", "linear", high=5.0, step=0.05, why_not=_drifting,
        help="Strength of the drift: standard deviations, radians, or exponent of the scale.",
    ),
    KnobKind(
        "replay", "replay", "data.replay", "linear", ceiling=1.0, why_not=_replayed,
        help="Share of old data in each batch (tasks, phases, streams), of true data in each corpus of generations.",
    ),
    KnobKind(
        "ewc", "EWC", "objective.ewc", "log", low=1e-2, high=1e6, step=10**0.1, zero_ok=True, why_not=_changing,
        help="Elastic weight consolidation: pull towards what earlier data needed, by Fisher information; 0 is off.",
    ),
    KnobKind(
        "freeze", "frozen layers", "model.freeze", "choice", why_not=_layers,
        help="Layers that do not learn, by number from 0 at the input, with commas between; empty for none.",
    ),
    KnobKind(
        "fault.flip_gradient", "flip gradient", "fault.flip_gradient", "switch",
        help="Climb the loss instead of descending.",
    ),
    KnobKind(
        "fault.misaligned_labels", "misaligned labels", "fault.misaligned_labels", "switch", why_not=_labelled,
        help="Labels shifted by one example against the inputs.",
    ),
    KnobKind(
        "fault.missing_zero_grad", "missing zero_grad", "fault.missing_zero_grad", "switch",
        help="Gradients pile up from step to step.",
    ),
    KnobKind(
        "fault.detach_layer", "detach layer", "fault.detach_layer", "integer", low=-1, floor=-1, step=1,
        why_not=_layers, help="No gradient flows back through this layer's output; -1 is off.",
    ),
    KnobKind(
        "fault.double_softmax", "double softmax", "fault.double_softmax", "switch", why_not=_objective(WITH_SMOOTHING),
        help="A softmax (or sigmoid) before a loss that applies its own.",
    ),
    KnobKind(
        "fault.eval_dropout", "dropout in evaluation", "fault.eval_dropout", "switch", why_not=_droppable,
        help="Dropout stays on in evaluation.",
    ),
    KnobKind(
        "fault.stale_batch", "stale batch", "fault.stale_batch", "switch",
        help="The same batch is trained on again and again.",
    ),
    KnobKind(
        "fault.leak_validation", "leak validation", "fault.leak_validation", "switch", why_not=_finite_set,
        help="The validation examples are in the training set.",
    ),
)  # fmt: skip
"""In the order in which the lab shows them."""

BY_ID = {kind.id: kind for kind in KNOBS}

"""What a run can be begun again with, where no knob would do: the same list for every mystery of a family."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnlab.scenario.steering import Setting


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that holds from the first step on."""

    text: str
    settings: Mapping[str, Setting]


_MLP = (
    Change("two hidden layers of 32 units", {"model.hidden": (32, 32)}),
    Change("one hidden layer of 8 units", {"model.hidden": (8,)}),
    Change(
        "Kaiming initialisation, torch's own biases",
        {"model.init": "kaiming_normal", "model.init_scale": 1.0, "model.bias_init": "default"},
    ),
    Change(
        "Xavier initialisation, biases at 0",
        {"model.init": "xavier_uniform", "model.init_scale": 1.0, "model.bias_init": 0.0},
    ),
    Change("tanh in place of ReLU", {"model.activation": "tanh"}),
    Change("layer normalisation", {"model.norm": "layer"}),
)
_FIXED = (
    Change("standardised inputs", {"data.standardize": True}),
    Change("rarer classes repeated until all are equally frequent", {"data.oversample": True}),
)
_TOWERS = (
    Change("word vectors that learn too", {"model.freeze_embeddings": False}),
    Change("no layer normalisation", {"model.layer_norm": False}),
    Change("one encoder for queries and documents", {"model.shared_towers": True}),
    Change("64 dimensions", {"model.output_dim": 64}),
)
CHANGES: dict[str, tuple[Change, ...]] = {"mlp": (*_MLP, *_FIXED), "drift": _MLP, "towers": _TOWERS}
"""By family."""

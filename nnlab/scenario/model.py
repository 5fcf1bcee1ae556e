"""`[model]`: what is trained."""

from typing import Annotated, Literal

from pydantic import Field

from nnlab.scenario.base import Count, Finite, Part, Positive

Activation = Literal[
    "relu", "leaky_relu", "elu", "selu", "gelu", "tanh", "sigmoid", "softmax", "exponential", "linear", "none"
]
Init = Literal[
    "default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
    "orthogonal", "normal", "uniform", "zeros", "constant",
]  # fmt: skip
Width = Annotated[int, Field(ge=1, le=100_000)]
Dropout = Annotated[float, Field(ge=0.0, lt=1.0)]


class Mlp(Part):
    """A stack of fully connected layers."""

    kind: Literal["mlp"]
    hidden: tuple[Width, ...] = (64, 64)
    """Widths of the hidden layers; empty for a linear model."""
    activation: Activation | tuple[Activation, ...] = "relu"
    """After each hidden layer; one name, or a list with one per hidden layer."""
    output_activation: Activation = "none"
    """After the last layer; "none" hands raw outputs to the objective."""
    norm: Literal["none", "batch", "layer"] = "none"
    """Normalisation before each hidden activation."""
    residual: bool = False
    """Adds a hidden layer's input to its output where the widths agree."""
    dropout: Dropout = 0.0
    """Share of hidden activations zeroed while training."""
    freeze: tuple[Annotated[int, Field(ge=0)], ...] = ()
    """Layers that do not learn, counted from 0 at the input."""
    init: Init | tuple[Init, ...] = "default"
    """Of the weights; one name, or a list with one per layer (hidden and output). "default" is torch's own."""
    init_scale: Positive | tuple[Positive, ...] | None = None
    """Standard deviation (normal), half-width (uniform), value (constant) or gain; one or a list, one per layer.
    Left out: 0.01 for normal, uniform and constant, 1 for the others. Ignored where the init has none."""
    bias_init: Finite | Literal["default"] = "default"
    """Value of every bias at the start."""


class TwoTower(Part):
    """Two text encoders into one space: embedding → encoder → linear → dropout → layer norm."""

    kind: Literal["two-tower"]
    encoder: Literal["bigru", "gru", "bag"] = "bigru"
    """Bidirectional GRU, GRU, or the mean of the word vectors."""
    vocab_size: Annotated[int, Field(ge=10, le=100_000)] | None = None
    """Words; the data's own vocabulary when left out."""
    embedding_dim: Count = 32
    hidden_dim: Count = 32
    """Units of the GRU, for each direction."""
    output_dim: Count = 32
    """Dimensions of the common space."""
    embedding_init: Literal["random", "skipgram"] = "skipgram"
    """skipgram: vectors that place words of one topic close together, as skip-gram training on the corpus would."""
    freeze_embeddings: bool = True
    layer_norm: bool = True
    dropout: Dropout = 0.3
    """Share of output dimensions zeroed while training, before the layer norm."""
    shared_towers: bool = False
    """One encoder for queries and documents instead of one each."""


Model = Annotated[Mlp | TwoTower, Field(discriminator="kind")]

"""`[objective]`, `[fault]`, `[optimizer]`, `[schedule]`, `[train]`, `[guard]`: how it is trained."""

from typing import Annotated, Literal

from pydantic import Field

from nnlab.scenario.base import Count, Finite, Fraction, NonNegative, Part, Positive

ObjectiveKind = Literal[
    "cross_entropy", "bce_with_logits", "mse", "mae", "huber", "hinge",
    "triplet", "soft_triplet", "contrastive", "categorical_cross_entropy", "binary_cross_entropy",
]  # fmt: skip
OptimizerKind = Literal["sgd", "adam", "adamw", "rmsprop", "adagrad"]


class Objective(Part):
    """The loss."""

    kind: ObjectiveKind
    """categorical_cross_entropy and binary_cross_entropy take probabilities, as in Keras (classes normalised to sum 1,
    clipped to [1e-7, 1 − 1e-7]); cross_entropy and bce_with_logits take logits."""
    reduction: Literal["mean", "sum"] = "mean"
    """Over the examples of a batch."""
    l2: NonNegative = 0.0
    """Factor of the sum of squared weights added to the loss (biases left out)."""
    ewc: NonNegative = 0.0
    """Elastic weight consolidation: half of this, times each parameter's Fisher information on earlier data, times its
    squared distance from where it stood when they ended, is added to what is minimised (not to train/loss)."""
    label_smoothing: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0
    class_weights: Literal["none", "balanced"] | tuple[Positive, ...] = "none"
    """How much the examples of each class count, as torch has it: `weight`, one for each class, of the cross entropies
    over classes, `pos_weight`, one for each output (two classes have one), of the binary ones. balanced: by rarity in
    the training set."""
    margin: NonNegative = 0.3
    """Of the triplet loss, in units of the distance."""
    distance: Literal["cosine", "euclidean"] = "cosine"
    temperature: Positive = 0.1
    """Of the contrastive (in-batch softmax) and soft triplet losses."""


class Fault(Part):
    """Bugs on purpose, each live-switchable."""

    flip_gradient: bool = False
    """Climb the loss instead of descending."""
    misaligned_labels: bool = False
    """Labels are shifted by one example against the inputs, in every training batch."""
    missing_zero_grad: bool = False
    """Gradients pile up from step to step."""
    detach_layer: Annotated[int, Field(ge=0)] | None = None
    """No gradient flows back through this layer's output (counted from 0)."""
    double_softmax: bool = False
    """A softmax (or sigmoid) is applied before a loss that applies its own."""
    eval_dropout: bool = False
    """Dropout stays on in evaluation."""
    stale_batch: bool = False
    """The same batch is trained on again and again."""
    leak_validation: bool = False
    """The validation examples are in the training set."""


class Optimizer(Part):
    """The update rule; names and defaults follow torch.optim."""

    kind: OptimizerKind = "adam"
    lr: NonNegative = 1e-3
    """Learning rate."""
    momentum: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0
    """Of sgd and rmsprop."""
    nesterov: bool = False
    betas: tuple[Annotated[float, Field(ge=0.0, lt=1.0)], Annotated[float, Field(ge=0.0, lt=1.0)]] = (0.9, 0.999)
    """Of adam and adamw."""
    alpha: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.99
    """Smoothing of rmsprop."""
    eps: Positive = 1e-8
    weight_decay: NonNegative = 0.0
    """Added to the gradient (L2), except adamw, where it shrinks the weights directly (decoupled)."""


class Schedule(Part):
    """How the learning rate moves; a live turn of `lr` sets the base rate that the schedule multiplies."""

    kind: Literal["constant", "warmup", "cosine", "step", "exponential", "one_cycle"] = "constant"
    warmup_steps: Annotated[int, Field(ge=0)] = 0
    """Steps of linear rise from 0 before the schedule proper (any kind)."""
    total_steps: Count | None = None
    """Steps until cosine and one_cycle end; the planned steps when left out."""
    min_factor: Fraction = 0.0
    """Lowest multiple of lr (cosine, one_cycle)."""
    step_size: Count = 500
    """Steps between two drops of the step schedule."""
    gamma: Annotated[float, Field(gt=0.0, le=1.0)] = 0.1
    """Factor of each drop (step), or per step (exponential)."""
    peak_at: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.3
    """Where one_cycle peaks, as a share of its steps."""


class EarlyStopping(Part):
    """Finish when validation loss has not improved for a while."""

    patience: Count = 10
    """Evaluations without improvement."""
    min_delta: NonNegative = 0.0
    """Smallest fall that counts, in units of the loss."""
    restore_best: bool = True
    """Go back to the step with the best validation loss when it finishes."""


class Train(Part):
    """The budget and what is clipped."""

    steps: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    """Planned steps (2000 when neither steps nor epochs is given)."""
    epochs: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Planned passes over the training set instead."""
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] = 32
    eval_every: Count | None = None
    """Steps between two evaluations; about a hundred in all when left out."""
    clip_norm: NonNegative = 0.0
    """Longest gradient, as the L2 norm over all parameters; 0 is off."""
    clip_value: NonNegative = 0.0
    """Largest gradient entry; 0 is off."""
    pace: NonNegative = 0.0
    """Steps a second at which the lab starts (headless runs ignore it); 0 is as fast as the machine can."""
    early_stopping: EarlyStopping | None = None


class Guard(Part):
    """What the engine does by itself when training goes wrong."""

    on_nonfinite: Literal["continue", "pause", "stop", "rewind"] = "continue"
    """When the loss or the gradient norm is NaN or infinite."""
    grad_norm_ceiling: Positive | None = None
    """Longest gradient that is still accepted."""
    on_ceiling: Literal["pause", "stop", "rewind"] = "pause"
    lr_factor: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.5
    """What a rewind multiplies the learning rate by."""
    max_rewinds: Annotated[int, Field(ge=1, le=100)] = 3
    """Rewinds in a run; the next trouble pauses it."""


class KnobRange(Part):
    """`[knobs.NAME]`: narrows or widens a knob in the lab."""

    min: Finite | None = None
    max: Finite | None = None
    step: Positive | None = None
    """Fine step: added (linear) or a factor (log)."""
    label: str | None = None

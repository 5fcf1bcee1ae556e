"""The faults that a mystery can hide: what is set wrong, what it is called, how it can be put right.

`tests/bench/mysteries.py` trains a sample of mysteries and says of each whether it fails and whether its cure cures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnlab.scenario.steering import KnobValue, Setting

MLP = ("moons", "blobs")
NUMERIC = (*MLP, "stream")
ALL = (*NUMERIC, "towers")
BUG = "fault."
"""What the names of bugs in the code begin with, among the answers: those of the `[fault]` table."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One cause.

    `scene` are scenario keys that sick and healthy run share. `settings` are those that make it sick, each with the
    values it may get. `answers` are the names that count as right, the best
    first: a failure mode, or the id of a `[fault]` knob. `cure` are knobs to turn, `restart` keys to begin again with;
    one of them is empty. `told` explains it afterwards. `onset` is the first step that is trained with it. `pairs`
    says whether it can be one of two causes.
    """

    id: str
    level: int
    bases: tuple[str, ...]
    settings: Mapping[str, tuple[Setting, ...]]
    answers: tuple[str, ...]
    told: str
    cure: Mapping[str, KnobValue] = field(default_factory=dict)
    restart: Mapping[str, Setting] = field(default_factory=dict)
    scene: Mapping[str, Setting] = field(default_factory=dict)
    onset: int = 0
    pairs: bool = False


FAULTS: tuple[Fault, ...] = (
    # --- level 1: one setting that is wrong ---
    Fault(
        "rate too high", 1, NUMERIC, {"optimizer.lr": (0.5, 1.0, 3.0)}, ("lr-too-high", "exploding-gradients"),
        "The learning rate is hundreds of times too high: the first steps throw the weights far from where anything "
        "can be learnt.", cure={"lr": 2e-3}, pairs=True,
    ),
    Fault(
        "rate too low", 1, ALL, {"optimizer.lr": (1e-7, 3e-7, 1e-6)}, ("lr-too-low",),
        "The learning rate is thousands of times too low: every step goes the right way, and none gets anywhere.",
        cure={"lr": 2e-3}, pairs=True,
    ),
    Fault(
        "rate nought", 1, ALL, {"optimizer.lr": (0.0,)}, ("no-gradient", "lr-too-low"),
        "The learning rate is 0: every step is taken, none of them moves.", cure={"lr": 2e-3},
    ),
    Fault(
        "decay", 1, NUMERIC, {"optimizer.weight_decay": (0.5, 1.0, 2.0)}, ("over-regularised",),
        "Weight decay is stronger than the data: it pulls the weights to nothing, and the outputs with them.",
        cure={"weight_decay": 0.0}, pairs=True,
    ),
    Fault(
        "too small", 1, ("moons",), {"model.hidden": ((),)}, ("underfitting",),
        "There is no hidden layer, and a straight line cannot part a circle from the ring around it.",
        restart={"model.hidden": (32, 32)}, scene={"data.kind": "circles", "data.noise": 0.1},
    ),
    Fault(
        "all alike", 1, NUMERIC,
        {"model.init": ("constant",), "model.init_scale": (0.05, 0.1), "model.bias_init": (0.0,)}, ("bad-init",),
        "All weights begin equal, so that all units of a layer compute the same, and stay the same for ever.",
        restart={"model.init": "kaiming_normal", "model.init_scale": 1.0},
    ),
    Fault(
        "asleep", 1, MLP, {"model.init": ("normal",), "model.init_scale": (0.1,), "model.bias_init": (-2.0, -1.0)},
        ("dead-units", "bad-init"),
        "The biases begin far below zero: most units are silent on every input, and a silent unit gets no gradient.",
        restart={"model.init": "kaiming_normal", "model.init_scale": 1.0, "model.bias_init": 0.0},
    ),
    # --- level 2: something is wrong with the data ---
    Fault(
        "wrong labels", 2, MLP, {"data.label_noise": (0.4, 0.5, 0.6)}, ("label-noise",),
        "About half of the training labels are wrong: what can be learnt stops early, and the rest is learnt by heart.",
        cure={"label_noise": 0.0}, pairs=True,
    ),
    Fault(
        "sorted", 2, MLP, {"data.shuffle": (False,)}, ("unshuffled-data",),
        "The rows come sorted by class: each batch holds a single class, and the model follows the last one it saw.",
        cure={"shuffle": True}, pairs=True,
    ),
    Fault(
        "out of scale", 2, MLP, {"data.input_scale": (1000.0, 3000.0, 10000.0)}, ("unscaled-inputs",),
        "The features are thousands of times too large: the first layer is thrown about, the rest cannot follow.",
        cure={"input_scale": 1.0},
    ),
    Fault(
        "uneven", 2, ("moons",), {"objective.class_weights": ("none",)}, ("class-collapse",),
        "One class is sixty times rarer than the other: to predict the frequent one always looks like success.",
        cure={"class_weights": "balanced"},
        scene={"data.imbalance": 60.0, "data.noise": 0.4, "data.samples": 6000, "objective.class_weights": "balanced"},
    ),
    Fault(
        "no negatives", 2, ("towers",), {"data.negatives": ("same-query",)},
        ("false-negatives", "representation-collapse"),
        "The negatives are passages of the same query, as relevant as the positives: there is nothing to tell apart.",
        cure={"negatives": "random"}, pairs=True,
    ),
    Fault(
        "false negatives", 2, ("towers",), {"data.false_negative_rate": (0.5, 0.6, 0.7)}, ("false-negatives",),
        "More than half of the negatives are in truth relevant: the retriever is punished for being right.",
        cure={"false_negative_rate": 0.0},
    ),
    Fault(
        "drift", 2, ("stream",),
        {"data.strength": (2.0, 2.5, 3.0)}, ("data-drift",),
        "At step 500 the inputs shift, and by then the learning rate has decayed too far to follow.",
        cure={"drift": 0.0}, scene={"schedule.kind": "exponential", "schedule.gamma": 0.99}, onset=500,
    ),
    # --- level 3: a bug in the code ---
    Fault(
        "flipped", 3, ALL, {"fault.flip_gradient": (True,)}, ("fault.flip_gradient",),
        "The sign of the gradient is wrong: every step climbs the loss.", cure={"fault.flip_gradient": False},
    ),
    Fault(
        "misaligned", 3, NUMERIC, {"fault.misaligned_labels": (True,)}, ("fault.misaligned_labels",),
        "Labels are shifted by one row against the inputs: everybody gets the label of their neighbour.",
        cure={"fault.misaligned_labels": False},
    ),
    Fault(
        "piling up", 3, ("moons", "blobs", "stream"),
        {"fault.missing_zero_grad": (True,)}, ("fault.missing_zero_grad",),
        "zero_grad is missing: gradients pile up from step to step, and the steps run on like a ball without friction.",
        cure={"fault.missing_zero_grad": False}, scene={"optimizer.kind": "sgd", "optimizer.lr": 0.1},
    ),
    Fault(
        "detached", 3, NUMERIC, {"fault.detach_layer": (1,)}, ("fault.detach_layer", "no-gradient"),
        "The graph is cut behind a hidden layer: nothing before it gets a gradient.", cure={"fault.detach_layer": -1},
        scene={"model.hidden": (4, 4)},
    ),
    Fault(
        "stale", 3, ("stream", "towers"), {"fault.stale_batch": (True,)}, ("fault.stale_batch",),
        "The same batch is trained on again and again: it is learnt by heart, and nothing else is.",
        cure={"fault.stale_batch": False},
    ),
)  # fmt: skip

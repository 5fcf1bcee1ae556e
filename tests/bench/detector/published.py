"""25 cases after published bug benchmarks (AutoTrainer, DeepDiagnosis, TheDeepChecker, Stack Overflow), and a few of
our own.

Labels of `at-…` are the tools' outputs where the paper gives none; `tdc-…` and `so-…` are mapped to our modes.
"""

from .case import HEALTHY, Case, Part, Setup, sick
from .parts import CE, DIGITS, KERAS_BCE, KERAS_CE, MSE, adam, epochs, mlp, sgd, table

_STUCK = "plateau underfitting"
_CARS_INIT: Part = {"init": ["kaiming_normal", "kaiming_normal", "xavier_uniform"], "bias_init": 0.0}
_NESTEROV: Part = {"momentum": 0.9, "nesterov": True}


def _at(name: str, expect: str, accept: str, depth: int, activation: str, count: int, batch: int, **more: Part) -> Case:
    """AutoTrainer's family: hidden layers of five units, probabilities at the output, Adam 1e-3."""
    blob = name.startswith("at-blob")
    init: Part = {"init": "kaiming_uniform", "bias_init": 0.0} | more.get("model", {})
    setup = Setup(
        table("at-blobs" if blob else "at-circles"),
        mlp(*[5] * depth, activation=activation, output_activation="sigmoid", **init),
        KERAS_CE if blob else KERAS_BCE,
        adam(**more.get("optimizer", {})),
        epochs(count, batch),
    )
    return sick(name, expect, accept, setup)


def _small_uniform(depth: int) -> Part:
    """Keras' RandomUniform(-0.05, 0.05) in the hidden layers, He's in the last."""
    return {
        "init": ["uniform"] * depth + ["kaiming_uniform"],
        "init_scale": [0.05] * depth + [1.0],
    }


def _cars(name: str, expect: str, accept: str, data: str, count: int, output: str = "none", **more: Part) -> Case:
    """TheDeepChecker's regression programs: 9-64-64-1 on Auto MPG, Adam 1e-3."""
    setup = Setup(
        table(data, "regression"),
        mlp(64, 64, output_activation=output, **_CARS_INIT),
        {"kind": "mse", "l2": 1e-5, **more.get("objective", {})},
        adam(),
        epochs(count, 64),
        fault=more.get("fault", {}),
    )
    return sick(name, expect, accept, setup)


def _line(name: str, data: str, lr: float, count: int, batch: int, **objective: str) -> Case:
    setup = Setup(
        table(data, "regression"),
        mlp(activation="linear", init="zeros", bias_init=0.0),
        {"kind": "mse", **objective},
        sgd(lr),
        epochs(count, batch),
    )
    return sick(name, "lr-too-high exploding-gradients nonfinite", "", setup)


AUTOTRAINER = (
    _at("at-blob-sigmoid13", "vanishing-gradients", f"{_STUCK} saturated-units", 12, "sigmoid", 300, 256),
    _at("at-circle-sigmoid14", "vanishing-gradients", f"{_STUCK} saturated-units", 13, "sigmoid", 300, 128),
    _at(
        "at-blob-relu8-uniform05", "vanishing-gradients", f"{_STUCK} bad-init dead-units", 8, "relu", 300, 256,
        model=_small_uniform(8),
    ),
    _at(
        "at-circle-relu8-uniform05", "vanishing-gradients", f"{_STUCK} bad-init dead-units", 8, "relu", 300, 128,
        model=_small_uniform(8),
    ),
    _at("at-blob-relu15-narrow", "dead-units", f"{_STUCK} vanishing-gradients bad-init", 15, "relu", 300, 256),
    _at("at-circle-relu17-narrow", "dead-units", f"{_STUCK} vanishing-gradients bad-init", 17, "relu", 300, 128),
    _at("at-circle-exp11", "exploding-gradients", "nonfinite lr-too-high bad-init", 11, "exponential", 300, 128),
    _at(
        "at-blob-normal-adambeta", " ".join(HEALTHY), "", 17, "tanh", 400, 256,
        optimizer={"betas": [0.3897, 0.4435]},
    ),
    _at(
        "at-circle-normal-adambeta", " ".join(HEALTHY), "", 5, "tanh", 500, 32,
        optimizer={"betas": [0.3499, 0.1259]},
    ),
    _at("at-circle-normal-tanh8", " ".join(HEALTHY), "", 8, "tanh", 300, 128),
)  # fmt: skip

DEEP_CHECKER = (
    _cars(
        "tdc-regr-flip-sign", "exploding-gradients lr-too-high nonfinite", "", "cars", 60,
        fault={"flip_gradient": True},
    ),
    _cars(
        "tdc-regr-sum-loss", "exploding-gradients lr-too-low objective-mismatch underfitting unscaled-inputs",
        "learning converged lr-too-high", "cars-tenfold", 200, objective={"reduction": "sum"},
    ),
    _cars(
        "tdc-regr-softmax1", "no-gradient objective-mismatch plateau vanishing-gradients",
        "saturated-units underfitting", "cars", 200, "softmax",
    ),
    _cars(
        "tdc-regr-sigmoid-range", "objective-mismatch underfitting", "saturated-units plateau vanishing-gradients",
        "cars-signed", 200, "sigmoid",
    ),
    _line("tdc-so-ramp-sgd0.5", "ramp", 0.5, 60, 100),
    _line("tdc-so-quad-sgd0.01", "parabola", 0.01, 200, 4, reduction="sum"),
)  # fmt: skip

STACK_OVERFLOW = (
    sick(
        "so-34311586-xor-softmax1",
        "no-gradient objective-mismatch plateau vanishing-gradients",
        "bad-init lr-too-low underfitting",
        Setup(
            table("xor6", "regression"),
            mlp(
                2, 3, activation="sigmoid", output_activation="softmax", init="uniform", init_scale=0.05, bias_init=0.0,
            ),
            MSE,
            sgd(1e-3, **_NESTEROV),
            epochs(20),
        ),
    ),
    sick(
        "so-33969059-wide-softmax1",
        "no-gradient objective-mismatch plateau saturated-units vanishing-gradients",
        "underfitting over-regularised",
        Setup(
            table("wide-linear", "regression"),
            mlp(
                3, 2, activation="tanh", output_activation="softmax", init="uniform", init_scale=0.05, bias_init=0.0,
                dropout=0.5,
            ),
            MSE,
            sgd(0.1, **_NESTEROV),
            epochs(10),
        ),
    ),
    sick(
        "so-48385830-fixed-digits",
        " ".join(HEALTHY),
        "overfitting",
        Setup(
            DIGITS,
            mlp(30, activation="sigmoid", init="normal", init_scale=1.0, bias_init=0.0),
            CE,
            sgd(0.5),
            epochs(30, 10),
        ),
    ),
    sick(
        "so-45337371-random-xy",
        "label-noise underfitting plateau",
        "batch-too-small overfitting lr-too-high",
        Setup(
            table("random-pairs", "regression"),
            mlp(60, 50, output_activation="sigmoid", init="xavier_uniform", bias_init=0.0),
            MSE,
            adam(),
            epochs(5, 1),
        ),
    ),
    sick(
        "so-38648195-multilabel-softmax",
        "lr-too-low objective-mismatch over-regularised plateau underfitting",
        "dead-units",
        Setup(
            table("multilabel", "regression"),
            mlp(20, 20, output_activation="softmax", init="xavier_uniform", bias_init=0.0, dropout=0.5),
            MSE,
            sgd(0.01),
            epochs(20, 20),
        ),
    ),
)  # fmt: skip

DESIGNED = (
    sick(
        "own-random-labels",
        "label-noise overfitting",
        _STUCK,
        Setup(table("random-digits"), mlp(64, init="kaiming_uniform", bias_init=0.0), CE, adam(), epochs(30)),
    ),
    sick(
        "own-batch-too-large",
        "batch-too-large lr-too-low",
        "underfitting",
        Setup(table("many-moons"), mlp(32, 32, init="kaiming_uniform", bias_init=0.0), CE, sgd(0.05), epochs(40, 3200)),
    ),
    sick(
        "own-lr-zero",
        "no-gradient lr-too-low",
        "plateau",
        Setup(DIGITS, mlp(32, init="kaiming_uniform", bias_init=0.0), CE, sgd(0.0), epochs(10)),
    ),
    sick(
        "own-lr-low-sgd",
        "lr-too-low",
        "underfitting",
        Setup(DIGITS, mlp(64, init="kaiming_uniform", bias_init=0.0), CE, sgd(1e-4), epochs(20)),
    ),
)

PUBLISHED = (*AUTOTRAINER, *DEEP_CHECKER, *STACK_OVERFLOW, *DESIGNED)

"""Healthy runs: many kinds of data, sizes, optimizers, schedules, noise and batch sizes that are all as they should be.

The outcome that each must reach says what "healthy" means for it; it lies a little under what such a net reaches on
data so noisy.
"""

from collections.abc import Iterator

from .case import Case, Outcome, Part, Setup, accuracy, fit, healthy
from .parts import (
    BCE,
    BLOBS,
    CE,
    CIRCLES,
    DIGITS,
    KERAS_BCE,
    KERAS_CE,
    LINEAR,
    LINEAR_CLASSES,
    MOONS,
    MSE,
    SINE,
    SPIRALS,
    XOR,
    adam,
    epochs,
    mlp,
    sgd,
    steps,
    table,
)


def _depths() -> Iterator[Case]:
    for activation, deepest in (("relu", 6), ("tanh", 8), ("gelu", 5), ("elu", 6), ("leaky_relu", 6), ("selu", 8)):
        for depth in range(1, deepest + 1):
            width = (32, 16, 24)[depth % 3]
            data = (MOONS, {**CIRCLES, "noise": 0.05}, XOR)[(depth + len(activation)) % 3]
            model = mlp(*[width] * depth, activation=activation)
            yield healthy(f"{activation}-{depth}", Setup(data, model, CE, adam(3e-3), steps(800)), accuracy(0.85))


def _optimizers() -> Iterator[Case]:
    rates: list[Part] = [
        sgd(0.3), sgd(0.1, momentum=0.9), sgd(0.05, momentum=0.9, nesterov=True), adam(3e-3), adam(1e-2),
        {"kind": "adamw", "lr": 3e-3, "weight_decay": 1e-2}, {"kind": "rmsprop", "lr": 2e-3},
        {"kind": "adagrad", "lr": 5e-2}, adam(2e-3, betas=[0.5, 0.9]),
    ]  # fmt: skip
    for rate in rates:
        name = (
            f"{rate['kind']}-{rate['lr']:g}"
            + ("-m" if rate.get("momentum") else "")
            + ("-n" if rate.get("nesterov") else "")
        )
        yield healthy(f"moons-{name}", Setup(MOONS, mlp(32, 32), CE, rate, steps(1200)), accuracy(0.93))
        yield healthy(f"digits-{name}", Setup(DIGITS, mlp(64), CE, rate, epochs(15, 64)), accuracy(0.92))
        yield healthy(f"line-{name}", Setup(LINEAR, mlp(16), MSE, rate | {"lr": rate["lr"] / 3}, steps(1500)), fit(0.9))


def _batches() -> Iterator[Case]:
    for batch, lr, count in ((1, 3e-4, 4000), (4, 1e-3, 3000), (16, 2e-3, 1500), (128, 5e-3, 800), (800, 1e-2, 400)):
        yield healthy(
            f"moons-batch{batch}", Setup(MOONS, mlp(32, 32), CE, adam(lr), steps(count, batch)), accuracy(0.93)
        )
        yield healthy(f"blobs-batch{batch}", Setup(BLOBS, mlp(16), CE, adam(lr), steps(count, batch)), accuracy(0.85))
        noisy = {**LINEAR, "noise": 1.0}
        yield healthy(f"line-batch{batch}", Setup(noisy, mlp(16), MSE, adam(3 * lr), steps(count, batch)), fit(0.7))
    yield healthy("moons-full-sgd", Setup(MOONS, mlp(32, 32), CE, sgd(0.5), steps(800, 800)), accuracy(0.9))
    yield healthy("line-full-sgd", Setup(LINEAR, mlp(), MSE, sgd(0.2), steps(100, 800)), fit(0.95))


def _noisy() -> Iterator[Case]:
    for noise, least in ((0.1, 0.97), (0.3, 0.87), (0.4, 0.8), (0.5, 0.76)):
        data = {**MOONS, "noise": noise, "samples": 3000}
        yield healthy(f"moons-noise{noise}", Setup(data, mlp(16, 16), CE, adam(3e-3), steps(1500)), accuracy(least))
    for noise, least in ((1.0, 0.9), (2.5, 0.7), (4.0, 0.6)):
        data = {**BLOBS, "noise": noise, "samples": 3000}
        yield healthy(f"blobs-noise{noise}", Setup(data, mlp(16), CE, adam(3e-3), steps(1500)), accuracy(least))
    for noise, least in ((0.5, 0.6), (0.3, 0.75), (0.0, 0.98)):
        data = {**SINE, "noise": noise, "samples": 2000}
        yield healthy(f"sine-noise{noise}", Setup(data, mlp(32, 32), MSE, adam(3e-3), steps(2000)), fit(least))
    for noise in (0.05, 0.1, 0.2):
        data = {**BLOBS, "label_noise": noise, "noise": 1.0}
        yield healthy(
            f"blobs-wrong{noise}", Setup(data, mlp(16), CE, adam(3e-3), steps(1000)), accuracy(0.85), "label-noise"
        )


def _regularised() -> Iterator[Case]:
    for dropout in (0.1, 0.3, 0.5):
        model = mlp(64, 64, dropout=dropout)
        yield healthy(f"moons-dropout{dropout}", Setup(MOONS, model, CE, adam(3e-3), steps(1500)), accuracy(0.92))
        yield healthy(
            f"digits-dropout{dropout}", Setup(DIGITS, mlp(128, dropout=dropout), CE, adam(), epochs(15)), accuracy(0.92)
        )
    for norm in ("batch", "layer"):
        for depth in (2, 5):
            model = mlp(*[32] * depth, norm=norm)
            yield healthy(f"moons-{norm}{depth}", Setup(MOONS, model, CE, adam(3e-3), steps(1000)), accuracy(0.92))
        yield healthy(f"digits-{norm}", Setup(DIGITS, mlp(64, 64, norm=norm), CE, adam(), epochs(12)), accuracy(0.92))
    for decay in (1e-5, 1e-4, 1e-3):
        yield healthy(
            f"moons-decay{decay:g}",
            Setup(MOONS, mlp(64, 64), CE, adam(1e-3, weight_decay=decay), steps(2000)),
            accuracy(0.92),
        )
        objective = {**CE, "l2": decay}
        yield healthy(f"digits-l2-{decay:g}", Setup(DIGITS, mlp(64), objective, adam(), epochs(15)), accuracy(0.92))
    smooth = {**CE, "label_smoothing": 0.1}
    yield healthy("moons-smooth", Setup(MOONS, mlp(32, 32), smooth, adam(3e-3), steps(1000)), accuracy(0.92))
    yield healthy("digits-smooth", Setup(DIGITS, mlp(64), smooth, adam(), epochs(15)), accuracy(0.92))
    yield healthy("moons-clip", Setup(MOONS, mlp(32, 32), CE, sgd(0.2), steps(1200, clip_norm=1.0)), accuracy(0.92))
    yield healthy(
        "moons-residual", Setup(MOONS, mlp(*[32] * 6, residual=True), CE, adam(), steps(1000)), accuracy(0.92)
    )
    yield healthy(
        "moons-early",
        Setup(MOONS, mlp(32, 32), CE, adam(5e-3), steps(2000, early_stopping={"patience": 15})),
        accuracy(0.9),
    )


def _schedules() -> Iterator[Case]:
    shapes: dict[str, Part] = {
        "cosine": {"kind": "cosine"},
        "warm": {"kind": "constant", "warmup_steps": 150},
        "warm-cosine": {"kind": "cosine", "warmup_steps": 100},
        "one-cycle": {"kind": "one_cycle"},
        "step": {"kind": "step", "step_size": 400},
        "exponential": {"kind": "exponential", "gamma": 0.998},
    }
    for name, shape in shapes.items():
        yield healthy(f"moons-{name}", Setup(MOONS, mlp(32, 32), CE, adam(1e-2), steps(1200), shape), accuracy(0.93))
        yield healthy(f"digits-{name}", Setup(DIGITS, mlp(64), CE, sgd(0.3), steps(800), shape), accuracy(0.9))
        yield healthy(
            f"sine-{name}", Setup(SINE, mlp(32, 32, activation="tanh"), MSE, adam(1e-2), steps(1500), shape), fit(0.9)
        )


def _objectives() -> Iterator[Case]:
    probability = mlp(32, 32, output_activation="sigmoid")
    yield healthy("moons-bce", Setup(MOONS, mlp(32, 32), BCE, adam(3e-3), steps(1000)), accuracy(0.93))
    yield healthy("moons-hinge", Setup(MOONS, mlp(32, 32), {"kind": "hinge"}, adam(3e-3), steps(1000)), accuracy(0.93))
    yield healthy("moons-mse", Setup(MOONS, mlp(32, 32), MSE, adam(3e-3), steps(1000)), accuracy(0.93))
    yield healthy("moons-keras", Setup(MOONS, probability, KERAS_BCE, adam(3e-3), steps(1000)), accuracy(0.93))
    yield healthy("moons-mse-sigmoid", Setup(MOONS, probability, MSE, adam(3e-3), steps(1200)), accuracy(0.92))
    for output in ("softmax", "sigmoid"):
        model = mlp(16, 16, output_activation=output)
        yield healthy(f"blobs-keras-{output}", Setup(BLOBS, model, KERAS_CE, adam(3e-3), steps(1200)), accuracy(0.85))
        model = mlp(64, output_activation=output)
        yield healthy(f"digits-keras-{output}", Setup(DIGITS, model, KERAS_CE, adam(2e-3), epochs(20)), accuracy(0.92))
    yield healthy("digits-mse", Setup(DIGITS, mlp(64), MSE, adam(), epochs(20)), accuracy(0.9))
    for kind in ("mse", "mae", "huber"):
        yield healthy(f"sine-{kind}", Setup(SINE, mlp(32, 32), {"kind": kind}, adam(3e-3), steps(2000)), fit(0.9))
        yield healthy(f"line-{kind}", Setup(LINEAR, mlp(32), {"kind": kind}, adam(5e-3), steps(1500)), fit(0.9))
    yield healthy("line-sum", Setup(LINEAR, mlp(), {**MSE, "reduction": "sum"}, sgd(1e-3), steps(800, 16)), fit(0.9))


def _autotrainer() -> Iterator[Case]:
    """Normal siblings of the published family."""
    for depth, activation, lr in (
        (2, "relu", 1e-3),
        (4, "tanh", 1e-3),
        (6, "tanh", 3e-3),
        (3, "elu", 1e-3),
        (10, "tanh", 1e-3),
        (14, "tanh", 1e-3),
    ):
        model = mlp(
            *[5] * depth, activation=activation, output_activation="sigmoid", init="kaiming_uniform", bias_init=0.0
        )
        yield healthy(
            f"at-blobs-{activation}{depth}",
            Setup(table("at-blobs"), model, KERAS_CE, adam(lr), epochs(250, 64)),
            accuracy(0.8),
        )
    for depth, activation, batch in (
        (2, "tanh", 32),
        (4, "tanh", 32),
        (6, "tanh", 32),
        (3, "elu", 32),
        (7, "tanh", 64),
        (4, "selu", 32),
    ):
        model = mlp(
            *[8] * depth, activation=activation, output_activation="sigmoid", init="kaiming_uniform", bias_init=0.0
        )
        yield healthy(
            f"at-circles-{activation}{depth}",
            Setup(table("at-circles"), model, KERAS_BCE, adam(), epochs(250, batch)),
            accuracy(0.75),
        )


def _tables() -> Iterator[Case]:
    scaled: Part = {"standardize": True}
    yield healthy("iris", Setup(table("iris", **scaled), mlp(8), CE, adam(1e-2), epochs(60, 16)), accuracy(0.9))
    yield healthy(
        "iris-raw", Setup(table("iris"), mlp(10, 10), CE, adam(1e-2), epochs(60, 16)), accuracy(0.9), "overfitting"
    )
    yield healthy("wine", Setup(table("wine", **scaled), mlp(16), CE, adam(3e-3), epochs(30, 16)), accuracy(0.9))
    yield healthy(
        "cancer",
        Setup(table("cancer", **scaled), mlp(16), CE, adam(1e-3, weight_decay=1e-3), epochs(25)),
        accuracy(0.93),
    )
    yield healthy("cars", Setup(table("cars", "regression"), mlp(64, 64), MSE, adam(), epochs(60, 64)), fit(0.75))
    yield healthy(
        "cars-signed-tanh", Setup(table("cars-signed", "regression"), mlp(32), MSE, adam(3e-3), epochs(60)), fit(0.75)
    )
    yield healthy(
        "friedman",
        Setup(table("friedman", "regression"), mlp(64, 64), MSE, adam(1e-3, weight_decay=1e-4), epochs(80)),
        fit(0.85),
    )
    yield healthy(
        "friedman-large", Setup(table("friedman", "regression"), mlp(64), MSE, adam(1e-2), epochs(60)), fit(0.8)
    )
    yield healthy(
        "multilabel", Setup(table("multilabel", "multilabel"), mlp(32, 32), BCE, adam(1e-3), epochs(10)), accuracy(0.75)
    )
    yield healthy("digits-deep", Setup(DIGITS, mlp(64, 64, 64, 64), CE, adam(), epochs(12)), accuracy(0.92))
    yield healthy(
        "digits-sigmoid", Setup(DIGITS, mlp(32, activation="sigmoid"), CE, adam(5e-3), epochs(20)), accuracy(0.92)
    )
    yield healthy("digits-wide", Setup(DIGITS, mlp(256), CE, adam(), epochs(10)), accuracy(0.92))
    yield healthy("digits-short", Setup(DIGITS, mlp(64), CE, adam(3e-3), epochs(3, 16)), accuracy(0.85))


def _others() -> Iterator[Case]:
    for classes, features in ((2, 2), (5, 5), (8, 10), (10, 2)):
        data = {**BLOBS, "classes": classes, "features": features, "samples": 2000, "noise": 1.0}
        yield healthy(f"blobs-{classes}of{features}", Setup(data, mlp(32), CE, adam(3e-3), steps(1500)), accuracy(0.75))
    for features, outputs in ((5, 2), (20, 4), (50, 3)):
        data = {**LINEAR_CLASSES, "features": features, "outputs": outputs, "samples": 4000, "noise": 0.3}
        yield healthy(
            f"line-{outputs}of{features}",
            Setup(data, mlp(32), CE, adam(2e-3, weight_decay=1e-3), steps(1000, 64)),
            accuracy(0.75),
        )
    for turns, hidden in ((0.6, [32, 32]), (1.0, [64, 64])):
        data = {**SPIRALS, "turns": turns}
        yield healthy(f"spirals-{turns}", Setup(data, mlp(*hidden), CE, adam(5e-3), steps(2500)), accuracy(0.85))
    for ratio in (2.0, 4.0):
        data = {**MOONS, "imbalance": ratio}
        yield healthy(f"moons-uneven{ratio:g}", Setup(data, mlp(32), CE, adam(5e-3), steps(1200)), accuracy(0.88))
    yield healthy("moons-linear", Setup({**MOONS, "noise": 0.1}, mlp(), CE, adam(1e-2), steps(1200)), accuracy(0.8))
    yield healthy(
        "moons-lr-drop",
        Setup(MOONS, mlp(32, 32), CE, adam(1e-2), steps(1500), script=({"at": 700, "set": {"lr": 1e-3}},)),
        accuracy(0.93),
    )
    yield healthy(
        "moons-no-val",
        Setup({**MOONS, "val_fraction": 0.0}, mlp(32, 32), CE, adam(3e-3), steps(1000)),
        Outcome("train/probe_accuracy", least=0.93),
    )
    yield healthy("digits-freeze", Setup(DIGITS, mlp(64, 64, freeze=[0]), CE, adam(2e-3), epochs(12)), accuracy(0.9))
    for strength in (0.0, 0.2):
        data = {"kind": "stream", "strength": strength, "drift": "mean-shift" if strength else "none"}
        yield healthy(
            f"stream-{strength}", Setup(data, mlp(32, 32), CE, adam(3e-3), steps(1500)), accuracy(0.85), "data-drift"
        )
    for negatives in ("random", "in-batch"):
        data = {"kind": "triplets", "queries": 600, "document_length": 16, "negatives": negatives}
        model = {"kind": "two-tower", "encoder": "bag", "dropout": 0.1}
        yield healthy(
            f"towers-{negatives}", Setup(data, model, {"kind": "triplet"}, adam(3e-3), steps(600)), accuracy(0.95)
        )


HEALTHY_CASES = (
    *_depths(),
    *_optimizers(),
    *_batches(),
    *_noisy(),
    *_regularised(),
    *_schedules(),
    *_objectives(),
    *_autotrainer(),
    *_tables(),
    *_others(),
)

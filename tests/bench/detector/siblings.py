"""Siblings of the published cases: the same programs with other depths, activations, losses, rates and faults."""

from collections.abc import Iterator

from .case import Case, Part, Setup, accuracy, fit, healthy, missed, sick
from .parts import BCE, CE, DIGITS, KERAS_BCE, KERAS_CE, MSE, adam, epochs, mlp, sgd, table

STUCK = "plateau underfitting"
AWAY = "exploding-gradients lr-too-high nonfinite"
HE: Part = {"init": "kaiming_uniform", "bias_init": 0.0}
BLOBS, CIRCLES = table("at-blobs"), table("at-circles")
CARS, SIGNED, TENFOLD = (table(name, "regression") for name in ("cars", "cars-signed", "cars-tenfold"))


def _loss(data: Part) -> Part:
    return KERAS_CE if data is BLOBS else KERAS_BCE


def _classifier(data: Part, depth: int, width: int, activation: str, rate: Part, batch: int, **model: object) -> Setup:
    """A narrow net with probabilities at the output, 200 epochs."""
    whole = mlp(*[width] * depth, **{"activation": activation, "output_activation": "sigmoid", **HE, **model})
    return Setup(data, whole, _loss(data), rate, epochs(200, batch))


def _stuck() -> Iterator[Case]:
    for data, depth, width, rate, batch in (
        (BLOBS, 9, 5, adam(), 128), (BLOBS, 15, 8, adam(), 256), (CIRCLES, 10, 5, adam(3e-3), 128),
        (CIRCLES, 16, 10, adam(), 64), (BLOBS, 8, 5, sgd(0.1), 64), (CIRCLES, 7, 8, sgd(0.1, momentum=0.9), 32),
        (BLOBS, 12, 5, {"kind": "rmsprop", "lr": 1e-3}, 128),
    ):  # fmt: skip
        setup = _classifier(data, depth, width, "sigmoid", rate, batch)
        name = f"sib-sigmoid{depth}x{width}-{data['path']}"
        yield sick(name, "vanishing-gradients", f"{STUCK} saturated-units", setup, outcome=missed(0.75))
    for data, depth, width, half_width in (
        (BLOBS, 6, 5, 0.05), (BLOBS, 10, 8, 0.05), (CIRCLES, 7, 5, 0.05), (CIRCLES, 12, 10, 0.05), (CIRCLES, 6, 8, 0.1),
    ):  # fmt: skip
        small: Part = {
            "init": ["uniform"] * depth + ["kaiming_uniform"],
            "init_scale": [half_width] * depth + [1.0],
        }
        setup = _classifier(data, depth, width, "relu", adam(), 128, **small)
        accept = f"{STUCK} dead-units lr-too-low"
        name = f"sib-small{depth}x{width}-{data['path']}"
        yield sick(name, "vanishing-gradients bad-init", accept, setup, outcome=missed(0.75))
    for data, depth, width in ((BLOBS, 18, 5), (BLOBS, 24, 5), (CIRCLES, 19, 4), (CIRCLES, 22, 5), (BLOBS, 20, 4)):
        setup = _classifier(data, depth, width, "relu", adam(), 128)
        accept = f"{STUCK} bad-init"
        name = f"sib-narrow{depth}x{width}-{data['path']}"
        yield sick(name, "dead-units vanishing-gradients", accept, setup, outcome=missed(0.6))


def _away() -> Iterator[Case]:
    for data, depth, activation, rate in (
        (BLOBS, 6, "exponential", adam()), (CIRCLES, 7, "exponential", adam(3e-3)),
        (BLOBS, 9, "exponential", sgd(0.01)),
    ):  # fmt: skip
        setup = _classifier(data, depth, 5, activation, rate, 128)
        name = f"sib-exp{depth}-{data['path']}"
        yield sick(name, AWAY, "bad-init", setup, outcome=missed(0.75))
    for data, lr, kind in (
        (BLOBS, 1.0, "adam"),
        (CIRCLES, 0.5, "adam"),
        (CIRCLES, 1.0, "rmsprop"),
        (BLOBS, 10.0, "sgd"),
    ):
        setup = _classifier(data, 3, 8, "relu", {"kind": kind, "lr": lr}, 64)
        accept = f"dead-units saturated-units nonfinite class-collapse vanishing-gradients {STUCK}"
        name = f"sib-high-{kind}{lr:g}-{data['path']}"
        yield sick(name, "lr-too-high exploding-gradients dead-units", accept, setup, outcome=missed(0.7))
    for data, lr, kind in (
        (BLOBS, 1e-6, "adam"),
        (CIRCLES, 1e-5, "adam"),
        (CIRCLES, 1e-4, "sgd"),
        (BLOBS, 1e-5, "rmsprop"),
    ):
        setup = _classifier(data, 3, 8, "tanh", {"kind": kind, "lr": lr}, 128)
        name = f"sib-low-{kind}{lr:g}-{data['path']}"
        yield sick(name, "lr-too-low", STUCK, setup, outcome=missed(0.75))
    for data, scale in ((BLOBS, 5.0), (CIRCLES, 5.0)):
        setup = _classifier(data, 5, 8, "tanh", adam(), 64, init="normal", init_scale=scale)
        accept = f"{STUCK} vanishing-gradients exploding-gradients"
        name = f"sib-large-{data['path']}"
        yield sick(name, "saturated-units bad-init", accept, setup, outcome=missed(0.75))


def _regressions() -> Iterator[Case]:
    he: Part = {"init": "kaiming_normal", "bias_init": 0.0}
    for name, expect, accept, data, model, objective, rate in (
        ("zeros", "bad-init no-gradient", f"{STUCK} dead-units vanishing-gradients", CARS, mlp(64, 64, init="zeros",
        bias_init=0.0), MSE, adam()),
        ("constant", "bad-init", STUCK, CARS, mlp(32, 32, init="constant", init_scale=0.1, bias_init=0.0), MSE, adam()),
        ("huge", "bad-init exploding-gradients", "lr-too-low lr-too-high overfitting", CARS, mlp(64, 64,
        init="normal", init_scale=3.0), MSE, adam()),
        ("l2", "over-regularised", f"{STUCK} vanishing-gradients dead-units", CARS, mlp(64, 64, **he), {**MSE,
        "l2": 1.0}, adam()),
        ("sgd-high", AWAY, "dead-units plateau underfitting", CARS, mlp(64, 64, **he), MSE, sgd(3.0)),
        ("sgd-low", "lr-too-low", STUCK, SIGNED, mlp(64, 64, **he), MSE, sgd(1e-5)),
        ("sgd-tenfold", f"{AWAY} unscaled-inputs", "dead-units", TENFOLD, mlp(64, 64, **he), MSE, sgd(0.05)),
        ("relu-out", "objective-mismatch dead-units underfitting", f"plateau no-gradient {STUCK}", SIGNED, mlp(64,
        output_activation="relu", **he), MSE, adam()),
        ("tanh-tenfold", "objective-mismatch underfitting saturated-units", f"{STUCK} no-gradient", TENFOLD, mlp(64,
        output_activation="tanh", **he), MSE, adam()),
        ("sigmoid-tenfold", "objective-mismatch underfitting saturated-units", f"{STUCK} no-gradient", TENFOLD,
        mlp(64, 64, output_activation="sigmoid", **he), MSE, sgd(0.01)),
        ("frozen", "no-gradient", STUCK, CARS, mlp(64, 64, freeze=[0, 1, 2], **he), MSE, adam()),
        ("dropped", "over-regularised", f"{STUCK} dead-units", CARS, mlp(64, 64, dropout=0.95, **he), MSE, adam()),
    ):  # fmt: skip
        setup = Setup(data, model, objective, rate, epochs(120, 64))
        outcome = None if name in ("huge", "frozen", "zeros") else missed(0.6, "val/r2")
        yield sick(f"sib-cars-{name}", expect, accept, setup, outcome=outcome)
    climb = Setup(SIGNED, mlp(32, 32, **he), MSE, sgd(0.1), epochs(60, 64), fault={"flip_gradient": True})
    yield sick("sib-cars-climb", AWAY, "", climb)
    shifted = Setup(CARS, mlp(64, 64, **he), MSE, adam(), epochs(60, 64), fault={"misaligned_labels": True})
    yield sick("sib-cars-shifted", f"label-noise overfitting {STUCK}", "lr-too-low", shifted)


def _digits() -> Iterator[Case]:
    for name, expect, accept, model, objective, rate in (
        ("softmax-ce", "objective-mismatch", STUCK, mlp(64, output_activation="softmax"), CE, adam()),
        ("no-softmax", "objective-mismatch", f"{STUCK} dead-units {AWAY} class-collapse", mlp(64), KERAS_CE, adam()),
        ("relu-softmaxless", "objective-mismatch", f"{STUCK} dead-units {AWAY}", mlp(64, output_activation="relu"),
        KERAS_CE, sgd(0.1)),
        ("sigmoid6", "vanishing-gradients", f"{STUCK} lr-too-low", mlp(*[30] * 6, activation="sigmoid"), CE, sgd(0.5)),
        ("tanh-large", "saturated-units bad-init exploding-gradients", f"{STUCK} vanishing-gradients lr-too-low",
        mlp(64, 64, activation="tanh", init="normal", init_scale=4.0), CE, sgd(0.01)),
        ("narrow", STUCK, "lr-too-low class-collapse", mlp(1), CE, adam(1e-2)),
        ("short", "lr-too-low underfitting batch-too-large", STUCK, mlp(64, 64), CE, sgd(1e-3)),
    ):  # fmt: skip
        setup = Setup(DIGITS, model, objective, rate, epochs(12))
        yield sick(f"sib-digits-{name}", expect, accept, setup, outcome=missed(0.85))


def _fine() -> Iterator[Case]:
    """What the fix of such a program looks like."""
    for data, depth, width, activation, rate, batch in (
        (BLOBS, 2, 5, "relu", adam(), 64), (BLOBS, 5, 8, "tanh", adam(), 128), (BLOBS, 3, 16, "selu", adam(), 64),
        (CIRCLES, 3, 16, "relu", adam(), 32), (CIRCLES, 2, 32, "tanh", adam(3e-3), 64),
        (CIRCLES, 5, 10, "elu", adam(), 32),
        (BLOBS, 2, 10, "sigmoid", adam(1e-2), 64), (CIRCLES, 1, 30, "sigmoid", adam(3e-2), 64),
        (BLOBS, 4, 8, "leaky_relu", {"kind": "rmsprop", "lr": 1e-3}, 64),
        (CIRCLES, 2, 16, "relu", sgd(0.1, momentum=0.9), 32),
        (BLOBS, 2, 8, "tanh", sgd(0.1), 32), (CIRCLES, 4, 12, "gelu", {"kind": "adamw", "lr": 2e-3}, 32),
    ):  # fmt: skip
        setup = _classifier(data, depth, width, activation, rate, batch)
        name = f"sib-fine-{activation}{depth}x{width}-{data['path']}"
        yield healthy(name, setup, accuracy(0.75))
    for name, data, model, rate in (
        ("relu", CARS, mlp(64, 64, init="kaiming_normal"), adam()),
        ("tanh", SIGNED, mlp(32, activation="tanh"), adam(3e-3)),
        ("sigmoid-out", CARS, mlp(64, output_activation="sigmoid"), adam(3e-3)), ("sgd", CARS, mlp(64), sgd(0.05)),
        ("tanh-out", SIGNED, mlp(32, 32, output_activation="tanh"), adam(2e-3)), ("linear", CARS, mlp(), sgd(0.1)),
    ):  # fmt: skip
        setup = Setup(data, model, MSE, rate, epochs(120, 32))
        yield healthy(f"sib-fine-cars-{name}", setup, fit(0.75))
    for name, model, objective, rate in (
        ("softmax", mlp(64, output_activation="softmax"), KERAS_CE, adam()),
        ("normal", mlp(30, activation="sigmoid", init="normal", init_scale=1.0), CE, sgd(1.0)),
        ("tanh", mlp(64, 32, activation="tanh"), CE, adam()),
        ("mse", mlp(64, output_activation="sigmoid"), MSE, adam(2e-3)),
        ("sgd", mlp(100), CE, sgd(0.1)), ("deep", mlp(*[40] * 5), CE, adam()),
    ):  # fmt: skip
        yield healthy(
            f"sib-fine-digits-{name}", Setup(DIGITS, model, objective, rate, epochs(15)), accuracy(0.9), "overfitting"
        )
    yield healthy(
        "sib-fine-multilabel",
        Setup(table("multilabel", "multilabel"), mlp(20, 20), BCE, adam(), epochs(12, 20)),
        accuracy(0.75),
    )


SIBLINGS = (*_stuck(), *_away(), *_regressions(), *_digits(), *_fine())

"""Runs that fail inside the network: gradients that vanish, units that die or saturate, a bad start, a wrong output."""

from collections.abc import Iterator

from .case import Case, Part, Setup, missed, sick
from .parts import (
    BCE,
    BLOBS,
    CE,
    CIRCLES,
    DIGITS,
    KERAS_BCE,
    KERAS_CE,
    LINEAR,
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
)  # fmt: skip

STUCK = "plateau underfitting"
HE: Part = {"init": "kaiming_uniform", "bias_init": 0.0}


def _vanishing() -> Iterator[Case]:
    for depth, width, data, rate in (
        (6, 16, DIGITS, sgd(0.05)), (8, 32, DIGITS, sgd(0.1)), (10, 16, MOONS, adam()), (12, 5, CIRCLES, adam()),
        (8, 8, BLOBS, adam()), (14, 10, BLOBS, adam(3e-3)), (9, 24, XOR, sgd(0.1, momentum=0.9)),
        (7, 64, DIGITS, sgd(0.1)),
        (10, 5, table("at-blobs"), adam()), (11, 5, table("at-circles"), adam()),
    ):  # fmt: skip
        name = f"vanish-sigmoid{depth}x{width}-{data.get('path', data['kind'])}"
        setup = Setup(data, mlp(*[width] * depth, activation="sigmoid"), CE, rate, steps(1000))
        yield sick(name, "vanishing-gradients", f"{STUCK} saturated-units lr-too-low", setup, outcome=missed(0.85))
    for depth, activation, scale, data in (
        (8, "tanh", 0.03, MOONS), (6, "tanh", 0.05, DIGITS), (8, "relu", 0.02, BLOBS), (6, "relu", 0.03, CIRCLES),
        (10, "relu", 0.05, table("at-blobs")), (7, "elu", 0.03, table("at-circles")),
        (10, "tanh", 0.05, table("at-circles")),
    ):  # fmt: skip
        small: Part = {"init": "normal" if activation == "tanh" else "uniform", "init_scale": scale, "bias_init": 0.0}
        model = mlp(*[10] * depth, activation=activation, **small)
        name = f"vanish-small-{activation}{depth}-{data.get('path', data['kind'])}"
        setup = Setup(data, model, CE, adam(), steps(800))
        accept = f"{STUCK} dead-units lr-too-low no-gradient"
        yield sick(name, "vanishing-gradients bad-init", accept, setup, outcome=missed(0.85))


def _dead() -> Iterator[Case]:
    accept = f"{STUCK} bad-init no-gradient vanishing-gradients class-collapse"
    for bias, hidden, data in ((-10.0, (32, 32), MOONS), (-5.0, (64,), DIGITS), (-20.0, (16, 16, 16), BLOBS)):
        setup = Setup(data, mlp(*hidden, bias_init=bias), CE, adam(), steps(700))
        expect = "dead-units bad-init"
        yield sick(f"dead-bias{bias:g}", expect, accept, setup, outcome=missed(0.85))
    for depth, width, data, objective in (
        (20, 4, table("at-circles"), KERAS_BCE), (16, 5, table("at-blobs"), KERAS_CE),
        (25, 5, table("at-circles"), KERAS_BCE),
        (22, 4, MOONS, KERAS_BCE), (18, 3, BLOBS, KERAS_CE),
    ):  # fmt: skip
        model = mlp(*[width] * depth, output_activation="sigmoid", **HE)
        setup = Setup(data, model, objective, adam(), epochs(100, 64))
        name = f"dead-narrow{depth}x{width}-{data.get('path', data['kind'])}"
        yield sick(name, "dead-units vanishing-gradients", accept, setup, outcome=missed(0.62))
    for lr, data in ((5.0, DIGITS), (20.0, MOONS)):
        setup = Setup(data, mlp(64, 64), CE, sgd(lr), steps(900))
        expect = "dead-units lr-too-high exploding-gradients"
        yield sick(f"dead-lr{lr:g}", expect, f"{accept} nonfinite", setup, outcome=missed(0.85))


def _saturated() -> Iterator[Case]:
    accept = f"{STUCK} vanishing-gradients lr-too-high lr-too-low"
    for scale, data, activation, width in (
        (5.0, DIGITS, "tanh", 64), (10.0, DIGITS, "sigmoid", 32), (8.0, MOONS, "tanh", 32), (20.0, BLOBS, "tanh", 16),
    ):  # fmt: skip
        model = mlp(width, width, width, activation=activation, init="normal", init_scale=scale)
        setup = Setup(data, model, CE, sgd(0.01), steps(800))
        yield sick(
            f"saturated-{activation}-{scale:g}",
            "saturated-units bad-init exploding-gradients",
            accept,
            setup,
            outcome=missed(0.85),
        )
    for scale, activation in ((1000.0, "sigmoid"), (300.0, "tanh")):
        setup = Setup({**DIGITS, "input_scale": scale}, mlp(32, activation=activation), CE, sgd(0.1), epochs(12))
        expect = "saturated-units unscaled-inputs"
        yield sick(f"saturated-input-{activation}", expect, accept, setup, outcome=missed(0.85))


def _starts() -> Iterator[Case]:
    accept = f"{STUCK} no-gradient vanishing-gradients dead-units"
    for data, hidden in ((MOONS, (32, 32)), (DIGITS, (64,)), (BLOBS, (16, 16, 16))):
        setup = Setup(data, mlp(*hidden, init="zeros", bias_init=0.0), CE, adam(), steps(700))
        yield sick(f"zeros-{data['kind']}", "bad-init no-gradient", accept, setup)
    for data, activation, value in (
        (DIGITS, "relu", 0.05),
        (MOONS, "tanh", 0.5),
        (BLOBS, "sigmoid", 0.1),
        (CIRCLES, "relu", 0.1),
    ):
        model = mlp(32, 32, activation=activation, init="constant", init_scale=value, bias_init=0.0)
        yield sick(f"constant-{data['kind']}", "bad-init", accept, Setup(data, model, CE, adam(), steps(700)))
    for data, scale in ((DIGITS, 1.0), (DIGITS, 3.0), (BLOBS, 3.0)):
        model = mlp(64, 64, init="normal", init_scale=scale)
        setup = Setup(data, model, CE, adam(), steps(800))
        name = f"huge-{data['kind']}-{scale:g}"
        yield sick(name, "bad-init exploding-gradients", "lr-too-high lr-too-low dead-units overfitting", setup)


def _no_gradient() -> Iterator[Case]:
    for data, hidden, fault, freeze in (
        (MOONS, (64, 64), -1, [0, 1, 2]), (DIGITS, (32,), -1, [0, 1]), (SPIRALS, (32, 32), 1, []),
        (DIGITS, (64, 64), 1, []),
    ):  # fmt: skip
        cut: Part = {"detach_layer": fault} if fault >= 0 else {}
        setup = Setup(data, mlp(*hidden, freeze=freeze), CE, adam(), steps(500), fault=cut)
        yield sick(
            f"none-{data['kind']}-{'cut' if cut else 'frozen'}", "no-gradient", f"{STUCK} vanishing-gradients", setup
        )
    for data, rate in ((MOONS, adam(0.0)), (BLOBS, sgd(0.0)), (table("cars", "regression"), adam(0.0))):
        objective = MSE if data.get("task") == "regression" else CE
        setup = Setup(data, mlp(32), objective, rate, steps(400))
        yield sick(f"none-lr0-{data['kind']}", "no-gradient lr-too-low", STUCK, setup)


def _mismatch() -> Iterator[Case]:
    accept = f"{STUCK} saturated-units vanishing-gradients no-gradient lr-too-low"
    cars, signed = table("cars", "regression"), table("cars-signed", "regression")
    for name, expect, data, output, objective in (
        ("softmax1-sine", "no-gradient", SINE, "softmax", MSE), ("softmax1-cars", "no-gradient", cars, "softmax", MSE),
        ("softmax1-moons", "no-gradient plateau", MOONS, "softmax", KERAS_BCE),
        ("sigmoid-sine", "underfitting", SINE, "sigmoid", MSE),
        ("sigmoid-signed", "underfitting", signed, "sigmoid", {"kind": "mae"}),
        ("tanh-line", "underfitting", {**LINEAR, "features": 5}, "tanh", MSE),
        ("relu-line", "underfitting dead-units", LINEAR, "relu", MSE),
        ("relu-signed", "underfitting dead-units", signed, "relu", MSE),
        ("sigmoid-tenfold", "underfitting", table("cars-tenfold", "regression"), "sigmoid", MSE),
        ("softmax-ce", "underfitting", DIGITS, "softmax", CE), ("sigmoid-ce", "underfitting", DIGITS, "sigmoid", CE),
        ("softmax-ce-blobs", "underfitting", BLOBS, "softmax", CE),
        ("relu-bce", "dead-units plateau", MOONS, "relu", BCE),
        ("sigmoid-bce", "underfitting", CIRCLES, "sigmoid", BCE),
        ("tanh-multilabel", "underfitting", table("multilabel", "multilabel"), "softmax", MSE),
    ):  # fmt: skip
        setup = Setup(data, mlp(32, 32, output_activation=output), objective, adam(), steps(800))
        yield sick(f"mismatch-{name}", f"objective-mismatch {expect}", accept, setup)
    for data in (DIGITS, BLOBS):
        setup = Setup(data, mlp(64), CE, adam(), steps(700), fault={"double_softmax": True})
        yield sick(f"mismatch-double-{data['kind']}", "objective-mismatch", accept, setup)


LAYERS = (*_vanishing(), *_dead(), *_saturated(), *_starts(), *_no_gradient(), *_mismatch())

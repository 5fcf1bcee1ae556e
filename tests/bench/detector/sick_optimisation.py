"""Runs that fail by their learning rate, their batch size, or numbers that run away."""

from collections.abc import Iterator

from .case import Case, Part, Setup, missed, sick
from .parts import (
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
    XOR,
    adam,
    epochs,
    mlp,
    sgd,
    steps,
    table,
)  # fmt: skip

AWAY = "exploding-gradients lr-too-high nonfinite"
HIGH = "dead-units exploding-gradients nonfinite saturated-units plateau underfitting class-collapse"


def _high() -> Iterator[Case]:
    """The weights are thrown far, and the loss with them."""
    for lr, data, model in (
        (1.0, MOONS, mlp(64, 64)), (0.3, DIGITS, mlp(64, 64)), (10.0, MOONS, mlp(32)), (0.5, CIRCLES, mlp(32, 32, 32)),
        (1.0, BLOBS, mlp(16, 16)), (3.0, XOR, mlp(16, activation="tanh")),
        (0.5, DIGITS, mlp(32, 32, activation="tanh")),
        (2.0, LINEAR_CLASSES, mlp(64)),
    ):  # fmt: skip
        name = f"high-adam-{lr:g}-{data.get('path', data['kind'])}"
        setup = Setup(data, model, CE, adam(lr), steps(1000))
        yield sick(name, "lr-too-high", HIGH, setup, outcome=missed(0.9))
    for lr, data in ((0.5, BLOBS), (0.3, MOONS), (1.0, DIGITS)):
        rate: Part = {"kind": "rmsprop", "lr": lr}
        name = f"high-rmsprop-{lr:g}-{data.get('path', data['kind'])}"
        yield sick(name, "lr-too-high", HIGH, Setup(data, mlp(32, 32), CE, rate, steps(1000)), outcome=missed(0.9))
    for lr, momentum, data in ((3.0, 0.9, MOONS), (2.0, 0.9, DIGITS), (10.0, 0.0, DIGITS), (20.0, 0.0, CIRCLES)):
        name = f"high-sgd-{lr:g}-{data.get('path', data['kind'])}"
        setup = Setup(data, mlp(64, 64), CE, sgd(lr, momentum=momentum), steps(1000))
        yield sick(name, "lr-too-high exploding-gradients nonfinite dead-units", HIGH, setup, outcome=missed(0.9))
    for lr, data in ((0.3, SINE), (1.0, {**SINE, "cycles": 2.0}), (1.0, LINEAR)):
        setup = Setup(data, mlp(32, 32), MSE, adam(lr), steps(1000))
        yield sick(
            f"high-fit-{lr:g}-{data['kind']}-{data.get('cycles', 1)}",
            "lr-too-high",
            HIGH,
            setup,
            outcome=missed(0.6, "val/r2"),
        )
    for lr, at in ((3.0, 500), (1.0, 300)):
        script: tuple[Part, ...] = ({"at": at, "set": {"lr": lr}},)
        setup = Setup(MOONS, mlp(64, 64), CE, adam(), steps(1200), script=script)
        yield sick(f"turned-high-{lr:g}", "lr-too-high exploding-gradients", HIGH, setup, at, missed(0.9))


def _low() -> Iterator[Case]:
    for name, data, model, objective, rate, budget in (
        ("moons-1e-6", MOONS, mlp(64, 64), CE, adam(1e-6), steps(1200)),
        ("moons-3e-6", MOONS, mlp(32), CE, adam(3e-6), steps(800)),
        ("digits-sgd", DIGITS, mlp(64), CE, sgd(1e-4), epochs(20)),
        ("digits-sgd-deep", DIGITS, mlp(64, 64), CE, sgd(3e-4, momentum=0.5), epochs(10)),
        ("digits-adagrad", DIGITS, mlp(64), CE, {"kind": "adagrad", "lr": 1e-4}, epochs(15)),
        ("digits-rmsprop", DIGITS, mlp(32), CE, {"kind": "rmsprop", "lr": 1e-6}, epochs(15)),
        ("line-sgd", LINEAR, mlp(), MSE, sgd(1e-5), steps(1500)),
        ("line-adam", LINEAR, mlp(16), MSE, adam(1e-5), steps(1500)),
        ("sine", SINE, mlp(32, 32), MSE, adam(1e-5), steps(1500)),
        ("circles-sgd", CIRCLES, mlp(16, 16, activation="tanh"), CE, sgd(1e-3), epochs(60)),
        ("blobs-adam", {**BLOBS, "features": 5}, mlp(64), CE, adam(3e-6), epochs(40)),
        ("classes-keras", LINEAR_CLASSES, mlp(64, output_activation="softmax"), KERAS_CE, adam(3e-6), steps(1500)),
        ("moons-keras", MOONS, mlp(32, output_activation="sigmoid"), KERAS_BCE, sgd(3e-4), steps(1500)),
        ("cars-sgd", table("cars", "regression"), mlp(64, 64), MSE, sgd(1e-5), epochs(100, 64)),
        ("iris", table("iris", standardize=True), mlp(16), CE, adam(1e-5), epochs(60, 16)),
    ):  # fmt: skip
        series = "val/accuracy" if objective is not MSE else "val/r2"
        setup = Setup(data, model, objective, rate, budget)
        yield sick(f"low-{name}", "lr-too-low", "underfitting plateau", setup, outcome=missed(0.88, series))


def _away() -> Iterator[Case]:
    for name, data, model, objective, rate, budget in (
        ("diabetes", table("diabetes", "regression"), mlp(64), MSE, sgd(0.3), epochs(30)),
        ("wide-line", table("wide-linear", "regression"), mlp(16), MSE, sgd(1e-3), epochs(5)),
        ("line-sgd", LINEAR, mlp(), MSE, sgd(1.5), steps(300)),
        ("line-deep", LINEAR, mlp(32, 32), MSE, sgd(1.0), steps(500)),
        ("deep-normal", DIGITS, mlp(*[64] * 10, init="normal", init_scale=0.5), CE, sgd(0.01), epochs(8)),
        ("exp-5", BLOBS, mlp(*[8] * 5, activation="exponential"), CE, adam(), steps(600)),
        ("exp-8", CIRCLES, mlp(*[5] * 8, activation="exponential", output_activation="sigmoid"), KERAS_BCE, adam(),
            steps(600)),
        ("ramp", table("ramp", "regression"), mlp(4, activation="linear"), MSE, sgd(0.01), epochs(100, 20)),
        ("sum-cars", table("cars-tenfold", "regression"), mlp(32), {"kind": "mse", "reduction": "sum"}, sgd(1e-3),
            epochs(30, 64)),
    ):  # fmt: skip
        accept = "unscaled-inputs bad-init dead-units saturated-units plateau underfitting"
        if name == "deep-normal":
            setup = Setup(data, model, objective, rate, budget)
            yield sick(f"away-{name}", f"{AWAY} bad-init", accept, setup)
        else:
            also = "unscaled-inputs objective-mismatch" if name in ("diabetes", "wide-line", "sum-cars", "ramp") else ""
            yield sick(f"away-{name}", f"{AWAY} {also}", accept, Setup(data, model, objective, rate, budget))
    for name, data, model, objective, rate in (
        ("moons", MOONS, mlp(32, 32), CE, adam()), ("digits", DIGITS, mlp(32), CE, sgd(0.1)),
        ("sine", SINE, mlp(32), MSE, adam()),
        ("blobs-keras", BLOBS, mlp(16, output_activation="softmax"), KERAS_CE, adam(3e-3)),
    ):  # fmt: skip
        setup = Setup(data, model, objective, rate, steps(600), fault={"flip_gradient": True})
        yield sick(f"climb-{name}", AWAY, "dead-units saturated-units class-collapse", setup)
    setup = Setup(DIGITS, mlp(64, 64), CE, sgd(0.1), epochs(20), script=({"at": 400, "set": {"lr": 50.0}},))
    yield sick("away-turned", AWAY, "dead-units plateau underfitting class-collapse", setup, 400)
    for data, rate in ((MOONS, sgd(0.1)), (DIGITS, sgd(0.05))):
        setup = Setup(data, mlp(32, 32), CE, rate, steps(1000), fault={"missing_zero_grad": True})
        name = f"piled-{data['kind']}"
        yield sick(name, AWAY, "dead-units plateau underfitting class-collapse bad-init", setup, outcome=missed(0.85))


def _batches() -> Iterator[Case]:
    for samples, lr, count, batch in ((5000, 0.03, 50, 4000), (4000, 0.05, 40, 3000), (8000, 0.05, 60, 6000)):
        data = {**MOONS, "samples": samples}
        setup = Setup(data, mlp(32, 32), CE, sgd(lr), steps(count, batch))
        yield sick(f"large-{samples}", "batch-too-large lr-too-low", "underfitting", setup, outcome=missed(0.9))
    setup = Setup(DIGITS, mlp(64), CE, sgd(0.05), epochs(40, 1400))
    yield sick("large-digits", "batch-too-large lr-too-low", "underfitting", setup, outcome=missed(0.9))
    for noise, lr in ((2.0, 0.2), (1.0, 0.3)):
        data = {**LINEAR_CLASSES, "samples": 4000, "noise": noise}
        setup = Setup(data, mlp(64), CE, sgd(lr), steps(3000, 1))
        accept = "plateau underfitting label-noise dead-units class-collapse"
        yield sick(
            f"small-{noise:g}", "batch-too-small lr-too-high exploding-gradients", accept, setup, outcome=missed(0.75)
        )
    data = {**LINEAR, "noise": 3.0}
    for batch in (1, 2):
        setup = Setup(data, mlp(32), MSE, sgd(0.02), steps(3000, batch))
        expect = "batch-too-small lr-too-high exploding-gradients"
        yield sick(
            f"small-line{batch}", expect, "plateau underfitting overfitting", setup, outcome=missed(0.3, "val/r2")
        )


def _turned() -> Iterator[Case]:
    knobs: Part = {"lr": 2e-4, "clip_norm": 1.0, "weight_decay": 1e-5, "batch_size": 16}
    for at, turned in ((500, knobs), (300, {"lr": 1e-4, "weight_decay": 1e-4, "clip_norm": 0.5})):
        setup = Setup(MOONS, mlp(64, 64), CE, adam(), steps(1000), script=({"at": at, "set": turned},))
        yield sick(f"confounded-{at}", "confounded-changes", "lr-too-high lr-too-low", setup, at)


OPTIMISATION = (*_high(), *_low(), *_away(), *_batches(), *_turned())

"""Runs that fail by the model's size, its regularisation, or the data."""

from collections.abc import Iterator

from .case import Case, Outcome, Part, Setup, missed, sick
from .parts import (
    BLOBS,
    CE,
    CIRCLES,
    DIGITS,
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
)  # fmt: skip

RISEN = Outcome("val/rise", least=0.2)
STUCK = "plateau underfitting"


def _under() -> Iterator[Case]:
    accept = "label-noise class-collapse lr-too-low"
    for name, data, model in (
        ("circles", CIRCLES, mlp()), ("xor", XOR, mlp()), ("circles-sklearn", table("at-circles"), mlp()),
        ("circles-1", CIRCLES, mlp(1)), ("spirals-2", {**SPIRALS, "turns": 2.0}, mlp(2)),
        ("spirals", {**SPIRALS, "turns": 1.5}, mlp()),
        ("spirals-3", {**SPIRALS, "classes": 3, "turns": 2.0}, mlp(2, 2)),
        ("circles-linear", CIRCLES, mlp(8, 8, activation="linear")),
    ):  # fmt: skip
        setup = Setup(data, model, CE, adam(1e-2), steps(1200))
        yield sick(f"under-{name}", STUCK, accept, setup, outcome=missed(0.72))
    for cycles, hidden in ((3.0, (2,)), (5.0, (3,)), (4.0, ())):
        data = {**SINE, "cycles": cycles}
        setup = Setup(data, mlp(*hidden, activation="tanh"), MSE, adam(1e-2), steps(1500))
        yield sick(f"under-sine{cycles:g}", STUCK, accept, setup, outcome=missed(0.4, "val/r2"))
    setup = Setup(table("random-pairs", "regression"), mlp(32), MSE, adam(1e-3), epochs(20))
    yield sick("under-random", f"label-noise {STUCK} overfitting", accept, setup)


def _over() -> Iterator[Case]:
    few = table("diabetes", "regression", standardize=True)
    for name, data, model, objective, budget in (
        ("moons", {**MOONS, "noise": 0.4, "samples": 60, "val_fraction": 0.4}, mlp(128, 128), CE, steps(1200, 16)),
        ("moons-wide", {**MOONS, "noise": 0.5, "samples": 100, "val_fraction": 0.4}, mlp(256), CE, steps(1500, 16)),
        ("circles", {**CIRCLES, "noise": 0.4, "samples": 100, "val_fraction": 0.4}, mlp(128, 128), CE, steps(1500, 16)),
        ("classes", {**LINEAR_CLASSES, "noise": 2.0, "samples": 250, "features": 40}, mlp(128), CE, steps(800)),
        ("classes-tanh", {**LINEAR_CLASSES, "noise": 1.0, "samples": 200, "features": 60}, mlp(64,
            activation="tanh"), CE, steps(1000)),
        ("sine", {**SINE, "noise": 0.5, "samples": 60, "val_fraction": 0.5}, mlp(128, 128), MSE, steps(1500, 16)),
        ("line", {**LINEAR, "noise": 2.0, "samples": 120, "features": 40, "val_fraction": 0.4}, mlp(128, 128), MSE,
            steps(1200, 16)),
        ("diabetes", few, mlp(128, 128), MSE, epochs(80)),
        ("friedman", table("friedman", "regression"), mlp(256, 256), MSE, epochs(150)),
    ):  # fmt: skip
        setup = Setup(data, model, objective, adam(3e-3), budget)
        yield sick(f"over-{name}", "overfitting", "label-noise unscaled-inputs", setup, outcome=RISEN)
    for noise in (0.3, 0.4):
        setup = Setup({**DIGITS, "label_noise": noise}, mlp(256), CE, adam(2e-3), epochs(30))
        yield sick(f"over-wrong{noise}", "overfitting label-noise", "", setup)


def _over_regularised() -> Iterator[Case]:
    accept = f"{STUCK} vanishing-gradients dead-units class-collapse"
    for data, decay, activation in (
        (MOONS, 0.5, "relu"),
        (CIRCLES, 0.2, "tanh"),
        (DIGITS, 0.5, "relu"),
        (BLOBS, 3.0, "relu"),
    ):
        setup = Setup(data, mlp(32, 32, activation=activation), CE, adam(weight_decay=decay), steps(1000))
        yield sick(f"shrunk-{data['kind']}", "over-regularised", accept, setup, outcome=missed(0.88))
    for data, l2 in ((DIGITS, 0.1), (MOONS, 0.05), (LINEAR_CLASSES, 0.2)):
        setup = Setup(data, mlp(64), {**CE, "l2": l2}, adam(3e-3), steps(1000))
        yield sick(f"shrunk-l2-{data['kind']}", "over-regularised", accept, setup, outcome=missed(0.88))
    for dropout, hidden in ((0.85, (32, 32)), (0.9, (64, 64)), (0.95, (32,))):
        setup = Setup(DIGITS, mlp(*hidden, dropout=dropout), CE, adam(), epochs(15))
        yield sick(f"dropped-{dropout:g}", "over-regularised", STUCK, setup, outcome=missed(0.88))
    for decay in (20.0, 60.0):
        setup = Setup(MOONS, mlp(32, 32), CE, {"kind": "adamw", "lr": 3e-3, "weight_decay": decay}, steps(1000))
        yield sick(f"shrunk-adamw{decay:g}", "over-regularised", accept, setup, outcome=missed(0.88))
    setup = Setup(SINE, mlp(32, 32), {**MSE, "l2": 0.1}, adam(3e-3), steps(1200))
    yield sick("shrunk-sine", "over-regularised", accept, setup, outcome=missed(0.5, "val/r2"))


def _wrong_labels() -> Iterator[Case]:
    for noise, data, hidden in (
        (0.4, BLOBS, (16,)),
        (0.5, {**BLOBS, "classes": 5}, (32,)),
        (0.35, {**MOONS, "samples": 3000}, (16, 16)),
        (0.5, DIGITS, (64,)),
    ):
        setup = Setup({**data, "label_noise": noise}, mlp(*hidden), CE, adam(2e-3), steps(1500))
        yield sick(f"wrong-{data['kind']}{noise}", "label-noise", f"overfitting {STUCK}", setup)
    setup = Setup(table("random-digits"), mlp(128, 64), CE, adam(2e-3), epochs(20))
    yield sick("wrong-digits", "label-noise overfitting", STUCK, setup)
    for data, hidden in ((DIGITS, (64,)), (BLOBS, (16, 16)), (MOONS, (64, 64))):
        setup = Setup(data, mlp(*hidden), CE, adam(2e-3), steps(1000), fault={"misaligned_labels": True})
        yield sick(
            f"shifted-{data['kind']}", "label-noise overfitting underfitting plateau", "objective-mismatch", setup
        )


def _skewed() -> Iterator[Case]:
    for data, hidden in (
        ({**MOONS, "samples": 3000, "noise": 0.45, "imbalance": 40.0}, (64, 64)),
        ({**LINEAR_CLASSES, "outputs": 2, "noise": 3.0, "samples": 4000, "imbalance": 30.0}, (16,)),
        ({**CIRCLES, "samples": 3000, "noise": 0.35, "imbalance": 30.0}, (32,)),
        ({**BLOBS, "noise": 6.0, "classes": 2, "samples": 3000, "imbalance": 50.0}, (16,)),
    ):  # fmt: skip
        setup = Setup(data, mlp(*hidden), CE, adam(), steps(1200))
        yield sick(f"skewed-{data['kind']}", "class-collapse", STUCK, setup, outcome=missed(0.3, "val/recall_min"))


def _ordered() -> Iterator[Case]:
    accept = f"lr-too-high overfitting class-collapse catastrophic-forgetting batch-too-large {STUCK}"
    for data, rate in (
        (MOONS, adam(1e-2)),
        (BLOBS, adam(1e-2)),
        (BLOBS, sgd(0.3)),
        ({**CIRCLES, "samples": 2000}, adam(3e-3)),
    ):
        setup = Setup({**data, "shuffle": False}, mlp(32, 32), CE, rate, epochs(20))
        yield sick(f"ordered-{data['kind']}-{rate['kind']}", "unshuffled-data", accept, setup)


def _unscaled() -> Iterator[Case]:
    accept = f"lr-too-high lr-too-low dead-units exploding-gradients nonfinite bad-init {STUCK}"
    accept += " class-collapse vanishing-gradients"
    for name, expect, data, activation, rate, budget in (
        ("cancer", "", table("cancer"), "relu", sgd(0.01), epochs(25)),
        ("wine", "", table("wine"), "relu", sgd(0.01), epochs(50, 16)),
        ("wine-sigmoid", "saturated-units", table("wine"), "sigmoid", sgd(0.01), epochs(50, 16)),
        ("digits-large", "exploding-gradients lr-too-high", {**DIGITS, "input_scale": 1e4}, "relu", sgd(0.1),
            epochs(8)),
        ("digits-small", "", {**DIGITS, "input_scale": 1e-4}, "relu", sgd(0.1), epochs(8)),
        ("moons-large", "exploding-gradients lr-too-high", {**MOONS, "input_scale": 1000.0}, "tanh", sgd(0.1),
            steps(800)),
        ("blobs-small", "", {**BLOBS, "input_scale": 1e-4}, "relu", sgd(0.1), steps(800)),
    ):  # fmt: skip
        setup = Setup(data, mlp(32, activation=activation), CE, rate, budget)
        yield sick(
            f"unscaled-{name}", f"unscaled-inputs {expect}", f"{accept} saturated-units", setup, outcome=missed(0.85)
        )
    for data, rate in ((table("cars-tenfold", "regression"), adam()), (table("diabetes", "regression"), adam(1e-3))):
        setup = Setup(data, mlp(64), MSE, rate, epochs(40))
        name = f"unscaled-target-{data['path']}"
        yield sick(
            name, "unscaled-inputs lr-too-low underfitting", f"plateau {accept}", setup, outcome=missed(0.5, "val/r2")
        )


def _moving() -> Iterator[Case]:
    for at, strength, drift in (
        (600, 2.0, "mean-shift"),
        (500, 3.0, "mean-shift"),
        (700, 1.6, "rotation"),
        (500, 1.5, "scale"),
    ):
        data = {"kind": "stream", "drift": drift, "start_step": at, "strength": strength}
        decayed: Part = {"kind": "exponential", "gamma": 0.995}
        setup = Setup(data, mlp(32, 32), CE, adam(5e-3), steps(1500), decayed)
        yield sick(
            f"drift-{drift}{strength:g}", "data-drift", "catastrophic-forgetting lr-too-high overfitting", setup, at
        )
    for data, first, then, at in (
        (DIGITS, [0, 1, 2, 3, 4], [5, 6, 7, 8, 9], 700),
        (BLOBS, [0, 1], [2], 500),
        ({**BLOBS, "classes": 6, "noise": 0.8}, [0, 1, 2], [3, 4, 5], 600),
    ):
        phases = [{"from_step": 0, "classes": first}, {"from_step": at, "classes": then}]
        setup = Setup({**data, "phases": phases}, mlp(64), CE, adam(), steps(2 * at))
        yield sick(
            f"forgot-{data['kind']}{len(first)}",
            "catastrophic-forgetting",
            "data-drift overfitting unshuffled-data class-collapse",
            setup,
            at,
        )


def _towers() -> Iterator[Case]:
    corpus: Part = {"kind": "triplets", "queries": 600, "document_length": 16}
    tower: Part = {"kind": "two-tower", "encoder": "bag", "dropout": 0.1}
    for rate in (0.5, 0.6, 0.7):
        setup = Setup({**corpus, "false_negative_rate": rate}, tower, {"kind": "triplet"}, adam(3e-3), steps(600))
        yield sick(f"false-negatives-{rate}", "false-negatives", "representation-collapse overfitting", setup)
    for decay in (0.05, 0.1):
        data = {**corpus, "negatives": "same-query"}
        setup = Setup(
            data, tower, {"kind": "triplet", "margin": 0.2}, adam(3e-3, weight_decay=decay), steps(800, clip_norm=1.0)
        )
        yield sick(
            f"collapsed-{decay}",
            "representation-collapse false-negatives",
            "over-regularised plateau underfitting",
            setup,
        )
    setup = Setup({**corpus, "negatives": "same-query"}, tower, {"kind": "triplet"}, adam(3e-3), steps(600))
    yield sick("no-negatives", "false-negatives representation-collapse", f"overfitting {STUCK}", setup)


FIT = (
    *_under(), *_over(), *_over_regularised(), *_wrong_labels(), *_skewed(), *_ordered(), *_unscaled(), *_moving(),
    *_towers(),
)  # fmt: skip

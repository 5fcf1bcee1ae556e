"""Parts that many cases share: data sets, objectives, optimizers."""

from typing import Any

from .case import Part

MOONS: Part = {"kind": "moons", "samples": 1000, "noise": 0.2}
CIRCLES: Part = {"kind": "circles", "samples": 1000, "noise": 0.08}
BLOBS: Part = {"kind": "blobs", "samples": 1000, "noise": 1.5}
SPIRALS: Part = {"kind": "spirals", "samples": 1000, "noise": 0.03, "turns": 0.8}
XOR: Part = {"kind": "xor", "samples": 1000, "noise": 0.3}
SINE: Part = {"kind": "sine", "samples": 1000}
LINEAR: Part = {"kind": "linear", "samples": 1000}
LINEAR_CLASSES: Part = {"kind": "linear", "task": "classification", "samples": 2000, "outputs": 4}
DIGITS: Part = {"kind": "table", "path": "digits.npz"}

CE: Part = {"kind": "cross_entropy"}
BCE: Part = {"kind": "bce_with_logits"}
MSE: Part = {"kind": "mse"}
KERAS_BCE: Part = {"kind": "binary_cross_entropy"}
KERAS_CE: Part = {"kind": "categorical_cross_entropy"}


def table(name: str, task: str = "classification", **options: Any) -> Part:
    """A data set of `datasets.py`."""
    return {"kind": "table", "path": f"{name}.npz", "task": task, **options}


def mlp(*hidden: int, **options: Any) -> Part:
    """An MLP with these hidden layers."""
    return {"hidden": list(hidden), **options}


def adam(lr: float = 1e-3, **options: Any) -> Part:
    """Adam."""
    return {"kind": "adam", "lr": lr, **options}


def sgd(lr: float, **options: Any) -> Part:
    """Plain or momentum SGD."""
    return {"kind": "sgd", "lr": lr, **options}


def steps(count: int, batch: int = 32, **options: Any) -> Part:
    """A budget in steps."""
    return {"steps": count, "batch_size": batch, **options}


def epochs(count: int, batch: int = 32, **options: Any) -> Part:
    """A budget in passes over the training set."""
    return {"epochs": count, "batch_size": batch, **options}

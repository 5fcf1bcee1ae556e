"""Which of nnlab's series a column is, by the names that training programs give to their metrics."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

from nnlab.imports.metrics import Metrics, MetricsError, listed

SERIES = (
    "train/loss", "train/probe_loss", "train/probe_accuracy", "train/dropout_loss", "val/loss", "val/accuracy",
    "val/r2", "val/recall_min", "val/predicted_majority", "val/majority", "val/recall@1", "grad/norm",
    "grad/noise_scale", "grad/batch_cv", "grad/penalty_ratio", "lr", "weight/norm", "weight/distance", "step/critical",
    "step/change", "sim/positive", "sim/negative", "sim/gap", "sim/spread", "sim/allpairs", "embed/std_sqrt_d",
    "embed/effective_rank", "embed/rank_ratio", "triplet/active", "triplet/false_negatives", "drift/ks", "drift/p",
    "drift/psi", "drift/page_hinkley", "stream/reference_accuracy", "samples/variance", "samples/tail_mass",
    "samples/true_loss",
)  # fmt: skip
"""Series by their own names; besides them those of layers, tasks and phases."""

_OPEN = re.compile(
    r"layer/.+/(grad_norm|weight_norm|update_ratio|dead|saturated|act_mean|act_std)|(task|phase)/[^/]+/accuracy"
)
_LAYER_GRADIENT = re.compile(r"grad_(?:[\d.]+|inf)_norm[/_](?P<layer>.+)\.weight")
"""Lightning's norms per parameter (`grad_norm` of `lightning.pytorch.utilities`); a layer is known by its weight."""
_FIRST_RATE = re.compile(r"lr_(group_?0|0|pg[01]|(adam_?w?|nadam|sgd|rmsprop|adagrad|lion)(_pg1)?)")
"""The rate of the first group of parameters, also as Lightning names it after the optimizer."""
_LAYER_TOTAL = re.compile(r"grad_(?:[\d.]+|inf)_norm_total")

_SPLITS = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "eval", "evaluation", "dev", "holdout"), "val"),
    "test": "test",
}
_FILLING = frozenset({"epoch", "step", "batch", "running", "avg", "average", "mean", "metric", "metrics", "log"})
"""Words that say how often or how something was averaged, not what it is."""

_WORDS: dict[str, tuple[str, ...]] = {
    "loss": (
        "loss", "total_loss", "loss_total", "cross_entropy", "cross_entropy_loss", "crossentropy", "ce_loss",
        "nll_loss", "nll", "bce_loss", "mse_loss", "xent", "objective", "cost", "ce", "bce", "mse",
    ),
    "accuracy": (
        "accuracy", "acc", "categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy", "top1", "top_1",
        "acc1", "acc_1", "top1_accuracy", "top1_acc", "multiclass_accuracy",
    ),
    "grad_norm": (
        "grad_norm", "gradient_norm", "grad_norm_total", "total_grad_norm", "global_grad_norm", "gradnorm",
        "gradients_norm", "norm_grad", "gnorm",
    ),
    "lr": ("lr", "learning_rate"),
    "weight_norm": ("weight_norm", "weights_norm", "param_norm", "params_norm", "parameter_norm"),
    "r2": ("r2", "r2_score"),
}  # fmt: skip
"""What a metric is called, the surest name first."""

_MEANT = {
    ("loss", "train"): "train/loss", ("loss", ""): "train/loss", ("loss", "val"): "val/loss",
    ("loss", "test"): "val/loss", ("accuracy", "train"): "train/probe_accuracy", ("accuracy", ""):
    "train/probe_accuracy", ("accuracy", "val"): "val/accuracy", ("accuracy", "test"): "val/accuracy",
    ("grad_norm", "train"): "grad/norm", ("grad_norm", ""): "grad/norm", ("lr", "train"): "lr", ("lr", ""): "lr",
    ("weight_norm", "train"): "weight/norm", ("weight_norm", ""): "weight/norm", ("r2", "val"): "val/r2",
    ("r2", "test"): "val/r2",
}  # fmt: skip


_TEST = 100
"""Doubt added to metrics of a test set, which stand in for validation where there is none."""


class Guess(NamedTuple):
    """What a column seems to be; `doubt` 0 is nnlab's own name. `epochs`: its name says that it averages an epoch."""

    series: str
    doubt: int
    epochs: bool = False


def known(series: str) -> bool:
    """Whether nnlab has a series of this name."""
    return series in SERIES or _OPEN.fullmatch(series) is not None


def guess(column: str) -> Guess | None:
    """The series that a column of this name holds, None if it is nothing that the rules know."""
    if known(column):
        return Guess(column, 0)
    gradient = _LAYER_GRADIENT.search(column)
    if gradient is not None:
        return Guess(f"layer/{gradient['layer']}/grad_norm", 1)
    if _LAYER_TOTAL.fullmatch(column):
        return Guess("grad/norm", 1)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column)
    words = [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]
    splits = [_SPLITS[word] for word in words if word in _SPLITS]
    metric = "_".join(word for word in words if word not in _SPLITS and word not in _FILLING)
    if len(splits) > 1:
        return None
    if _FIRST_RATE.fullmatch(metric):
        metric = "lr"
    for kind, names in _WORDS.items():
        series = _MEANT.get((kind, splits[0] if splits else ""))
        if metric in names and series is not None:
            doubt = 1 + names.index(metric) + (_TEST if splits == ["test"] else 0)
            return Guess(series, doubt, "epoch" in words)
    return None


def choose(metrics: Metrics, mapping: Mapping[str, str]) -> dict[str, str]:
    """Series → column. `mapping` (column → series) goes before every guess.

    Of several columns for one series nnlab's own name is taken, else the one with most points, else the surest name.
    Raises MetricsError, also where a chosen column holds something else than numbers.
    """
    chosen = _told(metrics, mapping)
    candidates: dict[str, list[tuple[tuple[bool, int, int], str, Guess]]] = {}
    for name in (*metrics.columns, *(name for name in metrics.broken if name not in metrics.columns)):
        found = guess(name)
        empty = name not in metrics.columns
        if found is None or name in mapping or found.series in chosen or (empty and found.series != "train/loss"):
            continue
        points = 0 if empty else len(metrics.columns[name].steps)
        key = (found.doubt >= _TEST, -points if found.doubt else -(2**62), found.doubt)
        candidates.setdefault(found.series, []).append((key, name, found))
    for series, found_here in candidates.items():
        chosen[series] = min(found_here)[1]
    losses = candidates.get("train/loss", ())
    means = [name for _, name, found in losses if found.epochs and name not in chosen.values()]
    if means and "train/probe_loss" not in chosen:
        chosen["train/probe_loss"] = means[0]
    for name in chosen.values():
        if name in metrics.broken:
            raise MetricsError(metrics.broken[name])
    return chosen


def _told(metrics: Metrics, mapping: Mapping[str, str]) -> dict[str, str]:
    """What the user says of columns."""
    chosen: dict[str, str] = {}
    names = [*metrics.columns, *(name for name in metrics.broken if name not in metrics.columns)]
    for column, series in mapping.items():
        if column not in names:
            raise MetricsError(f'{metrics.source}: there is no column "{column}"; {_hint(column, names)}')
        if not known(series):
            raise MetricsError(f'"{series}" is no series of nnlab; {_hint(series, list(SERIES))}')
        if series in chosen:
            raise MetricsError(f'"{series}" is given twice: {chosen[series]} and {column}')
        chosen[series] = column
    return chosen


def _hint(word: str, among: list[str]) -> str:
    near = get_close_matches(word, among, 1)
    return f'did you mean "{near[0]}"?' if near else f"there are {listed(among)}"

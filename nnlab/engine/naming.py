"""Labels, units and sampling of the series that a run records."""

from collections.abc import Iterable

from nnlab.engine.instruments import NOISE_EVERY
from nnlab.wire.values import RunInfo, SeriesSpec

_LABELS = {
    "train/loss": ("training loss", "", "loss"),
    "train/probe_loss": ("training loss, evaluation mode", "", "loss"),
    "train/dropout_loss": ("training loss with dropout on", "", "loss"),
    "val/loss": ("validation loss", "", "loss"),
    "val/accuracy": ("validation accuracy", "", "quality"),
    "val/r2": ("validation R²", "", "quality"),
    "val/recall@1": ("recall@1", "", "quality"),
    "train/probe_accuracy": ("training accuracy", "", "quality"),
    "train/probe_r2": ("training R²", "", "quality"),
    "grad/norm": ("gradient norm before clipping", "", "gradient"),
    "grad/noise_scale": ("gradient noise scale", "examples", "gradient"),
    "grad/batch_cv": ("noise of a batch's gradient to its signal", "", "gradient"),
    "grad/penalty_ratio": ("penalty gradient to data gradient", "", "gradient"),
    "lr": ("learning rate in force", "", "rate"),
    "step/critical": ("critical step multiplier c*", "", "rate"),
    "step/change": ("relative change of the loss by one step", "", "rate"),
    "sim/positive": ("similarity of positives", "", "similarity"),
    "sim/negative": ("similarity of negatives", "", "similarity"),
    "sim/gap": ("positive minus negative similarity", "", "similarity"),
    "sim/spread": ("spread of all similarities", "", "similarity"),
    "drift/ks": ("KS distance to the reference", "", "drift"),
    "drift/page_hinkley": ("Page–Hinkley on the loss", "standard deviations", "drift"),
}
_NOISE = ("grad/noise_scale", "grad/batch_cv")
_AROUND_STEP = ("step/critical", "step/change", "weight/distance")


_WINDOWED = ("drift/ks", "drift/p", "drift/psi")
"""Measured once a stream has fed a whole window."""


def series_specs(info: RunInfo, first: Iterable[str]) -> tuple[SeriesSpec, ...]:
    """All series of the run: per step, those of the first readings, those that follow, and those around a step."""
    evaluated = ("val/", "sim/", "embed/", "triplet/", "drift/", "stream/")
    known = list(first)
    later = [*_NOISE] if known else []
    if "drift/page_hinkley" in known:
        later += _WINDOWED
    names = dict.fromkeys([*known, *later])
    every = {name: info.eval_every if name.startswith(evaluated) else info.probe_every for name in names}
    if known:
        every |= dict.fromkeys(_NOISE, NOISE_EVERY * info.probe_every)
    around = dict.fromkeys(_AROUND_STEP if known else (), info.probe_every)
    learning = [layer.name for layer in info.layers if layer.parameters and known]
    layers = dict.fromkeys((f"layer/{name}/update_ratio" for name in learning), info.probe_every)
    sampling = {"train/loss": 1, "grad/norm": 1} | every | around | layers
    return tuple(_spec(name, step) for name, step in sampling.items())


def _spec(name: str, every: int) -> SeriesSpec:
    plain = name.replace("/", " ").replace("_", " ")
    label, unit, group = _LABELS.get(name, (plain, "", name.split("/", maxsplit=1)[0]))
    return SeriesSpec(name, label, unit, every, group)

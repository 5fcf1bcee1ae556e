"""Labels, units and sampling of the series that a run records."""

from collections.abc import Iterable

from nnlab.engine.cadence import Cadence
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
    "lr/stable": ("estimate of the largest stable learning rate", "", "rate"),
    "optimizer/expected_norm": ("gradient norm that the second moment expects", "", "optimizer"),
    "optimizer/agreement": ("cosine between first moment and gradient", "", "optimizer"),
    "step/critical": ("critical step multiplier c*", "", "rate"),
    "step/change": ("relative change of the loss by one step", "", "rate"),
    "loss/sample_p50": ("median loss of a training row", "", "loss"),
    "loss/sample_p99": ("99th percentile of the row losses", "", "loss"),
    "loss/top_share": ("share of the loss in the hardest 5 % of rows", "", "samples"),
    "batch/label_entropy": ("label entropy of a batch, to that of a random one", "", "samples"),
    "sim/positive": ("similarity of positives", "", "similarity"),
    "sim/negative": ("similarity of negatives", "", "similarity"),
    "sim/gap": ("positive minus negative similarity", "", "similarity"),
    "sim/spread": ("spread of all similarities", "", "similarity"),
    "samples/variance": ("variance of the samples, 1 is the truth's", "", "samples"),
    "samples/tail_mass": ("share of the true tails still in the samples", "", "samples"),
    "samples/true_loss": ("loss on the true distribution", "", "samples"),
    "drift/ks": ("KS distance to the reference", "", "drift"),
    "task/backward_transfer": ("backward transfer over tasks", "", "task"),
    "phase/backward_transfer": ("backward transfer over phases", "", "phase"),
    "fisher/drift": ("drift of the Fisher information", "", "drift"),
    "drift/mmd": ("squared maximum mean discrepancy to the reference", "", "drift"),
    "drift/mmd_p": ("p of the maximum mean discrepancy", "", "drift"),
    "drift/page_hinkley": ("Page–Hinkley on the loss", "standard deviations", "drift"),
}
_NOISE = ("grad/noise_scale", "grad/batch_cv")
_MEMORY = ("optimizer/expected_norm", "optimizer/agreement")
"""Measured once there has been an update, where the rule keeps that moment."""
_WINDOWED = ("drift/ks", "drift/p", "drift/psi", "drift/mmd", "drift/mmd_p")
"""Measured once a stream has fed a whole window."""
_GENERATION = ("samples/variance", "samples/tail_mass", "samples/true_loss")
"""Measured at the end of each generation."""


def series_specs(info: RunInfo, first: Iterable[str], often: Cadence) -> tuple[SeriesSpec, ...]:
    """All series of the run: per step, those of the first readings, those that follow, and those around a step."""
    evaluated = ("val/", "sim/", "embed/", "triplet/", "drift/", "stream/", "task/", "phase/")
    known = list(first)
    later = [*_NOISE, *_MEMORY] if known else []
    if known and often.stable_every:
        later.append("lr/stable")
    if "drift/page_hinkley" in known:
        later += _WINDOWED
    if known:
        later += _after_changes(info, known)
    names = dict.fromkeys([*known, *later])
    every = {name: info.eval_every if name.startswith(evaluated) else info.probe_every for name in names}
    every |= {name: often.gradient_every for name in names if name.endswith(("/grad_norm", "/penalty_ratio"))}
    around: dict[str, int] = {}
    if known:
        every |= dict.fromkeys((*_NOISE, *_MEMORY), often.noise_every)
        around = dict.fromkeys(("step/critical", "step/change"), often.line_every)
        around["weight/distance"] = info.probe_every
    if "lr/stable" in every:
        every["lr/stable"] = often.stable_every
    if "fisher/drift" in every:
        every["fisher/drift"] = often.fisher_every
    if known and "label_runs" in info.facts:
        around["batch/label_entropy"] = info.probe_every
    learning = [layer.name for layer in info.layers if layer.parameters and known]
    layers = dict.fromkeys((f"layer/{name}/update_ratio" for name in learning), info.probe_every)
    samples = dict.fromkeys(_GENERATION, _generation_steps(info)) if known and _generation_steps(info) else {}
    sampling = {"train/loss": 1, "grad/norm": 1} | every | around | layers | samples
    return tuple(_spec(name, step) for name, step in sampling.items())


def _after_changes(info: RunInfo, first: list[str]) -> list[str]:
    """Series that begin where the data change."""
    facts, names = info.facts, []
    for chapter, stretches in (("task", facts.get("data.count", 0)), ("phase", float(facts.get("data.phases", 0)) + 1)):
        if f"{chapter}/0/accuracy" in first:
            names += [f"{chapter}/{index}/accuracy" for index in range(1, int(stretches))]
            names.append(f"{chapter}/backward_transfer")
    changing = facts.get("data.kind") in ("tasks", "stream") or "data.phases" in facts
    return [*names, "fisher/drift"] if changing and facts.get("model.kind") == "mlp" else names


def _spec(name: str, every: int) -> SeriesSpec:
    plain = name.replace("/", " ").replace("_", " ")
    label, unit, group = _LABELS.get(name, (plain, "", name.split("/", maxsplit=1)[0]))
    return SeriesSpec(name, label, unit, every, group)


def _generation_steps(info: RunInfo) -> int:
    """Steps of a generation; 0 where there are none."""
    return int(info.facts.get("data.generation_steps", 0))

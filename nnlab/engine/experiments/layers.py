"""Whether every layer that should learn gets a gradient, and none is dead, saturated or starved."""

from dataclasses import dataclass
from typing import Any

import torch

from nnlab.engine.models.mlp import Tap
from nnlab.engine.probes.layers import Measured, activation_series, flat_gradient
from nnlab.engine.training import Training
from nnlab.wire.experiments import Check

STARVED = 1e-3
"""Gradient of a layer over that of the last one (FAILURE_MODES §2, vanishing-gradients)."""
DEAD = 0.9
SATURATED = 0.75
"""Shares of a layer's units, and of its activations (FAILURE_MODES §2)."""


@dataclass(frozen=True, slots=True)
class LayerLook:
    """Gradient norms of the layers that learn and activation statistics, on one batch, at one moment."""

    gradients: dict[str, float]
    dead: dict[str, float]
    saturated: dict[str, float]


def look(training: Training, batch: Any) -> LayerLook:
    """The layers at the current state, in evaluation mode."""
    task, parameters = training.task, training.parameters
    taps: list[Tap] = []
    _, loss = task.measure(batch, 0.0, taps)
    gradient = flat_gradient(loss, parameters)
    norms = {
        segment.layer: float(torch.linalg.vector_norm(part))
        for segment, part in zip(parameters.segments, parameters.by_layer(gradient), strict=True)
        if segment.layer not in parameters.frozen
    }
    measured: Measured = {}
    for tap in taps:
        measured |= activation_series(tap)
    return LayerLook(norms, _share(measured, "dead"), _share(measured, "saturated"))


def frozen(training: Training) -> Check:
    """Not everything is frozen."""
    parameters = training.parameters
    names = [segment.layer for segment in parameters.segments if segment.layer in parameters.frozen]
    if len(names) == len(parameters.segments):
        text = "every layer is frozen: nothing can learn"
        return Check("something-learns", "wrong", text, 0.0, 1.0, mode="no-gradient")
    if names:
        return Check("something-learns", "note", f"{', '.join(names)} frozen on purpose")
    return Check("something-learns", "ok", f"all {len(parameters.segments)} layers learn")


def gradients_arrive(first: LayerLook, later: LayerLook) -> Check:
    """No layer's gradient is exactly zero both at the start and after some steps (a zeroed head delays it by one)."""
    cut = [name for name, norm in first.gradients.items() if norm == 0.0 == later.gradients[name]]
    if cut:
        whole = len(cut) == len(first.gradients)
        where = "every layer" if whole else ", ".join(cut)
        why = "the loss does not depend on the weights" if whole else "the graph is cut behind it"
        text = f"{where} gets exactly no gradient: {why}"
        return Check("gradients-arrive", "wrong", text, 0.0, 0.0, cut[-1], "no-gradient")
    least = min(first.gradients, key=lambda name: first.gradients[name], default="")
    norm = first.gradients.get(least, 0.0)
    return Check("gradients-arrive", "ok", f"every layer gets a gradient, {least} the least: {norm:.2g}", norm, 0.0)


def gradients_even(looks: list[LayerLook]) -> Check:
    """The gradient does not fade on its way back: each layer's over the last one's, at the best of the looks."""
    ratios: dict[str, float] = {}
    for each in looks:
        *before, last = each.gradients.items() or [("", 0.0)]
        for name, norm in before:
            if last[1] > 0.0:
                ratios[name] = max(ratios.get(name, 0.0), norm / last[1])
    if not ratios:
        return Check("gradients-even", "skipped", "there is only one layer with a gradient")
    least = min(ratios, key=lambda name: ratios[name])
    text = f"the gradient of {least} is {ratios[least]:.1e} times that of the last layer"
    if ratios[least] < STARVED:
        return Check("gradients-even", "wrong", text, ratios[least], STARVED, least, "vanishing-gradients")
    return Check("gradients-even", "ok", text, ratios[least], STARVED, least)


def units_alive(now: LayerLook) -> Check:
    """No layer has nearly all units silent on every input, or nearly all activations saturated."""
    for shares, limit, word, mode in (
        (now.dead, DEAD, "units are zero on every input", "dead-units"),
        (now.saturated, SATURATED, "activations are saturated", "saturated-units"),
    ):
        worst = max(shares, key=lambda name: shares[name], default="")
        if worst and shares[worst] > limit:
            text = f"{worst}: {shares[worst]:.0%} of the {word}"
            return Check("units-alive", "wrong", text, shares[worst], limit, worst, mode)
    most = max((*now.dead.values(), *now.saturated.values()), default=0.0)
    return Check("units-alive", "ok", f"at most {most:.0%} of a layer dead or saturated", most, DEAD)


def _share(measured: Measured, what: str) -> dict[str, float]:
    return {name.split("/")[1]: float(value) for name, value in measured.items() if name.endswith(f"/{what}")}

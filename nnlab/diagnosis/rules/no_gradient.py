"""no-gradient: weights that should learn do not move at all.

Split by cause: everything frozen; learning rate 0; the gradient is exactly zero everywhere (a softmax over one unit, a
detached output); or some layers get exactly none (cut off, or not handed to the optimizer). Weight decay still moves
weights, so the gradient of the data is tested, not the update. Layers that the scenario freezes on purpose are a note;
layers starved by a dead layer behind them are dead-units' business, and a gradient that dies in the course of a run has
another cause.
"""

import numpy as np

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence, Remedy, Severity
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule

PROBES = 3
"""Probes (after the first update) with exactly nothing (FAILURE_MODES)."""
LEARNED = 0.5
"""rel_gain of a run that evidently gets gradients; a hinge that all rows satisfy has none left, and needs none."""
DEAD = 0.999
"""Share of dead units that starves the layers before."""


def check(look: Look) -> Answer:
    trainable = look.number("trainable", 1)
    if trainable == 0:
        return _reading(
            look,
            "All parameters are frozen: training changes nothing.",
            "model.freeze names every layer.",
            Evidence("trainable", "0 trainable parameters", 0, 1),
            _thaw(look),
        )
    if look.lr == 0 and not _warming(look):
        return _reading(
            look,
            "The learning rate is 0: the weights stay where they are.",
            "Each update is the gradient times 0.",
            Evidence("lr", "learning rate 0", 0, 0, step=look.step),
            remedies.turn(look, "lr", 1e-3 if look.adaptive else 0.1, "a usual learning rate"),
        )
    if _one_unit_softmax(look) or look.gain >= LEARNED:
        return None
    gradients = look.layers("grad_norm", PROBES)
    if not gradients or min(map(len, gradients.values())) < PROBES:
        return f"{min(map(len, gradients.values()), default=0)} of {PROBES} probes" if look.layer_names else None
    still = [name for name, values in gradients.items() if not np.any(values)]
    if len(still) == len(gradients):
        if any(np.any(look.recent(f"layer/{name}/grad_norm").values[:1]) for name in still):
            return None
        return _reading(
            look,
            "The gradient of every layer is exactly zero: nothing can be learned.",
            "The loss does not depend on the weights any more: a constant output, a detached one, or a loss cut off.",
            Evidence("grad/norm", f"all {len(still)} layers at 0 in {PROBES} probes", 0, 0, step=look.step),
            remedies.advice("check output activation and loss (nnlab overfit-batch)"),
        )
    return _some(look, still)


def _some(look: Look, still: list[str]) -> Reading | None:
    deliberate = _frozen(look)
    cut = [name for name in still if name not in deliberate and not _starved(look, name)]
    if not cut:
        embeddings = {layer.name for layer in look.info.layers if layer.kind == "embedding"}
        shown = [name for name in still if name in deliberate - embeddings]
        if not shown:
            return None
        names = ", ".join(shown)
        return _reading(
            look,
            f"{names} does not learn: frozen on purpose.",
            "The scenario freezes it.",
            Evidence("grad/norm", f"{names}: gradient 0", 0, 0),
            None,
            severity="note",
        )
    names = ", ".join(cut)
    return _reading(
        look,
        f"{names} gets no gradient at all (exactly 0 in {PROBES} probes) while later layers do.",
        "The graph is cut behind it: a detached output, or a layer that is not used.",
        Evidence(f"layer/{cut[0]}/grad_norm", f"{names}: exactly 0", 0, 0, layer=cut[0], step=look.step),
        remedies.turn(look, "fault.detach_layer", -1, "switch the detaching of a layer off")
        if "fault.detach_layer" in look.info.facts
        else remedies.advice("look for a detach() or a layer left out"),
    )


def _frozen(look: Look) -> set[str]:
    """Layers that the scenario or the knob freezes."""
    knob = look.history.knob("freeze")
    indices = (knob if isinstance(knob, str) else look.text("model.freeze")).replace(" ", "").split(",")
    named = {name for index, name in enumerate(look.layer_names) if str(index) in indices or name in indices}
    if look.info.facts.get("model.freeze_embeddings", False):
        named |= {layer.name for layer in look.info.layers if layer.kind == "embedding"}
    return named


def _starved(look: Look, name: str) -> bool:
    """Whether this layer, or one behind it, is dead or flat at the moment: no gradient comes through."""
    behind = look.layer_names[look.layer_names.index(name) :]
    for layer in behind:
        for statistic in ("dead", "saturated"):
            values = look.points(f"layer/{layer}/{statistic}").tail(1)
            if len(values) and values[0] >= DEAD:
                return True
        spread = look.points(f"layer/{layer}/act_std").tail(1)
        if len(spread) and (spread[0] == 0 or not np.isfinite(spread[0])):
            return True
        first = look.early(f"layer/{layer}/grad_norm", 1)
        if layer == name and len(first) and 0 < first[0] < np.inf:
            return True
    return _zero_weights(look)


def _zero_weights(look: Look) -> bool:
    """Zero weights pass no gradient on; that is the initialisation's fault."""
    return any(len(values) and values[-1] == 0 for values in look.layers("weight_norm", 1).values())


def _one_unit_softmax(look: Look) -> bool:
    """A softmax over one unit is objective-mismatch, which says why."""
    return look.text("model.output_activation") == "softmax" and look.number("output_width", 2) == 1


def _warming(look: Look) -> bool:
    return look.number("schedule.warmup_steps", 0) > 0 or look.text("schedule.kind", "constant") != "constant"


def _thaw(look: Look) -> Remedy:
    return remedies.restart("restart with nothing frozen", model__freeze="[]")


def _reading(
    look: Look, headline: str, because: str, evidence: Evidence, remedy: Remedy | None, severity: Severity = "critical"
) -> Reading:
    return Reading(2.0, headline, because, look.start, severity, 1.0, (evidence,), remedies.ranked(remedy))


RULE = Rule("no-gradient", check, confirm=(1, 1), clear=2, patient=False)

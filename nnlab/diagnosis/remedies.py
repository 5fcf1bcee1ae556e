"""Remedies as commands: a knob turned where the run has the knob, otherwise a restart with a scenario key set."""

import math

from nnlab.diagnosis.finding import Remedy
from nnlab.diagnosis.look import Look
from nnlab.wire.values import KnobSpec, KnobValue

KEYS = {
    "lr": "optimizer.lr",
    "momentum": "optimizer.momentum",
    "optimizer": "optimizer.kind",
    "weight_decay": "optimizer.weight_decay",
    "dropout": "model.dropout",
    "freeze": "model.freeze",
    "clip_norm": "train.clip_norm",
    "clip_value": "train.clip_value",
    "batch_size": "train.batch_size",
    "label_smoothing": "objective.label_smoothing",
    "class_weights": "objective.class_weights",
    "margin": "objective.margin",
    "temperature": "objective.temperature",
    "negatives": "data.negatives",
    "false_negative_rate": "data.false_negative_rate",
    "label_noise": "data.label_noise",
    "input_scale": "data.input_scale",
    "augment": "data.augment",
    "shuffle": "data.shuffle",
    "drift": "data.strength",
    "replay": "data.replay",
    "ewc": "objective.ewc",
}
"""Scenario key of each knob, for a restart where the knob cannot be turned."""

LARGEST_LR_STEP = 30.0
"""A learning rate is never raised by more at once (FAILURE_MODES §3)."""


def turn(look: Look, knob: str, value: KnobValue, text: str) -> Remedy | None:
    """Turn a knob within its bounds, or restart with it where it is not live; None where nothing would change."""
    spec = look.knob_spec(knob)
    if spec is None:
        return Remedy(text, ({"action": "restart", "set": {KEYS.get(knob, knob): _round(value)}},))
    fitted = _fit(spec, value)
    if fitted is None or fitted == look.history.knob(knob):
        return None
    return Remedy(text, ({"turn": knob, "to": fitted},))


def together(text: str, *parts: Remedy | None) -> Remedy | None:
    """Several turns that only help at once, as one remedy; None where one of them would change nothing."""
    kept = [part for part in parts if part is not None]
    commands = tuple(command for part in kept for command in part.commands)
    return Remedy(text, commands) if len(kept) == len(parts) else None


def restart(text: str, **settings: KnobValue) -> Remedy:
    """Begin again with scenario keys set; a double underscore stands for the dot (`model__init`); lists as TOML."""
    keys: dict[str, KnobValue] = {key.replace("__", "."): _round(value) for key, value in settings.items()}
    return Remedy(text, ({"action": "restart", "set": keys},))


def initialised(look: Look, text: str, init: str, **settings: KnobValue) -> Remedy | None:
    """Begin again with other initial weights in all layers of an mlp; a scale that was meant for the old ones goes."""
    if look.text("model.kind", "mlp") != "mlp":
        return None
    scale: dict[str, KnobValue] = {"model__init_scale": 1.0} if "model.init_scale" in look.info.facts else {}
    return restart(text, model__init=init, **scale, **settings)


def steadier_forward(look: Look) -> tuple[Remedy | None, ...]:
    """What keeps activations in range from layer to layer: an activation that does not grow faster than its input,
    weights drawn for constant variance (Glorot and Bengio 2010, He et al. 2015), normalised layers."""
    grows = "exponential" in look.text("model.activation").split(",")
    return (
        initialised(look, "restart with ReLU and He initialisation", "kaiming_normal", model__activation="relu")
        if grows
        else None,
        initialised(look, "restart with Xavier initialisation", "xavier_uniform"),
        restart("restart with layer normalisation", model__norm="layer")
        if look.text("model.kind", "mlp") == "mlp"
        else None,
    )


def resized(look: Look, text: str, *widths: int) -> Remedy:
    """Begin again with other hidden layers; what was given for each of the old ones is given once for all."""
    settings: dict[str, KnobValue] = {"model__hidden": str(list(widths))}
    for key in ("activation", "init"):
        each = look.text(f"model.{key}").split(",")
        if len(each) > 1:
            settings[f"model__{key}"] = each[0]
    if "," in look.text("model.init_scale"):
        settings["model__init_scale"] = float(look.text("model.init_scale").split(",", maxsplit=1)[0])
    if look.text("model.freeze"):
        settings["model__freeze"] = "[]"
    return restart(text, **settings)


def advice(text: str) -> Remedy:
    """Something that only the user can do."""
    return Remedy(text)


def ranked(*remedies: Remedy | None) -> tuple[Remedy, ...]:
    """Those that exist, numbered from 1 in the order given, advice after what can be applied: the first is tried."""
    kept = sorted((remedy for remedy in remedies if remedy is not None), key=lambda remedy: not remedy.commands)
    return tuple(Remedy(remedy.text, remedy.commands, rank) for rank, remedy in enumerate(kept, 1))


def _round(value: KnobValue) -> KnobValue:
    """Floats to two significant digits: a remedy should look like a number that a person would choose."""
    if isinstance(value, bool) or not isinstance(value, float) or value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.1e}")


def _fit(spec: KnobSpec, value: KnobValue) -> KnobValue | None:
    """The value within what the knob can hold; None where it cannot hold the like."""
    if spec.scale == "choice":
        return value if value in spec.choices else None
    if spec.scale == "switch" or isinstance(value, str | bool):
        return value if spec.scale == "switch" and isinstance(value, bool) else None
    if value == 0 and spec.zero_ok:
        return 0.0
    fitted = min(max(float(value), spec.low), spec.high)
    if spec.scale in ("integer", "log_integer"):
        return round(fitted)
    rounded = float(f"{fitted:.1e}") if fitted else fitted
    return rounded if spec.low <= rounded <= spec.high else fitted

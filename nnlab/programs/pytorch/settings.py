"""The head of a script's code: its knobs as they are at the start, and the steps before which they are turned."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from nnlab.data.source import FixedSource
from nnlab.programs.pytorch.plan import Plan
from nnlab.programs.to_toml import BY
from nnlab.scenario.knob_table import RESET
from nnlab.wire.values import KnobValue

WHEN_USED = (
    "momentum", "weight_decay", "clip_norm", "clip_value", "dropout", "label_smoothing", "class_weights",
    "label_noise", "input_scale", "augment", "shuffle", "freeze",
)  # fmt: skip
"""Knobs that a script has only where they do something."""

Value = KnobValue | tuple[float, ...] | None


def listed(plan: Plan) -> tuple[str, ...]:
    """The knobs that the script has, in its order."""
    renewed = plan.turned("optimizer") or plan.turned(RESET)
    names = ["lr", *(["optimizer"] if renewed else []), *([RESET] if plan.turned(RESET) else []), "batch_size"]
    names += [knob for knob in WHEN_USED if plan.uses(knob)]
    if "momentum" in names and not {"sgd", "rmsprop"} & set(plan.values("optimizer")):
        names.remove("momentum")
    objective = plan.scenario.objective.kind
    names += {"triplet": ["margin"], "soft_triplet": ["temperature"], "contrastive": ["temperature"]}.get(objective, [])
    if {"in-batch", "semi-hard", "hard"} & set(plan.values("negatives")):
        names.append("negatives")
    return tuple(names)


def settings(plan: Plan, source: FixedSource | None) -> str:
    """SEED, STEPS, `knobs` and TURNS."""
    names = listed(plan)
    start, turned = _values(plan, source)
    lines = [f"SEED = {plan.run.info.seed}", f"STEPS = {plan.run.steps}", ""]
    lines += ["knobs = {  # before the first step", *(f'    "{name}": {start[name]!r},' for name in names), "}"]
    lines += ["TURNS = {  # before this step: which knob is turned to what", *_turns(plan, names, turned), "}"]
    return "\n".join(lines) + "\n"


def _turns(plan: Plan, names: tuple[str, ...], values: list[Value]) -> Iterator[str]:
    numbered = list(zip(plan.turns, values, strict=True))
    for step, group in groupby(numbered, key=lambda item: item[0].step):
        entries = list(group)
        who = ", ".join(dict.fromkeys(BY.get(turn.source, turn.source) for turn, _ in entries))
        here = ", ".join(f'("{turn.knob}", {value!r})' for turn, value in entries if turn.knob in names)
        elsewhere = "; ".join(
            f"{turn.knob} = {turn.value!r} is in the arrays" for turn, _ in entries if turn.knob not in names
        )
        if here:
            yield f"    {step}: [{here}],  # {'; '.join(filter(None, (who, elsewhere)))}"
        else:
            yield f"    # {step}: {elsewhere} ({who})"


def _values(plan: Plan, source: FixedSource | None) -> tuple[dict[str, Value], list[Value]]:
    """Each knob's value at the start, and that of each turn; class weights as numbers, None for none."""
    noise = float(plan.start.get("label_noise", 0.0))
    start: dict[str, Value] = dict(plan.start)
    if source is not None and "class_weights" in start:
        start["class_weights"] = _weights(plan, source, str(start["class_weights"]), noise)
    turned: list[Value] = []
    for turn in plan.turns:
        if turn.knob == "label_noise":
            noise = float(turn.value)
        weighs = source is not None and turn.knob == "class_weights"
        turned.append(_weights(plan, source, str(turn.value), noise) if weighs and source else turn.value)
    return start, turned


def _weights(plan: Plan, source: FixedSource, how: str, noise: float) -> tuple[float, ...] | None:
    """Weights of the classes (cross entropies) or of the positive targets; balanced ones by the labels as they are."""
    if how == "none":
        return None
    if how != "balanced":
        return tuple(float(part) for part in how.split(","))
    labels = source.noisy(noise)
    if source.classes == 0:
        positive, rows = labels.sum(axis=0), len(labels)
    else:
        positive, rows = np.bincount(labels, minlength=source.classes), len(labels)
    if plan.scenario.objective.kind in ("cross_entropy", "categorical_cross_entropy"):
        return tuple((rows / (source.classes * np.maximum(positive, 1))).tolist())
    shares = np.maximum(rows - positive, 1) / np.maximum(positive, 1)
    return tuple((shares[1:] if source.classes == 2 else shares).tolist())

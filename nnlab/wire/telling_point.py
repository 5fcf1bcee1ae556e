"""One step of a run in words, from what the record knows of it and what doing it again has found."""

import math
from dataclasses import dataclass

from nnlab.wire.events import KnobTurned
from nnlab.wire.point import BatchRow, LayerMoved, PointAgain, PointRecalled

ROWS = 12
"""Row numbers that are told of a batch."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a heading."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointTold:
    """A title, the cause in a sentence ("" as long as it is not known), and the parts."""

    title: str
    cause: str
    parts: tuple[Part, ...]


def told_point(recalled: PointRecalled, again: PointAgain | None, missing: str = "") -> PointTold:
    """All that is known; `missing` says why the step has not been done again, where it could not be."""
    parts = [Part("Happened near", _near(recalled))]
    if again is None:
        unknown = "The batch, its rows, the layers and the cause are not known"
        if missing:
            parts.append(Part("Not known", (f"{unknown}: {missing}",)))
        return PointTold(_title(recalled), "", tuple(parts))
    found = [Part("Batch", _batch(again)), Part("Layers", _layers(again)), *parts]
    if again.tried:
        tried = (f"{_left_out(one.text)}: loss {num(one.loss)}" for one in again.tried)
        found.append(Part("Done again", tuple(tried)))
    found.append(Part("How sure", (_sure(again),)))
    return PointTold(_title(recalled), again.sentence, tuple(found))


def num(value: float) -> str:
    """A measured value in a few digits."""
    return "unknown" if math.isnan(value) else f"{value:.3g}"


def _title(point: PointRecalled) -> str:
    loss = "NaN" if math.isnan(point.loss) else num(point.loss)
    return f"Step {point.step}: loss {loss} (before {num(point.usual_loss)}), gradient norm {_norm(point)}"


def _norm(point: PointRecalled) -> str:
    return f"{num(point.norm)} (before {num(point.usual_norm)})"


def _batch(again: PointAgain) -> tuple[str, ...]:
    shown = ", ".join(map(str, again.rows[:ROWS])) + (", …" if len(again.rows) > ROWS else "")
    epoch = f" of epoch {again.epoch}" if again.epoch >= 0 else ""
    head = f"{len(again.rows)} {again.counted}{epoch}: {shown}"
    others = f"Other batches at the same parameters: loss {num(again.others_loss)}, gradient {num(again.others_norm)}"
    width = max((len(str(row.row)) for row in again.worst), default=0)
    return (
        head,
        others,
        "Largest losses, with their share of the batch's:",
        *(_row(row, width) for row in again.worst),
    )


def _row(row: BatchRow, width: int) -> str:
    return f"  {row.row:>{width}}  {num(row.loss):>8} {row.share:>5.0%}  {row.text}"


def _layers(again: PointAgain) -> tuple[str, ...]:
    first = next((layer for layer in again.layers if layer.layer == again.moved), None)
    head = "No layer's gradient left its usual range in the steps up to here."
    if first is not None:
        when = "this very step" if first.first == again.step else f"step {first.first}"
        head = f"{first.layer} moved first, in {when}, {num(first.strength)} deviations from its usual gradient:"
    width = max((len(layer.layer) for layer in again.layers), default=0)
    return (head, *(_layer(layer, width) for layer in again.layers))


def _layer(layer: LayerMoved, width: int) -> str:
    since = f", moved in step {layer.first}" if layer.first >= 0 else ""
    return f"  {layer.layer:<{width}}  {num(layer.norm)} (before {num(layer.usual)}){since}"


def _near(point: PointRecalled) -> tuple[str, ...]:
    lines = [f"{one.text}, {distance(point.step - one.step)}" for one in point.near]
    if lines:
        return tuple(lines)
    if point.last is None:
        return ("Nothing: no knob turn, phase, drift, guard, snapshot or rewind.",)
    return (f"Nothing; last {point.last.text}, {distance(point.step - point.last.step)}",)


def distance(steps: int) -> str:
    """How far back something lies, negative for later."""
    if not steps:
        return "at this very step"
    amount = f"{abs(steps)} step{'s' if abs(steps) > 1 else ''}"
    return f"{amount} {'before' if steps > 0 else 'after'}"


def turned(turn: KnobTurned) -> str:
    """A knob turn in words: "lr 0.1 → 10 by script"."""
    old, new = (f"{value:g}" if isinstance(value, float) else str(value) for value in (turn.old, turn.new))
    return f"{turn.knob} {old} → {new} by {turn.source}"


def _left_out(text: str) -> str:
    return text if text.startswith("at ") else f"without {text}"


def _sure(again: PointAgain) -> str:
    if again.exact:
        return "Done again from the run file: the same loss to the last bit. The run itself is not touched."
    return (
        f"Doing the step again gives a loss of {again.loss!r}, and {again.recorded!r} is recorded: data, versions or "
        "device are not what they were, so none of this may hold."
    )

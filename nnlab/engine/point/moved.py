"""Which layer's gradient moved first, against its own recent course."""

from collections.abc import Sequence

from nnlab.engine.point.usual import Usual
from nnlab.engine.point.walk import Stepped
from nnlab.wire.point import LayerMoved


def moved(names: Sequence[str], before: Sequence[Stepped], near: Sequence[Stepped]) -> tuple[LayerMoved, ...]:
    """Each layer in the last of the steps `near`, held against the steps `before`."""
    return tuple(_layer(name, index, before, near) for index, name in enumerate(names))


def first(layers: Sequence[LayerMoved]) -> str:
    """The layer that left its usual range first; of those that did in the same step the one that went furthest."""
    out = [layer for layer in layers if layer.first >= 0]
    return min(out, key=lambda layer: (layer.first, -layer.strength)).layer if out else ""


def _layer(name: str, index: int, before: Sequence[Stepped], near: Sequence[Stepped]) -> LayerMoved:
    usual = Usual.of([step.layers[index] for step in before])
    away = next((step for step in near if usual.left(step.layers[index])), None)
    seen = near[-1] if away is None else away
    strength = abs(usual.strength(seen.layers[index]))
    return LayerMoved(name, near[-1].layers[index], usual.median, -1 if away is None else away.step, strength)

"""Frames made outside the engine: for replays, imports and tests."""

from array import array
from collections.abc import Mapping
from typing import Any

from nnlab.wire.events import Frame


def frame(step: int, points: Mapping[str, tuple[Any, Any]], seconds: float = 0.0) -> Frame:
    """A frame of these points, `step` steps done: series → (steps, values), numpy arrays or sequences of numbers.

    Series without points are left out.
    """
    kept = {name: columns for name, columns in points.items() if len(columns[0])}
    steps = tuple(_packed("q", columns[0]) for columns in kept.values())
    values = tuple(_packed("d", columns[1]) for columns in kept.values())
    return Frame(step, tuple(kept), steps, values, seconds)


def _packed(typecode: str, items: Any) -> "array[Any]":
    convert = getattr(items, "tolist", None)
    return array(typecode, convert() if convert else items)

"""What knob turns caused, as plain data for `nnlab run --json` and as lines for people."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from nnlab.cli.report import plain
from nnlab.trials.effect import Effect
from nnlab.trials.effect_words import sentence


def record(found: Effect) -> dict[str, Any]:
    """One effect, JSON-ready; the twin's curves stay in the run file."""
    told = asdict(found) | {"visible": found.visible, "text": sentence(found)}
    del told["courses"]
    return {name: plain(value) for name, value in told.items()}


def text(effects: Sequence[Effect], trouble: str) -> str:
    """A paragraph."""
    lines = [f"  steps {found.begin} to {found.end}: {sentence(found)}" for found in effects]
    lines += [f"  {trouble}"] if trouble else []
    told = lines or ["  no knob was turned to another value"]
    return "\n".join(("", "What the knobs caused, against an untouched twin", *told, ""))

"""What the knobs hold, and what was done to them."""

from collections.abc import Iterable, Sequence

from nnlab.scenario.knob_table import RESET
from nnlab.ui import format as write
from nnlab.wire.events import KnobTurned
from nnlab.wire.values import KnobSpec, KnobValue


def in_force(specs: Sequence[KnobSpec], turns: Iterable[KnobTurned], look: int | None = None) -> dict[str, KnobValue]:
    """What every knob holds after these turns, or held when the step `look` was trained; an action holds nothing."""
    values = {spec.id: spec.value for spec in specs}
    values.update((turn.knob, turn.new) for turn in turns if look is None or turn.step <= look)
    return values | {spec.id: spec.value for spec in specs if spec.scale == "action"}


def turned(turn: KnobTurned, arrow: str = " → ") -> str:
    """What a turn did: a knob from one value to another, or an action."""
    if turn.knob == RESET:
        return "optimizer state reset"
    return f"{turn.knob} {write.knob(turn.old)}{arrow}{write.knob(turn.new)}"

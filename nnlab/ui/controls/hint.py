"""What a knob's row says beside its value."""

from dataclasses import dataclass

from nnlab.wire.values import KnobValue


@dataclass(frozen=True, slots=True)
class Hint:
    """`since`: step from which the value holds (None: from the start). `requested`: what was asked for where something
    else was applied. `edge`: a value marked on the track, by an estimate. `notes`: words of an action's row, from the
    longest to the shortest, which are a warning if `warns`.
    """

    since: int | None = None
    requested: KnobValue | None = None
    edge: float | None = None
    notes: tuple[str, ...] = ()
    warns: bool = False


NO_HINT = Hint()

"""Events: what the engine tells its clients.

Numbers travel as packed arrays of float64, so NaN and ±inf arrive as they were measured. Everything is ordered: an
event about step S comes after every scalar of the steps before S.
"""

from dataclasses import dataclass

from nnlab.wire.values import Float64s, Int64s, KnobValue, RunInfo, RunState


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins (or a client has just connected to it)."""

    info: RunInfo


@dataclass(frozen=True, slots=True)
class Frame:
    """Scalars measured since the last frame.

    `series[i]` names the series whose points are `steps[i]` (array 'q') and `values[i]` (array 'd'), equally long and
    in increasing step order. `step` is the number of steps done. `dropped` counts the frames this client missed
    because it read too slowly since the last one it got; the run file has them.
    """

    step: int
    series: tuple[str, ...]
    steps: tuple[Int64s, ...]
    values: tuple[Float64s, ...]
    seconds: float = 0.0
    """Wall time in which the run was not at rest, a pace's waits included."""
    steps_per_second: float = 0.0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class KnobTurned:
    """A knob was set between step `step` - 1 and `step`: step `step` is the first one trained with the new value.

    `requested` is what was asked, `new` what was applied. `source`: user, script, remedy, guard.
    """

    step: int
    knob: str
    old: KnobValue
    new: KnobValue
    requested: KnobValue
    source: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class KnobRefused:
    """A knob was not set; `reason` says what is allowed."""

    step: int
    knob: str
    value: KnobValue
    reason: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The run's state changed at `step`; `reason` in words (why a guard paused it, for example)."""

    step: int
    state: RunState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Something worth a mark on the plots.

    `kind`: phase, drift, note, guard, finding, verdict, evaluate, readings (the last ones of a run), pace, snapshot.
    """

    step: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Rewound:
    """The run stands at `step` of the line of `branch`, before whatever was turned or marked at that step.

    What was told of later steps of the line still holds: training on tells it again, the same to the last bit, until
    something is changed. A client keeps, of that branch's line, per-step points and turns and marks before `step` and
    sampled points up to it.
    """

    step: int
    branch: int


@dataclass(frozen=True, slots=True)
class Branched:
    """A branch begins at `step`, where the run stands, and is the current one; all that follows belongs to it.

    What had been turned and marked at `step` is told again, as far as it holds on the branch.
    """

    branch: int
    parent: int
    step: int
    name: str


@dataclass(frozen=True, slots=True)
class BranchNamed:
    """A branch has a new name."""

    branch: int
    name: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something other than a knob turn was asked for and not done. `action`: rewind, switch, undo, redo, …"""

    step: int
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The engine caught an error of its own; it ends after this."""

    step: int
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class EngineLost:
    """Made by the client when the engine process is gone without a farewell. `log` is the tail of its log file."""

    code: int | None
    log: str


Event = (
    RunStarted | Frame | KnobTurned | KnobRefused | StateChanged | Marked | Rewound | Branched | BranchNamed | Refused
    | RunFailed | EngineLost
)  # fmt: skip

"""Commands: what a client may ask of the engine.

Each command is a frozen value. The engine applies commands only between two steps, in the order in which they
arrive, and answers with events (see `nnlab.wire.events`). `id` is chosen by the client and comes back in the answer,
so that a client can tell its own request from another client's; 0 means that no answer is awaited.
"""

from dataclasses import dataclass

from nnlab.wire.values import KnobValue

PROTOCOL = 2
"""Version of the vocabulary; the engine refuses a client that speaks another."""


@dataclass(frozen=True, slots=True)
class Hello:
    """First message of every client. The engine answers with `RunStarted`, all frames so far, then live ones."""

    client: str = "client"
    protocol: int = PROTOCOL


@dataclass(frozen=True, slots=True)
class Turn:
    """Set a knob. Answered by `KnobTurned` or `KnobRefused`. `source`: user, script, remedy or guard."""

    knob: str
    value: KnobValue
    id: int = 0
    source: str = "user"


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop between two steps; the engine stays and answers."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on training; past the planned steps too, when the run had finished."""


@dataclass(frozen=True, slots=True)
class Run:
    """Train `steps` more steps, then pause (1 is the single step)."""

    steps: int


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin again from step 0 as a new run (a new run file); `keep_knobs` starts with the knobs as they stand."""

    keep_knobs: bool = False


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Measure the validation metrics and all probes now, at the current step."""


@dataclass(frozen=True, slots=True)
class Inspect:
    """Look inside the run as it stands now; changes nothing. Answered, to the asking client alone, by `Inspected` or
    `InspectionRefused`.

    `what` is a kind of `nnlab.wire.events.Inspected`, which says what each is and which of them know `layer` (a layer's
    name, "" for all) and `resolution` (bins, grid points or rows; 0 for the usual number).
    """

    what: str
    id: int = 0
    layer: str = ""
    resolution: int = 0


@dataclass(frozen=True, slots=True)
class Save:
    """Write the full state as it is now to a file of its own, a body of `nnlab.runs.body`, for an experiment to start
    from; or the last snapshot up to `step` of the present line (that before a knob turn at `step`, as a rule).
    Answered, to the asking client alone, by `Saved`."""

    path: str
    id: int = 0
    step: int = -1


@dataclass(frozen=True, slots=True)
class Pace:
    """Train at most this many steps a second; 0 is as fast as the machine can. Never changes what is computed."""

    steps_per_second: float


@dataclass(frozen=True, slots=True)
class Remark:
    """Write into the journal of the run. `kind`: note, finding (as JSON), verdict, test (by a named test), trial (of a
    remedy or a knob turn, in forks), or effect (of knob turns against an untouched twin, as JSON; see
    `nnlab.trials.effect`)."""

    kind: str
    text: str
    step: int = -1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Keep the full state as it is now. Answered by a mark of kind snapshot."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Rewind:
    """Go to step `step` of the current branch's line, back or (where it was trained already) forth.

    Answered by `Rewound`, or `Refused` when the line does not reach there. A running run goes on from there.
    """

    step: int


@dataclass(frozen=True, slots=True)
class Switch:
    """Go to the end of a branch, or to step `step` of its line. Answered by `Rewound` or `Refused`."""

    branch: int
    step: int = -1


@dataclass(frozen=True, slots=True)
class Undo:
    """Go back to before the last knob turn of the line; training on from there is a branch without it."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Take the last undo back: go to the end of the branch that it left."""


@dataclass(frozen=True, slots=True)
class NameBranch:
    """Call a branch something. Answered by `BranchNamed` or `Refused`."""

    branch: int
    name: str


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run and the engine process; the run file is completed first."""


Command = (
    Hello | Turn | Pause | Resume | Run | Restart | Evaluate | Inspect | Pace | Remark | Snapshot | Rewind | Switch
    | Undo | Redo | NameBranch | Stop | Save
)  # fmt: skip

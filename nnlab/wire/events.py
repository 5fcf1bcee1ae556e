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

    `kind`: phase, drift, note, guard, finding, verdict, effect, evaluate, readings (the last ones of a run), pace,
    snapshot, unrecorded (nothing from here on is in the run file).
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
class Inspected:
    """What an `Inspect` found in the state after `step` steps: `names[i]` names the packed array `values[i]`.

    Never recorded and never in a `History`. Tables lie row after row in one array. Values are as measured, NaN and ±inf
    included. All is measured in evaluation mode. Counts and indices are whole numbers in float64.

    `weights`, `activations`, `gradients` (resolution: bins, 40): one histogram for each layer; `texts` are the L layer
    names in forward order. `low`, `high` [L] bound the equal bins of a layer, `counts` [L · bins] what falls into them,
    `mean`, `std` [L], `nonfinite` [L] the values left out as NaN or infinite. Weights leave biases and norms out where
    a layer has more than those. Activations and gradients are those of the probe batch (training rows). Gradients also
    have `norm` [L], and `weight_norm` [L] of all the layer's parameters.

    `surface` (resolution: points of an axis, 48; 200 for a curve): the model over the input space, in the units of the
    data before `input_scale`. `x` [W] and, with two inputs, `y` [H]: the points of the axes, ascending. `grid`
    [K · H · W]: for classes, probability of class k at y[h], x[w] (K classes; two of them also where the network has
    one output); for regression and several yes-or-no targets, output k. With one input it is a curve: no `y`, H = 1.
    Rows of data: `point_x`, `point_y` [n] (`point_y` of a curve is the first target), `point_label` [n] (class, or
    first target), `point_held` [n] (1 for validation rows, 0 for training rows, labels as trained on). `texts`: names
    of the inputs, then of the classes (or targets) as far as the data name them; `kind` [1] is 1 for classes, 0 for
    outputs.

    `confusion`: `matrix` [C · C], validation rows by true class (row) and predicted class (column); `texts`: the class
    names.

    `samples` (resolution: how many, 12): the training rows with the largest loss, largest first, found among up to
    2048 of a table, the last 512 of a stream, or 256 triplets as drawn now. `index` [k] (row of the table, rows
    back from the newest of a stream, or place in the draw), `loss` [k], `true`, `predicted` [k] (classes;
    regression: first target and output; triplets: similarity to the positive and to the negative), `mean` [1] loss of
    all rows looked at, `rows` [1] their number. `texts` [k]: the row in words.

    `similarities` (resolution: bins, 40): held-out triplets (training ones where none are held out). `low`, `high` [1]
    bound the bins of both `positive` and `negative` [bins]; `mean` [2] and `std` [2] of positives, then negatives.

    `spectrum`: `values` [d], the singular values of the centred document embeddings, largest first, `rows` [1] their
    number and `effective_rank` [1].

    `projection` (resolution: documents at most, 256): the first two principal components of document embeddings. `x`,
    `y` [n], `topic` [n], `kind` [n] (0 positive document, 1 negative document, 2 query, put on the documents' axes),
    `explained` [2]: each axis' share of the documents' variance.

    `machine`, of no state but of the process that holds it: `processor` and `clock` [1] in seconds, `memory` [1] in
    bytes, `threads` [1]; where it trains on a GPU also `gpu_memory`, `gpu_total`, `gpu_own` [1] in bytes, `gpu_load`
    [1] (share of the time, NaN where nobody knows) and in `texts` its name.
    """

    step: int
    what: str
    names: tuple[str, ...]
    values: tuple[Float64s, ...]
    texts: tuple[str, ...] = ()
    id: int = 0

    def get(self, name: str) -> Float64s:
        """The array of this name. Raises ValueError if there is none."""
        return self.values[self.names.index(name)]


@dataclass(frozen=True, slots=True)
class InspectionRefused:
    """This run has nothing of the kind to show now; `reason` says why, or what there is instead."""

    step: int
    what: str
    reason: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """The state after `step` steps is in the file that was asked for, or (`error`) why it is not."""

    step: int
    id: int = 0
    error: str = ""


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
    | Inspected | InspectionRefused | Saved | RunFailed | EngineLost
)  # fmt: skip

"""Small values that commands and events share."""

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    Int64s = array[int]
    Float64s = array[float]
else:  # array is not subscriptable at run time before Python 3.12
    Int64s = Float64s = array

KnobValue = float | int | bool | str
"""What a knob can hold; numbers for sliders, text for choices, bool for switches."""

Scale = Literal["linear", "log", "choice", "switch", "integer", "log_integer", "action"]

RunState = Literal["warming", "running", "paused", "finished", "stopped", "failed"]
"""finished: all planned steps done, engine still answering; stopped: ended on request or by a guard's stop."""


PER_STEP = ("train/loss", "grad/norm")
"""Series with a point at s from within step s. All others are sampled: their point at s is measured before step s."""


@dataclass(frozen=True, slots=True)
class KnobSpec:
    """A knob as the engine announces it: the UI draws its control from this and nothing else.

    `low`, `high` bound numbers (inclusive); `step` is the fine step: added on a linear scale, a factor on a log scale.
    `zero_ok` lets a log-scaled knob also hold 0 (off). `choices` lists what a choice knob can hold. An action holds
    nothing: turned to true, it does something once.
    """

    id: str
    label: str
    value: KnobValue
    scale: Scale
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    zero_ok: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """A recorded series. `every` is its sampling step (1: each step, 0: irregular); `group` names the plot it suits."""

    name: str
    label: str
    unit: str = ""
    every: int = 1
    group: str = ""


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer in forward order. `inputs`, `outputs` are widths; `activation` follows the layer; `parameters` counts."""

    name: str
    kind: str
    inputs: int
    outputs: int
    activation: str = "none"
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a run: that of `parent` before step `step`, its own from there on. The first has id 0 and parent -1.

    Of the parent's line it has knob turns and marks before `step`, per-step points before it, sampled points up to it.
    """

    id: int
    parent: int = -1
    step: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """All that is known of a run before its first step. `facts` are measured on data and configuration (README)."""

    run_id: str
    scenario: str
    title: str
    family: str
    scenario_toml: str
    seed: int
    device: str
    planned_steps: int
    batch_size: int
    steps_per_epoch: int
    eval_every: int
    probe_every: int
    diagnose_every: int
    knobs: tuple[KnobSpec, ...] = ()
    series: tuple[SeriesSpec, ...] = ()
    layers: tuple[LayerSpec, ...] = ()
    facts: dict[str, float | str | bool] = field(default_factory=dict)
    run_file: str = ""
    started: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    base_dir: str = ""
    """What relative paths in the scenario are relative to."""

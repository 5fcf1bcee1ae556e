"""What a report tells, before it is written down as HTML or Markdown."""

from dataclasses import dataclass

from nnlab.diagnosis.finding import Finding
from nnlab.ui.views.branches import BranchRow
from nnlab.ui.views.plots import PlotView


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its title. `scale`: "linear", "log" or "auto", as charts have it."""

    title: str
    scale: str
    view: PlotView


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the journal. `after` says what was measured between it and the next knob turn, "" for nothing."""

    step: int
    glyph: str
    text: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """The last value of a series. `layer` is "" for those of the whole network."""

    name: str
    label: str
    value: float
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A knob: what it held at the start and what it holds at the end, as text."""

    label: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Told:
    """A run from its title to the commands that show it again. Texts are plain: whoever writes them down escapes them.

    `facts` and `machine` are (name, value); `commands` are (what it does, command). `program` is a scenario with a
    script that gives the recorded scalars again, "" where there is none. `findings` are those that ever stood, ranked;
    `health` what speaks for a healthy verdict.
    """

    title: str
    summary: str
    story: str
    verdict: str
    sentence: str
    sick: bool
    facts: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    health: tuple[Finding, ...]
    journal: tuple[Happening, ...]
    tried: tuple[Happening, ...]
    branches: tuple[BranchRow, ...]
    metrics: tuple[Metric, ...]
    settings: tuple[Setting, ...]
    scenario: str
    program: str
    commands: tuple[tuple[str, str], ...]
    machine: tuple[tuple[str, str], ...]

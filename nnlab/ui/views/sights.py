"""Which views a run has, and in which order: first what its family is looked at for."""

from nnlab.ui.views.sight import Sight, of_inspection
from nnlab.ui.views.surface import surface
from nnlab.wire.values import RunInfo

SURFACE = of_inspection(
    "surface",
    "surface",
    "What the model answers over its whole input space. Each class has a colour and a shape; the fuller the colour, the "
    "surer the model; the dark seam is where it is undecided. A shape in a region of another colour is an example that "
    "the model gets wrong. Filled shapes are training rows, hollow ones validation rows. With one input: the model's "
    "curve over the data.",
    surface,
)


def sights(info: RunInfo) -> tuple[Sight | None, ...]:
    """The views of this run in order; None stands for the third plot."""
    towers = info.family == "towers" or "margin" in {knob.id for knob in info.knobs}
    features = info.facts.get("features")
    first = [SURFACE] if not towers and features in (1, 2) else []
    return (*first, None)

"""Which views a run has, and in which order: first what its family is looked at for."""

from functools import partial

from nnlab.ui.views import cockpit, heat, knob_history, log, race, retention, system
from nnlab.ui.views.confusion import confusion
from nnlab.ui.views.histograms import histograms
from nnlab.ui.views.plots import stretches_plot
from nnlab.ui.views.samples import TITLE as SAMPLES
from nnlab.ui.views.samples import samples
from nnlab.ui.views.sight import Sight, of_inspection
from nnlab.ui.views.surface import surface
from nnlab.wire.values import RunInfo

SURFACE = of_inspection(
    "surface",
    "surface",
    "What the model answers over its whole input space. Each class has a colour and a shape; the fuller the colour, "
    "the surer the model; the dark seam is where it is undecided. A shape in a region of another colour is an "
    "example that the model gets wrong. Filled shapes are training rows, hollow ones validation rows. With one "
    "input: the model's curve over the data.",
    surface,
)
CONFUSION = of_inspection(
    "confusion",
    "confusion",
    "Validation rows by true class (down) and predicted class (across). The brackets hold what is right; a cell is the "
    "fuller, the larger its share of the row; recall is the share of a class that is found.",
    confusion,
)
COCKPIT = Sight(
    cockpit.TITLE,
    "Whether two towers still tell documents apart. Similarity of queries to positives and to negatives on one "
    "axis; the singular values of the document embeddings, with the effective rank marked; mean cosine between "
    "documents; the loss less the margin, 0 where positive and negative are equally far; the share of triplets with "
    "a loss; recall@1; documents and queries on the plane in which the documents spread the most. A sign stands "
    "before a number that speaks of collapse. Enlarge the view to see all parts.",
    cockpit.cockpit,
    cockpit.NEEDS[:1],
    cockpit.NEEDS[1:],
)
RACE = Sight(
    race.TITLE,
    "A lane for each detector of drift: its statistic in units of the limit at which the diagnosis takes it "
    "seriously, beyond which it fills the upper half. The line through all lanes is the step at which the data "
    "began to drift, the sign the step at which the detector spoke, and the number how many steps that took it.",
    race.race,
)
RETENTION = Sight(
    retention.TITLE,
    "Accuracy on each task or phase of the data over the run: the fuller, the better. Signs on the axis are the "
    "steps at which the data changed; a row that has lost a fifth or more of its best accuracy is marked.",
    retention.retention,
)
HEAT = Sight(
    heat.TITLE,
    "Each layer over the whole run, the first layer on top: norm of the gradient, length of the step relative to "
    "the weights, standard deviation of the activations, share of dead and of saturated units. The fuller a cell, "
    "the larger the value; numbers are the newest. What the diagnosis blames comes first and is marked.",
    heat.heat,
)
KNOBS = Sight(
    knob_history.TITLE,
    "The learning rate in force, after its schedule, on a logarithmic scale, over a lane for each knob that was "
    "turned: a tick where it was turned, then the value it held. On the right what holds now. edge is the "
    "estimate of the largest stable value of the knob lr.",
    knob_history.knob_history,
)
LOG = Sight(
    log.TITLE,
    "What the engine's process has printed, the newest line last: warnings of torch or numpy, and the traceback "
    "should it fail. Usually nothing.",
    log.engine_log,
)
SYSTEM = Sight(
    system.TITLE,
    "What the run takes of the machine, over the last minute: processor cores in use and memory, of the engine (which "
    "trains) and of the lab (which draws); the GPU, where the engine trains on one. Measured once a second, and only "
    "while this view can be seen.",
    system.system,
    (system.KIND,),
    every=system.EVERY,
)


def sights(info: RunInfo, *, recorded: bool = False) -> tuple[Sight | None, ...]:
    """The views of this run in order; None stands for the third plot, which is first where nothing tells more.

    A recording has no model, so that what shows the model's answers does not come first there.
    """
    facts = info.facts
    classes = bool(facts.get("classes", 0))
    towers = any(spec.name.startswith("sim/") for spec in info.series)
    first: list[Sight] = []
    if towers:
        first.append(COCKPIT)
    if facts.get("data.kind") == "stream":
        first.append(RACE)
    if stretches_plot({spec.name for spec in info.series}):
        first.append(RETENTION)
    surface = () if towers or facts.get("features") not in (1, 2) else (SURFACE,)
    answers = (None, *surface) if recorded else (*surface, None)
    inside = _inside(classes=classes, towers=towers)
    return (*first, *answers, *([CONFUSION] if classes else []), HEAT, *inside, KNOBS, LOG, SYSTEM)


def _inside(*, classes: bool, towers: bool) -> tuple[Sight, ...]:
    """Views of weights, activations, gradients and examples."""
    about = {
        "weights": "How the weights of each layer are spread, between the smallest and the largest one.",
        "activations": "How what each layer puts out for the probe batch is spread, after its activation function.",
        "gradients": "How the entries of each layer's gradient on the probe batch are spread.",
    }
    hardest = (
        "The training rows with the largest loss, with what is true and what the model says; of triplets, the "
        "similarity to the positive and to the negative. A cross stands after what is wrong: a mislabelled row is "
        "often among them."
    )
    return (
        *(of_inspection(kind, kind, text, histograms) for kind, text in about.items()),
        of_inspection(SAMPLES, "samples", hardest, partial(samples, classes=classes, towers=towers)),
    )

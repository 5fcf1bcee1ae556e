"""The named tests: what each asks, where it begins, and what it means when something is wrong."""

from dataclasses import dataclass
from typing import Literal

Begins = Literal["state", "start", "again"]
"""Beside a run a test begins from the present state, from the start with the knobs as they stand, or does the run again
up to the present step."""


@dataclass(frozen=True, slots=True)
class NamedTest:
    """`id` is also the command's name; `asks` is the question in one line."""

    id: str
    title: str
    asks: str
    begins: Begins
    fine: str
    """What it means that nothing is wrong, and what to look at next."""
    wrong: str
    """What it means that something is, and what to do."""


NAMED_TESTS = (
    NamedTest(
        "overfit-batch", "one-batch test", "Can it learn one batch by heart?", "state",
        "Model, loss, labels and gradient work together, and the model is large enough for a batch. If the run still "
        "does badly, look at the rate, the size of the model for all of the data, or the data themselves.",
        "A sound model fits one batch, whatever the data: a longer training, more data or regularisation will not "
        "help. Mend the cause first; if the batch fits at another rate, it is the rate.",
    ),
    NamedTest(
        "lr-range", "learning-rate range", "At which rates does the loss fall?", "start",
        "The rate lies where the loss falls. Below the suggested range training is slow, above it at the edge.",
        "Set the rate to the suggestion and look again. Where no rate does anything, the rate is not the cause: take "
        "the one-batch test.",
    ),
    NamedTest(
        "step-sizes", "half and double step", "Would half a step do better, or two?", "state",
        "The step is not too long. Where twice one does almost twice as much, the rate can be raised.",
        "The step jumps over the valley: halve the rate until half a step no longer does better.",
    ),
    NamedTest(
        "baselines", "baselines", "First loss sane? Do the inputs help?", "start",
        "The first loss is sane, and with its inputs the model does better than without.",
        "A model that does as well with zeroed inputs does not use them: look at their scale and at how they reach the "
        "first layer. A first loss far above a guess's is the initialisation.",
    ),
    NamedTest(
        "label-shuffle", "label shuffle", "Better than from shuffled labels?", "start",
        "The labels say something about the inputs, and training finds it.",
        "Either the labels carry nothing (put together wrongly, or noise), or training does not find what they carry; "
        "the check below says which. Look at rows with their labels before anything else.",
    ),
    NamedTest(
        "replay-batches", "earlier batches", "Are earlier batches still known?", "again",
        "What was trained on earlier is still known.",
        "Newer data overwrite older: mix old rows in (replay), hold the weights they need (ewc), or lower the rate "
        "before the data change.",
    ),
    NamedTest(
        "checkup", "checkup", "What is the first thing wrong?", "start",
        "Data, step, one batch, gradients and rate are right at the start. What goes wrong later is the business of "
        "the diagnosis.",
        "This comes first: what stands after it in the order cannot be judged before it is mended.",
    ),
)  # fmt: skip

BY_ID = {test.id: test for test in NAMED_TESTS}

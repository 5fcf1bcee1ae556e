"""The way in: from the scenario's `[data]` to a source of examples."""

from pathlib import Path

from nnlab.data.blobs import blobs
from nnlab.data.circles import circles
from nnlab.data.errors import DataError
from nnlab.data.facts import facts
from nnlab.data.fixed import FixedSource
from nnlab.data.generations import GenerationSource, generations
from nnlab.data.linear import linear
from nnlab.data.moons import moons
from nnlab.data.phase import apply_phase
from nnlab.data.prepare import Examples, prepare
from nnlab.data.sine import sine
from nnlab.data.spirals import spirals
from nnlab.data.stream import StreamSource, stream
from nnlab.data.table import table
from nnlab.data.tasks import TasksSource, tasks
from nnlab.data.triplets import TripletSource, triplets
from nnlab.data.xor import xor
from nnlab.scenario.data import (
    Blobs,
    Circles,
    Data,
    Generations,
    Linear,
    Moons,
    MsMarco,
    Sine,
    Spirals,
    Stream,
    Table,
    Tasks,
    Triplets,
    Xor,
)

__all__ = [
    "DataError", "FixedSource", "GenerationSource", "Source", "StreamSource", "TasksSource", "TripletSource",
    "apply_phase", "facts",
    "make",
]  # fmt: skip

Source = FixedSource | StreamSource | TripletSource


def make(data: Data, seed: int, base_dir: Path, batch_size: int) -> Source | TasksSource:
    """The source that `data` describes: equal arguments give equal examples.

    Paths in `data` are relative to `base_dir`; `batch_size` is the default of a stream's blocks. Raises DataError with
    one sentence for the user when a file cannot be used or options contradict each other.
    """
    if isinstance(data, Stream):
        return stream(data, seed, batch_size)
    if isinstance(data, Triplets | MsMarco):
        return triplets(data, seed, base_dir)
    if isinstance(data, Generations):
        return generations(data, seed)
    if isinstance(data, Tasks):
        return tasks(data, seed)
    examples = table(data, base_dir) if isinstance(data, Table) else _generated(data, seed)
    return prepare(examples, data, seed)


def _generated(data: Blobs | Moons | Circles | Spirals | Xor | Sine | Linear, seed: int) -> Examples:
    examples: Examples
    match data:
        case Blobs():
            examples = blobs(data, seed)
        case Moons():
            examples = moons(data, seed)
        case Circles():
            examples = circles(data, seed)
        case Spirals():
            examples = spirals(data, seed)
        case Xor():
            examples = xor(data, seed)
        case Sine():
            examples = sine(data, seed)
        case Linear():
            examples = linear(data, seed)
    return examples

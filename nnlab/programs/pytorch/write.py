"""A steered run as one plain PyTorch script: the same data, first weights, batches, knob turns and therefore losses."""

from dataclasses import dataclass
from pathlib import Path

from nnlab import __version__
from nnlab.data.source import FixedSource, TripletSource, make
from nnlab.errors import UserError
from nnlab.programs.pytorch import limits, towers
from nnlab.programs.pytorch.data import INDEXED, fixed_data
from nnlab.programs.pytorch.loop import freezing, gradient_norm, loop
from nnlab.programs.pytorch.loss import loss, triplet_loss
from nnlab.programs.pytorch.mlp import mlp
from nnlab.programs.pytorch.plan import Arrays, Plan, plan
from nnlab.programs.pytorch.settings import listed, settings
from nnlab.programs.pytorch.update import optimizer, schedule
from nnlab.programs.steered import Steered
from nnlab.scenario.model import Mlp

TITLES = ("Settings", "Data", "Network", "Loss and optimizer", "Training")
NEWLINE = "\n"


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a script, and the arrays that it reads from a file beside it (maybe none)."""

    text: str
    arrays: Arrays


def to_pytorch(run: Steered, arrays_file: str) -> Script:
    """The script of a run, which looks for its arrays under this name.

    Raises UserError for what a script cannot express, and DataError for data that are not there any more.
    """
    made = plan(run)
    limits.check(made)
    base_dir = Path(run.info.base_dir) if run.info.base_dir else run.path.parent
    source = make(run.scenario.data, run.info.seed, base_dir, run.scenario.train.batch_size)
    if isinstance(source, FixedSource):
        body = _supervised(made, source, arrays_file)
    elif isinstance(source, TripletSource):
        body = _retrieval(made, source, arrays_file)
    else:
        raise UserError(f"{run.path.name} cannot be written as a PyTorch script, because of its data")
    text = f"{_head(made, arrays_file)}\n\n{_imports(body)}\n\n\n{body}"
    return Script(text, made.arrays)


def _supervised(made: Plan, source: FixedSource, arrays_file: str) -> str:
    names, model, kind = listed(made), made.scenario.model, made.scenario.objective.kind
    assert isinstance(model, Mlp)
    outputs = source.classes if kind in INDEXED or source.classes > 2 else 1
    depth = len(model.hidden)
    layers = [f"network.fc{n}," + (f" network.norm{n}," if model.norm != "none" else "") for n in range(1, depth + 1)]
    network = mlp(made, source.x_train.shape[1], outputs if source.classes else source.targets)
    objective = _joined(loss(made), freezing(names, [*layers, "network.out,"]), optimizer(made, names))
    training = _training(made, names, _validate(names) if len(source.x_val) else "")
    return _parts(settings(made, source), fixed_data(made, source, arrays_file), network, objective, training)


def _retrieval(made: Plan, source: TripletSource, arrays_file: str) -> str:
    names = listed(made)
    validate = VALIDATE_TRIPLETS.format(drawn=", drawn=True" if "negatives" in names else "")
    network = towers.network(made, source)
    outputs = towers.similarity(made, names), towers.embeddings(made, names)
    objective = _joined(*outputs, triplet_loss(made), optimizer(made, names))
    training = _training(made, names, validate if len(source.val_queries) else "")
    return _parts(settings(made, None), towers.corpus(made, source, arrays_file), network, objective, training)


def _training(made: Plan, names: tuple[str, ...], validate: str) -> str:
    return _joined(schedule(made), gradient_norm(), validate, loop(made, names, bool(validate)))


VALIDATE_TRIPLETS = '''\
@torch.no_grad()
def validate():
    """Loss on triplets of queries that are held out, without dropout."""
    return loss_of(*embeddings(val_rows{drawn})).item()
'''


def _validate(names: tuple[str, ...]) -> str:
    inputs = 'x_val * knobs["input_scale"]' if "input_scale" in names else "x_val"
    return (
        "@torch.no_grad()\ndef validate():\n"
        '    """Loss on the rows that are held out, without dropout."""\n'
        f"    network.eval()\n    return loss_of(network({inputs}), y_val).item()\n"
    )


def _parts(*parts: str) -> str:
    """The parts, each under its title."""
    ruled = (f"# --- {title} {'-' * (112 - len(title))}" for title in TITLES)
    told = (part.strip(NEWLINE) + NEWLINE for part in parts)
    return "\n\n".join(
        f"{rule}\n\n{NEWLINE * part.startswith(('def ', 'class ', '@'))}{part}"
        for rule, part in zip(ruled, told, strict=True)
    )


def _joined(*pieces: str) -> str:
    """Top-level pieces, two empty lines apart."""
    return "\n\n".join(piece for piece in pieces if piece)


def _imports(body: str) -> str:
    """What the body uses."""
    standard = [f"import {name}" for name in ("math", "sys") if f"{name}." in body] + ["from pathlib import Path"]
    if "crc32(" in body:
        standard.append("from zlib import crc32")
    lines = [*standard, "", "import numpy as np", "import torch"]
    lines += ["import torch.nn.functional as F"] if "F." in body else []
    return "\n".join(
        [*lines, "from torch import nn", "", "torch.set_num_threads(1)  # more only get in each other's way"]
    )


def _head(made: Plan, arrays_file: str) -> str:
    info = made.run.info
    versions = ", ".join(f"{name} {version}" for name, version in info.versions.items())
    where = f"Its arrays lie in {arrays_file}, beside it: {', '.join(made.arrays)}." if made.arrays else ""
    device = (
        "" if info.device == "cpu" else f"It was trained on {info.device}; random dropout and noise differ on the CPU."
    )
    lines = [
        f"{info.title}: a training run that was steered in nnlab, as plain PyTorch.",
        "",
        f"Written by `nnlab export --to pytorch` (nnlab {__version__}) from {made.run.path.name}:",
        f"{info.scenario}, seed {info.seed} ({versions}). It needs torch and numpy, not nnlab.",
        "",
        "The first weights are drawn from the same seed in the same order, and the examples, the batches and the knob",
        "turns are the same, so the losses are those of the recording but for the rounding of floating point.",
        *filter(None, (where, device)),
        "",
        "    python THIS_FILE [LOSSES.csv]",
    ]
    return '"""' + "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''") + '\n"""'

"""What a training would need to go on elsewhere exactly as here: nested tables of plain values, tensors and arrays.

Every part with a past gives its own as `state()` and takes it back with `restore(state)`. A part that is built from the
scenario alone (data, network, schedule) gives nothing. Whoever adds a part with a past adds it here, or the test that
every scenario goes on bit for bit after a restore fails.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nnlab.runs.body import pack, unpack

State = dict[str, Any]
"""Plain JSON values, tensors and numpy arrays, and tables of them; None is a value too."""


def to_body(state: State) -> bytes:
    """The state as bytes; arrays go by their dotted path."""
    arrays: dict[str, NDArray[Any]] = {}
    return pack(_plain("", state, arrays), arrays)


def from_body(body: bytes) -> State:
    """The state of a body, arrays as tensors on the CPU. Raises BodyError."""
    plain, arrays = unpack(body)
    for path, array in arrays.items():
        *tables, name = path.split(".")
        node = plain
        for table in tables:
            node = node[table]
        node[name] = torch.from_numpy(array)
    return plain


def random_state(device: torch.device) -> State:
    """Of torch's generators, which dropout draws from."""
    found: State = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        found["device"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        found["device"] = torch.mps.get_rng_state()
    return found


def restore_random(state: State, device: torch.device) -> None:
    """Give torch's generators their state back."""
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda":
        torch.cuda.set_rng_state(state["device"], device)
    elif device.type == "mps":
        torch.mps.set_rng_state(state["device"])


def _plain(path: str, table: State, arrays: dict[str, NDArray[Any]]) -> State:
    kept: State = {}
    for name, value in table.items():
        if isinstance(value, Tensor):
            arrays[path + name] = value.detach().cpu().numpy()
        elif isinstance(value, np.ndarray):
            arrays[path + name] = value
        elif isinstance(value, dict):
            kept[name] = _plain(f"{path}{name}.", value, arrays)
        else:
            kept[name] = value
    return kept

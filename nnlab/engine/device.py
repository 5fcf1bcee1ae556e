"""Which device trains."""

import torch

from nnlab.errors import UserError


def pick_device(name: str) -> torch.device:
    """The device called `name`; auto is CUDA where there is one, else the CPU. Raises UserError when it is not there.

    auto never picks mps: not every kernel of the lab exists there, so it is on request only.
    """
    torch.set_num_threads(1)
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: torch sees no CUDA device here; use cpu, or see `nnlab doctor`")
    if name == "mps" and not torch.backends.mps.is_available():
        raise UserError("--device mps: torch sees no Apple GPU here; use cpu, or see `nnlab doctor`")
    return torch.device(name)

"""What keeps a probe from changing training: the random state and the flat parameters come back bit for bit."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def same_random_state(device: torch.device) -> Iterator[None]:
    """Restore torch's random state of the CPU and of `device` afterwards."""
    if device.type == "mps":
        state = torch.mps.get_rng_state()
        try:
            with torch.random.fork_rng(devices=[]):
                yield
        finally:
            torch.mps.set_rng_state(state)
        return
    if device.type == "cuda":
        with torch.random.fork_rng(devices=[device]):
            yield
        return
    state = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(state)


@contextmanager
def moved_parameters(values: Tensor) -> Iterator[None]:
    """Let the block overwrite the flat parameters; they come back afterwards."""
    kept = values.clone()
    try:
        yield
    finally:
        values.copy_(kept)


@contextmanager
def same_buffers(network: nn.Module) -> Iterator[None]:
    """Let the block update what the network counts as it goes (statistics of batch norms); it comes back afterwards."""
    kept = [buffer.clone() for buffer in network.buffers()]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, before in zip(network.buffers(), kept, strict=True):
                buffer.copy_(before)

"""All parameters and all gradients of a model as views into one flat buffer each.

A step on a small model is bound by the overhead of each call, not by arithmetic: with flat buffers zeroing, clipping
and updating are one call each, and a snapshot is one copy. Layers are contiguous segments of the buffers, so a frozen
layer is a segment that the optimizer is not given.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor, nn

from nnlab.engine.state import State


@dataclass(frozen=True, slots=True)
class Segment:
    """A layer's place in the flat buffers: parameters start (inclusive) to stop (exclusive)."""

    layer: str
    start: int
    stop: int


class Parameters:
    """The flat buffers of a model: `values` and `grads`, float32 [n], with one `Segment` per layer in forward order."""

    def __init__(self, layers: Sequence[tuple[str, nn.Module]], device: torch.device) -> None:
        """Move the parameters of `layers` (each given once) into new flat buffers on `device`."""
        owned = [(name, list(layer.parameters())) for name, layer in layers]
        total = sum(parameter.numel() for _, parameters in owned for parameter in parameters)
        self.values = torch.empty(total, device=device)
        self.grads = torch.zeros(total, device=device)
        self.segments: tuple[Segment, ...] = ()
        self.frozen: frozenset[str] = frozenset()
        self.weight_mask = torch.zeros(total, device=device)
        """1 where a parameter is a weight (two or more dimensions), 0 for biases and norms."""
        self.learning_mask = torch.ones(total, device=device)
        """0 where a parameter is frozen."""
        self._tensors: dict[str, list[nn.Parameter]] = {}
        offset = 0
        for name, parameters in owned:
            start = offset
            for parameter in parameters:
                stop = offset + parameter.numel()
                self.values[offset:stop] = parameter.detach().reshape(-1)
                if parameter.dim() > 1:
                    self.weight_mask[offset:stop] = 1.0
                offset = stop
            self._tensors[name] = parameters
            if offset > start:
                self.segments += (Segment(name, start, offset),)
        self._bind()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy whose parameters are views into its own buffers (torch copies a Parameter out of its buffer)."""
        copy = object.__new__(type(self))
        memo[id(self)] = copy
        copy.__dict__.update(deepcopy(self.__dict__, memo))
        copy._bind()
        return copy

    def _bind(self) -> None:
        """Make each parameter and its gradient a view into the flat buffers."""
        offset = 0
        for parameters in self._tensors.values():
            for parameter in parameters:
                stop = offset + parameter.numel()
                parameter.data = self.values[offset:stop].view(parameter.shape)
                parameter.grad = self.grads[offset:stop].view(parameter.shape)
                offset = stop

    def tensors(self) -> list[nn.Parameter]:
        """All parameters in the order of the flat buffers."""
        return [parameter for parameters in self._tensors.values() for parameter in parameters]

    def freeze(self, layers: Iterable[str]) -> None:
        """Stop these layers from learning and let all others learn."""
        self.frozen = frozenset(layers)
        for name, parameters in self._tensors.items():
            for parameter in parameters:
                parameter.requires_grad_(name not in self.frozen)
        self.grads.zero_()
        for segment in self.segments:
            self.learning_mask[segment.start : segment.stop] = float(segment.layer not in self.frozen)

    def state(self) -> State:
        """Values, gradients (they pile up where nothing zeroes them) and what is frozen."""
        return {"values": self.values, "grads": self.grads, "frozen": sorted(self.frozen)}

    def restore(self, state: State) -> None:
        """Take a state back."""
        self.freeze(state["frozen"])
        self.values.copy_(state["values"])
        self.grads.copy_(state["grads"])

    def learning(self) -> list[tuple[int, int]]:
        """The stretches of the buffers that learn, one for each layer."""
        return [(segment.start, segment.stop) for segment in self.segments if segment.layer not in self.frozen]

    def by_layer(self, buffer: Tensor) -> list[Tensor]:
        """A flat buffer cut into one view per segment."""
        return [buffer[segment.start : segment.stop] for segment in self.segments]

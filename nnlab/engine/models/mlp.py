"""A stack of fully connected layers."""

from dataclasses import dataclass

import torch.nn.functional as F  # noqa: N812 (torch's own convention)
from torch import Tensor, nn

from nnlab.engine.models.activations import FUNCTIONS
from nnlab.engine.models.initial import initialise
from nnlab.scenario.model import Activation, Mlp
from nnlab.wire.values import LayerSpec


@dataclass(slots=True)
class Tap:
    """What one layer did to the probe batch: `activation` [batch, width] after its activation function."""

    layer: str
    kind: Activation
    activation: Tensor


@dataclass(slots=True)
class LinearTap(Tap):
    """Of a linear layer also what it got [batch, features], its own output and that of its norm [batch, width]; the
    last two are the same where there is no norm.
    """

    inputs: Tensor
    linear: Tensor
    normed: Tensor


class MlpNetwork(nn.Module):
    """Layers fc1, fc2, … and out. Inputs [batch, features], outputs [batch, outputs]."""

    def __init__(self, settings: Mlp, features: int, outputs: int) -> None:
        """Build and initialise from torch's global generator."""
        super().__init__()
        widths = (*settings.hidden, outputs)
        depth = len(widths)
        self.names = [*(f"fc{i + 1}" for i in range(depth - 1)), "out"]
        hidden = settings.activation
        kinds = hidden if isinstance(hidden, tuple) else (hidden,) * (depth - 1)
        self.kinds: tuple[Activation, ...] = (*kinds, settings.output_activation)
        self.functions = [FUNCTIONS[kind] for kind in self.kinds]
        self.linears = [nn.Linear(wide, out) for wide, out in zip((features, *widths), widths, strict=False)]
        self._registered = nn.ModuleList(self.linears)
        self.norms = nn.ModuleList(_norm(settings.norm, width) for width in settings.hidden)
        self.residual = [settings.residual and 0 < i < depth - 1 and widths[i] == widths[i - 1] for i in range(depth)]
        self.detached: int | None = None
        """Layer through whose output no gradient flows back (a fault)."""
        inits = settings.init if isinstance(settings.init, tuple) else (settings.init,) * depth
        scales = settings.init_scale if isinstance(settings.init_scale, tuple) else (settings.init_scale,) * depth
        for linear, init, scale in zip(self.linears, inits, scales, strict=True):
            initialise(linear.weight, init, scale)
            if settings.bias_init != "default":
                nn.init.constant_(linear.bias, settings.bias_init)
        self._steps = [
            (linear, norm if not isinstance(norm, nn.Identity) else None)
            for linear, norm in zip(self.linears, [*self.norms, nn.Identity()], strict=True)
        ]

    def layers(self) -> list[tuple[str, nn.Module]]:
        """Each layer's name and the modules that hold its parameters."""
        norms = [*self.norms, nn.Identity()]
        return [
            (name, nn.ModuleList([linear, norm]))
            for name, linear, norm in zip(self.names, self.linears, norms, strict=True)
        ]

    def specs(self) -> tuple[LayerSpec, ...]:
        """The layers as clients are told of them."""
        return tuple(
            LayerSpec(
                name, "linear", linear.in_features, linear.out_features, kind,
                sum(parameter.numel() for parameter in module.parameters()),
            )
            for (name, module), linear, kind in zip(self.layers(), self.linears, self.kinds, strict=True)
        )  # fmt: skip

    def forward(self, inputs: Tensor, dropout: float, batch_stats: bool, taps: list[Tap] | None = None) -> Tensor:
        """Outputs for `inputs`. `dropout`: share zeroed (0: evaluation); `batch_stats`: batch norm uses and updates
        its statistics; `taps` collects what each layer did."""
        h = inputs
        last = len(self._steps) - 1
        for i, (linear, norm) in enumerate(self._steps):
            z = normed = F.linear(h, linear.weight, linear.bias)
            if norm is not None:
                norm.training = batch_stats
                normed = norm(z)
            out = self.functions[i](normed)
            if taps is not None:
                taps.append(LinearTap(self.names[i], self.kinds[i], out, h, z, normed))
            z = out
            if self.residual[i]:
                z = z + h
            if dropout > 0.0 and i < last:
                z = F.dropout(z, dropout)
            if i == self.detached:
                z = z.detach()
            h = z
        return h


def _norm(kind: str, width: int) -> nn.Module:
    match kind:
        case "batch":
            return nn.BatchNorm1d(width)
        case "layer":
            return nn.LayerNorm(width)
        case _:
            return nn.Identity()

"""Update rules over flat buffers, with the formulas and defaults of torch.optim (tested against it).

Adam and AdamW use torch's fused kernel, which also applies the clipping factor (`grad_scale` divides the gradient), so
clipping and updating are one pass over memory. The learning rate is a 0-dim tensor on the device: turning it or
scheduling it re-creates nothing.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from nnlab.engine.state import State
from nnlab.scenario.training import Optimizer as Settings
from nnlab.scenario.training import OptimizerKind


@dataclass(slots=True)
class Optimizer:
    """State of one update rule over the stretches `learning` of flat `values` and `grads`, one for each layer.

    `momentum` and `weight_decay` are plain numbers that may be changed between steps; `first` and `second` are the
    running moments, float32 like `values` (momentum buffer, squared average, sum of squares: what the rule needs).
    Neighbouring layers with equally many updates behind them are updated as one stretch; a layer that was frozen for a
    while has fewer, and its bias correction goes by its own count, as in torch.
    """

    kind: OptimizerKind
    values: Tensor
    grads: Tensor
    learning: list[tuple[int, int]]
    momentum: float
    nesterov: bool
    betas: tuple[float, float]
    alpha: float
    eps: float
    weight_decay: float
    first: Tensor = field(init=False)
    second: Tensor = field(init=False)
    _done: dict[tuple[int, int], int] = field(init=False, default_factory=dict)
    _since: int = field(init=False, default=0)
    _values: list[Tensor] = field(init=False, repr=False)
    _grads: list[Tensor] = field(init=False, repr=False)
    _first: list[Tensor] = field(init=False, repr=False)
    _second: list[Tensor] = field(init=False, repr=False)
    _counts: list[Tensor] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.first = torch.zeros_like(self.values)
        self.second = torch.zeros_like(self.values)
        learning, self.learning = self.learning, []
        self.use(learning)

    def use(self, learning: list[tuple[int, int]]) -> None:
        """Update these stretches from now on; moments stay."""
        for stretch in self.learning:
            self._done[stretch] = self._done.get(stretch, 0) + self._since
        self.learning, self._since = learning, 0
        joined: list[tuple[int, int, int]] = []
        for start, stop in learning:
            done = self._done.get((start, stop), 0)
            if joined and joined[-1][1:] == (start, done):
                joined[-1] = (joined[-1][0], stop, done)
            else:
                joined.append((start, stop, done))
        self._values, self._grads, self._first, self._second = (
            [flat[start:stop] for start, stop, _ in joined]
            for flat in (self.values, self.grads, self.first, self.second)
        )
        device = self.values.device
        self._counts = [torch.tensor(float(done), device=device) for _, _, done in joined]

    def state(self) -> State:
        """The rule, its live settings, its moments (None where it has none yet) and updates per stretch."""
        return {
            "kind": self.kind,
            "momentum": self.momentum,
            "weight_decay": self.weight_decay,
            "first": self.first if self.first.any() else None,
            "second": self.second if self.second.any() else None,
            "done": self._updates(),
        }

    def _updates(self) -> list[list[int]]:
        """Start, stop and number of updates of each stretch that ever learnt."""
        done = dict(self._done)
        for stretch in self.learning:
            done[stretch] = done.get(stretch, 0) + self._since
        return [[start, stop, count] for (start, stop), count in done.items()]

    def _updates_of_learning(self) -> int:
        """Updates of that learning stretch that has had the fewest."""
        return min((self._done.get(stretch, 0) + self._since for stretch in self.learning), default=0)

    def restore(self, state: State, learning: list[tuple[int, int]]) -> None:
        """Take a state back, to go on with these stretches."""
        self.kind, self.momentum, self.weight_decay = state["kind"], state["momentum"], state["weight_decay"]
        for moment, kept in ((self.first, state["first"]), (self.second, state["second"])):
            if kept is None:
                moment.zero_()
            else:
                moment.copy_(kept)
        self._done = {(start, stop): count for start, stop, count in state["done"]}
        self.learning, self._since = [], 0
        self.use(learning)

    def damping(self) -> Tensor | None:
        """What divides the direction of the next step, float32 [n]: the root of the second moment (bias-corrected) plus
        eps; 1 where the rule has none. None while a layer that learns has not been updated yet."""
        if self.kind == "sgd":
            return torch.ones_like(self.values)
        if not self._updates_of_learning():
            return None
        expected = self.second.clone()
        if self.kind in ("adam", "adamw"):
            for start, stop, count in self._updates():
                expected[start:stop] /= 1.0 - self.betas[1] ** max(count, 1)
        return expected.sqrt_().add_(self.eps)

    def expected_norm(self) -> Tensor | None:
        """Length of the gradient that the second moment expects, 0-dim; None for rules without a fading one, and before
        the first update."""
        if self.kind not in ("adam", "adamw", "rmsprop") or not self._updates_of_learning():
            return None
        squares = [moment.sum() for moment in self._second]
        if self.kind != "rmsprop":
            squares = [
                square / (1.0 - self.betas[1] ** count) for square, count in zip(squares, self._counts, strict=True)
            ]
        return torch.stack(squares).sum().sqrt()

    def update(self, lr: Tensor, divisor: Tensor | None) -> None:
        """One update. `divisor` (0-dim) divides the gradients first: the clipping factor; None leaves them."""
        if not self._values:
            return
        self._since += 1
        if self.kind in ("adam", "adamw"):
            torch._foreach_add_(self._counts, 1.0)
            kernel = torch._fused_adam_ if self.kind == "adam" else torch._fused_adamw_
            kernel(
                self._values, self._grads, self._first, self._second, [], self._counts,
                lr=lr, beta1=self.betas[0], beta2=self.betas[1], weight_decay=self.weight_decay, eps=self.eps,
                amsgrad=False, maximize=False, grad_scale=divisor, found_inf=None,
            )  # fmt: skip
            return
        for value, grad, first, second in zip(self._values, self._grads, self._first, self._second, strict=True):
            if divisor is not None:
                grad.div_(divisor)
            if self.weight_decay:
                grad = grad.add(value, alpha=self.weight_decay)  # noqa: PLW2901 (what piles up is the gradient alone)
            value.sub_(self._direction(grad, first, second).mul(lr))

    def _direction(self, grad: Tensor, first: Tensor, second: Tensor) -> Tensor:
        """What the learning rate multiplies, for the rules without a fused kernel (formulas: torch.optim's pages)."""
        if self.kind == "sgd":
            if not self.momentum:
                return grad
            first.mul_(self.momentum).add_(grad)
            return grad.add(first, alpha=self.momentum) if self.nesterov else first
        if self.kind == "rmsprop":
            second.mul_(self.alpha).addcmul_(grad, grad, value=1.0 - self.alpha)
            step = grad / second.sqrt().add_(self.eps)
            return first.mul_(self.momentum).add_(step) if self.momentum else step
        second.addcmul_(grad, grad)
        return grad / second.sqrt().add_(self.eps)


def make_optimizer(settings: Settings, values: Tensor, grads: Tensor, learning: list[tuple[int, int]]) -> Optimizer:
    """The rule that the scenario asks for, with fresh moments."""
    return Optimizer(
        settings.kind, values, grads, learning, settings.momentum, settings.nesterov, settings.betas, settings.alpha,
        settings.eps, settings.weight_decay,
    )  # fmt: skip

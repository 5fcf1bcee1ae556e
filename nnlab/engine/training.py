"""The training step: forward, loss, backward, clip, update.

Nothing here waits for the device, allocates an optimizer or calls back into anything: what may change between two
steps are attributes and 0-dim tensors on the device, and loss and gradient norm go to a ring on the device.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from nnlab.engine.learned import Learned
from nnlab.engine.optimizers import Optimizer
from nnlab.engine.parameters import Parameters
from nnlab.engine.ring import Ring
from nnlab.engine.schedules import factor
from nnlab.engine.state import State
from nnlab.engine.tasks import Task
from nnlab.scenario.training import Schedule

LIVE = ("base_lr", "ewc", "clips_norm", "clips_value", "flip_gradient", "missing_zero_grad", "step")
LIVE_TENSORS = ("lr", "clip_norm", "clip_value")
"""What may change between two steps; the second as 0-dim tensors."""
NORM_GUARD = 1e-6
"""Added to the norm before dividing, as torch.nn.utils.clip_grad_norm_ does."""


@dataclass(slots=True)
class Training:
    """Everything a step reads and writes. `step` counts the steps done."""

    task: Task
    parameters: Parameters
    optimizer: Optimizer
    ring: Ring
    schedule: Schedule
    planned_steps: int
    base_lr: float
    lr: Tensor
    """Effective learning rate, 0-dim."""
    clip_norm: Tensor
    """Longest gradient, 0-dim; ignored unless clips_norm."""
    clip_value: Tensor
    """Largest gradient entry, 0-dim; ignored unless clips_value."""
    clips_norm: bool
    clips_value: bool
    l2: float
    ewc: float
    """Strength with which parameters are held where earlier data needed them; 0 is off. The loss recorded is the data's
    alone: with the penalty in it, a run that holds on to old data would look like one that cannot learn new ones."""
    learned: Learned
    flip_gradient: bool = False
    missing_zero_grad: bool = False
    step: int = 0

    def one_step(self) -> None:
        """Train on the next batch."""
        task, grads = self.task, self.parameters.grads
        self.set_lr()
        batch = task.next()
        if not self.missing_zero_grad:
            grads.zero_()

        outputs = task.forward(batch)
        loss = task.loss(outputs, batch)
        if loss.requires_grad:
            (-loss if self.flip_gradient else loss).backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            if self.l2:
                loss = self._penalise(loss)
            if self.ewc:
                self.learned.hold(self.ewc, self.parameters, -1.0 if self.flip_gradient else 1.0)
            norm = torch.linalg.vector_norm(grads)
            divisor = self._clip(norm)
            self.optimizer.update(self.lr, divisor)
            self.ring.write(loss.detach(), norm)
        self.step += 1

    def set_lr(self) -> None:
        """Bring the effective learning rate up to date with base rate, schedule and step."""
        if self.schedule.kind != "constant" or self.step <= self.schedule.warmup_steps:
            self.lr.fill_(self.base_lr * factor(self.schedule, self.step, self.planned_steps))

    def turn_lr(self, lr: float) -> None:
        """Set the base rate; the schedule's factor goes on multiplying it."""
        self.base_lr = lr
        self.lr.fill_(lr * factor(self.schedule, self.step, self.planned_steps))

    def state(self) -> State:
        """Live settings and the step; the parts have their own."""
        found: State = {name: getattr(self, name) for name in LIVE}
        return found | {name: getattr(self, name) for name in LIVE_TENSORS} | {"learned": self.learned.state()}

    def restore(self, state: State) -> None:
        """Take a state back; the ring goes on at its step."""
        for name in LIVE:
            setattr(self, name, state[name])
        for name in LIVE_TENSORS:
            getattr(self, name).copy_(state[name])
        self.learned = self.learned.restored(state["learned"])
        self.ring.restart(self.step)

    def _penalise(self, loss: Tensor) -> Tensor:
        """Add l2 · Σ w² to the loss and its gradient 2 · l2 · w to the gradients that learn, in closed form."""
        weights = self.parameters.values * self.parameters.weight_mask
        rising = -2.0 if self.flip_gradient else 2.0
        self.parameters.grads.addcmul_(weights, self.parameters.learning_mask, value=rising * self.l2)
        return loss + self.l2 * weights.square().sum()

    def _clip(self, norm: Tensor) -> Tensor | None:
        """Clip entries in place; return what the update divides the gradients by, None for nothing."""
        grads = self.parameters.grads
        if self.clips_value:
            torch.clamp(grads, -self.clip_value, self.clip_value, out=grads)
            norm = torch.linalg.vector_norm(grads) if self.clips_norm else norm
        if not self.clips_norm:
            return None
        return ((norm + NORM_GUARD) / self.clip_norm).clamp_(min=1.0)

"""What turning each knob does to a training, between two steps."""

from nnlab.engine.batches import FixedBatches
from nnlab.engine.optimizers import make_optimizer
from nnlab.engine.state import State
from nnlab.engine.tasks import Retrieval, Supervised
from nnlab.engine.training import Training
from nnlab.scenario.knob_table import RESET
from nnlab.scenario.knobs import accept, knobs
from nnlab.scenario.scenario import Scenario
from nnlab.wire.values import KnobValue

OF_BATCHES = frozenset(
    {"batch_size", "shuffle", "input_scale", "label_noise", "false_negative_rate", "negatives", "replay", "augment"}
)
"""Knobs that the batches take under their own names."""


class Dials:
    """Applies accepted knob values; knows nothing of who asked."""

    def __init__(self, training: Training, scenario: Scenario) -> None:
        """`scenario` gives the optimizer settings that no knob holds (betas, eps)."""
        self.training = training
        self._accepted = {knob.id: knob for knob in knobs(scenario)}
        self.values: dict[str, KnobValue] = {knob.id: knob.value for knob in self._accepted.values()}
        """What each knob holds."""
        self.settings = scenario.optimizer
        self.eval_dropout = scenario.fault.eval_dropout

    def accept(self, knob: str, value: KnobValue) -> KnobValue:
        """The value as the knob would hold it. Raises ValueError saying what is allowed."""
        if knob not in self._accepted:
            raise ValueError(f"this scenario has no knob {knob}; it has {', '.join(self._accepted)}")
        return accept(self._accepted[knob], value)

    def state(self) -> State:
        """What no part of the training holds."""
        return {"values": dict(self.values), "eval_dropout": self.eval_dropout}

    def restore(self, state: State) -> None:
        """Take a state back."""
        self.values, self.eval_dropout = dict(state["values"]), state["eval_dropout"]

    def turn(self, knob: str, value: KnobValue) -> None:
        """Apply a value that `accept` let pass. An action is done and holds nothing afterwards."""
        self.values[knob] = value if knob != RESET else False
        training, task = self.training, self.training.task
        match knob:
            case "lr":
                training.turn_lr(float(value))
            case "momentum" | "weight_decay":
                setattr(training.optimizer, knob, float(value))
            case "optimizer" | "reset_optimizer":
                self._change_optimizer(str(self.values["optimizer"]))
            case "ewc":
                training.ewc = float(value)
            case "clip_norm":
                training.clips_norm = float(value) > 0
                training.clip_norm.fill_(float(value))
            case "clip_value":
                training.clips_value = float(value) > 0
                training.clip_value.fill_(float(value))
            case "dropout":
                task.dropout = float(value)
            case "freeze":
                self._freeze(str(value))
            case knob if knob in OF_BATCHES:
                task.batches.set(**{knob: value})
            case "drift":
                task.batches.set(strength=value)
            case "label_smoothing" | "margin" | "temperature" | "class_weights":
                self._objective(knob, value)
            case _:
                self._fault(knob.removeprefix("fault."), value)

    def _objective(self, knob: str, value: KnobValue) -> None:
        task = self.training.task
        if isinstance(task, Retrieval):
            (task.margin if knob == "margin" else task.temperature).fill_(float(value))
        elif isinstance(task, Supervised) and knob == "class_weights":
            task.weigh(str(value))
        elif isinstance(task, Supervised):
            task.label_smoothing = float(value)

    def _change_optimizer(self, kind: str) -> None:
        """A new rule, or the same anew, begins with empty moments; momentum and weight decay stay as turned."""
        old = self.training.optimizer
        settings = self.settings.model_copy(
            update={"kind": kind, "momentum": old.momentum, "weight_decay": old.weight_decay}
        )
        self.training.optimizer = make_optimizer(settings, old.values, old.grads, old.learning)

    def _freeze(self, layers: str) -> None:
        parameters = self.training.parameters
        names = [name for name, _ in self.training.task.network.layers()]
        parameters.freeze(names[int(index)] for index in layers.split(",") if index)
        self.training.optimizer.use(parameters.learning())

    def _fault(self, fault: str, value: KnobValue) -> None:
        training, task = self.training, self.training.task
        match fault:
            case "flip_gradient":
                training.flip_gradient = bool(value)
            case "missing_zero_grad":
                training.missing_zero_grad = bool(value)
            case "stale_batch":
                task.stale_batch = bool(value)
            case "misaligned_labels":
                task.batches.set(misaligned=bool(value))
            case "leak_validation":
                if isinstance(task.batches, FixedBatches):
                    task.batches.set(leaked=bool(value))
            case "double_softmax":
                if isinstance(task, Supervised):
                    task.double_softmax = bool(value)
            case "eval_dropout":
                self.eval_dropout = bool(value)
            case "detach_layer":
                task.detach(int(value) if int(value) >= 0 else None)
            case _:
                raise KeyError(fault)

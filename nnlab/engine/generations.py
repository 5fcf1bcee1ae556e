"""Batches of a corpus that the network itself writes anew at the end of every generation."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnlab.data.fixed import Floats
from nnlab.data.generations import Shares
from nnlab.data.source import FixedSource, GenerationSource
from nnlab.engine.batches import FixedBatches
from nnlab.engine.models.mlp import MlpNetwork
from nnlab.engine.state import State
from nnlab.scenario.data import Generations
from nnlab.scenario.training import ObjectiveKind


class GenerationBatches(FixedBatches):
    """Every `generation_steps` batches the network samples the next corpus; `replay` and the usual options are live.

    The samples of generation g come from a generator named by the seed and g.
    """

    source: GenerationSource

    def __init__(
        self, source: GenerationSource, kind: ObjectiveKind, data: Generations, network: MlpNetwork, **usual: Any
    ) -> None:
        """`usual` are the options of FixedBatches; `network` is the one that trains."""
        super().__init__(source, kind, **usual)
        self.generation_steps = data.generation_steps
        self.temperature = data.temperature
        self.network = network
        self.generation = 0
        self.step = 0
        """Batches handed out."""

    def next(self) -> Any:
        """The next batch, of a new corpus where a generation begins."""
        if self.step and self.step % self.generation_steps == 0:
            self.generation += 1
            shares = softmax(self.outputs(), self.temperature)
            self.use(self.source.successor(shares, self.generation, self.replay))
        self.step += 1
        return super().next()

    def ends_at(self, step: int) -> bool:
        """Whether a generation ends with these steps done, and the next begins with the coming one."""
        return step > 0 and step == self.step and step % self.generation_steps == 0

    def state(self) -> State:
        """That of FixedBatches, and the symbols of the present corpus."""
        own: State = {"generation": self.generation, "step": self.step}
        return super().state() | own | {"symbols": self.source.clean_labels}

    def restore(self, state: State, source: FixedSource) -> None:
        """Take a state back; `source` has the first corpus."""
        assert isinstance(source, GenerationSource)
        self.generation, self.step = state["generation"], state["step"]
        super().restore(state, source.with_symbols(state["symbols"].numpy()))

    def outputs(self) -> Tensor:
        """What the network says to each context in `source.present`, in evaluation mode: [contexts, symbols]."""
        rows: Floats = self.source.x_train[self.source.example]
        with torch.no_grad():
            outputs: Tensor = self.network(self._inputs(rows), 0.0, False)
        return outputs


def softmax(outputs: Tensor, temperature: float = 1.0) -> Shares:
    """Probabilities of outputs [contexts, symbols]; a row that is not finite stays so."""
    logits = outputs.double().cpu().numpy() / temperature
    with np.errstate(invalid="ignore"):
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Shares = powers / powers.sum(axis=1, keepdims=True)
    return shares

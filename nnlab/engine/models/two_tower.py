"""Two text encoders into one space: embedding → encoder → linear → dropout → layer norm."""

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own convention)
from torch import Tensor, nn

from nnlab.engine.models.mlp import Tap
from nnlab.engine.models.ragged import mean, packed
from nnlab.scenario.model import TwoTower
from nnlab.wire.values import LayerSpec


class Tower(nn.Module):
    """One encoder: tokens int64 [batch, length] → embeddings [batch, output_dim]."""

    def __init__(self, settings: TwoTower, prefix: str) -> None:
        """Build and initialise from torch's global generator (torch's default initialisation)."""
        super().__init__()
        self.prefix = prefix
        wide = settings.embedding_dim
        self.gru: nn.GRU | None = None
        if settings.encoder != "bag":
            both = settings.encoder == "bigru"
            self.gru = nn.GRU(settings.embedding_dim, settings.hidden_dim, batch_first=True, bidirectional=both)
            wide = settings.hidden_dim * (2 if both else 1)
        self.linear = nn.Linear(wide, settings.output_dim)
        self.norm = nn.LayerNorm(settings.output_dim) if settings.layer_norm else None

    def layers(self) -> list[tuple[str, nn.Module]]:
        """Each layer's name and module, in forward order."""
        named: list[tuple[str, nn.Module | None]] = [("gru", self.gru), ("linear", self.linear), ("norm", self.norm)]
        return [(f"{self.prefix}.{name}", module) for name, module in named if module is not None]

    def forward(self, vectors: Tensor, lengths: Tensor | None, dropout: float, taps: list[Tap] | None = None) -> Tensor:
        """Embeddings [batch, output_dim] of word vectors [batch, length, embedding_dim].

        `lengths` int64 [batch], at least 1, says how many of them are words; None: all.
        """
        if self.gru is None:
            h = vectors.mean(dim=1) if lengths is None else mean(vectors, lengths)
        else:
            _, states = self.gru(vectors if lengths is None else packed(vectors, lengths))
            h = torch.cat(tuple(states), dim=1)
            if taps is not None:
                taps.append(Tap(f"{self.prefix}.gru", "tanh", h))
        h = self.linear(h)
        if taps is not None:
            taps.append(Tap(f"{self.prefix}.linear", "none", h))
        return self.head(h, dropout, taps)

    def head(self, h: Tensor, dropout: float, taps: list[Tap] | None = None) -> Tensor:
        """What follows the linear layer: dropout and norm, embeddings [batch, output_dim] of its outputs."""
        if dropout > 0.0:
            h = F.dropout(h, dropout)
        if self.norm is not None:
            h = self.norm(h)
            if taps is not None:
                taps.append(Tap(f"{self.prefix}.norm", "none", h))
        return h


class TwoTowerNetwork(nn.Module):
    """Query and document towers over a common embedding table."""

    def __init__(self, settings: TwoTower, vocab_size: int, table: Tensor | None, *, padded: bool = False) -> None:
        """`table` [vocab, embedding_dim] are the initial word vectors; None draws them from N(0, 1) as torch does.
        Where texts are `padded`, word 0 ends a text and is not read.
        """
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, settings.embedding_dim)
        if table is not None:
            with torch.no_grad():
                self.embedding.weight.copy_(table)
        self.query = Tower(settings, "shared" if settings.shared_towers else "query")
        self.document = self.query if settings.shared_towers else Tower(settings, "document")
        self.padded = padded
        self.detached: int | None = None
        """Counted over `layers()`; only the embedding (0) can be detached in a two-tower model."""

    def layers(self) -> list[tuple[str, nn.Module]]:
        """Each layer's name and module, in forward order; shared towers appear once."""
        towers = [*self.query.layers(), *([] if self.document is self.query else self.document.layers())]
        return [("embedding", self.embedding), *towers]

    def specs(self) -> tuple[LayerSpec, ...]:
        """The layers as clients are told of them."""
        return tuple(_spec(name, module) for name, module in self.layers())

    def encode_queries(self, tokens: Tensor, dropout: float, taps: list[Tap] | None = None) -> Tensor:
        """Embeddings [batch, output_dim] of queries int64 [batch, length]."""
        out: Tensor = self.query(self._vectors(tokens), self._lengths(tokens), dropout, taps)
        return out

    def encode_documents(self, tokens: Tensor, dropout: float, taps: list[Tap] | None = None) -> Tensor:
        """Embeddings [batch, output_dim] of passages int64 [batch, length]."""
        out: Tensor = self.document(self._vectors(tokens), self._lengths(tokens), dropout, taps)
        return out

    def _vectors(self, tokens: Tensor) -> Tensor:
        vectors: Tensor = self.embedding(tokens)
        return vectors.detach() if self.detached == 0 else vectors

    def _lengths(self, tokens: Tensor) -> Tensor | None:
        return (tokens > 0).sum(dim=1).clamp_min(1) if self.padded else None


def _spec(name: str, module: nn.Module) -> LayerSpec:
    count = sum(parameter.numel() for parameter in module.parameters())
    match module:
        case nn.Embedding():
            return LayerSpec(name, "embedding", module.num_embeddings, module.embedding_dim, "none", count)
        case nn.GRU():
            width = module.hidden_size * (2 if module.bidirectional else 1)
            return LayerSpec(name, "gru", module.input_size, width, "tanh", count)
        case nn.Linear():
            return LayerSpec(name, "linear", module.in_features, module.out_features, "none", count)
        case nn.LayerNorm():
            return LayerSpec(name, "norm", module.normalized_shape[0], module.normalized_shape[0], "none", count)
        case _:
            raise TypeError(f"no description for {type(module).__name__}")

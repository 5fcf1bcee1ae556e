"""Training speed of the engine against hand-written loops, on one thread: python tests/bench/engine_speed.py

MLP 10-64-64-1, batch 64, Adam: the engine with clipping, default probes, recorder and a listening server, against
(a) the tutorial loop (DataLoader, Adam, clip_grad_norm_, .item()) and (b) a bare loop with fused Adam, no clipping,
nothing recorded. Two towers, batch 32, lengths 8 and 24, hidden 32: the engine against its tutorial loop.
Contenders take turns, so the ratios hold on a noisy machine; each row is the median over the rounds.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from nnlab.engine.begin import begin
from nnlab.engine.run import Run
from nnlab.engine.server import Server
from nnlab.engine.spec import Spec
from nnlab.scenario.load import load_text

ROWS, BATCH = 4096, 64
MLP = f"""
[data]
kind = "linear"
task = "classification"
samples = {ROWS + ROWS // 4}
[model]
kind = "mlp"
hidden = [64, 64]
[objective]
kind = "bce_with_logits"
[train]
steps = 10000
batch_size = {BATCH}
clip_norm = 1.0
"""
TOWERS = """
family = "towers"
[data]
kind = "triplets"
[model]
kind = "two-tower"
[objective]
kind = "triplet"
[optimizer]
lr = 3e-3
[train]
steps = 2000
batch_size = 32
"""


def engine(text: str, folder: Path) -> Run:
    """A running run as the engine process has it."""
    loaded = load_text(text, name="bench", base_dir=folder)
    stamp = str(time.perf_counter_ns())
    server = Server(folder / f"{stamp}.sock")
    spec = Spec(
        loaded.scenario.model_dump(mode="json"), "bench", text, str(folder), 0, "cpu", str(folder / f"{stamp}.nnlab"),
        str(folder / f"{stamp}.sock"), str(folder / "log"),
    )  # fmt: skip
    run = begin(spec, server)
    run.resume(10**9)
    return run


def time_engine(run: Run, steps: int) -> float:
    """Milliseconds a step."""
    began = time.perf_counter()
    for _ in range(steps):
        run.advance()
    return (time.perf_counter() - began) / steps * 1e3


def mlp() -> nn.Sequential:
    """MLP 10-64-64-1."""
    return nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))


def time_tutorial(x: Tensor, y: Tensor, steps: int) -> float:
    """The loop that tutorials teach."""
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=BATCH, shuffle=True)
    losses, done = [], 0
    began = time.perf_counter()
    while done < steps:
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = F.binary_cross_entropy_with_logits(model(inputs), targets)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            done += 1
            if done == steps:
                break
    return (time.perf_counter() - began) / steps * 1e3


def time_bare(x: Tensor, y: Tensor, steps: int) -> float:
    """The fastest plain loop: fused Adam, no clipping, nothing recorded."""
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    done = 0
    began = time.perf_counter()
    while done < steps:
        for index in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            F.binary_cross_entropy_with_logits(model(x[index]), y[index]).backward()
            optimizer.step()
            done += 1
            if done == steps:
                break
    return (time.perf_counter() - began) / steps * 1e3


class TutorialTower(nn.Module):
    """Embedding, bidirectional GRU, linear, dropout, layer norm, as one would write it first."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(1000, 32)
        self.embedding.weight.requires_grad_(False)
        self.gru = nn.GRU(32, 32, batch_first=True, bidirectional=True)
        self.linear, self.dropout, self.norm = nn.Linear(64, 32), nn.Dropout(0.3), nn.LayerNorm(32)

    def forward(self, tokens: Tensor) -> Tensor:
        _, states = self.gru(self.embedding(tokens))
        out: Tensor = self.norm(self.dropout(self.linear(torch.cat((states[0], states[1]), dim=1))))
        return out


def time_towers_tutorial(steps: int) -> float:
    """Three encoder calls, cosine distances, Adam, .item()."""
    queries, documents = torch.randint(0, 1000, (1000, 8)), torch.randint(0, 1000, (5000, 24))
    query, document = TutorialTower(), TutorialTower()
    learning = [p for tower in (query, document) for p in tower.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(learning, lr=3e-3)
    losses = []
    began = time.perf_counter()
    for _ in range(steps):
        q, p, n = torch.randint(0, 1000, (32,)), torch.randint(0, 5000, (32,)), torch.randint(0, 5000, (32,))
        optimizer.zero_grad()
        a, b, c = query(queries[q]), document(documents[p]), document(documents[n])
        near, far = 1.0 - F.cosine_similarity(a, b), 1.0 - F.cosine_similarity(a, c)
        loss = F.relu(near - far + 0.3).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return (time.perf_counter() - began) / steps * 1e3


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    x = torch.randn(ROWS, 10)
    y = (x.sum(dim=1, keepdim=True) > 0).float()
    times: dict[str, list[float]] = {name: [] for name in ("engine", "tutorial", "bare", "towers", "towers tutorial")}
    with tempfile.TemporaryDirectory() as folder:
        small, towers = engine(MLP, Path(folder)), engine(TOWERS, Path(folder))
        for _ in range(rounds):
            times["engine"].append(time_engine(small, 1000))
            times["tutorial"].append(time_tutorial(x, y, 500))
            times["bare"].append(time_bare(x, y, 1000))
            times["towers"].append(time_engine(towers, 40))
            times["towers tutorial"].append(time_towers_tutorial(40))
    for name, values in times.items():
        print(f"{name:18s} {statistics.median(values):8.3f} ms a step   (min {min(values):.3f}, max {max(values):.3f})")
    reach = (("engine", "tutorial", 2.5), ("engine", "bare", 0.9), ("towers", "towers tutorial", 1.0))
    for name, other, least in reach:
        ratio = statistics.median(b / a for a, b in zip(times[name], times[other], strict=True))
        print(f"{name} against {other}: {ratio:.2f} × (at least {least})")


if __name__ == "__main__":
    main()

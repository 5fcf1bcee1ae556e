"""A step that is explained: the rows that were spoiled are named, the turn that did it is named, and it is proved."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nnlab.data.fixed import FixedSource
from nnlab.engine.begin import begin
from nnlab.engine.experiments.perform import Nobody
from nnlab.engine.point.explain import Asked, explain
from nnlab.engine.spec import Spec
from nnlab.errors import UserError
from nnlab.runs.reader import RunFile
from nnlab.scenario.load import load_text

pytestmark = pytest.mark.slow

TABLE = """
data = { kind = "table", path = "rows.npz", task = "regression" }
model = { kind = "mlp", hidden = [16, 8], dropout = 0.1 }
objective = { kind = "mse" }
optimizer = { kind = "adam", lr = 0.003 }
train = { steps = 140, batch_size = 16 }
"""
SPOILED = (17, 203)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Trains the table, with or without spoiled rows, and returns the run file; each kind of run once."""
    folder = tmp_path_factory.mktemp("point")
    made: dict[Any, Path] = {}

    def run(*at: str, spoiled: bool = False, keys: tuple[str, ...] = ()) -> Path:
        what = (at, spoiled, keys)
        if what not in made:
            made[what] = train(folder / f"{len(made)}", at, spoiled, keys)
        return made[what]

    return run


def train(folder: Path, at: tuple[str, ...], spoiled: bool, keys: tuple[str, ...]) -> Path:
    folder.mkdir()
    x = np.random.default_rng(0).normal(size=(400, 4)).astype(np.float32)
    y = (x @ np.array([1.0, 2.0, -1.0, 0.5]))[:, None].astype(np.float32)
    y[list(SPOILED)] = 80.0 if spoiled else y[list(SPOILED)]
    np.savez(folder / "rows.npz", x=x, y=y)
    loaded = load_text(TABLE, name="t", base_dir=folder, overrides=keys, at=at)
    path = folder / "r.nnlab"
    plain = loaded.scenario.model_dump(mode="json")
    run = begin(Spec(plain, "t", loaded.text, str(folder), 3, "cpu", str(path), "", ""), Nobody())  # type: ignore[arg-type]
    while run.step < 140:
        run.resume()
        while run.state == "running":
            run.advance()
    run.end("stopped")
    return path


def losses(path: Path) -> np.ndarray[Any, Any]:
    with RunFile(path) as file:
        return file.series("train/loss").values


def test_spoiled_rows_are_named(record: Any) -> None:
    path = record(spoiled=True)
    course = losses(path)
    step = 60 + int(np.argmax(course[60:]))
    before = hashlib.sha256(path.read_bytes()).digest()
    found = explain(Asked(path, step))
    assert (found.exact, found.loss, found.kind, found.culprit) == (True, course[step], "batch", step)
    assert found.worst[0].row in SPOILED
    assert "true 80" in found.worst[0].text
    assert f"row {found.worst[0].row} makes up" in found.sentence
    assert found.worst[0].loss / 16 <= found.loss <= 80**2
    assert found.others_loss < 20 < found.loss
    assert len(set(found.rows)) == 16
    assert found.moved in ("fc1", "fc2", "out")
    assert {layer.first for layer in found.layers if layer.layer == found.moved} == {step}
    assert hashlib.sha256(path.read_bytes()).digest() == before


@pytest.mark.parametrize(
    ("turn", "step", "kind", "text"),
    [
        ("100:lr=1.0", 104, "parameters", "lr 0.003 → 1 by script, 4 steps before, did it"),
        ("100:input_scale=30.0", 100, "data", "input_scale 1 → 30 by script, at this very step, did it"),
    ],
)
def test_the_turn_that_did_it_is_named_and_proved(record: Any, turn: str, step: int, kind: str, text: str) -> None:
    found = explain(Asked(record("96:momentum=0.85", turn, keys=('optimizer.kind="rmsprop"',)), step))
    assert (found.exact, found.kind, found.culprit) == (True, kind, 100)
    assert found.sentence.startswith(text)
    straight = losses(record("96:momentum=0.85", keys=('optimizer.kind="rmsprop"',)))
    assert found.tried[-1].loss == straight[step]


def test_steps_that_are_too_long_are_shortened_as_proof(record: Any) -> None:
    found = explain(Asked(record(keys=("optimizer.lr=30.0",)), 6))
    assert (found.kind, found.culprit, found.exact) == ("parameters", 0, True)
    assert "too long for this place; at a tenth of the rate from step 0 on" in found.sentence
    rates = {"half the rate": 15.0, "a tenth of the rate": 3.0}
    for tried, (words, rate) in zip(found.tried, rates.items(), strict=True):
        assert tried.text == f"at {words} from step 0 on"
        assert tried.loss == losses(record(keys=(f"optimizer.lr={rate}",)))[6]


def test_a_step_like_the_others_is_told_so(record: Any) -> None:
    found = explain(Asked(record(spoiled=True), 139 if losses(record(spoiled=True))[139] < 20 else 138))
    assert (found.kind, found.culprit, found.tried) == ("ordinary", -1, ())
    assert found.sentence.startswith("Nothing unusual")
    early = explain(Asked(record(spoiled=True), 0))
    assert early.kind in ("early", "batch")
    assert np.isnan(early.usual_loss)


def test_a_lost_run_points_at_the_step_that_lost_it(record: Any) -> None:
    path = record(keys=('optimizer.kind="sgd"', "optimizer.lr=5.0"))
    broken = int(np.flatnonzero(~np.isfinite(losses(path)))[0])
    found = explain(Asked(path, broken + 20))
    assert (found.culprit, found.exact) == (broken, True)
    assert f"not been finite since step {broken}" in found.sentence


def test_a_branch_is_walked_along_its_own_line(record: Any) -> None:
    path = record("110:rewind=80", "90:lr=1.0")
    with RunFile(path) as file:
        assert [(branch.id, branch.step) for branch in file.branches()] == [(0, 0), (1, 90)]
    found = explain(Asked(path, 94))
    assert (found.branch, found.culprit, found.exact) == (1, 90, True)
    first = explain(Asked(path, 94, branch=0))
    assert (first.branch, first.tried, first.exact) == (0, (), True), first.sentence


def test_what_cannot_be_done_again_is_said(record: Any, tmp_path: Path) -> None:
    whole = record("110:rewind=80", "90:lr=1.0")
    with pytest.raises(UserError, match=r"there is no step 140 in .*; the last one is 139"):
        explain(Asked(whole, 140))
    with pytest.raises(UserError, match="has no branch 7"):
        explain(Asked(whole, 94, branch=7))
    path = tmp_path / "false.nnlab"
    path.write_bytes(whole.read_bytes())
    with sqlite3.connect(path) as file:
        file.execute("UPDATE points SET value = value * 1.001 WHERE step = 94")
    file.close()
    assert not explain(Asked(path, 94)).exact


@pytest.mark.parametrize(
    ("kind", "keys", "counted", "rows"),
    [
        ("mlp", ("dropout=0.2", "fault.leak_validation=true"), "training rows", 16),
        ("stream", ("replay=0.3",), "rows of the stream", 32),
        ("towers", ("negatives=hard",), "queries", 8),
    ],
)
def test_every_kind_of_data_is_done_again_exactly(
    kit: Any, kind: str, keys: tuple[str, ...], counted: str, rows: int
) -> None:
    made = kit.begin(kind, *keys, record=str(kit.folder / f"{kind}.nnlab")).train(20)
    made.run.end("stopped")
    found = explain(Asked(made.record, 18))
    assert (found.exact, found.counted, len(found.rows), len(found.worst)) == (True, counted, rows, 5)
    assert found.loss == made.series("train/loss")[18]
    assert sum(row.share for row in found.worst) <= 1 + 1e-6


@pytest.mark.parametrize(("kind", "keys"), [("mlp", ("shuffle=true",)), ("mlp", ("fault.leak_validation=true",))])
def test_rows_are_numbered_as_they_came(kit: Any, kind: str, keys: tuple[str, ...]) -> None:
    batches = kit.begin(kind, *keys).training.task.batches
    source: FixedSource = batches.source
    seen: list[int] = []
    for _ in range(batches.steps_per_epoch):
        batch, rows = batches.next(), batches.drawn()
        inputs = np.concatenate((source.x_train, source.x_val))[rows]
        assert torch.equal(batch.inputs, torch.from_numpy(inputs))
        seen += rows.tolist()
    assert sorted(seen) == list(range(len(seen)))
    assert len(set(source.rows.tolist())) == len(source.x_train) < 125


def test_triplets_and_streams_are_numbered(kit: Any) -> None:
    batches = kit.begin("towers").training.task.batches
    for _ in range(3):
        batch, (queries, positives, _) = batches.next(), batches.drawn()
        assert torch.equal(batch.queries, batches.queries[torch.from_numpy(queries)])
        assert torch.equal(batch.positives, batches.passages[torch.from_numpy(positives)])
    stream = kit.begin("stream").training.task.batches
    assert [(stream.next(), stream.drawn().tolist())[1][0] for _ in range(3)] == [0, 32, 64]

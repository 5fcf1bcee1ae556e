"""`nnlab explain-step` on a run file, in a process of its own as always."""

import json
from pathlib import Path

import pytest

from nnlab.cli.main import main
from nnlab.engine.begin import begin
from nnlab.engine.experiments.perform import Nobody
from nnlab.engine.spec import Spec
from nnlab.scenario.load import load_text

pytestmark = pytest.mark.slow

SCENARIO = """
seed = 3
data = { kind = "table", path = "mine.csv", target = "y" }
model = { kind = "mlp", hidden = [8] }
objective = { kind = "mse" }
train = { steps = 120, batch_size = 16 }
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose rate was turned up at step 100."""
    folder = tmp_path_factory.mktemp("explain")
    rows = [f"{i % 7},{i * i % 11},{i % 7 - i * i % 11}" for i in range(120)]
    (folder / "mine.csv").write_text("\n".join(["a,b,y", *rows]))
    loaded = load_text(SCENARIO, name="demo", base_dir=folder, at=("100:lr=3.0",))
    path, plain = folder / "r.nnlab", loaded.scenario.model_dump(mode="json")
    run = begin(Spec(plain, "demo", loaded.text, str(folder), 3, "cpu", str(path), "", ""), Nobody())  # type: ignore[arg-type]
    run.resume()
    while run.state == "running":
        run.advance()
    run.end("stopped")
    return path


def test_the_largest_jump_is_explained(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-step", str(record), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["again"]["exact"] is True
    assert found["again"]["culprit"] == 100
    assert found["again"]["step"] == found["recalled"]["step"] > 100
    assert [one["text"] for one in found["recalled"]["near"]] == ["lr 0.001 → 3 by script"]
    assert found["again"]["sentence"].startswith("lr 0.001 → 3 by script")


def test_a_recording_without_its_data_tells_what_it_knows(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = record.parent / "mine.csv"
    kept = data.read_text()
    data.unlink()
    assert main(["explain-step", str(record), "103"]) == 3
    data.write_text(kept)
    told = capsys.readouterr().out
    assert told.startswith("Step 103: loss ")
    assert "lr 0.001 → 3 by script, 3 steps before" in told
    assert "are not known: " in told
    assert "mine.csv" in told


@pytest.mark.parametrize(("step", "told"), [("120", "there is no step 120"), ("-4", "there is no step -4")])
def test_a_step_that_is_not_there(record: Path, step: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-step", str(record), step]) == 2
    assert told in capsys.readouterr().err

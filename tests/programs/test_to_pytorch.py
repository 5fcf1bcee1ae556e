"""`nnlab export --to pytorch`: a script without nnlab has the losses of the recording."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab.cli.main import main
from nnlab.runs.reader import RunFile

pytestmark = pytest.mark.slow

REGRESSION = """
    seed = 11
    data = { kind = "linear", samples = 90, features = 4, outputs = 2, noise = 0.2, standardize = true }
    model = { kind = "mlp", hidden = [8, 8, 8], activation = ["tanh", "gelu", "elu"], norm = "layer", residual = true }
    objective = { kind = "huber", reduction = "sum", l2 = 1e-3 }
    optimizer = { kind = "rmsprop", lr = 1e-3, momentum = 0.5 }
    train = { steps = 50, batch_size = 16, clip_value = 0.3, clip_norm = 0.6 }
    """
SCALED = """
    data = { kind = "linear", samples = 90, features = 4, noise = 0.2, standardize_targets = true }
    model = { kind = "mlp", hidden = [8] }
    objective = { kind = "mse" }
    train = { steps = 30, batch_size = 16 }
    """
SCARCE = """
    data = { kind = "blobs", samples = 150, classes = 3, imbalance = 5, oversample = true, noise = 3.0 }
    model = { kind = "mlp", hidden = [6], output_activation = "softmax", init = "xavier_uniform", bias_init = 0.1 }
    objective = { kind = "categorical_cross_entropy", class_weights = "balanced", label_smoothing = 0.1 }
    optimizer = { kind = "adagrad", lr = 0.1 }
    schedule = { kind = "one_cycle", warmup_steps = 5 }
    train = { steps = 50, batch_size = 16 }
    """
BINARY = """
    data = { kind = "spirals", samples = 100, label_noise = 0.2, augment = 0.1, input_scale = 2.0, shuffle = false }
    model = { kind = "mlp", hidden = [6], norm = "batch", dropout = 0.1, init = "kaiming_normal", init_scale = 0.5 }
    objective = { kind = "bce_with_logits", label_smoothing = 0.1, class_weights = [2.0] }
    optimizer = { kind = "sgd", lr = 0.1, momentum = 0.9, nesterov = true }
    schedule = { kind = "cosine" }
    train = { steps = 50, batch_size = 16 }
    """
TOWERS = """
    family = "towers"
    data = { kind = "triplets", queries = 40, topics = 5, vocab_size = 50, query_length = 3, document_length = 4 }
    model = { kind = "two-tower", encoder = "bag", embedding_dim = 6, output_dim = 5, dropout = 0.2 }
    objective = { kind = "triplet" }
    train = { steps = 40, batch_size = 8 }
    """


def values(file: Path, name: str) -> Any:
    with RunFile(file) as run:
        return run.series(name).values


def written(run: Any, folder: Path) -> Path:
    """The script of a run that is over."""
    script = folder / "script.py"
    assert main(["export", str(run.end()), "--to", "pytorch", "--out", str(script)]) == 0
    return script


def check(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Run the script of a run, compare losses and norms; the text of the script."""
    script = written(run, tmp_path)
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path / "losses.csv")])
    runpy.run_path(str(script), run_name="__main__")
    printed = [float(number) for number in re.findall(r"loss (\S+)", capsys.readouterr().out)]
    step, loss, norm = np.genfromtxt(tmp_path / "losses.csv", delimiter=",", skip_header=1).T
    assert step.tolist() == list(range(run.run.step))
    assert loss == pytest.approx(values(run.path, "train/loss"), rel=1e-4, abs=1e-6)
    assert norm == pytest.approx(values(run.path, "grad/norm"), rel=1e-3, abs=1e-6)
    assert printed[-1] == pytest.approx(loss[-1], abs=1e-6)
    text = script.read_text()
    assert "import nnlab" not in text
    assert "from nnlab" not in text
    return text


def test_classes_with_every_live_setting_turned(record: Any, tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    run = record("turned", "dropout=0.4").train(10).turn("lr", 0.01).turn("clip_norm", 0.1).train(10)
    run.turn("dropout", 0.0).turn("weight_decay", 0.1).turn("label_noise", 0.3).train(10)
    run.turn("optimizer", "sgd").turn("momentum", 0.5).turn("batch_size", 5).turn("freeze", "0").train(10)
    run.turn("freeze", "").turn("optimizer", "adamw").turn("shuffle", False).turn("class_weights", "balanced").train()
    text = check(run, tmp_path, monkeypatch, capsys)
    assert '10: [("lr", 0.01), ("clip_norm", 0.1)],  # by hand' in text


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (REGRESSION, {"lr": 0.01, "label_noise": 0.2}),
        (SCALED, {"lr": 0.01}),
        (SCARCE, {"class_weights": "none", "label_smoothing": 0.0, "reset_optimizer": True}),
        (BINARY, {"augment": 0.0, "input_scale": 0.5, "momentum": 0.5, "reset_optimizer": True}),
        (TOWERS, {"negatives": "semi-hard", "margin": 0.5, "batch_size": 4}),
        (TOWERS.replace("bag", "bigru").replace('"triplet"', '"contrastive"'), {"temperature": 0.5, "dropout": 0.0}),
    ],
    ids=["regression", "scaled", "scarce", "binary", "towers", "recurrent"],
)
def test_what_is_trained_on_and_how(
    record: Any, tmp_path: Path, monkeypatch: Any, capsys: Any, text: str, turns: dict[str, Any]
) -> None:
    run = record("kind", text=text).train(20)
    for knob, value in turns.items():
        run.turn(knob, value)
    assert check(run.train(), tmp_path, monkeypatch, capsys).count("20: [") == 1


@pytest.mark.parametrize("kind", ["moons", "circles", "xor", "sine"])
def test_generated_data_are_drawn_in_the_script(
    record: Any, tmp_path: Path, monkeypatch: Any, capsys: Any, kind: str
) -> None:
    objective = "mse" if kind == "sine" else "hinge"
    run = record(kind, f"data.kind={kind}", f"objective.kind={objective}", "train.steps=5").train()
    check(run, tmp_path, monkeypatch, capsys)
    assert not (tmp_path / "script.npz").exists()


def test_a_script_needs_no_nnlab(record: Any, tmp_path: Path) -> None:
    run = record("alone", text=SCARCE).train(8)
    script = written(run, tmp_path)
    hidden = "import sys, runpy; sys.modules['nnlab'] = None; runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run([sys.executable, "-I", "-c", hidden, str(script)], capture_output=True, text=True, check=True)
    assert f"loss {values(run.path, 'train/loss')[-1]:.6f}" in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["fault.flip_gradient=true"], "its faults (fault.flip_gradient)"),
        (["data.phases=[{from_step=5, shift=1.0}]"], "the phases of its data"),
        (["data={kind='stream'}"], "its data (a stream)"),
        (["data={kind='tasks'}"], "its data (tasks)"),
    ],
)
def test_what_a_script_cannot_say(record: Any, capsys: Any, options: list[str], said: str) -> None:
    path = record("beyond", *options).train(6).end()
    assert main(["export", str(path), "--to", "pytorch"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_arrays_need_a_place_and_overwrite_nothing(record: Any, tmp_path: Path, capsys: Any) -> None:
    path = record("arrays", text=SCARCE).train(2).end()
    assert main(["export", str(path), "--to", "pytorch"]) == 2
    assert "--out" in capsys.readouterr().err
    (tmp_path / "new.npz").write_text("mine")
    assert main(["export", str(path), "--to", "pytorch", "--out", str(tmp_path / "new.py")]) == 2
    assert "new.npz exists already" in capsys.readouterr().err
    assert not (tmp_path / "new.py").exists()

"""`nnlab overfit-batch`, `lr-range` and `checkup` from outside: output, exit statuses, and what users get wrong."""

import json
import math
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from nnlab.client import experiment as client
from nnlab.scenario.load import load_text
from nnlab.wire.experiments import OverfitBatch

pytestmark = pytest.mark.slow

GOOD = """
[data]
kind = "moons"
samples = 300
[model]
kind = "mlp"
hidden = [16, 16]
[objective]
kind = "cross_entropy"
[optimizer]
lr = 3e-3
[train]
steps = 500
"""

Answer = subprocess.CompletedProcess[str]


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.toml").write_text(GOOD)
    return str(tmp_path / "good.toml")


def nnlab(*arguments: str) -> Answer:
    environment = {**os.environ, "XDG_CONFIG_HOME": "/nowhere"}
    return subprocess.run(
        [sys.executable, "-m", "nnlab", *arguments],
        capture_output=True, text=True, env=environment, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_checkup_of_a_healthy_scenario(good: str) -> None:
    answer = nnlab("checkup", good)
    assert answer.returncode == 0, answer.stdout
    for stage in ("data", "step", "one batch", "gradients", "learning rate", "inputs"):
        assert f"{stage}\n" in answer.stdout
        assert f"{stage}\n" in answer.stderr
    assert answer.stdout.splitlines()[:2] == [
        "Verdict: healthy", "Healthy: data, step, one batch, gradients and learning rate are right.",
    ]  # fmt: skip
    assert "WRONG" not in answer.stdout


def test_checkup_stops_at_the_first_wrong_thing(good: str) -> None:
    answer = nnlab("checkup", good, "--set", "fault.flip_gradient=true", "--set", "lr=100", "--json")
    assert answer.returncode == 1
    report = json.loads(answer.stdout)
    assert (report["healthy"], report["stopped_at"]) == (False, "step")
    assert {"name", "state", "text", "value", "threshold", "layer", "mode", "stage"} == set(report["checks"][0])
    assert [check["mode"] for check in report["checks"] if check["state"] == "wrong"] == ["flip_gradient"]


def test_overfit_batch_as_json_and_text(good: str) -> None:
    answer = nnlab("overfit-batch", good, "--json", "--seed", "5")
    assert answer.returncode == 0
    report = json.loads(answer.stdout)
    assert (report["experiment"], report["scenario"], report["seed"]) == ("overfit-batch", "good", 5)
    assert (report["fits"], report["cause"], report["rows"]) == (True, "", 32)
    assert report["trials"][0]["losses"][-1] < 0.3 * report["constant_loss"]
    text = nnlab("overfit-batch", good, "--set", "fault.detach_layer=2")
    assert text.returncode == 1
    assert text.stdout.startswith("Verdict: does not fit · no-gradient\n")
    assert "every layer gets exactly no gradient" in text.stdout


def test_lr_range_says_so_when_no_rate_does_anything(good: str) -> None:
    answer = nnlab("lr-range", good, "--set", "fault.detach_layer=2", "--json")
    assert answer.returncode == 1
    report = json.loads(answer.stdout)
    assert (report["verdict"], report["suggestion"]) == ("flat", "nan")
    assert len(report["sweeps"]) == 3
    assert "gradient is exactly zero" in report["headline"]


def test_a_terminal_gets_a_picture(good: str) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "XDG_CONFIG_HOME": "/nowhere"}
    command = [sys.executable, "-m", "nnlab", "lr-range", good]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
        assert process.wait() == 0
    os.close(ours)
    text = shown.decode()
    assert "log10 of the learning rate" in text and "sweep 3" in text
    assert "Verdict: inside" in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("checkup",), "SCENARIO"),
        (("lr-range", "none-such"), 'there is no scenario named "none-such"'),
        (("overfit-batch", "{good}", "--set", "lr=fast"), "optimizer.lr"),
        (("overfit-batch", "{good}", "--seed", "-1"), "--seed must be"),
        (("checkup", "{good}", "--device", "tpu"), "tpu"),
        (("checkup", "{table}"), "gone.csv"),
    ],
)
def test_a_users_mistake_is_one_message(good: str, arguments: tuple[str, ...], words: str) -> None:
    table = Path(good).with_name("table.toml")
    table.write_text(GOOD.replace('kind = "moons"\nsamples = 300', 'kind = "table"\npath = "gone.csv"'))
    answer = nnlab(*(word.format(good=good, table=table) for word in arguments))
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_dead_process_is_told_with_the_end_of_its_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "broken_experiment.py").write_text("import sys\nprint('oh no', file=sys.stderr)\nsys.exit(9)\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setattr(client, "MODULE", "broken_experiment")
    loaded = load_text(GOOD, "good", tmp_path)
    with pytest.raises(client.ExperimentError, match=r"exit status 9.*\n.*oh no"):
        client.experiment("checkup", loaded, seed=0, device="cpu")


def test_a_result_survives_the_way_back(tmp_path: Path) -> None:
    heard: list[str] = []
    loaded = load_text(GOOD, "good", tmp_path, ["data.input_scale=1e6", "model.activation=exponential"])
    result = client.experiment("overfit-batch", loaded, seed=0, device="cpu", tell=heard.append)
    assert isinstance(result, OverfitBatch)
    assert result.cause == "nonfinite"
    assert not math.isfinite(result.trials[0].losses[0])
    assert heard

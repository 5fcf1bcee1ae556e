"""`nnlab separate` with real engines: which of two changes did it."""

import json
from pathlib import Path

import pytest
from frozen import frozen

from nnlab.cli.main import main
from nnlab.client.runtime import engines

pytestmark = pytest.mark.slow

CHANGES = "script = [{ at = 101, set = { batch_size = 16 } }, { at = 102, set = { lr = 0.01 } }]"


@pytest.fixture
def two_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A run in which batch size and learning rate are turned one after the other, in private folders."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    path = tmp_path / "two.toml"
    path.write_text(frozen("steps = 400", CHANGES))
    return path


def test_each_change_has_its_own_effect(two_changes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["separate", str(two_changes), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["headline"].startswith("lr 0.0 → 0.01 did most: val/loss -")
    assert found["step"] == 101
    assert found["untouched"] == "no-gradient"
    rate, size = found["changes"]
    assert (rate["knob"], rate["old"], rate["new"]) == ("lr", 0.0, 0.01)
    assert (size["knob"], size["old"], size["new"], size["effect"]) == ("batch_size", 32, 16, 0.0)
    assert found["together"]["effect"] < 0
    assert list(engines()) == []


def test_a_run_without_such_changes_has_nothing_to_separate(
    two_changes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["separate", str(two_changes.with_name("no.nnlab"))]) == 2
    assert "there is no run file" in capsys.readouterr().err
    two_changes.write_text(frozen("steps = 400"))
    record = two_changes.with_name("run.nnlab")
    assert main(["run", str(two_changes), "--steps", "20", "--record", str(record)]) == 0
    assert main(["separate", str(record)]) == 2
    assert "nothing to separate" in capsys.readouterr().err

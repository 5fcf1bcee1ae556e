"""What a user can get wrong is a sentence and an exit status, never a traceback."""

import pytest

pytestmark = pytest.mark.slow

GALLERY = "ways a network can fare"

BROKEN = """
title = "Broken"
[data]
kind = "moon"
[model]
kind = "mlp"
hiden = [8]
[objective]
kind = "cross_entropy"
[optimizer]
lr = -1.0
"""

NO_TORCH = 'raise ModuleNotFoundError("No module named \'torch\'", name="torch")\n'


def refused(done, *wanted: str) -> None:
    """It ended with status 2 and said this."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    for text in wanted:
        assert text in done.stderr


def test_no_terminal(place):
    refused(place.nnlab("healthy-moons"), "the lab needs a terminal", "nnlab run healthy-moons")


def test_an_unknown_scenario_and_the_nearest_one(place, lab):
    refused(place.nnlab("run", "helthy-moons"), 'did you mean "healthy-moons"')
    terminal = lab("helthy-moons")
    assert terminal.wait_exit() == 2
    assert 'did you mean "healthy-moons"' in terminal.text
    assert terminal.restored == []


def test_a_broken_scenario_tells_every_problem(place, lab):
    path = place.write("broken.toml", BROKEN)
    refused(place.nnlab("run", str(path)), "moon", "hiden", "optimizer.lr")
    terminal = lab(str(path))
    terminal.wait_for("moons", "hiden", "hidden", "optimizer.lr", "line")
    terminal.press("q")
    assert terminal.wait_exit() == 2
    assert terminal.restored == []
    assert all(text in terminal.text for text in ("moons", "hidden", "optimizer.lr"))


def test_a_folder_for_runs_that_cannot_be(place, lab):
    blocked = {**place.env, "NNLAB_RUNS": str(place.write("file", "") / "runs")}
    place.env.update(blocked)
    refused(place.nnlab("run", place.scenario(), "--steps", "10"), "NNLAB_RUNS", "--no-record")
    terminal = lab(place.scenario())
    terminal.wait_for("cannot be opened", "NNLAB_RUNS", "--no-record")
    terminal.press("q")
    assert terminal.wait_exit() == 2


def test_without_torch(place, lab):
    (place.folder / "torch").mkdir()
    place.write("torch/__init__.py", NO_TORCH)
    place.env["PYTHONPATH"] += f":{place.folder}"
    refused(place.nnlab("run", place.scenario(), "--steps", "10"), "torch is not installed", "pip install torch")
    terminal = lab(place.scenario())
    terminal.wait_for("torch is not installed", "pip install torch")
    terminal.press("q")
    assert terminal.wait_exit() in (2, 3)
    assert terminal.restored == []


def test_a_terminal_that_cannot_draw(lab):
    terminal = lab("healthy-moons", TERM="dumb")
    assert terminal.wait_exit() == 2
    assert "TERM=dumb" in terminal.text


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "linux", "COLORTERM": ""}], ids=["NO_COLOR", "linux"])
def test_plain_terminals(lab, env):
    terminal = lab(**env)
    terminal.wait_for(GALLERY)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.restored == []


def test_too_small_and_back(lab):
    terminal = lab(columns=40, rows=10)
    terminal.wait_for("too small", "60 × 16")
    terminal.resize(80, 24)
    terminal.wait_gone("too small")
    terminal.wait_for(GALLERY)
    terminal.resize(50, 24)
    terminal.wait_for("too small")
    terminal.press("q")
    assert terminal.wait_exit() == 0

"""Going back in time in a real terminal, with a real engine; and the recording of it."""

import re

import pytest

pytestmark = pytest.mark.slow

LOOKING = re.compile(r"looking at step (\d+) \(run at [\d,]+\)")


def looked_at(terminal):
    """The step that the lab says it shows; None where the screen does not say."""
    seen = LOOKING.search(terminal.text)
    return seen and seen[1]


def test_rewinding_a_change_and_its_replay(lab, place):
    terminal = lab(place.scenario(steps=600))
    terminal.wait_for("finished", "600 / 600")
    terminal.press("c")
    terminal.wait_for("← → look")
    seen = [None, "600"]
    for _ in range(20):
        terminal.press("left")
        terminal.wait_until("the cursor one column back", lambda: looked_at(terminal) not in seen)
        seen.append(looked_at(terminal))
    step = seen[-1]
    terminal.wait_for(f"as at step {step}")
    terminal.press("enter")
    terminal.wait_for(f"at step {step}", f"{step} / 600", "paused")

    terminal.press("k")
    terminal.wait_for("▸ learning rate")
    terminal.press("right")
    terminal.wait_for("a new branch")
    terminal.press("space")
    terminal.wait_for("finished", "600 / 600")
    terminal.press("b")
    terminal.wait_for("branches", "○ main", "● └ lr 0.00126", f"from {step} to 600")
    terminal.press("up")
    terminal.press("enter")
    terminal.wait_for("at step 600 on main")
    terminal.press("q")
    assert terminal.wait_exit() == 0

    (path,) = place.runs.glob("*.nnlab")
    again = place.nnlab("replay", path.stem, "--verify")
    assert again.returncode == 0, again.stderr
    playing = lab("replay", path.stem, "--pace", "0")
    playing.wait_for("recording", "finished", "600 / 600", "as recorded")
    playing.press("q")
    assert playing.wait_exit() == 0
    assert playing.restored == []


def test_a_recording_needs_a_terminal_and_a_file(place):
    missing = place.nnlab("replay", "nothing")
    assert missing.returncode == 2 and "there is no run file nothing" in missing.stderr
    done = place.nnlab("run", place.scenario(steps=20), "--record", str(place.folder / "a.nnlab"))
    assert done.returncode == 0, done.stderr
    blind = place.nnlab("replay", str(place.folder / "a.nnlab"))
    assert blind.returncode == 2 and "--plain (or --verify) works without one" in blind.stderr

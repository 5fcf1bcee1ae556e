"""`nnlab explain` from outside."""

import subprocess
import sys


def explain(*arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "nnlab", "explain", *arguments]
    return subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_an_entry() -> None:
    told = explain("overfitting")
    assert told.returncode == 0
    for heading in (
        "What it looks like",
        "Why it happens",
        "How nnlab sees it",
        "What to do, in this order",
        "Sources",
    ):
        assert f"\n{heading}\n" in told.stdout
    assert "\n  nnlab overfitting\n" in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 88


def test_the_list() -> None:
    told = explain()
    assert told.returncode == 0
    assert len(told.stdout.splitlines()) == 28
    assert "lr-too-high              Learning rate too high\n" in told.stdout


def test_an_unknown_mode() -> None:
    told = explain("over-fitting")
    assert told.returncode == 2
    assert told.stdout == ""
    assert told.stderr == 'there is no failure mode "over-fitting"; did you mean "overfitting"?\n'

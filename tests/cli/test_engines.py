"""`nnlab ps`, `attach` and `stop` with an engine that is running, and without."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nnlab.client.live import LiveFeed
from nnlab.scenario.load import load_text
from nnlab.wire.events import StateChanged

SMALL = (
    "[data]\nkind='blobs'\n[model]\nkind='mlp'\nhidden=[4]\n[objective]\nkind='cross_entropy'\n[train]\nsteps=1000000\n"
)
Answer = subprocess.CompletedProcess[str]
Start = Callable[..., LiveFeed]


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for sockets that holds nobody else's."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def start(runtime: None, tmp_path: Path) -> Iterator[Start]:
    """Starts engines that wait after their first step."""
    feeds: list[LiveFeed] = []

    def engine(name: str, record: str = "") -> LiveFeed:
        loaded = load_text(SMALL, name, tmp_path)
        feed = LiveFeed.start(loaded, seed=3, device="cpu", record=record, paused=True)
        feeds.append(feed)
        while not [event for event in feed.poll(60.0) if isinstance(event, StateChanged)]:
            assert not feed.over
        return feed

    yield engine
    for feed in feeds:
        feed.close()


def nnlab(*arguments: str) -> Answer:
    return subprocess.run(
        [sys.executable, "-m", "nnlab", *arguments],
        capture_output=True, text=True, env=dict(os.environ), check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.usefixtures("runtime")
def test_without_engines_everything_says_so() -> None:
    listed = nnlab("ps")
    assert (listed.returncode, json.loads(nnlab("ps", "--json").stdout)) == (0, [])
    assert "no engine is running" in listed.stdout
    for command in ("attach", "stop"):
        answer = nnlab(command)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert "no engine is running" in answer.stderr


@pytest.mark.slow
def test_engines_are_listed_and_ended_by_name(start: Start, tmp_path: Path) -> None:
    record = str(tmp_path / "one.nnlab")
    first, second = start("one", record), start("two")
    listed = {item["scenario"]: item for item in json.loads(nnlab("ps", "--json").stdout)}
    assert listed.keys() == {"one", "two"}
    assert listed["one"]["id"] == first.place.id
    assert (listed["one"]["state"], listed["one"]["planned_steps"], listed["one"]["run_file"]) == (
        "paused", 1000000, record,
    )  # fmt: skip
    assert listed["two"]["run_file"] is None
    assert "one" in nnlab("ps").stdout

    for arguments, words in (
        (("stop",), "several engines are running, say which"),
        (("stop", "onne"), 'no engine goes by "onne"; did you mean "one"?'),
        (("attach", "one"), "the lab needs a terminal"),
    ):
        answer = nnlab(*arguments)
        assert answer.returncode == 2
        assert words in answer.stderr

    ended = nnlab("stop", second.place.id[:6])
    assert (ended.returncode, ended.stdout) == (0, f"{second.place.id} (two) has ended\n")
    ended = nnlab("stop")
    assert (ended.returncode, ended.stdout) == (
        0, f"{first.place.id} (one) has ended; the run is kept in {record}\n",
    )  # fmt: skip
    assert json.loads(nnlab("ps", "--json").stdout) == []

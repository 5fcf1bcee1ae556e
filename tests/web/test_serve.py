"""`nnlab serve`: a page, a lab behind its socket, nothing for anybody else, and nobody left when the visitor goes."""

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pyte
import pytest
from terminal import engines
from textual.binding import Binding
from textual.widgets import Input

from nnlab.cli import serve as command
from nnlab.cli.main import main
from nnlab.client.live import LiveFeed
from nnlab.errors import UserError
from nnlab.runs.recorder import Recorder
from nnlab.ui.messages import ResumeRun
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.lab_keys import LAB_KEYS
from nnlab.ui.screens.recordings import Recordings
from nnlab.ui.visit import Visit, within
from nnlab.wire.events import StateChanged
from nnlab.wire.values import RunInfo

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LIMIT = 60.0
"""Seconds that anything may take on a machine with other things to do."""

INFO = RunInfo("r", "demo", "A demo", "mlp", "", 7, "cpu", 100, 8, 10, 20, 5, 10)

ASKING = ("run_steps", "restart", "remedy(1)", "branches", "overlay", "tests", "lesson")
"""Actions that ask something first, which enter says yes to."""

SCENARIO = """
title = "Two moons"
[data]
kind = "moons"
[model]
kind = "mlp"
[objective]
kind = "cross_entropy"
[train]
steps = 2_000_000
"""


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with two run files, and one beside it."""
    folder = tmp_path / "shown"
    folder.mkdir()
    for path in (folder / "first.nnlab", folder / "second.nnlab", tmp_path / "secret.nnlab"):
        recorder = Recorder.create(path, INFO)
        recorder.scalars("train/loss", range(100), [0.5] * 100)
        recorder.tell(StateChanged(100, "finished"))
        recorder.close()
    return folder


@pytest.fixture
def runtime() -> Iterator[Path]:
    """Where sockets lie; their paths must be short."""
    with tempfile.TemporaryDirectory(prefix="nl-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def served(tmp_path: Path, runtime: Path) -> Iterator[Callable[..., str]]:
    """Starts `nnlab serve` with these arguments; its address, once it listens. Ends it, and what it leaves fails."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        folders = {"NNLAB_RUNS": "runs", "XDG_CONFIG_HOME": "config", "HOME": "home"}
        ours = {"PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": str(runtime)}
        env = {**os.environ, **ours, **{name: str(tmp_path / path) for name, path in folders.items()}}
        line = [sys.executable, "-P", "-m", "nnlab", "serve", "--port", str(port), *words]
        started.append(subprocess.Popen(line, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True))
        stdout = started[-1].stdout
        assert stdout is not None
        assert f"http://127.0.0.1:{port} " in stdout.readline()
        return f"http://127.0.0.1:{port}"

    yield start
    for server in started:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=LIMIT)
        end = time.monotonic() + LIMIT
        while processes(server.pid) and time.monotonic() < end:
            time.sleep(0.05)
        assert processes(server.pid) == []


def processes(group: int) -> list[str]:
    """The commands of a process group, and of what was started in its session."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "sess=,stat=,command="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


class Visitor:
    """A browser's end of the socket, with the screen that it shows."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self._screen)

    async def wait_for(self, wanted: str) -> None:
        """Until this stands on the screen."""
        async with asyncio.timeout(LIMIT):
            while not any(wanted in line for line in self._screen.display):
                message = await self.socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, (message, self._screen.display)
                self._stream.feed(message.data.replace(b"\x1b[?2026$p", b""))

    async def press(self, keys: str) -> None:
        """Send keys."""
        await self.socket.send_json(["stdin", keys])


@asynccontextmanager
async def visit(url: str, **headers: str) -> AsyncIterator[Visitor]:
    """Open the page and its socket, and leave again."""
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(url) as page:
            text = await page.text()
            assert "/ws" in text
            assert "http" not in text.replace("https:", "")
        async with session.ws_connect(f"{url}/ws?width=100&height=30") as socket:
            yield Visitor(socket)


async def until(done: Callable[[], bool]) -> None:
    """Wait for it."""
    async with asyncio.timeout(LIMIT):
        while not done():
            await asyncio.sleep(0.05)


async def test_visitors_watch_recordings_and_nothing_else(served: Callable[..., str], runs: Path) -> None:
    url = served("--read-only", str(runs))
    async with visit(url) as one, visit(url) as other:
        await one.wait_for("second.nnlab")
        await one.press("\r")
        await one.wait_for("A demo")
        await one.wait_for("recording")
        await other.wait_for("second.nnlab")
        await other.press("\x1b[B")  # the file of the highlighted run is named below the list
        await other.wait_for("first")
    async with aiohttp.ClientSession() as session:
        for headers in ({"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}):
            async with session.get(f"{url}/ws", headers=headers) as answer:
                assert answer.status == 403
    assert sorted(path.name for path in runs.iterdir()) == ["first.nnlab", "second.nnlab"]


async def test_the_engine_ends_when_its_visitor_leaves(
    served: Callable[..., str], runtime: Path, tmp_path: Path
) -> None:
    scenario = tmp_path / "moons.toml"
    scenario.write_text(SCENARIO)
    url = served(str(scenario))

    async with visit(url) as visitor:
        await visitor.wait_for("running")
        assert len(engines(runtime)) == 1
    await until(lambda: engines(runtime) == [])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--host", "0.0.0.0"], "ssh -N -L 8000:127.0.0.1:8000"),
        (["--port", "0"], '"0" is no port'),
        (["--read-only", "nowhere"], "there is no run file nowhere"),
        (["--read-only", "."], "there is no run file"),
        (["--read-only", ".", "healthy-moons"], "leave the scenario out"),
        (["healthy-moon"], 'did you mean "healthy-moons"'),
        (["--theme", "pink"], 'there is no theme "pink"'),
    ],
)
def test_what_is_refused(
    words: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NNLAB_GLYPHS", "braille")
    assert main(["serve", *words]) == 2
    assert says in capsys.readouterr().err


def test_what_is_missing_is_named_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert main(["serve"]) == 2
    assert "pip install 'nnlab[web]'" in capsys.readouterr().err


def test_only_what_is_shown_can_be_opened(runs: Path) -> None:
    starter = within(runs)
    starter(str(runs / "first.nnlab"), {}).close()
    for target in ("healthy-moons", str(runs.parent / "secret.nnlab"), str(runs / ".." / "secret.nnlab")):
        with pytest.raises(UserError, match="only the recordings"):
            starter(target, {})


async def test_no_key_trains_or_writes(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trained(*_: object, **__: object) -> None:
        raise AssertionError("an engine was started")

    monkeypatch.setattr(LiveFeed, "start", trained)
    monkeypatch.setenv("NNLAB_RUNS", str(runs))
    before = {path: path.read_bytes() for path in runs.parent.rglob("*") if path.is_file()}
    args = argparse.Namespace(scenario=None, theme=None, low_bandwidth=False)
    app = Visit(args, within(runs), runs)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: isinstance(app.screen, Recordings) and len(app.screen._shelf.read) == 2)
        table = app.screen.query_one(RunTable)
        await pilot.press("slash", *"second")
        assert [row.path.stem for row in table.rows] == ["second"]
        await pilot.press("escape", "space", "D", "t", "r", "m")  # marks, and nothing else
        assert isinstance(app.screen, Recordings) and not app.screen.query_one(Input).value
        app.post_message(ResumeRun(str(runs / "first.nnlab")))
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, LabScreen) and app.session is not None and app.session.step > 0)
        for binding in LAB_KEYS:
            if isinstance(binding, Binding) and binding.action not in ("report", "gallery"):
                await pilot.press(binding.key.split(",")[0], *(["enter"] if binding.action in ASKING else []), "escape")
        await pilot.press("escape", "escape", "g")
        await until(lambda: isinstance(app.screen, Recordings))
    app.end()
    assert {path: path.read_bytes() for path in runs.parent.rglob("*") if path.is_file()} == before

"""A program in a real pseudo-terminal, with its screen as pyte draws it: for tests of the lab and for its benchmark.

Nothing here sleeps a fixed time and hopes: every wait is for something to be seen, with a generous limit.
"""

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pyte

ROOT = Path(__file__).resolve().parent.parent.parent

LIMIT = 30.0
"""Seconds that anything may take on a machine with other things to do."""

NNLAB = (sys.executable, "-P", "-m", "nnlab")

KEYS = {
    "enter": "\r", "tab": "\t", "escape": "\x1b", "space": " ", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C",
    "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F", "backspace": "\x7f", "ctrl+c": "\x03", "ctrl+z": "\x1a",
}  # fmt: skip

ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
"""What a terminal answers when it is asked whether it knows synchronised output."""

_NOT_FOR_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP[^\x1b]*\x1b\\|\x1b_[^\x1b]*\x1b\\")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])[0-9]*u")

SHOWN = "1049"
"""The private mode that shows the alternate screen."""

USUALLY_ON = {"7": "lines do not wrap", "25": "the cursor is hidden"}
"""Private modes that a terminal has of itself, and what it means when a program leaves them off."""


class Terminal:
    """A program and its terminal. `modes` are the private modes that it has set, `bytes` what it has written."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], columns: int = 120, rows: int = 40, cwd: Path = ROOT
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._tail = b""
        self.bytes = 0
        self.raw = bytearray()
        self.modes: dict[str, bool] = {}
        self.kitty = 0
        """Depth of the stack of keyboard protocols that the program has pushed."""
        self._ours, self._theirs = os.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self._theirs)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=self._theirs, stdout=self._theirs, stderr=self._theirs, env=dict(env), cwd=cwd,
            start_new_session=True, preexec_fn=self._become_controlling,  # noqa: PLW1509 - no threads here
        )  # fmt: skip

    def __enter__(self) -> Self:
        """The program is running."""
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever is left is ended."""
        self.close()

    def close(self) -> None:
        """End the program, kindly at first, and let go of the terminal."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.pump_until(lambda: self.process.poll() is not None, 15.0)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for end in (self._ours, self._theirs):
            os.close(end)

    def hang_up(self) -> None:
        """The terminal goes away: its window is closed, its line is lost. It cannot be looked at any more."""
        for end in (self._ours, self._theirs):
            os.close(end)
        self._ours, self._theirs = (os.open(os.devnull, os.O_RDWR) for _ in range(2))

    # --- what it shows -------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def row(self, wanted: str) -> str:
        """The first line that has this text, empty if there is none."""
        return next((line for line in self.screen.display if wanted in line), "")

    @property
    def restored(self) -> list[str]:
        """What the program left behind in the terminal; empty when it is as it was."""
        left = [f"mode {mode} is still on" for mode, on in self.modes.items() if on and mode not in USUALLY_ON]
        left += [words for mode, words in USUALLY_ON.items() if not self.modes.get(mode, True)]
        if self.kitty:
            left.append(f"{self.kitty} keyboard protocols pushed")
        if termios.tcgetattr(self._theirs) != self.before:
            left.append("termios differ")
        return left

    def pump(self, seconds: float = 0.02, most: int = 1 << 16) -> bool:
        """Take in what it writes, waiting at most so long, and `most` bytes; whether there was anything."""
        ready, _, _ = select.select([self._ours], [], [], max(seconds, 0.0))
        if not ready:
            return False
        data = os.read(self._ours, most)
        self.bytes += len(data)
        self.raw += data
        for question, answer in ANSWERS.items():
            if question in data:
                os.write(self._ours, answer)
        data, self._tail = _whole(self._tail + data)
        for modes, state in _MODE.findall(data):
            for mode in modes.decode().split(";"):
                self.modes[mode] = state == b"h"
        for sign in _KITTY.findall(data):
            self.kitty = max(self.kitty + (1 if sign == b">" else -1), 0)
        for switch in (b"\x1b[?1049h", b"\x1b[?1049l"):  # pyte has one screen; the other one is empty
            data = data.replace(switch, switch + b"\x1b[2J\x1b[H")
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data))
        return True

    def pump_until(self, done: Callable[[], bool], limit: float = LIMIT) -> bool:
        """Take in what it writes until `done`; whether that came about in time."""
        end = time.perf_counter() + limit
        while not done():
            if time.perf_counter() > end:
                return False
            self.pump()
        return True

    def run_for(self, seconds: float) -> None:
        """Let it run, for measuring."""
        self.pump_until(lambda: False, seconds)

    def wait_for(self, *wanted: str, limit: float = LIMIT) -> None:
        """Wait until all of this stands on the screen."""
        self.wait_until(f"{wanted} on the screen", lambda: all(text in self.text for text in wanted), limit)

    def wait_gone(self, unwanted: str, limit: float = LIMIT) -> None:
        """Wait until this no longer stands on the screen."""
        self.wait_until(f"{unwanted} gone from the screen", lambda: unwanted not in self.text, limit)

    def wait_until(self, what: str, done: Callable[[], bool], limit: float = LIMIT) -> None:
        """Wait until this holds; at once an error if the program ends before."""
        self.pump_until(lambda: done() or self.process.poll() is not None, limit)
        while not done() and self.pump(0.05):
            pass
        if not done():
            raise AssertionError(f"never: {what}; exit status {self.process.poll()}; the screen:\n{self.text}")

    def wait_exit(self, limit: float = LIMIT) -> int:
        """Wait until it has ended; its exit status."""
        self.wait_until("the end", lambda: self.process.poll() is not None, limit)
        while self.pump(0.05):
            pass
        return self.process.wait()

    # --- what is done to it --------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys, by name or as what they type."""
        for key in keys:
            os.write(self._ours, KEYS.get(key, key).encode())

    @property
    def alone(self) -> bool:
        """Whether the program itself, and nothing that it started, has the terminal."""
        return os.tcgetpgrp(self._ours) == self.process.pid

    def signal(self, sent: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(sent)

    def resize(self, columns: int, rows: int) -> None:
        """Another size of the terminal."""
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def _become_controlling(self) -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _whole(data: bytes) -> tuple[bytes, bytes]:
    """What can be fed now, and the beginning of a sequence that a read has cut off."""
    start = data.rfind(b"\x1b")
    if start >= 0 and len(data) - start < 64 and not re.match(rb"\x1b(\[[<>=?]?[0-9;]*\$?[@-~]|[^\[P_])", data[start:]):
        return data[:start], data[start:]
    return data, b""


def engines(runtime: Path) -> list[int]:
    """Process ids of the engines that were started with this runtime folder."""
    command = ["ps", "-A", "-ww", "-o", "pid=,command="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        int(line.split(None, 1)[0])
        for line in listed.splitlines()
        if "nnlab.engine" in line and str(runtime) in line and "<defunct>" not in line
    ]


def end_engines(runtime: Path) -> None:
    """Kill what a test has left running."""
    for pid in engines(runtime):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

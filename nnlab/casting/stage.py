"""A program in a terminal of its own, with everything that it writes passed on and recorded.

With an audience the keys of this terminal go to the program, and its size is the program's size; without one the keys
are those of a script.
"""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
import tty
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType

from nnlab.casting.cast import Cast, Size
from nnlab.casting.keys import Press

TICK = 0.1
"""Seconds between two looks at the clock and the size, where nothing happens."""

KILL_AFTER = 10.0
"""Seconds that a program has to end after it was told to."""

LEFT_BEHIND = b"\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[0m"
"""What a program that is killed leaves undone: other screen, cursor, mouse, paste, colours."""


class Stage:
    """One performance of a program."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], size: Size, cast: Cast, *, audience: bool
    ) -> None:
        """`audience`: this process has a terminal, whose keys and size are the program's."""
        self._cast, self._audience = cast, audience
        self._told = 0.0
        """When it was told to end; 0 while it was not."""
        self._status: int | None = None
        """How it ended, as the system tells."""
        self._pid, self._ours = pty.fork()
        if self._pid == 0:
            _become(command, env, size)

    def perform(self, presses: Sequence[Press], seconds: float | None) -> int:
        """Until the program ends, or is told to after `seconds`; its exit status, as a shell gives it."""
        waiting, began = deque(presses), time.monotonic()
        with self._raw() if self._audience else contextlib.nullcontext(), self._signals():
            while self._pass_on():
                now = time.monotonic()
                while waiting and waiting[0].at <= now - began:
                    os.write(self._ours, waiting.popleft().sends)
                if seconds is not None and now - began >= seconds and not waiting:
                    self._tell_to_end()
                if self._told and now - self._told > KILL_AFTER:
                    self._send(signal.SIGKILL)
                self._look_after()
            if self._status is None:
                _, self._status = os.waitpid(self._pid, 0)
            os.close(self._ours)
            if os.WIFSIGNALED(self._status) and self._audience:
                _write_all(sys.stdout.fileno(), LEFT_BEHIND)
        code = os.waitstatus_to_exitcode(self._status)
        return code if code >= 0 else 128 - code

    def _pass_on(self) -> bool:
        """Wait a moment for something to pass on; False once the program has ended."""
        sources = [self._ours, *([sys.stdin.fileno()] if self._audience else [])]
        ready, _, _ = select.select(sources, [], [], TICK)
        if not ready and self._status is not None:
            return False
        if self._ours in ready:
            try:
                data = os.read(self._ours, 1 << 16)
            except OSError:  # on Linux the end of a terminal is an error
                data = b""
            if not data:
                return False
            self._cast.wrote(data)
            if self._audience:
                _write_all(sys.stdout.fileno(), data)
        if self._audience and sys.stdin.fileno() in ready:
            keys = os.read(sys.stdin.fileno(), 1 << 12)
            if keys:
                _write_all(self._ours, keys)
            else:
                self._tell_to_end()
        return True

    def _look_after(self) -> None:
        """Hand a new size on; a program that suspended itself has no shell to wake it."""
        if self._audience:
            size = here()
            if size != _size_of(self._ours):
                _resize(self._ours, size)  # which tells the program
                self._cast.resized(size)
        pid, status = os.waitpid(self._pid, os.WNOHANG | os.WUNTRACED) if self._status is None else (0, 0)
        if pid and os.WIFSTOPPED(status):
            os.kill(self._pid, signal.SIGCONT)
        elif pid:
            self._status = status

    def _tell_to_end(self, *_: int | FrameType | None) -> None:
        if not self._told:
            self._told = time.monotonic()
            self._send(signal.SIGTERM)

    def _send(self, sent: signal.Signals) -> None:
        if self._status is None:
            os.kill(self._pid, sent)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Whoever ends this process ends the program, kindly, and the recording is whole."""
        before = {
            sent: signal.signal(sent, self._tell_to_end) for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            yield
        finally:
            for sent, handler in before.items():
                signal.signal(sent, handler)

    @contextlib.contextmanager
    def _raw(self) -> Iterator[None]:
        """Every key goes through; afterwards the terminal is as it was."""
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        try:
            tty.setraw(terminal)
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def here() -> Size:
    """The size of this process's terminal."""
    columns, rows = os.get_terminal_size()
    return columns, rows


def _become(command: Sequence[str], env: Mapping[str, str], size: Size) -> None:
    """In the new process: be the program, in a terminal of this size."""
    try:
        _resize(0, size)
        os.execvpe(command[0], list(command), dict(env))
    finally:
        os._exit(127)


def _resize(terminal: int, size: Size) -> None:
    columns, rows = size
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _size_of(terminal: int) -> Size:
    rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(terminal, termios.TIOCGWINSZ, b"\0" * 8))
    return columns, rows


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]

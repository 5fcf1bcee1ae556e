"""Textual's driver for the case that the terminal goes away under it: a closed window, a lost SSH line.

A hang-up sends SIGHUP, which ends the app, and SIGCONT, which must not start a second application mode; and what is
written to a terminal that is gone must not hold up the leaving.
"""

import os
import signal
from typing import Any, TextIO

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class Mouth:
    """The terminal as a file to write to. Once it is gone, all that is written to it is dropped and SIGHUP is sent to
    this process, for shells and wrappers that keep the kernel's own from it."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._gone = False

    def write(self, text: str) -> int:
        """As a file's."""
        if not self._gone:
            try:
                return self._terminal.write(text)
            except OSError:
                self._lose()
        return len(text)

    def flush(self) -> None:
        """As a file's."""
        if not self._gone:
            try:
                self._terminal.flush()
            except OSError:
                self._lose()

    def fileno(self) -> int:
        """As a file's."""
        return self._terminal.fileno()

    def _lose(self) -> None:
        self._gone = True
        os.kill(os.getpid(), signal.SIGHUP)


class TerminalDriver(LinuxDriver):
    """See the module."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._file: Any = Mouth(self._file)

    def _sigcont_application(self, *_: Any) -> None:
        """Take the terminal again after a suspension; otherwise it is still ours, and at most painted over."""
        if self._must_signal_resume:
            super()._sigcont_application()
        else:
            self._loop.call_soon_threadsafe(self._app.refresh)

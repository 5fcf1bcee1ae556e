"""What standard error shows of a headless run: a bar on a terminal, some twenty lines otherwise."""

import shutil
import sys
import time
from typing import TextIO

from nnlab.cli.report_text import short
from nnlab.diagnosis.finding import Diagnosis
from nnlab.plain.teller import Teller
from nnlab.telemetry.history import History
from nnlab.wire import events

_LINES = 20
_REPAINT = 0.1
"""Seconds between two paintings of the bar."""

_SERIES = (("train/loss", "loss"), ("val/loss", "val"), ("val/accuracy", "accuracy"))


class Progress:
    """Told of every event, as `Watch.tell` asks; `close` leaves the terminal as it was."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bar = self._stream.isatty()
        self._painted = 0.0
        self._next_line = 0

    def __call__(self, event: events.Event, history: History, diagnosis: Diagnosis | None) -> None:
        """Show where the run stands."""
        verdict = diagnosis.verdict if diagnosis else ""
        if isinstance(event, events.RunStarted) and not self._bar:
            self._print(f"{event.info.scenario}: {event.info.planned_steps} steps on {event.info.device}")
        elif isinstance(event, events.KnobTurned):
            self._print(f"step {event.step}: {event.knob} {event.old} → {event.new} ({event.source})")
        elif isinstance(event, events.KnobRefused):
            self._print(f"step {event.step}: {event.knob} = {event.value} refused: {event.reason}")
        elif isinstance(event, events.Marked) and event.kind in ("phase", "drift", "guard", "note"):
            self._print(f"step {event.step}: {event.text}")
        elif isinstance(event, events.Frame) and self._bar:
            self._paint(event, history, verdict)
        elif isinstance(event, events.Frame) and event.step >= self._next_line > -1 and event.step:
            self._next_line = event.step + max(1, history.info.planned_steps // _LINES)
            self._print(f"step {event.step}: {_numbers(history)} {verdict}".rstrip())

    def say(self, line: str) -> None:
        """Something that is not part of the run itself."""
        self._print(line)

    def close(self) -> None:
        """Clear the bar."""
        if self._bar:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _paint(self, frame: events.Frame, history: History, verdict: str) -> None:
        now = time.monotonic()
        if now - self._painted < _REPAINT:
            return
        self._painted = now
        planned = max(1, history.info.planned_steps)
        share = min(1.0, frame.step / planned)
        text = f" {frame.step}/{planned} {share:4.0%} {frame.steps_per_second:,.0f}/s {_numbers(history)} {verdict}"
        width = max(4, min(24, shutil.get_terminal_size().columns - len(text) - 1))
        full = round(share * width)
        line = f"{'━' * full}{'╌' * (width - full)}{text}"[: shutil.get_terminal_size().columns - 1]
        self._stream.write(f"\r{line}\x1b[K")
        self._stream.flush()

    def _print(self, line: str) -> None:
        self._stream.write(f"\r\x1b[K{line}\n" if self._bar else f"{line}\n")
        self._stream.flush()


class PlainProgress(Progress):
    """All that happens, as the lab in plain lines tells it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._bar = False
        self._teller = Teller()

    def __call__(self, event: events.Event, history: History, diagnosis: Diagnosis | None) -> None:
        """Tell what is new."""
        if isinstance(event, events.KnobRefused):
            self.say(f"refused: {event.knob}: {event.reason}")
        for line in self._teller.look(history, diagnosis, history.state):
            self.say(line)


def _numbers(history: History) -> str:
    found = ((label, history.get(name)) for name, label in _SERIES)
    return " ".join(f"{label} {short(series.last)}" for label, series in found if series is not None)

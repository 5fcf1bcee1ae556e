"""What a run has told so far: scalars not yet sent, the events already sent, and the run file.

Frame limits never change what is recorded: points keep their steps, and every event leaves after all points before it.
"""

import contextlib
import time
from array import array

import torch
from torch import Tensor

from nnlab.engine.past import Past
from nnlab.engine.probes.layers import Measured
from nnlab.engine.ring import Ring
from nnlab.engine.server import Client, Server
from nnlab.runs.errors import RunFileError
from nnlab.runs.journal import Recordable
from nnlab.runs.recorder import Recorder
from nnlab.wire.events import Event, Frame, Marked, RunFailed

FRAME_SECONDS = 0.05
"""Longest that a scalar waits before it is sent."""
COMMIT_SECONDS = 0.4
"""Longest that a scalar waits before it is safe in the run file (CONTRACT §5: at most the last second is lost)."""


class Logbook:
    """Sends and records one run, and remembers it for clients that come late."""

    def __init__(self, server: Server, recorder: Recorder | None, ring: Ring) -> None:
        """Nothing is told yet."""
        self._server = server
        self._recorder = recorder
        self._ring = ring
        self._past = Past()
        self._losses = array("d")
        self._points: dict[str, tuple[array[int], array[float]]] = {}
        self._last: dict[str, int] = {}
        """Last step of each series: the first reading of a step counts, and steps only rise."""
        self._readings: list[tuple[int, list[str], Tensor]] = []
        self._sent = self._committed = time.perf_counter()
        self._rate_from = (time.perf_counter(), 0)
        self._rate = 0.0

    def read(self, step: int, measured: Measured) -> None:
        """Keep readings taken at `step`; device values stay on the device until the next frame."""
        tensors = {name: value for name, value in measured.items() if isinstance(value, Tensor)}
        for name, value in measured.items():
            if not isinstance(value, Tensor):
                self._point(name, step, value)
        if tensors:
            stacked = torch.stack([value.detach().reshape(()).float() for value in tensors.values()])
            self._readings.append((step, list(tensors), stacked))

    def collect(self) -> None:
        """Fetch the ring."""
        if self._ring.count == 0:
            return
        steps, losses, norms = self._ring.fetch()
        for name, values in (("train/loss", losses), ("grad/norm", norms)):
            known = self._points.setdefault(name, (array("q"), array("d")))
            known[0].extend(steps)
            known[1].extend(values)
        self._losses.extend(losses)

    def take_losses(self) -> "array[float]":
        """Training losses since the last call."""
        self.collect()
        taken, self._losses = self._losses, array("d")
        return taken

    def due(self, now: float) -> bool:
        """True when scalars have waited long enough for a frame."""
        return now - self._sent >= FRAME_SECONDS

    def frame(self, step: int, seconds: float) -> None:
        """Send and record all scalars so far; `step` steps are done, in `seconds` of training."""
        self.collect()
        for at, labels, stacked in self._readings:
            for name, value in zip(labels, stacked.cpu().double().tolist(), strict=True):
                self._point(name, at, value)
        self._readings.clear()
        now = time.perf_counter()
        points, self._points = self._points, {}
        if points:
            names, columns = tuple(points), tuple(zip(*points.values(), strict=True))
            self._send(Frame(step, names, columns[0], columns[1], seconds, self._measure_rate(now, step)))
        waited, self._sent = now - self._sent, now
        if self._recorder is not None:
            try:
                for name, (steps, values) in points.items():
                    self._recorder.scalars(name, steps, values)
                # Where steps are slow the next chance may come late, so nothing is left waiting for it.
                if now - self._committed >= COMMIT_SECONDS or waited >= COMMIT_SECONDS / 2:
                    self._recorder.flush()
                    self._committed = now
            except RunFileError as error:
                self._stop_recording(step, error)

    def tell(self, event: Event) -> None:
        """Send and record an event (not a frame); the caller has framed the scalars before it."""
        self._send(event)
        self._record(event)

    def greet(self, client: Client) -> None:
        """Tell a new client everything so far."""
        self._server.send(client, self._past.events())

    def answer(self, client: Client, event: Event) -> None:
        """Tell one client what it alone has asked for; it is neither recorded nor told again."""
        self._server.send(client, [event])

    def restart_clock(self, step: int) -> None:
        """Training goes on at `step` after a pause, which does not count as slowness."""
        self._rate_from = (time.perf_counter(), step)

    def close(self, last: RunFailed | None = None) -> None:
        """Complete the run file; `last` is recorded, not sent."""
        if last is not None:
            self._record(last)
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            with contextlib.suppress(RunFileError):
                recorder.close()

    def _record(self, event: Event) -> None:
        if self._recorder is None or not isinstance(event, Recordable):
            return
        try:
            self._recorder.tell(event)
            self._recorder.flush()
        except RunFileError as error:
            self._stop_recording(event.step, error)

    def _send(self, event: Event) -> None:
        self._past.add(event)
        self._server.broadcast(event)

    def _point(self, name: str, step: int, value: float) -> None:
        if self._last.get(name, -1) >= step:
            return
        self._last[name] = step
        steps, values = self._points.setdefault(name, (array("q"), array("d")))
        steps.append(step)
        values.append(value)

    def _measure_rate(self, now: float, step: int) -> float:
        """Steps a second over the last second or so."""
        since, first = self._rate_from
        if now - since >= 1.0 or self._rate == 0.0:
            self._rate = max(0.0, (step - first) / max(now - since, 1e-9))
            self._rate_from = (now, step)
        return self._rate

    def _stop_recording(self, step: int, error: RunFileError) -> None:
        """The run goes on without its file; everyone is told why."""
        self.close()
        self._send(Marked(step, "note", f"recording stopped: {error}"))

"""What a run tells: scalars gathered into frames, events, and the run file.

Frame limits never change what is recorded: points keep their steps, and every event leaves after all points before it.
"""

import contextlib
import time
from array import array
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from nnlab.engine.past import Past, Standing
from nnlab.engine.probes.layers import Measured
from nnlab.engine.ring import Ring
from nnlab.engine.server import Client, Server
from nnlab.engine.shelf import Kept
from nnlab.engine.state import State
from nnlab.runs.errors import RunFileError
from nnlab.runs.journal import Recordable
from nnlab.runs.recorder import Recorder
from nnlab.wire.events import (
    Branched,
    BranchNamed,
    Event,
    Frame,
    Marked,
    Refused,
    Rewound,
    RunFailed,
    StateChanged,
)
from nnlab.wire.values import Branch

FRAME_SECONDS = 0.05
"""Longest that a scalar waits before it is sent."""
COMMIT_SECONDS = 0.4
"""Longest that a scalar waits before it is safe in the run file (CONTRACT §5: at most the last second is lost)."""


Points = dict[str, tuple["array[int]", "array[float]"]]
"""Steps and values by series."""


class Logbook:
    """Sends and records one run, and remembers it for clients that come late."""

    def __init__(self, server: Server, recorder: Recorder | None, ring: Ring, past: Past) -> None:
        """Nothing is told yet but what `past` holds."""
        self._server = server
        self._recorder = recorder
        self._ring = ring
        self.past = past
        self.branch = 0
        """To which branch new points and events belong."""
        self.known = False
        """Whether what is measured and told now has been told and recorded before: it is sent, and that is all."""
        self.quiet = False
        """Nothing is sent either."""
        self._losses = array("d")
        self._points: Points = {}
        self._last: dict[str, int] = {}
        """Last step of each series: the first reading of a step counts, and steps only rise."""
        self._readings: list[tuple[int, list[str], Tensor]] = []
        self._sent = self._committed = time.perf_counter()
        self._rate_from = (time.perf_counter(), 0)
        self._rate = 0.0

    # --- what is measured ----------------------------------------------------------------------------------------

    def read(self, step: int, measured: Measured) -> None:
        """Keep readings taken at `step`; device values stay on the device until the next frame."""
        tensors = {name: value for name, value in measured.items() if isinstance(value, Tensor)}
        for name, value in measured.items():
            if not isinstance(value, Tensor):
                self._point(name, step, value)
        if tensors:
            with torch.no_grad():
                stacked = torch.stack([_scalar(value) for value in tensors.values()])
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

    def state(self) -> State:
        """What later readings depend on."""
        self._settle()
        return {"losses": np.array(self._losses), "last": dict(self._last)}

    def restore(self, state: State) -> None:
        """Take a state back; what was measured and not sent is forgotten."""
        self._points, self._readings = {}, []
        self._losses, self._last = array("d", state["losses"].numpy().tobytes()), dict(state["last"])

    # --- what is told --------------------------------------------------------------------------------------------

    def due(self, now: float) -> bool:
        """True when scalars have waited long enough for a frame."""
        return now - self._sent >= FRAME_SECONDS

    def frame(self, step: int, seconds: float) -> None:
        """Send and record all scalars so far; `step` steps are done, in `seconds` of training."""
        self._settle()
        points, self._points = self._points, {}
        if self.quiet:
            return
        now = time.perf_counter()
        if points:
            names, columns = tuple(points), tuple(zip(*points.values(), strict=True))
            self._send(Frame(step, names, columns[0], columns[1], seconds, self._measure_rate(now, step)))
        waited, self._sent = now - self._sent, now
        if not self.known:
            self._record_points(step, points, now, waited)

    def tell(self, event: Event) -> None:
        """Send and record an event (not a frame); the caller has framed the scalars before it."""
        if self.quiet:
            return
        self._send(event)
        if isinstance(event, StateChanged) or not self.known:
            self._record(event)

    def refuse(self, refused: Refused) -> None:
        """Tell everyone why something was not done; that is no part of the run."""
        self._server.broadcast(refused)

    def greet(self, client: Client, standing: Standing | None = None) -> None:
        """Tell a new client everything so far; `standing` says where the run stands on a line told further."""
        self._server.send(client, self.past.events(standing))

    def answer(self, client: Client, event: Event) -> None:
        """Tell one client what it alone has asked for; it is neither recorded nor told again."""
        self._server.send(client, [event])

    def restart_clock(self, step: int) -> None:
        """Training goes on at `step` after a pause or elsewhere, which does not count as slowness."""
        self._rate_from = (time.perf_counter(), step)

    # --- lines and snapshots -------------------------------------------------------------------------------------

    def rewound(self, step: int, branch: int) -> None:
        """The run stands elsewhere, on the line of this branch."""
        self.branch = branch
        self._send(Rewound(step, branch))
        self._write(step, lambda file: file.current(branch))

    def branched(self, branch: Branch) -> None:
        """A branch begins, to which all that follows belongs."""
        self.branch, self.known = branch.id, False
        self._send(Branched(branch.id, branch.parent, branch.step, branch.name))
        self._write(branch.step, lambda file: _begin(file, branch))

    def named(self, branch: Branch, step: int) -> None:
        """A branch has a new name."""
        self._send(BranchNamed(branch.id, branch.name))
        self._write(step, lambda file: file.branch(branch))

    def keep(self, kept: Kept, gone: Sequence[Kept]) -> None:
        """Record a snapshot, and let those go that went for it. Safe with the next points."""
        self._write(kept.step, lambda file: _swap(file, kept, gone), flush=False)

    def record_in(self, recorder: Recorder) -> None:
        """Go on recording in a file that has everything so far."""
        self._recorder = recorder

    def close(self, last: RunFailed | None = None) -> None:
        """Complete the run file; `last` is recorded, not sent."""
        if last is not None:
            self._record(last)
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            with contextlib.suppress(RunFileError):
                recorder.close()

    def _settle(self) -> None:
        """Fetch everything from the device."""
        self.collect()
        for at, labels, stacked in self._readings:
            for name, value in zip(labels, stacked.cpu().double().tolist(), strict=True):
                self._point(name, at, value)
        self._readings.clear()

    def _record(self, event: Event) -> None:
        if isinstance(event, Recordable):
            self._write(event.step, lambda file: file.tell(event, self.branch))

    def _record_points(self, step: int, points: Points, now: float, waited: float) -> None:
        # Where steps are slow the next chance may come late, so nothing is left waiting for it.
        flush = now - self._committed >= COMMIT_SECONDS or waited >= COMMIT_SECONDS / 2
        self._committed = now if flush else self._committed
        self._write(step, lambda file: _put(file, points, self.branch), flush)

    def _write(self, step: int, write: Callable[[Recorder], object], flush: bool = True) -> None:
        """Have the run file take something; when it cannot, the run goes on without it and everyone is told why."""
        if self._recorder is None:
            return
        try:
            write(self._recorder)
            if flush:
                self._recorder.flush()
        except RunFileError as error:
            self.close()
            self._send(Marked(step, "unrecorded", f"recording stopped: {error}"))

    def _send(self, event: Event) -> None:
        self.past.add(event, self.branch, self.known)
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


def _begin(file: Recorder, branch: Branch) -> None:
    file.branch(branch)
    file.current(branch.id)


def _put(file: Recorder, points: Points, branch: int) -> None:
    for name, (steps, values) in points.items():
        file.scalars(name, steps, values, branch)


def _swap(file: Recorder, kept: Kept, gone: Sequence[Kept]) -> None:
    file.snapshot(kept.step, kept.branch, kept.body, kept.kind)
    for old in gone:
        file.drop_snapshot(old.step, old.branch)


def _scalar(value: Tensor) -> Tensor:
    """The one element of a tensor as a 0-dim float32."""
    return value if not value.dim() and value.dtype is torch.float32 else value.reshape(()).float()

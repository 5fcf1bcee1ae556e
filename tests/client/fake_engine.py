"""A tiny engine that speaks the real protocol over a real socket: what the client is tested against, without torch.

`seed` chooses what it does: 1 dies while starting, 2 fails with RunFailed, 3 is killed in the middle, 4 ignores Stop;
any other trains in steps of ten as it is told.
"""

import json
import os
import signal
import socket
import sys
from pathlib import Path

from nnlab.wire.codec import decode, encode, split
from nnlab.wire.commands import Hello, Remark, Run, Stop, Turn
from nnlab.wire.events import Event, KnobTurned, Marked, RunFailed, RunStarted, StateChanged
from nnlab.wire.frames import frame
from nnlab.wire.values import KnobSpec, RunInfo, SeriesSpec

PLANNED = 100


def info(spec: dict[str, object]) -> RunInfo:
    """The run that it announces."""
    return RunInfo(
        "fake", str(spec["name"]), "Fake", "mlp", "", int(str(spec["seed"])), "cpu", PLANNED, 8, 10, 10, 10, 10,
        knobs=(KnobSpec("lr", "lr", 0.1, "log"),), series=(SeriesSpec("train/loss", "loss"),),
        facts={"constant_loss": 1.0},
    )  # fmt: skip


def train(start: int, stop: int) -> Event:
    """Ten steps and less, told in one frame."""
    steps = list(range(start, stop))
    loss = [1.0 / (1 + step) for step in steps]
    probes = [step for step in range(start + 1, stop + 1) if step % 10 == 0]
    columns = {"train/loss": (steps, loss), "val/loss": (probes, [0.5] * len(probes))}
    return frame(stop, columns, seconds=stop / 1000)


class Engine:
    """Serves one client; obeys what has arrived, then trains, as the real one does."""

    def __init__(self, spec: dict[str, object], connection: socket.socket) -> None:
        self.spec = spec
        self.seed = spec["seed"]
        self.step = 0
        self.left = 0 if spec["paused"] else PLANNED
        self.status: int | None = None
        self.connection = connection

    def tell(self, *told: Event) -> None:
        """Send events."""
        self.connection.sendall(b"".join(map(encode, told)))

    def serve(self) -> int:
        """Until told to stop; the exit status."""
        buffer = bytearray()
        while self.status is None:
            data = self.connection.recv(65536)
            if not data:
                break
            buffer += data
            for packet in split(buffer):
                self.obey(decode(packet))
            while self.left > 0 and self.status is None:
                self.train()
        if self.seed == 4:
            signal.pause()
        return self.status or 0

    def obey(self, command: object) -> None:
        """One command."""
        match command:
            case Hello():
                self.greet()
            case Turn(knob, value, number, source):
                self.tell(KnobTurned(self.step, knob, 0.1, value, value, source, number))
            case Remark(kind, text, at):
                self.tell(Marked(self.step if at < 0 else at, kind, text))
            case Run(steps):
                self.left = steps
                self.tell(StateChanged(self.step, "running"))
            case Stop() if self.seed != 4:
                self.status = 0
                self.tell(StateChanged(self.step, "stopped"))

    def greet(self) -> None:
        """Tell the run so far, and meet the fate that the seed holds."""
        self.tell(RunStarted(info(self.spec)), frame(0, {"val/loss": ([0], [0.5])}))
        if self.left:
            self.tell(StateChanged(0, "running"))
        if self.seed == 2:
            self.tell(RunFailed(0, "DataError: no such column", ""))
            self.status = 3
        if self.seed == 3:
            print("about to be killed", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    def train(self) -> None:
        """Up to the next multiple of ten."""
        done = min(self.left, 10 - self.step % 10)
        self.tell(train(self.step, self.step + done))
        self.step += done
        self.left = min(self.left - done, PLANNED - self.step)
        if self.left == 0:
            self.tell(StateChanged(self.step, "finished" if self.step >= PLANNED else "paused"))


def main() -> int:
    """Serve as the spec says."""
    spec = json.loads(Path(sys.argv[1]).read_text())
    if spec["seed"] == 1:
        raise ModuleNotFoundError("No module named 'torch'")
    if spec["seed"] == 4:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(spec["socket"])
    listener.listen()
    return Engine(spec, listener.accept()[0]).serve()


if __name__ == "__main__":
    sys.exit(main())

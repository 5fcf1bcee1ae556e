"""`python -m nnlab.engine SPEC.json`: the engine process.

Order matters: first the standard streams go to the log file, so that no stray print or native warning can draw over a
terminal; then the socket opens, so that clients can connect and wait; only then is torch imported.
"""

import faulthandler
import os
import signal
import sys
import traceback
import typing
from pathlib import Path

from nnlab.engine.priority import stand_back
from nnlab.engine.server import Server
from nnlab.engine.spec import Spec, read_spec
from nnlab.errors import UserError
from nnlab.wire.events import RunFailed

if typing.TYPE_CHECKING:
    from nnlab.engine.lab import Lab as LabType

ENGINE_FAILED = 3
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Set before numpy and torch are imported: more threads only spin on models this small, and the screen needs a core."""

NO_TORCH = "torch is not installed for this Python; install it with: pip install torch"


def main(arguments: list[str]) -> int:
    """Run the engine of the spec file named in `arguments`; its exit status."""
    os.environ.update(ONE_THREAD)
    spec = read_spec(Path(arguments[0]))
    stand_back(spec.nice)
    _take_over_streams(spec)
    faulthandler.enable()
    server = Server(Path(spec.socket))
    lab: LabType | None = None
    try:
        from nnlab.engine.lab import Lab  # noqa: PLC0415 (torch is imported after the socket is open)

        lab = Lab(spec, server)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lab.stop)
        lab.serve()
    except Exception as error:  # the last line of defence: whatever it was, the clients are told
        event = _failure(error, 0 if lab is None else lab.run.step)
        if lab is not None:
            lab.run.fail(event)
        server.farewell(event)
        return ENGINE_FAILED
    finally:
        server.close()
    return 0


def _failure(error: Exception, step: int) -> RunFailed:
    """One sentence for what a user can put right; the traceback for an error of the engine's own."""
    if isinstance(error, UserError):
        return RunFailed(step, str(error), "")
    if isinstance(error, ModuleNotFoundError) and error.name == "torch":
        return RunFailed(step, NO_TORCH, "")
    traceback.print_exception(error)
    return RunFailed(step, f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))


def _take_over_streams(spec: Spec) -> None:
    log = os.open(spec.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m nnlab.engine SPEC.json`: the engine process.

Order matters: first the standard streams go to the log file, so that no stray print or native warning can draw over a
terminal; then the socket opens, so that clients can connect and wait; only then is torch imported.
"""

import os
import signal
import sys
import traceback
from pathlib import Path

from nnlab.engine.server import Server
from nnlab.engine.spec import Spec, read_spec
from nnlab.errors import UserError
from nnlab.wire.events import RunFailed

ENGINE_FAILED = 3
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Set before numpy and torch are imported: more threads only spin on models this small, and the screen needs a core."""


def main(arguments: list[str]) -> int:
    """Run the engine of the spec file named in `arguments`; its exit status."""
    os.environ.update(ONE_THREAD)
    spec = read_spec(Path(arguments[0]))
    _take_over_streams(spec)
    server = Server(Path(spec.socket))
    step = 0
    try:
        from nnlab.engine.lab import Lab  # noqa: PLC0415 (torch is imported after the socket is open)

        lab = Lab(spec, server)
        signal.signal(signal.SIGTERM, lambda *_: lab.stop())
        try:
            lab.serve()
        except BaseException:
            step = lab.run.step
            lab.run.logbook.close()
            raise
    except UserError as error:
        server.farewell(RunFailed(step, str(error), ""))
        return ENGINE_FAILED
    except Exception as error:  # the last line of defence: whatever it was, the clients are told
        traceback.print_exc()
        server.farewell(RunFailed(step, f"{type(error).__name__}: {error}", traceback.format_exc()))
        return ENGINE_FAILED
    finally:
        server.close()
    return 0


def _take_over_streams(spec: Spec) -> None:
    log = os.open(spec.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -P -m nnlab.engine.experiments ORDER.json`: one experiment, told and answered in JSON lines.

Standard output carries `{"progress": text}` lines and at the end `{"result": [class, fields]}` or `{"error": text}`;
whatever else would be printed there goes to standard error.
"""

import json
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nnlab.engine.priority import stand_back
from nnlab.errors import UserError
from nnlab.wire.experiments import Result

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Set before numpy and torch are imported: more threads only spin on models this small."""
FAILED = 3


def main(arguments: list[str]) -> int:
    """Perform the order in the file named in `arguments`; the exit status."""
    os.environ.update(ONE_THREAD)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)

        def say(**line: Any) -> None:
            answers.write(json.dumps(line) + "\n")
            answers.flush()

        try:
            from nnlab.engine.experiments.perform import Order, perform  # noqa: PLC0415 (torch, after the streams)
            from nnlab.engine.experiments.reexecute import reexecute  # noqa: PLC0415
            from nnlab.engine.point.explain import Asked, explain  # noqa: PLC0415

            order = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
            stand_back(order.pop("nice", 0))
            result: Result
            if order["experiment"] == "replay":
                result = reexecute(Path(order["file"]), lambda text: say(progress=text))
            elif order["experiment"] == "explain-step":
                asked = Asked(Path(order["file"]), order["step"], order["branch"], order["recorded"])
                result = explain(asked, lambda text: say(progress=text))
            else:
                result = perform(Order(**order), lambda text: say(progress=text))
            say(result=[type(result).__name__, asdict(result)])
        except UserError as error:
            say(error=str(error))
        except Exception:  # the last line of defence: the traceback goes to the log
            traceback.print_exc()
            return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The lab put on the terminal, and what is left to say once the terminal is the shell's again."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlab.ui.app import LabApp

USAGE = 2
"""Exit status for what the user can put right."""

ENGINE_FAILED = 3
"""Exit status when the engine was gone at the end."""


def show(app: "LabApp") -> int:
    """Run it to its end; the exit status."""
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        _tell("the lab needs a terminal; nnlab run SCENARIO trains without one.")
        return USAGE
    try:
        app.run()
    finally:
        app.end()
    for path in app.run_files:
        _tell(f"the run is kept in {path}")
    if app.unopened is not None:
        _tell(str(app.unopened))
        return USAGE
    return app.return_code or (ENGINE_FAILED if app.failed else 0)


def _tell(message: str) -> None:
    print(f"nnlab: {message}", file=sys.stderr)  # noqa: T201 - the terminal is ours again

"""From the command line into an app of the lab and back."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlab.ui.app import LabApp

USAGE = 2
"""Exit status for what the user can put right."""

ENGINE_FAILED = 3
"""Exit status when the engine was gone at the end."""


def present(app: "LabApp") -> int:
    """Run the app to its end; the exit status."""
    try:
        app.run()
    finally:
        app.end()
    for path in app.run_files:
        tell(f"the run is kept in {path}")
    if app.unopened is not None:
        tell(str(app.unopened))
        return USAGE
    return app.return_code or (ENGINE_FAILED if app.failed else 0)


def tell(message: str) -> None:
    """Say something on standard error."""
    print(f"nnlab: {message}", file=sys.stderr)  # noqa: T201 - the terminal is ours again

"""The hint of the very first start: three keys, once, and never again."""

from nnlab.runs.folder import data_folder

MARKER = "greeted"
"""A file in the user's data folder that says that the hint was shown."""

TITLE = "your first run"
HINT = """\
space stops the run and lets it go on.
k goes to the knobs: arrows turn them.
? shows every key. A click closes this."""
SECONDS = 20.0
"""It goes by itself after this, and at a click."""


def first_time() -> bool:
    """Whether the lab was never open before; from now on it was. False where that cannot be noted."""
    marker = data_folder() / MARKER
    try:
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch(exist_ok=False)
    except OSError:
        return False
    return True

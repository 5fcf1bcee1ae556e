"""The hint of the very first start: three keys, once, and never again."""

import time

from textual.app import App
from textual.events import Event, Key

from nnlab.runs.folder import data_folder

MARKER = "greeted"
"""A file in the user's data folder that says that the hint was shown."""

TITLE = "your first run"
HINT = """\
space stops the run and lets it go on.
k goes to the knobs: arrows turn them.
? shows every key.
esc or a click closes this."""
SECONDS = 20.0
"""It goes by itself after this."""
CLOSING = ("escape", "enter")
"""Keys at which it goes. They do what they do anyhow; with nothing open and nothing chosen, that is nothing else."""


def first_time() -> bool:
    """Whether the lab was never open before; from now on it was. False where that cannot be noted."""
    marker = data_folder() / MARKER
    try:
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch(exist_ok=False)
    except OSError:
        return False
    return True


class Greeting(App[int]):
    """An app that tells its keys to who opens the lab for the first time."""

    greets = False
    """Whether the first run ever gets its hint."""
    _greeted_until = 0.0

    def greet(self) -> None:
        """Tell the keys, the first time."""
        if self.greets and first_time():
            self._greeted_until = time.monotonic() + SECONDS
            self.notify(HINT, title=TITLE, timeout=SECONDS)

    async def on_event(self, event: Event) -> None:
        """The keys that close the hint are nobody else's loss: they go on to whom they are meant for."""
        if isinstance(event, Key) and event.key in CLOSING and time.monotonic() < self._greeted_until:
            self._greeted_until = 0.0
            self.clear_notifications()
        await super().on_event(event)

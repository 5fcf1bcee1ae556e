"""The scenario's file while its run goes on: saved anew it is read, and the next restart begins with it."""

import asyncio

from nnlab.ui.messages import Again
from nnlab.ui.scenario_file import LOOK_EVERY, stamp, wrong
from nnlab.ui.screens.steering import Steering

SHOWN = 6
"""Lines of what is wrong with a file that a notice shows."""


class Following(Steering):
    """A screen over the session of a run that was started from a file."""

    _stamp: int | None = None
    _saved = False

    def on_mount(self) -> None:
        """Follow the file."""
        if self.session.story.file is not None:
            self.set_interval(LOOK_EVERY, self._follow)

    async def _follow(self) -> None:
        """Say what was saved: that it can be begun with, or what is wrong with it."""
        path = self.session.story.file
        if path is None:
            return
        before, self._stamp = self._stamp, await asyncio.to_thread(stamp, str(path))
        if before in (None, self._stamp) or not self._stamp:
            return
        error = await asyncio.to_thread(wrong, str(path))
        self._saved = error is None
        if error is None:
            self.notify("r begins again with it.", title=f"{path.name} was saved", markup=False)
        else:
            lines = str(error).replace(f"{path}:", "line ").splitlines()[:SHOWN]
            self.notify("\n".join(lines), title=f"{path.name} was saved with errors", severity="error", markup=False)

    def action_restart(self) -> None:
        """Begin again, with the file as it is now if it has been saved since."""
        if self._saved:
            self.post_message(Again())
        else:
            super().action_restart()

"""A visitor's app, as `nnlab serve` starts it: python -m nnlab.ui.visit [--read-only PATH] [--theme NAME] [SCENARIO]

Its terminal is a browser, and it ends when the visitor leaves or when the server is gone. With `--read-only` it plays
recorded runs and does nothing else: no engine can be started from it, and nothing on this machine is written.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from nnlab.errors import UserError
from nnlab.ui.app import LabApp, Starter
from nnlab.ui.messages import ResumeRun
from nnlab.wire.values import KnobValue

if TYPE_CHECKING:
    from nnlab.ui.session import Session

LOOK_EVERY = 1.0
"""Seconds between two looks at whether the server is still there."""


class Visit(LabApp):
    """The lab for a visitor; `recordings` is the file or folder that it is confined to, None for a whole lab."""

    def __init__(self, args: argparse.Namespace, starter: Starter, recordings: Path | None) -> None:
        target = str(recordings) if recordings is not None and recordings.is_file() else args.scenario
        super().__init__(target, starter, args.theme, low_bandwidth=args.low_bandwidth)
        self._recordings, self._server = recordings, os.getppid()

    def on_mount(self) -> None:
        """Look after the server."""
        self.set_interval(LOOK_EVERY, self._look_after)

    def watch_app_focus(self, focus: bool) -> None:
        """What a screen focuses at first is focused by the first key or click: a page begins without the focus."""
        if not focus or not self.screen_stack or self.screen.focused is not None or not self.screen.AUTO_FOCUS:
            return
        wanted = [widget for widget in self.screen.query(self.screen.AUTO_FOCUS) if widget.focusable]
        if wanted:
            self.screen.set_focus(wanted[0])

    def _look_after(self) -> None:
        if os.getppid() != self._server:
            self.exit()

    async def on_resume_run(self, message: ResumeRun) -> None:
        """No recording goes on here."""
        if self._recordings is not None:
            message.prevent_default()

    def starter_of(self, target: str) -> Starter:
        """No mystery is trained where recordings are watched."""
        return super().starter_of(target) if self._recordings is None else self._starter

    async def gallery(self) -> Screen[None]:
        """The recordings where there is nothing else."""
        if self._recordings is None:
            return await super().gallery()
        from nnlab.ui.screens.recordings import Recordings  # noqa: PLC0415 - after the first picture

        return Recordings(self._recordings)


def within(recordings: Path) -> Starter:
    """Opens the run file, or the run files of the folder, and nothing else."""

    def starter(target: str, _: Mapping[str, KnobValue]) -> "Session":
        from nnlab.ui.start import replayed  # noqa: PLC0415 - after the first picture

        path = Path(target)
        if recordings not in (path, path.parent):
            raise UserError("only the recordings that are listed can be watched here")
        return replayed(target, None)

    return starter


def anything(target: str, settings: Mapping[str, KnobValue]) -> "Session":
    """Starts a scenario with an engine of its own."""
    from nnlab.ui.start import Options, start  # noqa: PLC0415 - after the first picture

    return start(target, settings, Options())


def main() -> int:
    """Run the app until the visitor leaves."""
    parser = argparse.ArgumentParser(prog="nnlab.ui.visit")
    parser.add_argument("scenario", nargs="?")
    parser.add_argument("--read-only", type=Path)
    parser.add_argument("--theme")
    parser.add_argument("--low-bandwidth", action="store_true")
    args = parser.parse_args()
    recordings: Path | None = args.read_only
    if recordings is not None:  # there are no other runs for a visitor
        os.environ["NNLAB_RUNS"] = str(recordings if recordings.is_dir() else recordings.parent)
    app = Visit(args, anything if recordings is None else within(recordings), recordings)
    try:
        app.run()
    finally:
        app.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())

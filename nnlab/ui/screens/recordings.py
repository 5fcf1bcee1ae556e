"""The recorded runs that visitors may watch: the table of runs without what would change any."""

from pathlib import Path

from nnlab.ui.run_shelf import RunShelf
from nnlab.ui.screens.run_list import RunList
from nnlab.ui.screens.sections import Sections


class Recordings(RunList):
    """The run files of `place`, a folder (or the one run file that it is), newest first."""

    def __init__(self, place: Path) -> None:
        super().__init__(RunShelf(place))

    def heading(self) -> Sections:
        """There is nothing else to choose from."""
        return Sections("runs", others=("runs",))

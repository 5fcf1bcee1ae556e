"""The recorded runs of a folder: choose one to watch."""

import asyncio
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nnlab.runs.folder import SUFFIX
from nnlab.runs.listing import Summary, recorded
from nnlab.ui import format as write
from nnlab.ui.messages import OpenScenario
from nnlab.ui.panels.keybar import KeyBar


class Recordings(Screen[None]):
    """The run files of `place`, a folder (or the one run file that it is), newest first."""

    AUTO_FOCUS = "OptionList"
    DEFAULT_CSS = """
    Recordings #wordmark { height: 2; padding: 0 1; }
    Recordings OptionList { height: 1fr; background: $lab-background; border: none; padding: 0 1; }
    Recordings OptionList:focus { border: none; background-tint: $lab-background 0%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "watch", tooltip="Play the highlighted run.")]

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        """A heading over the list."""
        yield Static(Content.assemble(("nnlab", "bold $lab-accent"), ("   recorded runs", "$lab-muted")), id="wordmark")
        yield OptionList()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Fill the list."""
        runs = await asyncio.to_thread(_runs, self._place)
        options = self.query_one(OptionList)
        options.add_options(Option(_line(run), id=str(run.path), disabled=bool(run.problem)) for run in runs)
        options.action_first()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Watch the one that was chosen."""
        if event.option_id:
            self.post_message(OpenScenario(event.option_id))

    def action_open(self) -> None:
        """Watch the highlighted one."""
        self.query_one(OptionList).action_select()


def _runs(place: Path) -> list[Summary]:
    folder = place if place.is_dir() else place.parent
    return [run for run in recorded(folder) if place.is_dir() or run.path == place]


def _line(run: Summary) -> Content:
    """Name, verdict and steps; of a file that cannot be read, that."""
    name = run.path.name.removesuffix(SUFFIX)
    if run.problem:
        return Content.assemble((f"✗ {name}", "$lab-bad"), ("  cannot be read", "$lab-muted"))
    facts = f"\n  {run.scenario} · seed {run.seed} · {write.count(run.steps)} steps · {run.verdict or run.state}"
    return Content.assemble((name, "bold"), (facts, "$lab-muted"))

"""Where one chooses what to open: the scenarios, the recorded runs, or a mystery."""

import asyncio
from importlib import import_module
from pathlib import Path

from textual.screen import Screen

from nnlab.scenario import catalog
from nnlab.ui.messages import Section

MODULES: dict[Section, str] = {
    "scenarios": "nnlab.ui.screens.gallery",
    "runs": "nnlab.ui.screens.runs",
    "mysteries": "nnlab.ui.mystery.choosing",
}


async def screen(section: Section, scores: Path | None) -> Screen[None]:
    """The screen of a section; only its own imports are waited for, and the scenarios are read first.

    `scores` is the scoreboard of mysteries, None the user's own.
    """
    module = await asyncio.to_thread(import_module, MODULES[section])
    shown: Screen[None]
    match section:
        case "scenarios":
            shown = module.Gallery(await asyncio.to_thread(catalog.entries))
        case "runs":
            shown = module.Runs()
        case "mysteries":
            shown = module.Mysteries(scores)
    return shown

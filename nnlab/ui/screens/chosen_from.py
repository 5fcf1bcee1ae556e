"""Where one chooses what to open: the scenarios, or the recorded runs."""

import asyncio

from textual.screen import Screen

from nnlab.scenario import catalog
from nnlab.ui.screens.gallery import Gallery
from nnlab.ui.screens.runs import Runs


async def screen(*, runs: bool) -> Screen[None]:
    """The screen of a section; the scenarios are read first."""
    return Runs() if runs else Gallery(await asyncio.to_thread(catalog.entries))

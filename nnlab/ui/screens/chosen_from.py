"""Where one chooses what to open: the scenarios, or the recorded runs."""

import asyncio
from importlib import import_module

from textual.screen import Screen

from nnlab.scenario import catalog


async def screen(*, runs: bool) -> Screen[None]:
    """The screen of a section; only its own imports are waited for, and the scenarios are read first."""
    module = await asyncio.to_thread(import_module, f"nnlab.ui.screens.{'runs' if runs else 'gallery'}")
    shown: Screen[None] = module.Runs() if runs else module.Gallery(await asyncio.to_thread(catalog.entries))
    return shown

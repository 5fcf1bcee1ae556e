"""The terminal lab. This module imports nothing heavy: it paints first, and everything else comes after.

The process that draws never imports torch; training goes on in an engine process of its own, which a session talks to.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import Screen

from nnlab.errors import UserError
from nnlab.ui.messages import Again, OpenScenario, ToGallery
from nnlab.ui.screens.opening import Opening, TooSmall
from nnlab.ui.themes.roles import VARIABLE_DEFAULTS
from nnlab.wire.values import KnobValue

if TYPE_CHECKING:
    from nnlab.ui.session import Session

SMALLEST = (60, 16)
"""Columns and rows that the lab needs."""

USAGE = 2
"""Exit status for what the user can put right."""

Starter = Callable[[str, Mapping[str, KnobValue]], "Session"]
"""Starts a run of a scenario with some of its keys changed. Raises UserError."""


class LabApp(App[int]):
    """The lab: gallery, runs, and what both share."""

    TITLE = "nnlab"
    CSS_PATH = "lab.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "change_theme", "theme", show=False, tooltip="Choose another colour theme."),
        Binding("ctrl+z", "suspend_process", "suspend", show=False, tooltip="Back to the shell; fg returns."),
        Binding("q", "quit", "quit", tooltip="Leave the lab. The run file is kept."),
        Binding("question_mark", "help", "help", key_display="?", tooltip="Every key, and what the panel tells."),
    ]

    def __init__(self, target: str | None, starter: Starter, theme: str | None = None) -> None:
        super().__init__()
        self._target, self._starter, self._wanted_theme = target, starter, theme
        self._settings: dict[str, KnobValue] = {}
        self.session: Session | None = None
        self.run_files: list[str] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of the lab's own roles, where a theme is not ours."""
        return VARIABLE_DEFAULTS

    def get_default_screen(self) -> Screen[None]:
        """A picture at once, while the rest is imported."""
        return Opening()

    def on_mount(self) -> None:
        """Take care of the terminal when someone ends us, then open what was asked for."""
        loop = asyncio.get_running_loop()
        for sent in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(sent, self._end_by, sent)
        self.call_after_refresh(self._begin)

    def _end_by(self, sent: signal.Signals) -> None:
        self.exit(128 + sent, return_code=128 + sent)

    def _begin(self) -> None:
        self._use_themes()
        if self._target is None:
            self.post_message(ToGallery())
        else:
            self.post_message(OpenScenario(self._target))

    def _use_themes(self) -> None:
        from nnlab.ui.themes.load import load_themes  # noqa: PLC0415 - reads files, after the first picture

        themes, problems = load_themes()
        for theme in themes:
            self.register_theme(theme.textual())
        names = [theme.name for theme in themes]
        if self._wanted_theme and self._wanted_theme not in names:
            problems.append(f"There is no theme {self._wanted_theme!r}; there are {', '.join(names)}.")
        if names:
            self.theme = self._wanted_theme if self._wanted_theme in names else names[0]
        for problem in problems:
            self.notify(problem, title="theme", severity="warning", markup=False)

    def on_resize(self, event: Resize) -> None:
        """Say so when the terminal is too small, and recover when it grows."""
        columns, rows = SMALLEST
        small = event.size.width < columns or event.size.height < rows
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall(columns, rows))
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    # --- from screen to screen -----------------------------------------------------------------------------------

    async def on_to_gallery(self, _: ToGallery) -> None:
        """Leave the run and show the gallery."""
        await self._leave()
        entries = await asyncio.to_thread(_gallery_entries)
        from nnlab.ui.screens.gallery import Gallery  # noqa: PLC0415 - after the first picture

        await self._show(Gallery(entries))

    async def on_open_scenario(self, message: OpenScenario) -> None:
        """Start a run of another scenario."""
        self._target, self._settings = message.target, {}
        await self._open()

    async def on_again(self, message: Again) -> None:
        """Start the same scenario with a new engine."""
        self._settings.update(message.settings)
        await self._open()

    async def _open(self) -> None:
        target = self._target or ""
        await self._leave()
        if not isinstance(self.screen, Opening):
            await self._show(Opening(target))
        try:
            session = await asyncio.to_thread(self._starter, target, dict(self._settings))
        except UserError as error:
            from nnlab.ui.screens.problems import Problems  # noqa: PLC0415 - after the first picture

            await self._show(Problems(target, error))
            return
        self.session = session
        await asyncio.to_thread(_import_lab)
        from nnlab.ui.screens.lab import LabScreen  # noqa: PLC0415 - after the first picture

        await self._show(LabScreen(session))

    async def _show(self, screen: Screen[None]) -> None:
        """Put a screen in place of all others."""
        while len(self.screen_stack) > 1 and not isinstance(self.screen_stack[-2], Opening):
            await self.pop_screen()
        await self.switch_screen(screen)

    async def _leave(self) -> None:
        """End the present run; its file is kept."""
        session, self.session = self.session, None
        if session is not None:
            if session.info and session.info.run_file:
                self.run_files.append(session.info.run_file)
            session.stop()
            await asyncio.to_thread(session.close)

    async def leave(self) -> None:
        """End the present run, from outside."""
        await self._leave()

    # --- help and palette ----------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """Show every key that works now."""
        from nnlab.ui.screens.help import Help, keys_of, subject_of  # noqa: PLC0415 - rarely needed

        self.push_screen(Help(keys_of(self), *subject_of(self.screen)))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that a key does now, by name; and a screenshot."""
        for namespace, binding, enabled, _ in screen.active_bindings.values():
            if enabled and binding.tooltip and binding.action != "command_palette":

                async def act(action: str = binding.action, where: object = namespace) -> None:
                    await self.run_action(action, where)  # type: ignore[arg-type]

                yield SystemCommand(binding.description, binding.tooltip, act)
        yield SystemCommand("screenshot", "Save a picture of the screen as an SVG file.", self.deliver_screenshot)

"""The terminal lab. This module imports nothing heavy: it paints first, and everything else comes after.

The process that draws never imports torch; training goes on in an engine process of its own, which a session talks to.
"""

import asyncio
import importlib
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import constants
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import Screen

from nnlab.errors import UserError
from nnlab.glyph_choice import choice
from nnlab.resources import user_folder
from nnlab.runs.folder import data_folder
from nnlab.ui.arrangements import FILE
from nnlab.ui.first_run import Greeting
from nnlab.ui.learning import Learning
from nnlab.ui.looks import Looks
from nnlab.ui.messages import Again, OpenScenario, ResumeRun, Section, ToGallery
from nnlab.ui.mystery.hosting import Hosting
from nnlab.ui.presenting import USAGE, present, tell
from nnlab.ui.screens.opening import Opening, TooSmall
from nnlab.ui.sharing import Sharing
from nnlab.ui.themes.roles import VARIABLE_DEFAULTS
from nnlab.wire.events import RunFailed
from nnlab.wire.values import KnobValue

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver

    from nnlab.client.runtime import Place
    from nnlab.lessons.progress import Place as LessonPlace
    from nnlab.scenario.lesson import Lesson
    from nnlab.ui.session import Session

SMALLEST = (60, 16)
"""Columns and rows that the lab needs."""

Starter = Callable[[str, Mapping[str, KnobValue]], "Session"]
"""Starts a run of a scenario with some of its keys changed. Raises UserError."""


class LabApp(Looks, Sharing, Learning, Greeting, Hosting, inherit_bindings=False):
    """The lab: gallery, runs, and what both share."""

    TITLE = "nnlab"
    CSS_PATH = Path(__file__).with_name("lab.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "commands", show=False, priority=True, tooltip="Find any action by name."),
        Binding("f", "picture", "screenshot", show=False, tooltip="Save a picture of the screen, as an SVG file."),
        Binding("T,shift+t", "next_theme", "theme", show=False, tooltip="Take the next colour theme."),
        Binding(
            "ctrl+z", "suspend_process", "suspend", show=False, priority=True, tooltip="Back to the shell; fg returns."
        ),
        Binding("q", "quit", "quit", tooltip="Leave the lab. The run file is kept."),
        Binding("ctrl+c,ctrl+q", "quit", "quit", show=False, priority=True, tooltip="Leave from anywhere."),
        Binding("question_mark", "help", "help", key_display="?", tooltip="Every key, and what the panel tells."),
    ]

    def __init__(
        self, target: str | None, starter: Starter, theme: str | None = None, *, low_bandwidth: bool = False
    ) -> None:
        super().__init__(theme)
        self._target, self._starter = target, starter
        self._low_bandwidth = low_bandwidth
        self.animation_level = "none" if low_bandwidth else self.animation_level
        self._settings: dict[str, KnobValue] = {}
        self.session: Session | None = None
        self._opening = Opening()
        self.games = {}
        self._showing = False
        self.section: Section = "scenarios"
        """What is chosen from in the gallery."""
        self._end: Callable[[], None] | None = None
        self.run_files: list[str] = []
        self.failed = False
        """Whether the engine of the last run failed or vanished."""
        self.unopened: UserError | None = None
        """Why the last scenario that was asked for could not be opened."""

    def get_driver_class(self) -> "type[Driver]":
        """The terminal's driver, one that writes ASCII only where the terminal has nothing else; or a browser's."""
        if choice() == "ascii":
            from nnlab.ui.plain_text import PlainDriver  # noqa: PLC0415 - rarely needed

            return PlainDriver
        if constants.DRIVER is not None:
            return super().get_driver_class()
        from nnlab.ui.terminal import TerminalDriver  # noqa: PLC0415 - termios is not everywhere

        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of the lab's own roles, where a theme is not ours."""
        return VARIABLE_DEFAULTS

    def get_default_screen(self) -> Screen[None]:
        """A picture at once, while the rest is imported."""
        return self._opening

    def on_mount(self) -> None:
        """Take care of the terminal when someone ends us, then open what was asked for."""
        loop = asyncio.get_running_loop()
        for sent in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            loop.add_signal_handler(sent, self._end_by, sent)
        self.call_after_refresh(self._begin)

    def _end_by(self, sent: signal.Signals) -> None:
        self.exit(128 + sent, return_code=128 + sent)

    def _begin(self) -> None:
        self.use_themes()
        if self._target is None:
            self.post_message(ToGallery())
        else:
            self.post_message(OpenScenario(self._target))

    def on_resize(self, event: Resize) -> None:
        """Say so when the terminal is too small, and recover when it grows."""
        columns, rows = SMALLEST
        small = event.size.width < columns or event.size.height < rows
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall(columns, rows))
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    # --- from screen to screen -----------------------------------------------------------------------------------

    async def on_to_gallery(self, message: ToGallery) -> None:
        """Leave the run and show the gallery, or the recorded runs."""
        await self._clear()
        self._opening.opens = "the gallery"
        await self._leave()
        self.unopened = None
        self.section = message.section or self.section
        await self._show(await self.gallery())

    async def gallery(self) -> Screen[None]:
        """What one chooses from."""
        chosen_from = await asyncio.to_thread(importlib.import_module, "nnlab.ui.screens.chosen_from")
        screen: Screen[None] = await chosen_from.screen(self.section, self.seat.scores)
        return screen

    async def on_open_scenario(self, message: OpenScenario) -> None:
        """Start a run of another scenario; a mystery that was left is played anew."""
        self._target, self._settings = message.target, {}
        self.games.clear()
        await self._open()

    async def on_resume_run(self, message: ResumeRun) -> None:
        """Let a recorded run go on."""
        self._target, self._settings = message.path, {}
        start = await asyncio.to_thread(importlib.import_module, "nnlab.ui.start")
        await self._open(start.resumed)

    async def on_again(self, message: Again) -> None:
        """Start the same scenario with a new engine."""
        self._settings.update(message.settings)
        await self._open()
        if self.session is not None:
            for text in message.proofs:
                self.session.note("trial", text, 0)
        if message.then:
            await self.screen.run_action(message.then)

    async def _open(self, starter: Starter | None = None) -> None:
        target = self._target or ""
        await self._clear()
        self._opening.opens = target.rpartition("/")[2]
        await self._leave()
        try:
            session = await asyncio.to_thread(starter or self.starter_of(target), target, dict(self._settings))
        except UserError as error:
            self.unopened = error
            problems = await asyncio.to_thread(importlib.import_module, "nnlab.ui.screens.problems")
            await self._show(problems.Problems(target, error))
            return
        self.session, self.unopened = session, None
        await asyncio.to_thread(importlib.import_module, "nnlab.ui.screens.lab")
        await self._show(self.screen_of(session))
        self.greet()

    async def _show(self, screen: Screen[None]) -> None:
        """Put a screen in place of all others, over the opening one; there is none any more once the app ends."""
        if self._end is not None:
            return
        self._showing = True
        await self._clear()
        await self.push_screen(screen)
        self._showing = False
        if self._end is not None:
            self._end()

    def exit(self, result: int | None = None, return_code: int = 0, message: "RenderableType | None" = None) -> None:
        """End the app; a screen that is being put up is finished first, for half of one would fail."""
        self._end = partial(super().exit, result, return_code, message)
        if not self._showing:
            self._end()

    async def _clear(self) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    async def _leave(self) -> None:
        """End the present run; its file is kept."""
        session, self.session = self.session, None
        if session is not None:
            self._keep(session)
            await asyncio.to_thread(session.close)

    def end(self) -> None:
        """End the present run when the app is over."""
        session, self.session = self.session, None
        if session is not None:
            self._note_failure(session)
            self._keep(session)
            session.close()

    def _note_failure(self, session: "Session") -> None:
        """What the user can put right is told once more on the terminal; anything else is the engine's fault."""
        failure = session.failure
        if isinstance(failure, RunFailed) and not failure.traceback:
            self.unopened = UserError(failure.error)
        else:
            self.failed = failure is not None

    def _keep(self, session: "Session") -> None:
        if session.info and session.info.run_file and not session.recorded:
            self.run_files.append(session.info.run_file)
        session.stop()

    # --- help and palette ---------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """Show every key that works now."""
        from nnlab.ui.screens.help import help_of  # noqa: PLC0415 - rarely needed

        self.push_screen(help_of(self))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that a key does now, by name."""
        from nnlab.ui.palette import commands_of  # noqa: PLC0415 - rarely needed

        yield from commands_of(screen)


def run(
    target: str | None,
    *,
    device: str = "auto",
    theme: str | None = None,
    record: str | None = None,
    keep: bool = True,
    paused: bool = False,
    pace: float | None = None,
    low_bandwidth: bool = False,
    overrides: tuple[str, ...] = (),
    at: tuple[str, ...] = (),
    twin: bool | None = None,
    attach: "Place | None" = None,
    lessons: "Mapping[Lesson, LessonPlace] | None" = None,
) -> int:
    """Open the lab on a scenario (a name or a path), or the gallery; returns the exit status.

    `record` is the path of the run file, None for a new one in the runs folder; with `keep` false there is none.
    `pace` None is the scenario's own, 0 full speed. `overrides`, `at`, `twin`: see `nnlab.ui.start.Options`. `attach`
    is a running engine to watch first; whatever else is opened from the lab is started as usual.
    `lessons` have begun already.
    """
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        tell("the lab needs a terminal; nnlab run SCENARIO trains without one.")
        return USAGE

    def starter(wanted: str, settings: Mapping[str, KnobValue]) -> "Session":
        from nnlab.ui.start import Options, attached, start  # noqa: PLC0415 - after the first picture

        nonlocal attach
        if attach is not None:
            place, attach = attach, None
            return attached(place)
        return start(wanted, settings, Options(device, record if keep else "", paused, pace, overrides, at, twin))

    app = LabApp(target, starter, theme, low_bandwidth=low_bandwidth)
    app.arrange_by(user_folder(FILE))
    app.learn_by(data_folder(), lessons or {})
    app.greets = True
    return present(app)

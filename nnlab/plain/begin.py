"""From a scenario, a run file, an engine, a lesson or a mystery to a run told in plain lines on standard output."""

import sys
from collections.abc import Mapping
from pathlib import Path

from nnlab.client.runtime import Engine
from nnlab.errors import UserError
from nnlab.mystery.game import Game
from nnlab.plain.lesson import LessonCompanion
from nnlab.plain.mystery import MysteryCompanion
from nnlab.plain.talk import converse
from nnlab.scenario.lesson import Lesson
from nnlab.scenario.steering import Setting
from nnlab.ui.mystery.start import sit_down
from nnlab.ui.session import Session
from nnlab.ui.start import Options, attached, replayed, start


def tell(
    target: str, device: str, record: str | None, pace: float | None, overrides: tuple[str, ...], at: tuple[str, ...],
    *, paused: bool,
) -> int:  # fmt: skip
    """Train a scenario and tell it; the exit status. The rest is as in `nnlab.ui.start.Options`. Raises UserError."""
    options = Options(device, record, paused, pace, overrides, at, twin=False)
    return converse(lambda settings: start(target, settings, options), sys.stdin, _say)


def retell(path: str, pace: float | None) -> int:
    """Play a run file and tell it; the exit status. Raises UserError."""

    def begin(_: Mapping[str, Setting]) -> Session:
        return replayed(path, pace)

    return converse(begin, sys.stdin, _say)


def tell_attached(engine: Engine) -> int:
    """Come to an engine that is running and tell its run; the exit status. Raises UserError."""

    def begin(settings: Mapping[str, Setting]) -> Session:
        if not settings:
            return attached(engine.place)
        if not engine.record:
            raise UserError("this engine keeps no run file, so its run cannot be begun again from here")
        return start(engine.record, settings, Options(twin=False))

    return converse(begin, sys.stdin, _say)


def tell_lesson(name: str, lesson: Lesson) -> int:
    """Take the lesson of a scenario; the exit status. Raises UserError."""
    return converse(
        lambda settings: start(name, settings, Options(twin=False)), sys.stdin, _say, LessonCompanion(lesson)
    )


def tell_mystery(code: str, player: str, scores: Path, device: str) -> int:
    """Play a mystery; the exit status. Raises UserError."""
    games: list[Game] = []

    def begin(_: Mapping[str, Setting]) -> Session:
        session = sit_down(code, games[0] if games else None, device)
        games[:] = [session.game]
        return session

    return converse(begin, sys.stdin, _say, MysteryCompanion(player, scores))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what it is for

"""From a scenario, or a run file, to a run that is told in plain lines on standard output."""

import sys
from collections.abc import Mapping

from nnlab.plain.talk import converse
from nnlab.scenario.steering import Setting
from nnlab.ui.session import Session
from nnlab.ui.start import Options, replayed, start


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


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what it is for

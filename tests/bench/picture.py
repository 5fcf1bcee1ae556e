"""The picture of the lab in the README, from a real run.

    python tests/bench/picture.py [SCENARIO] [FILE.svg]

Opens the lab headless at 120 × 40 on a scenario (two-tower-collapse), trains it with its engine until a problem stands
as the headline and half of the run is done, and writes the screen as an SVG (.github/screen.svg). References to fonts
elsewhere are taken out: whoever shows the picture has a monospaced font. The same seed gives the same curves; how far
they have come when the picture is taken depends on the machine.
"""

import asyncio
import os
import re
import sys
import time
from pathlib import Path

from nnlab.ui.app import LabApp
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.session import Session
from nnlab.ui.start import Options, start

SIZE = (120, 40)
PATIENCE = 120.0
"""Seconds after which there is no picture."""

SCREEN = Path(__file__).parents[2] / ".github" / "screen.svg"

_FONT_FACE = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)


def starter(target: str, settings: object) -> Session:
    """A run without a file."""
    return start(target, {}, Options(record=""))


def stands(session: Session | None) -> bool:
    """Whether half of the run is done and a problem stands."""
    if session is None or session.info is None or session.diagnosis is None:
        return False
    return session.diagnosis.headline is not None and 2 * session.step >= session.info.planned_steps


async def picture(target: str) -> str:
    """The lab on a scenario as SVG. Raises TimeoutError where nothing is found."""
    app = LabApp(target, starter)
    deadline = time.monotonic() + PATIENCE
    async with app.run_test(size=SIZE) as pilot:
        while not (isinstance(app.screen, LabScreen) and stands(app.session)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing was found in {target} within {PATIENCE:.0f} s")
            await pilot.pause(0.05)
        await pilot.pause(1.0)
        svg = app.export_screenshot(title="nnlab", simplify=True)
    app.end()
    return svg


def self_contained(svg: str) -> str:
    """The picture without anything that would be fetched. Raises ValueError where something would be."""
    stripped = _FONT_FACE.sub("", svg).replace("Fira Code", "ui-monospace, Menlo, Consolas")
    if "url(http" in stripped or "@import" in stripped:
        raise ValueError("the picture refers to something elsewhere")
    return stripped


def main() -> None:
    """Write the picture."""
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}  # whatever terminal this is started from
    target = sys.argv[1] if len(sys.argv) > 1 else "two-tower-collapse"
    file = Path(sys.argv[2]) if len(sys.argv) > 2 else SCREEN
    file.parent.mkdir(exist_ok=True)
    file.write_text(self_contained(asyncio.run(picture(target))), encoding="utf-8")
    print(f"{file}: {file.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()

"""The README's picture, made by the lab itself: python tests/bench/picture.py [SCENARIO] [OUT.svg]

Opens the real lab with a real engine at 120 × 40, lets the run end, and writes the screen as an SVG. The font that
Textual links to is left out, so that the picture loads nothing from elsewhere.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from nnlab.ui.app import LabApp
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.session import Session
from nnlab.ui.start import Options, start
from nnlab.wire.values import KnobValue

SCENARIO = "two-tower-collapse"
OUT = Path(__file__).parents[2] / ".github" / "screen.svg"
LONGEST = 3000
"""Looks at the lab, a tenth of a second apart."""


async def picture(scenario: str) -> str:
    """The screen at the end of the run."""

    def starter(wanted: str, settings: Mapping[str, KnobValue]) -> Session:
        return start(wanted, settings, Options(record="", pace=0.0))

    app = LabApp(scenario, starter)
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in range(LONGEST):
            await pilot.pause(0.1)
            history = app.session.history if app.session else None
            if isinstance(app.screen, LabScreen) and history is not None and history.state == "finished":
                break
        await pilot.pause(2.0)
        svg = app.export_screenshot(title="nnlab")
    app.end()
    return re.sub(r"<!--.*?-->|@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    """Write the file."""
    scenario = sys.argv[1] if len(sys.argv) > 1 else SCENARIO
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else OUT
    out.parent.mkdir(exist_ok=True)
    out.write_text(asyncio.run(picture(scenario)), encoding="utf-8")
    print(out)


if __name__ == "__main__":
    main()

"""What one keeps and passes on from the lab: a picture of the screen, and the report of the run.

Files go to the folder that `NNLAB_OUT` names, else the current one, under names of their own; nothing is overwritten.
In a browser (`nnlab serve`) nothing is written here: the browser downloads them.
"""

import asyncio
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.widgets._toast import Toast

from nnlab.errors import UserError

if TYPE_CHECKING:
    from nnlab.ui.session import Session

FONT_FACE = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
"""Fonts that a picture would have fetched from elsewhere; whoever shows it has one."""

FONT = "Fira Code"

TYPES = {".svg": "image/svg+xml", ".html": "text/html"}


class Sharing(App[int]):
    """An app whose screen and run can be kept."""

    session: "Session | None"

    async def action_picture(self) -> None:
        """Keep the screen as an SVG file, without the messages that lie over it."""
        self.clear_notifications()
        await self.screen.query(Toast).remove()
        self.call_after_refresh(self._keep_picture)

    def _keep_picture(self) -> None:
        picture = self.export_screenshot(title=self.TITLE, simplify=True)
        self._hand_over(self._file_name(), ".svg", FONT_FACE.sub("", picture).replace(FONT, "ui-monospace"), "picture")

    async def action_report(self) -> None:
        """Keep the report of the run as an HTML file."""
        session = self.session
        if session is None or session.info is None:
            return
        from nnlab.ui.report.gather import gather, program  # noqa: PLC0415 - rarely needed
        from nnlab.ui.report.html import html  # noqa: PLC0415 - as above

        kept = Path(session.info.run_file) if session.info.run_file else None
        again = await asyncio.to_thread(program, kept) if kept else ""
        self._hand_over(self._file_name(), ".html", html(gather(session, kept.name if kept else "", again)), "report")

    def _file_name(self) -> str:
        """Scenario and step, as a file can be called."""
        session = self.session
        if session is None or session.info is None:
            return "nnlab"
        return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', session.info.scenario).strip('-.')}-step-{session.step}"

    def _hand_over(self, name: str, suffix: str, text: str, title: str) -> None:
        """Write a new file and say where it is, or send it to the browser."""
        if self.is_web:
            self.deliver_text(io.StringIO(text), save_filename=f"{name}{suffix}", mime_type=TYPES[suffix])
            return
        try:
            path = keep(Path(os.environ.get("NNLAB_OUT") or ".").expanduser(), name, suffix, text)
        except UserError as error:
            self.notify(str(error), title=title, severity="error", markup=False)
        else:
            self.clear_notifications()
            self.notify(str(path), title=f"{title} saved", markup=False)


def keep(folder: Path, name: str, suffix: str, text: str) -> Path:
    """Write a file into a folder, which is made where it is missing, under a name that none has; returns its path.

    Raises UserError where it cannot be written.
    """
    folder, number = folder.absolute(), 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while (path := folder / f"{name}{f'-{number}' if number > 1 else ''}{suffix}").exists():
            number += 1
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"cannot write to {folder}: {error.strerror or error}") from None
    return path

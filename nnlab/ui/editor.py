"""The user's editor on a scenario file: on their own file, or on a copy of a bundled one."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from textual.app import App, SuspendNotSupported

from nnlab.errors import UserError
from nnlab.resources import user_folder
from nnlab.runs.folder import unused
from nnlab.scenario.catalog import Entry

USUAL = ("nano", "vim", "vi")
"""Editors that are taken where neither $VISUAL nor $EDITOR names one."""


def own_file(entry: Entry) -> Path:
    """The user's file of a scenario: of a bundled one a copy, made now, by a name of its own. Raises UserError."""
    if entry.source == "user":
        return entry.path
    path = unused(user_folder("scenarios") / f"{entry.name}-mine.toml")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(entry.path, path)
    except OSError as error:
        raise UserError(f"cannot copy the scenario to {path}: {error.strerror}") from None
    return path


def edit(app: App[int], path: Path) -> None:
    """Give the terminal to the editor until it is left. Raises UserError."""
    words = command()
    try:
        with app.suspend():
            done = subprocess.run([*words, str(path)], check=False)
    except SuspendNotSupported:
        raise UserError("this terminal cannot be given to an editor; edit the file elsewhere") from None
    except OSError as error:
        raise UserError(f"cannot start the editor {words[0]}: {error.strerror}") from None
    if done.returncode:
        raise UserError(f"the editor {words[0]} ended with status {done.returncode}")


def command() -> list[str]:
    """$VISUAL, else $EDITOR, else a usual editor. Raises UserError where there is none."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, USUAL), "")
    try:
        words = shlex.split(chosen)
    except ValueError:
        raise UserError(f"$EDITOR is no command: {chosen}") from None
    if not words:
        raise UserError("no editor is known; set EDITOR to one")
    return words

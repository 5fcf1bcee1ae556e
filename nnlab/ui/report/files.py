"""Reports of run files, and reports as files."""

from pathlib import Path
from typing import Literal

from nnlab.client.recorded import RecordedFeed
from nnlab.errors import UserError
from nnlab.ui.report.gather import gather, program
from nnlab.ui.report.html import html
from nnlab.ui.report.markdown import markdown
from nnlab.ui.report.told import Told
from nnlab.ui.session import Session
from nnlab.ui.start import story_of

Form = Literal["md", "html"]

WRITERS = {"md": markdown, "html": html}


def of_file(path: Path) -> Told:
    """What the report of a run file tells, with all its branches. Raises UserError."""
    feed = RecordedFeed(path, whole=True)
    session = Session(feed, story_of(feed.info), recorded=True)
    try:
        while not feed.done:
            session.advance(budget=1.0)
        session.advance(budget=float("inf"))
        return gather(session, path.name, program(path))
    finally:
        session.close()


def text(path: str, form: Form) -> str:
    """The report of a run file in this form. Raises UserError."""
    return WRITERS[form](of_file(Path(path)))


def write_new(path: Path, content: str) -> None:
    """Write a file that does not exist yet. Raises UserError."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise UserError(f"{path} exists already; choose another name") from None
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from None

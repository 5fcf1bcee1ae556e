"""What lies in the folder of recorded runs: a line for each file, read without reading its curves.

`found` only looks at the folder; `summary` opens one file, which takes about a millisecond, whatever the run's length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nnlab.errors import UserError
from nnlab.runs import tags
from nnlab.runs.folder import SUFFIX, runs_folder
from nnlab.wire import events

GLIMPSES = 20
"""Places along a run at which its loss is looked at for a sparkline."""

GLIMPSE = 8
"""Neighbouring losses that are averaged at each place."""

SHOWN = ("train/loss", "val/loss")
"""The first of these that a run has is its loss in a list."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the folder that goes by the name of a run file. `changed` in seconds since 1970."""

    path: Path
    changed: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One recorded run. `steps` counts steps done; `verdict` is empty if the run ended without one; `bytes` its size.

    `losses` are a few of its losses along the way, NaN where they were not finite. `problem` says why the file cannot
    be read; everything else but `tags` is empty then.
    """

    path: Path
    changed: float
    bytes: int
    scenario: str = ""
    title: str = ""
    seed: int = 0
    steps: int = 0
    planned_steps: int = 0
    state: str = ""
    verdict: str = ""
    losses: tuple[float, ...] = ()
    tags: tuple[str, ...] = ()
    problem: str = ""

    @property
    def interrupted(self) -> bool:
        """Whether planned steps are left, and nothing in the run itself ended it."""
        return not self.problem and self.steps < self.planned_steps and self.state not in ("finished", "failed")


def found(folder: Path | None = None) -> list[Found]:
    """The run files of the folder by their names, newest first; nothing is opened."""
    folder = folder or runs_folder()
    files = []
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        try:
            status = path.stat()
        except OSError:
            continue  # deleted meanwhile, or a link to nowhere
        if path.is_file():
            files.append(Found(path, status.st_mtime, status.st_size))
    return sorted(files, key=lambda file: (-file.changed, file.path.name))


def recorded(folder: Path | None = None) -> Iterator[Summary]:
    """Every run file of the folder, newest first; files that cannot be read are told with their problem."""
    marked = tags.known(folder or runs_folder())
    for file in found(folder):
        yield summary(file, marked.get(file.path.name, ()))


def named(path: Path) -> Summary:
    """What is known of the run file at a path, which must exist."""
    status = path.stat()
    marked = tags.known(path.absolute().parent).get(path.name, ())
    return summary(Found(path, status.st_mtime, status.st_size), marked)


def summary(file: Found, marked: tuple[str, ...] = ()) -> Summary:
    """What a run file says of its run; one that cannot be read is told with its problem. `marked` are its tags."""
    try:
        return _read(file, marked)
    except UserError as error:
        return Summary(file.path, file.changed, file.bytes, tags=marked, problem=str(error))


def _read(file: Found, marked: tuple[str, ...]) -> Summary:
    from nnlab.runs.reader import RunFile  # noqa: PLC0415 - brings numpy, which naming a file must not wait for

    with RunFile(file.path) as run:
        states = [event for event in run.events("state") if isinstance(event, events.StateChanged)]
        verdicts = [event for event in run.events("verdict") if isinstance(event, events.Marked)]
        steps = max(run.done(), states[-1].step if states else 0)
        shown = next((name for name in SHOWN if name in run.names()), "")
        return Summary(
            path=file.path,
            changed=file.changed,
            bytes=file.bytes,
            scenario=run.info.scenario,
            title=run.info.title,
            seed=run.info.seed,
            steps=steps,
            planned_steps=run.info.planned_steps,
            state=states[-1].state if states else "",
            verdict=verdicts[-1].text if verdicts else "",
            losses=run.glimpses(shown, steps, GLIMPSES, GLIMPSE) if shown else (),
            tags=marked,
        )


def size(count: int) -> str:
    """Bytes in their largest unit: 640 B, 1.7 MB."""
    for unit, length in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= length:
            return f"{count / length:.1f} {unit}"
    return f"{count} B"

"""What one client asks to have of a run as it stands."""

import dataclasses
from pathlib import Path

from nnlab.engine.inspections.inspect import inspect
from nnlab.engine.run import Run
from nnlab.engine.server import Client
from nnlab.engine.state import to_body
from nnlab.engine.time_machine import NoSuchPlaceError
from nnlab.wire.commands import Inspect, Save
from nnlab.wire.events import Saved


def show(run: Run, client: Client, request: Inspect | Save) -> None:
    """Answer the client, who is told everything up to here first."""
    run.frame()
    told = inspect(run.training, request) if isinstance(request, Inspect) else _saved(run, request)
    run.logbook.answer(client, told)


def _saved(run: Run, request: Save) -> Saved:
    """The state is written to a file: that of now, or the nearest snapshot up to a step."""
    saved = Saved(run.step, request.id, "")
    try:
        kept = run.time.nearest(request.step) if request.step >= 0 else None
        Path(request.path).write_bytes(kept.body if kept else to_body(run.parts.capture()))
    except OSError as problem:
        return dataclasses.replace(saved, error=f"{request.path}: {problem.strerror or problem}")
    except NoSuchPlaceError as problem:
        return dataclasses.replace(saved, error=str(problem))
    return dataclasses.replace(saved, step=kept.step) if kept else saved

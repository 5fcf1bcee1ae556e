"""Having the engine write its state to a file, and being there when the session has come to that very state."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nnlab.errors import UserError
from nnlab.ui.session import Session
from nnlab.wire.events import Saved

PATIENCE = 30.0
"""Seconds that an engine gets to write its state down: it does so between two steps."""
NO_ANSWER = "The engine has not answered in time; the run may be paused in a very long step. Try again."

Result = TypeVar("Result")


async def saved(session: Session, path: Path, take: Callable[[Saved], Result]) -> Result:
    """What `take` makes of the answer: it is called when the session's history has just come to the state that is in
    the file, and nothing more. Raises UserError, and what `take` raises.
    """
    found: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

    def answered(answer: Saved) -> None:
        if found.done():
            return
        try:
            if answer.error:
                raise UserError(answer.error)
            found.set_result(take(answer))
        except Exception as error:  # whoever waits is told, and the session goes on
            found.set_exception(error)

    session.save(str(path), answered)
    try:
        return await asyncio.wait_for(found, PATIENCE)
    except TimeoutError:
        raise UserError(NO_ANSWER) from None

"""The engines of twins: started and ended in one thread, so that nobody waits and one is gone when the next starts."""

import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from nnlab.client.feed import Feed
from nnlab.trials.twin import Start
from nnlab.trials.twin_case import Case


class Engines:
    """`start` makes one. States to start from lie in a private folder until they have been used."""

    def __init__(self, start: Start | None) -> None:
        """None is at work."""
        self._start = start
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._thread: ThreadPoolExecutor | None = None

    def state(self, number: int) -> Path:
        """Where the state for the case of this number is to be written."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="nnlab-")
        return Path(self._folder.name) / f"state{-number}"

    def launch(self, case: Case) -> None:
        """Start that of a case, once its state is there; does nothing the second time."""
        if case.twin.engine is not None or case.kept is None or self._start is None:
            return
        kept = case.kept
        turns = [turn for turn in case.before if turn.step >= kept]
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="twin")
        case.twin.engine = self._thread.submit(self._start, self.state(case.number), turns, case.end - kept)

    def end(self, case: Case) -> None:
        """End that of a case, if it has one; its state is not needed any more."""
        if case.twin.engine is not None and self._thread is not None:
            self._thread.submit(_end, case.twin.engine, self.state(case.number))
        else:
            self.state(case.number).unlink(missing_ok=True)

    def close(self) -> None:
        """Wait until all have ended, and clear up."""
        if self._thread is not None:
            self._thread.shutdown()
        if self._folder is not None:
            self._folder.cleanup()


def _end(engine: "Future[Feed]", state: Path) -> None:
    if engine.exception() is None:
        engine.result().close()
    state.unlink(missing_ok=True)

"""A lab over a made-up engine, for what a real one cannot be brought to do: python scripted_lab.py fail

`fail`: the feed raises an error in the middle of the run, inside the app.
"""

import sys
from array import array
from collections.abc import Mapping

from nnlab.client.scripted import ScriptedFeed
from nnlab.ui.app import LabApp
from nnlab.ui.session import Session
from nnlab.ui.story import Story
from nnlab.wire import events
from nnlab.wire.values import KnobValue, RunInfo

INFO = RunInfo(
    run_id="r", scenario="made-up", title="Made up", family="mlp", scenario_toml="", seed=7, device="cpu",
    planned_steps=100, batch_size=32, steps_per_epoch=10, eval_every=10, probe_every=10, diagnose_every=10,
)  # fmt: skip


class FailingFeed(ScriptedFeed):
    """Raises an error at its fiftieth poll."""

    polls = 0

    def poll(self, timeout: float) -> list[events.Event]:
        """What the script says, or the error."""
        self.polls += 1
        if self.polls == 50:
            raise RuntimeError("an error inside the app")
        return super().poll(timeout)


def starter(_target: str, _settings: Mapping[str, KnobValue]) -> Session:
    """A session over the script."""
    losses = events.Frame(20, ("train/loss",), (array("q", range(20)),), (array("d", [0.5] * 20),), 1.0, 20.0)
    return Session(FailingFeed([events.RunStarted(INFO), events.StateChanged(0, "running"), losses]), Story("made up"))


if __name__ == "__main__":
    app = LabApp("made-up", starter)
    app.run()
    sys.exit(app.return_code or 0)

"""Inspections over the wire: the one who asks is answered, nobody else, and no run file keeps it."""

from typing import Any

from nnlab.runs.reader import RunFile
from nnlab.telemetry.history import History
from nnlab.wire.commands import Inspect, Remark, Run, Stop
from nnlab.wire.events import Frame, Inspected, InspectionRefused, Marked, RunStarted, StateChanged


def test_only_the_one_who_asks_is_answered(kit: Any) -> None:
    record = kit.folder / "asked.nnlab"
    live = kit.live("mlp", record=str(record), paused=True)
    other = live.attach()
    live.until_state("paused")
    live.until_state("paused", other)
    live.feed.send(Run(7))
    live.until_state("paused")
    for command in (Inspect("weights", 5, "fc2", 8), Inspect("spectrum", 6), Remark("note", "done")):
        live.feed.send(command)
    live.until(lambda event: isinstance(event, Marked))
    seen = live.until(lambda event: isinstance(event, Marked), feed=other)
    shown = next(event for event in live.told if isinstance(event, Inspected))
    assert (shown.what, shown.id, shown.texts) == ("weights", 5, ("fc2",))
    assert sum(shown.get("counts")) == 48.0
    refused = next(event for event in live.told if isinstance(event, InspectionRefused))
    assert (refused.what, refused.id) == ("spectrum", 6)
    assert not [event for event in seen if isinstance(event, Inspected | InspectionRefused)]

    before = live.told[: live.told.index(shown)]
    assert max(event.step for event in before if isinstance(event, Frame)) == shown.step == 7
    live.feed.send(Stop())
    live.until_end()
    with RunFile(record) as file:
        assert {type(event) for event in file.events()} == {StateChanged, Marked}
    info = next(event.info for event in live.told if isinstance(event, RunStarted))
    history = History(info)
    steps = [boundary for event in live.told for boundary in history.feed(event)]
    assert steps == sorted(set(steps))
    assert history.step == 7

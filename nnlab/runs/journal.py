"""Events of the wire as rows of the `events` table and back.

`kind` is `knob` (a knob was turned), `refused`, `state`, `failed`, or the kind of a mark (phase, drift, note, guard,
finding, verdict, …). `body` holds the event's other fields as JSON.
"""

import dataclasses
import json
from typing import Any

from nnlab.wire import events

Recordable = events.KnobTurned | events.KnobRefused | events.StateChanged | events.Marked | events.RunFailed

_KINDS: dict[str, type[Any]] = {
    "knob": events.KnobTurned,
    "refused": events.KnobRefused,
    "state": events.StateChanged,
    "failed": events.RunFailed,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_row(event: Recordable) -> tuple[int, str, dict[str, Any]]:
    """Step, kind and body."""
    body = dataclasses.asdict(event)
    step = body.pop("step")
    kind = body.pop("kind") if isinstance(event, events.Marked) else _NAMES[type(event)]
    return step, kind, body


def from_row(step: int, kind: str, body: str) -> Recordable | None:
    """The event of a row; None if it is of a later version. Raises ValueError if the body is not JSON."""
    fields = json.loads(body)
    try:
        if kind in _KINDS:
            event: Recordable = _KINDS[kind](step=step, **fields)
            return event
        return events.Marked(step, kind, str(fields["text"]))
    except (TypeError, KeyError):
        return None

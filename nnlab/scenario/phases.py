"""`[[data.phases]]` resolved: what the data are from each phase on.

Every phase starts from `[data]` itself, not from the phase before it, and changes the keys that it names. `classes`,
`shift` and `scale` are a phase's own; a number for `drift` is the strength of a stream's drift. Keys that decide the
shape of the model (features, number of classes, task) cannot change under it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from nnlab.scenario.data import (
    Blobs,
    Circles,
    Data,
    Linear,
    Moons,
    MsMarco,
    Phase,
    Spirals,
    Stream,
    Table,
    Tasks,
    Triplets,
    Xor,
)
from nnlab.scenario.errors import Issue
from nnlab.scenario.keys import KeyPath, nearest
from nnlab.scenario.translate import issues_of

OWN = ("from_step", "from_epoch", "classes", "shift", "scale", "drift")
FIXED = ("kind", "phases", "task", "features", "outputs", "vocab_size")
NUMBERS_WORDS = ("path", "queries", "query_length", "document_length")
"""Besides, of a corpus from a file: its words would get other numbers."""
_DATA: TypeAdapter[Data] = TypeAdapter(Data)


@dataclass(frozen=True, slots=True)
class ResolvedPhase:
    """Data from a step (or epoch) on. `data` has all options of its kind and no phases of its own."""

    from_step: int | None
    from_epoch: int | None
    data: Data
    classes: tuple[int, ...] | None
    shift: float | None
    scale: float | None


def resolve_phases(data: Data) -> tuple[ResolvedPhase, ...]:
    """The phases of valid data, in order. Raises ValidationError where a phase does not fit its data."""
    return tuple(
        ResolvedPhase(
            from_step=phase.from_step,
            from_epoch=phase.from_epoch,
            data=_merged(data, phase),
            classes=phase.classes,
            shift=phase.shift,
            scale=phase.scale,
        )
        for phase in data.phases
    )


def phase_issues(data: Data) -> Iterator[Issue]:
    """What is wrong with the phases of data whose own keys are right."""
    if isinstance(data, Tasks):
        if data.phases:
            yield Issue(("data", "phases"), "tasks follow one another by themselves; they take no phases")
        return
    for index, phase in enumerate(data.phases):
        path: KeyPath = ("data", "phases", index)
        yield from _start_issues(path, data, phase)
        unfit = list(_key_issues(path, data, phase))
        yield from unfit
        if not unfit:
            yield from _value_issues(path, data, phase)
    yield from _order_issues(data)


def phase_keys(data: Data) -> tuple[str, ...]:
    """Keys that a phase of these data may hold."""
    options = [key for key in type(data).model_fields if key not in (*_fixed(data), *OWN)]
    own = [key for key in OWN if not _misfit(key, data)]
    return (*own, *options)


def _fixed(data: Data) -> tuple[str, ...]:
    return (*FIXED, *NUMBERS_WORDS) if isinstance(data, MsMarco) else FIXED


def _merged(data: Data, phase: Phase) -> Data:
    return _DATA.validate_python(_merged_table(data, phase), strict=True)


def _merged_table(data: Data, phase: Phase) -> dict[str, Any]:
    changed = {key: _tuples(value) for key, value in (phase.model_extra or {}).items()}
    if phase.drift is not None and isinstance(data, Stream):
        changed["strength"] = phase.drift
    return {**data.model_dump(exclude={"phases"}), **changed}


def _start_issues(path: KeyPath, data: Data, phase: Phase) -> Iterator[Issue]:
    given = [key for key in ("from_step", "from_epoch") if getattr(phase, key) is not None]
    if len(given) != 1:
        yield Issue(path, "needs exactly one of from_step and from_epoch")
    elif given == ["from_epoch"] and isinstance(data, Stream):
        yield Issue((*path, "from_epoch"), "a stream has no epochs; use from_step")


def _key_issues(path: KeyPath, data: Data, phase: Phase) -> Iterator[Issue]:
    allowed = phase_keys(data)
    for key in phase.model_extra or {}:
        if key in _fixed(data):
            yield Issue((*path, key), "cannot change while training", ", ".join(allowed))
        elif key not in allowed:
            guess = nearest(key, allowed)
            hint = f'; did you mean "{guess}"?' if guess else f"; allowed here: {', '.join(allowed)}"
            yield Issue((*path, key), f'unknown key "{key}"{hint}', ", ".join(allowed), guess)
    for key in OWN:
        reason = _misfit(key, data)
        if getattr(phase, key) is not None and reason and key != "from_epoch":
            yield Issue((*path, key), reason)


def _misfit(key: str, data: Data) -> str:
    """Why a phase of these data cannot have its own key `key`; "" where it can."""
    if key == "drift" and not isinstance(data, Stream):
        return "only a stream drifts; use shift or scale"
    if key in {"shift", "scale"} and isinstance(data, Triplets | MsMarco):
        return "the inputs are words and have no scale"
    if key in {"shift", "scale"} and isinstance(data, Stream):
        return "a stream drifts by itself; use drift for its strength"
    if key == "classes" and not _class_labels(data):
        return "these data have no classes to pick from"
    return "a stream has no epochs" if key == "from_epoch" and isinstance(data, Stream) else ""


def _class_labels(data: Data) -> bool:
    if isinstance(data, Table | Linear):
        return data.task == "classification"
    return isinstance(data, Blobs | Moons | Circles | Spirals | Xor)


def _class_count(data: Data) -> int | None:
    """Number of classes, where the scenario alone decides it."""
    match data:
        case Blobs() | Spirals():
            return data.classes
        case Moons() | Circles() | Xor():
            return 2
        case Linear():
            return max(2, data.outputs)
    return None


def _value_issues(path: KeyPath, data: Data, phase: Phase) -> Iterator[Issue]:
    table = _merged_table(data, phase)
    try:
        _DATA.validate_python(table, strict=True)
    except ValidationError as error:
        details: list[ErrorDetails] = error.errors(include_url=False)
        for one in details:
            one["loc"] = ("data", *one["loc"])
        for issue in issues_of(details, {"data": table}):
            yield Issue((*path, *issue.path[1:]), issue.message, issue.allowed, issue.nearest)
    count = _class_count(data)
    if phase.classes is not None and not phase.classes:
        yield Issue((*path, "classes"), "must name at least one class")
    if phase.classes and count is not None and max(phase.classes) >= count:
        yield Issue((*path, "classes"), f"must be classes from 0 to {count - 1}, got {max(phase.classes)}")


def _order_issues(data: Data) -> Iterator[Issue]:
    for key in ("from_step", "from_epoch"):
        last = -1
        for index, phase in enumerate(data.phases):
            start = getattr(phase, key)
            if start is None:
                continue
            if start <= last:
                message = f"must be above {last}, where the phase before begins, got {start}"
                yield Issue(("data", "phases", index, key), message)
            last = max(last, start)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value

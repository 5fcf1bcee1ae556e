"""The scenarios there are: those that ship with nnlab and the user's own.

A scenario goes by its file's name without `.toml`. A user's scenario hides a bundled one of the same name. Bundled
files are known to be valid, so that only their heads are read; a user's file is loaded completely, and an invalid one
is listed with its errors.
"""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomli

from nnlab.errors import UserError
from nnlab.resources import bundled, user_folder
from nnlab.scenario import DEFAULT_STEPS
from nnlab.scenario.errors import UnknownScenario
from nnlab.scenario.keys import nearest

Source = Literal["bundled", "user"]


@dataclass(frozen=True, slots=True)
class Promise:
    """What `[expect]` holds a scenario to: `finding` stands by step `by_step`, and `cure` (knobs turned then) or
    `restart` (keys of another run from the beginning) ends healthy. Empty where nothing is said."""

    finding: str = ""
    by_step: int = 0
    cure: tuple[tuple[str, Any], ...] = ()
    restart: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario of the catalogue. `steps` is 0 where epochs are planned instead; `error` is "" for a valid file.

    `lesson` is the title of its guided lesson, "" where it has none.
    """

    name: str
    path: Path
    title: str
    summary: str
    family: str
    teaches: str
    steps: int
    epochs: int
    story: str
    source: Source
    error: str = ""
    lesson: str = ""
    pace: float = 0.0
    """Steps a second in the lab, 0 for full speed."""
    promise: Promise = Promise()


def names() -> dict[str, tuple[Path, Source]]:
    """Every scenario's file by name, sorted, without opening any."""
    found: dict[str, tuple[Path, Source]] = {}
    folders: tuple[tuple[Path, Source], ...] = ((bundled("scenarios"), "bundled"), (user_folder("scenarios"), "user"))
    for folder, source in folders:
        found |= {path.stem: (path, source) for path in sorted(folder.rglob("*.toml")) if path.is_file()}
    return dict(sorted(found.items()))


def entries(doubted: Collection[Path] = ()) -> list[Entry]:
    """The catalogue, grouped by family and sorted by name within; bundled files in `doubted` are loaded completely."""
    listed = [_entry(name, path, source, path in doubted) for name, (path, source) in names().items()]
    return sorted(listed, key=lambda entry: (entry.family, entry.name))


def stamps() -> dict[Path, int]:
    """When each scenario's file was last written, in nanoseconds; what has changed since is to be read again."""
    found = {}
    for path, _ in names().values():
        with contextlib.suppress(OSError):
            found[path] = path.stat().st_mtime_ns
    return found


def find(name_or_path: str) -> Path:
    """The file of a scenario, by name or by path. Raises UnknownScenario with the nearest name."""
    known = names()
    if name_or_path in known:
        return known[name_or_path][0]
    path = Path(name_or_path).expanduser()
    try:
        if name_or_path and path.exists():
            return path
    except (OSError, ValueError):
        raise UnknownScenario(f"{name_or_path!r} is no name of a file") from None
    guess = nearest(path.stem, known)
    hint = f'; did you mean "{guess}"?' if guess else "; nnlab list shows all scenarios"
    if path.suffix == ".toml" or len(path.parts) > 1:
        raise UnknownScenario(f"there is no scenario file {name_or_path}{hint}", guess)
    raise UnknownScenario(f'there is no scenario named "{name_or_path}"{hint}', guess)


def _entry(name: str, path: Path, source: Source, doubted: bool) -> Entry:
    error = _error(path) if doubted or source == "user" else ""
    try:
        head = tomli.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as unreadable:
        head, error = {}, error or f"{path}: {unreadable}"
    train = head.get("train")
    plan = train if isinstance(train, dict) else {}
    lesson = head.get("lesson")
    pace = plan.get("pace")
    epochs = _number(plan.get("epochs"))
    return Entry(
        name=name,
        path=path,
        title=_text(head.get("title")) or name,
        summary=_text(head.get("summary")),
        family=_text(head.get("family")) or "mlp",
        teaches=_text(head.get("teaches")),
        steps=0 if epochs else _number(plan.get("steps")) or DEFAULT_STEPS,
        epochs=epochs,
        story=_text(head.get("story")),
        source=source,
        error=error,
        lesson=(_text(lesson.get("title")) or _text(head.get("title")) or name) if isinstance(lesson, dict) else "",
        pace=float(pace) if isinstance(pace, int | float) else 0.0,
        promise=_promise(head.get("expect")),
    )


def _promise(expect: Any) -> Promise:
    if not isinstance(expect, dict):
        return Promise()
    return Promise(
        _text(expect.get("finding")),
        _number(expect.get("by_step")),
        *(tuple(told.items()) if isinstance(told := expect.get(key), dict) else () for key in ("cure", "restart")),
    )


def _error(path: Path) -> str:
    # Imported here: the types take longer to import than all heads take to read.
    from nnlab.scenario.load import load  # noqa: PLC0415

    try:
        load(path)
    except UserError as error:
        return str(error)
    return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0

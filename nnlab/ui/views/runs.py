"""Recorded runs as rows of a table, what the user looks for among them, and what is told of the one looked at."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nnlab.diagnosis.finding import HEALTHY
from nnlab.runs.listing import Found, Summary, size
from nnlab.ui import format as write
from nnlab.ui.run_shelf import RunShelf

LONGEST_STEPS = 12
"""Characters that steps may take in the table."""

TRAINING = "training now"
"""What stands for the verdict of a run whose engine is at work."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the table. `losses` are drawn as a sparkline; `read` is false until the file has been read."""

    path: Path
    marked: bool
    scenario: str
    when: str
    steps: str = ""
    verdict: str = ""
    tone: str = "text"
    losses: tuple[float, ...] = ()
    tags: str = ""
    read: bool = True
    words: str = ""
    """What else it is found by."""


def rows(
    shelf: RunShelf, files: Iterable[Found], marked: Collection[Path], search: str, now: datetime
) -> tuple[RunRow, ...]:
    """Those of the files that have all words of the search, in their order; one not yet read has its name only."""
    found = []
    for file in files:
        known = shelf.read.get(file.path)
        row = _unread(file, now) if known is None else _row(known, now)
        if file.path in shelf.live:
            row = replace(row, verdict=TRAINING, tone="accent")
        if _matches(row, file.path.name, search):
            found.append(replace(row, marked=file.path in marked))
    return tuple(found)


def detail(one: Summary, *, live: bool = False) -> tuple[str, ...]:
    """What is told of a run beside its row, a line each; `live`: an engine trains it now."""
    if one.problem:
        return (one.path.name, one.problem)
    facts = [f"seed {one.seed}", size(one.bytes)]
    if live:
        facts.insert(0, f"{TRAINING}: enter watches it live, and leaves it running")
    elif one.interrupted:
        facts.insert(0, "interrupted")
    if one.tags:
        facts.append(_tags(one))
    return (one.title or one.scenario, " · ".join(facts), one.path.name)


def moment(seconds: float, now: datetime) -> str:
    """When, as short as it is clear: 10:44 today, 21 Nov this year, Nov 2025 before."""
    at = datetime.fromtimestamp(seconds, now.tzinfo)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at.day} {at:%b}" if at.year == now.year else f"{at:%b %Y}"


def _unread(file: Found, now: datetime) -> RunRow:
    return RunRow(file.path, False, file.path.stem, moment(file.changed, now), read=False)


def _row(one: Summary, now: datetime) -> RunRow:
    when, tags = moment(one.changed, now), _tags(one)
    if one.problem:
        return RunRow(one.path, False, one.path.stem, when, verdict="cannot be read", tone="bad", tags=tags)
    verdict = one.verdict.replace("-", " ")
    return RunRow(
        one.path,
        False,
        one.scenario,
        when,
        _steps(one),
        verdict or ("interrupted" if one.interrupted else "no verdict"),
        "muted" if one.verdict in ("", "undecided") else "good" if one.verdict in HEALTHY else "warn",
        one.losses,
        tags,
        words="interrupted" if one.interrupted else "",
    )


def _steps(one: Summary) -> str:
    """Steps done, of those planned where some are left; as a share where that would be long."""
    if one.steps >= one.planned_steps:
        return write.count(one.steps)
    told = f"{one.steps:,}/{one.planned_steps:,}"
    short = f"{write.percent(one.steps / one.planned_steps)} of {one.planned_steps // 1000}k"
    return told if len(told) <= LONGEST_STEPS else short


def _tags(one: Summary) -> str:
    return " ".join(f"#{tag}" for tag in one.tags)


def _matches(row: RunRow, name: str, search: str) -> bool:
    """Whether every word typed begins a word of the row; `#word` begins a tag."""
    told = " ".join((row.scenario, name, row.verdict, row.tags, row.words)).lower()
    words = re.findall(r"#?[^\s/_.-]+", told)
    words += [word.lstrip("#") for word in words]
    return all(any(word.startswith(typed) for word in words) for typed in re.findall(r"#?[^\s/_.-]+", search.lower()))

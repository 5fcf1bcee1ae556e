"""What remedies have proved so far, over all runs of this user: tried how often, confirmed how often, by finding.

A small JSON file beside the runs. It is only ever a hint: missing, damaged or unwritable, it counts as empty.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from nnlab.diagnosis.finding import Finding, Remedy
from nnlab.runs.folder import data_folder
from nnlab.runs.whole import write
from nnlab.trials.cure import changes
from nnlab.trials.judge import Trial

OFF = "off"
ENOUGH = 5
"""Trials before a hit rate counts for anything."""
OFTEN, SELDOM = 0.75, 0.25
"""Hit rates from which on a remedy is moved to the front, up to which to the end."""

Counts = dict[str, dict[str, tuple[int, int]]]
"""Finding → remedy's kind → (confirmed, tried)."""


def place() -> Path | None:
    """$NNLAB_REMEDIES, else `remedies.json` in the data folder; None where that says "off"."""
    chosen = os.environ.get("NNLAB_REMEDIES", "")
    if chosen == OFF:
        return None
    return Path(chosen).expanduser() if chosen else data_folder() / "remedies.json"


def kind(remedy: Remedy) -> str:
    """What a remedy changes, whatever numbers it chose: "lr", "batch_size+lr", "model.init=he"."""
    turns, settings = changes(remedy)
    named = [f"{key}={value}" if isinstance(value, str | bool) else key for key, value in (turns | settings).items()]
    return "+".join(sorted(named))


def counts(path: Path | None) -> Counts:
    """What is known; nothing where there is no file, or where it makes no sense."""
    found: Counts = {}
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        told = {} if path is None else json.loads(path.read_text(encoding="utf-8"))
        for mode, remedies in told.items():
            for name, (confirmed, tried) in remedies.items():
                if 0 <= int(confirmed) <= int(tried):
                    found.setdefault(mode, {})[name] = int(confirmed), int(tried)
    return found


def note(path: Path | None, mode: str, trials: Iterable[Trial]) -> None:
    """Add what trials of a finding's remedies came to; those that came too early count for nothing yet."""
    if path is None:
        return
    known = counts(path)
    of_mode = known.setdefault(mode, {})
    for trial in trials:
        if trial.proof != "too early" and trial.effects:
            confirmed, tried = of_mode.get(kind(trial.remedy), (0, 0))
            of_mode[kind(trial.remedy)] = confirmed + (trial.proof == "confirmed"), tried + 1
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, json.dumps(known, indent=1, sort_keys=True))


def ordered(path: Path | None, finding: Finding) -> tuple[Remedy, ...]:
    """What can be tried, in the order of `by_experience`."""
    return by_experience(counts(path), finding.mode, [remedy for remedy in finding.remedies if remedy.commands])


def by_experience(known: Counts, mode: str, remedies: Iterable[Remedy]) -> tuple[Remedy, ...]:
    """The doctor's order, except that what mostly helped comes first and what mostly did not comes last."""

    def standing(remedy: Remedy) -> int:
        confirmed, tried = record(known, mode, remedy)
        if tried < ENOUGH:
            return 1
        return 0 if confirmed >= OFTEN * tried else 2 if confirmed <= SELDOM * tried else 1

    return tuple(sorted(remedies, key=standing))


def record(known: Counts, mode: str, remedy: Remedy) -> tuple[int, int]:
    """How often a remedy of this kind was confirmed for a finding, of how many trials."""
    return known.get(mode, {}).get(kind(remedy), (0, 0))

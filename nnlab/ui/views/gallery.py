"""The gallery: scenarios grouped by family and kind of failure, filtered by what the user types; the preview of one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nnlab.scenario.catalog import Entry, Promise
from nnlab.ui import format as write
from nnlab.ui.story import paragraphs

FAMILIES = {"mlp": "multilayer perceptrons", "towers": "two towers", "drift": "drifting streams"}
"""Headings of the families that nnlab ships; another family goes by its own name."""

KINDS: dict[str, tuple[str, ...]] = {
    "gradients": ("exploding-gradients", "vanishing-gradients", "no-gradient", "nonfinite"),
    "step size and batch": ("lr-too-high", "lr-too-low", "batch-too-small", "batch-too-large"),
    "fit": ("plateau", "underfitting", "overfitting", "over-regularised"),
    "units and weights": ("dead-units", "saturated-units", "bad-init"),
    "data and labels": ("class-collapse", "label-noise", "unshuffled-data", "unscaled-inputs", "objective-mismatch"),
    "retrieval": ("representation-collapse", "false-negatives"),
    "change": ("data-drift", "catastrophic-forgetting", "model-collapse", "confounded-changes"),
}
"""Failure modes by what they are about, in the order of the list."""

HEALTHY = "healthy, or cured"

FROM_LETTERS = 4
"""Letters from which on a word that is typed is looked for in stories too."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a heading (no name; `depth` 1 under another one) or a scenario.

    `note` is what stands beside it: the failure mode that it shows. `loose`: found by its story only.
    """

    text: str
    name: str = ""
    note: str = ""
    broken: bool = False
    depth: int = 0
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What is told of a scenario before it is opened."""

    title: str
    facts: tuple[str, ...]
    summary: str
    story: str
    error: str
    lesson: str = ""


def rows(entries: Iterable[Entry], search: str = "") -> tuple[Row, ...]:
    """The list; every word typed must begin one of its name, title, summary, mode or family, or of its story."""
    found: list[Row] = []
    family = kind = None
    for entry in sorted(entries, key=_place):
        told = _head(entry)
        loose = not _matches(told, search)
        if loose and not _matches([*told, *_words(entry.story)], search, least=FROM_LETTERS, head=told):
            continue
        if entry.family != family:
            family, kind = entry.family, None
            found.append(Row(FAMILIES.get(family, family)))
        if _kind(entry) != kind:
            kind = _kind(entry)
            found.append(Row(kind, depth=1))
        found.append(Row(entry.title, entry.name, _note(entry), bool(entry.error), loose=loose))
    return tuple(found)


def preview(entry: Entry, reached: str = "") -> Preview:
    """The preview of a scenario; `reached` says how far the user has come in its lesson, "" for not begun."""
    facts: tuple[str, ...] = (f"shows {_teaches(entry)}" if entry.teaches else "healthy", _length(entry), entry.name)
    if entry.lesson:
        facts += (f"with a guided lesson ({reached})" if reached else "with a guided lesson",)
    if entry.source == "user":
        facts += ("yours",)
    error = entry.error.replace(f"{entry.path}:", "line ").replace(str(entry.path), entry.path.name)
    return Preview(entry.title, facts, entry.summary, paragraphs(entry.story), error, _promised(entry.promise))


def _place(entry: Entry) -> tuple[str, int, int, str]:
    """Where an entry stands: by family, kind, mode and name; what is healthy comes last."""
    for number, modes in enumerate(KINDS.values()):
        if entry.teaches in modes:
            return entry.family, number, modes.index(entry.teaches), entry.name
    return entry.family, len(KINDS) + (not entry.teaches), 0, entry.name


def _kind(entry: Entry) -> str:
    other = _teaches(entry) if entry.teaches else HEALTHY
    return next((kind for kind, modes in KINDS.items() if entry.teaches in modes), other)


def _note(entry: Entry) -> str:
    return "yours" if entry.source == "user" else _teaches(entry)


def _teaches(entry: Entry) -> str:
    return entry.teaches.replace("-", " ")


def _length(entry: Entry) -> str:
    if entry.epochs:
        return write.plural(entry.epochs, "epoch")
    steps = write.plural(entry.steps, "step")
    return f"{steps}, {write.duration(entry.steps / entry.pace)} at its pace" if entry.pace else steps


def _promised(promise: Promise) -> str:
    """What will have been seen at the end, in a sentence or two."""
    if not promise.finding:
        return ""
    by = f" by step {write.count(promise.by_step)}" if promise.by_step else ""
    said = f"The diagnosis says {promise.finding.replace('-', ' ')}{by}."
    if promise.cure:
        return f"{said} Turning {_set(promise.cure)} then is the cure."
    if promise.restart:
        return f"{said} No knob mends it any more: begun again with {_set(promise.restart)} it ends well."
    return said


def _set(keys: tuple[tuple[str, Any], ...]) -> str:
    told = []
    for key, value in keys:
        plain = isinstance(value, bool | int | float | str)
        told.append(f"`{key}` {'to ' if plain else 'changed'}{write.knob(value) if plain else ''}")
    return ", ".join(told)


def _head(entry: Entry) -> list[str]:
    family = FAMILIES.get(entry.family, entry.family)
    lesson = f"lesson {entry.lesson}" if entry.lesson else ""
    told = (entry.name, entry.title, entry.summary, entry.teaches, _kind(entry), entry.family, family, lesson)
    return [*_words(" ".join(told))]


def _words(text: str) -> Iterator[str]:
    yield from re.split(r"[^a-z0-9]+", text.lower())


def _matches(words: list[str], search: str, *, least: int = 0, head: list[str] | None = None) -> bool:
    """Whether each word typed begins one of the words; one shorter than `least` must begin one of `head`."""
    return all(
        any(word.startswith(typed) for word in (words if head is None or len(typed) >= least else head))
        for typed in _words(search)
    )

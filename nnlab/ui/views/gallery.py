"""The gallery: scenarios grouped by family, filtered by what the user types, and the preview of one."""

import re
from dataclasses import dataclass

from nnlab.scenario.catalog import Entry
from nnlab.ui import format as write
from nnlab.ui.story import paragraphs

FAMILIES = {"mlp": "multilayer perceptrons", "towers": "two towers", "drift": "drifting streams"}
"""Headings of the families that nnlab ships; another family goes by its own name."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a heading (no name) or a scenario."""

    text: str
    name: str = ""
    note: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What is told of a scenario before it is opened."""

    title: str
    facts: tuple[str, ...]
    summary: str
    story: str
    error: str


def rows(entries: list[Entry], search: str = "") -> tuple[Row, ...]:
    """The list; every word typed must begin one of its name, title, summary, mode or family."""
    found: list[Row] = []
    family = None
    for entry in entries:
        if not _matches(entry, search):
            continue
        if entry.family != family:
            family = entry.family
            found.append(Row(FAMILIES.get(family, family)))
        found.append(Row(entry.title, entry.name, _teaches(entry), bool(entry.error)))
    return tuple(found)


def preview(entry: Entry) -> Preview:
    """The preview of a scenario."""
    length = write.plural(entry.epochs, "epoch") if entry.epochs else write.plural(entry.steps, "step")
    facts: tuple[str, ...] = (f"shows {_teaches(entry)}" if entry.teaches else "healthy", length, entry.name)
    if entry.source == "user":
        facts += ("yours",)
    return Preview(entry.title, facts, entry.summary, paragraphs(entry.story), entry.error)


def _teaches(entry: Entry) -> str:
    return entry.teaches.replace("-", " ")


def _matches(entry: Entry, search: str) -> bool:
    told = " ".join((entry.name, entry.title, entry.summary, entry.teaches, entry.family)).lower()
    words = re.split(r"[^a-z0-9]+", told)
    return all(any(word.startswith(typed) for word in words) for typed in re.split(r"[^a-z0-9]+", search.lower()))

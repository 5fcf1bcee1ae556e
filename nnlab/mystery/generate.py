"""From a code to a mystery: which scenario, what is wrong with it, and its healthy twin.

Every draw is a hash of the code and of what is drawn, so that the same code makes the same mystery on every machine and
under every Python.
"""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from nnlab.mystery.code import LEVELS, Code
from nnlab.mystery.faults import FAULTS, Fault
from nnlab.scenario.dump import dump
from nnlab.scenario.load import Loaded, load_text
from nnlab.scenario.override import argument
from nnlab.scenario.steering import KnobValue, Setting

FOLDER = Path(__file__).parent / "bases"
TITLE = "Mystery"
STORY = """Something is wrong with this run. Find out what from what can be seen: loss, gradients, layers, views.

A names the fault, H takes a hint. The knobs hide what they hold until they are turned; C begins the run again with \
another setting. The run is cured when the doctor finds it healthy and its validation loss is down to that of its \
healthy twin.

The fewer changes, steps and hints, the higher the score."""

Option = TypeVar("Option")


@dataclass(frozen=True, slots=True)
class Mystery:
    """What a code stands for. `sick` is the scenario to be played, `twin` the same without its faults; `causes` are
    its faults, in no order."""

    code: Code
    base: str
    causes: tuple[Fault, ...]
    settings: Mapping[str, Setting]
    sick: Loaded
    twin: Loaded

    @property
    def onset(self) -> int:
        """The first step that is trained with all of its faults."""
        return max(cause.onset for cause in self.causes)

    @property
    def cure(self) -> dict[str, KnobValue]:
        """Knobs to turn."""
        return {knob: value for cause in self.causes for knob, value in cause.cure.items()}

    @property
    def restart(self) -> dict[str, Setting]:
        """Keys to begin again with; empty where turning knobs is enough."""
        return {key: value for cause in self.causes for key, value in cause.restart.items()}


def mystery(code: Code) -> Mystery:
    """The mystery of a code."""
    causes_drawn = _pick(code, "number", (1, 2) if code.level == max(LEVELS) else (1,))
    groups = [(base, causes) for base, causes in _groups(code.level) if len(causes) == causes_drawn]
    base = _pick(code, "base", sorted({base for base, _ in groups}))
    causes = _pick(code, "causes", [causes for of, causes in groups if of == base])
    settings = {key: _pick(code, key, values) for cause in causes for key, values in cause.settings.items()}
    scene: dict[str, Setting] = {"seed": _number(code, "seed") % 100_000}
    for cause in causes:
        scene |= cause.scene
    return Mystery(code, base, causes, settings, _loaded(base, code, scene | settings), _loaded(base, code, scene))


@cache
def _groups(level: int) -> tuple[tuple[str, tuple[Fault, ...]], ...]:
    """Every base with every cause of the level; on the highest level also with two causes of the lower ones."""
    found = [(base, (fault,)) for fault in FAULTS if fault.level == level for base in fault.bases]
    if level < max(LEVELS):
        return tuple(found)
    pairs = itertools.combinations([fault for fault in FAULTS if fault.pairs], 2)
    return (
        *found,
        *(
            (base, (one, other))
            for one, other in pairs
            for base in one.bases
            if base in other.bases and one.settings.keys().isdisjoint(other.settings)
        ),
    )


def _loaded(base: str, code: Code, settings: Mapping[str, Setting]) -> Loaded:
    """A base under another name, with what it says of itself in place of a story."""
    text = (FOLDER / f"{base}.toml").read_text(encoding="utf-8")
    options = [argument(key, value) for key, value in settings.items()]
    loaded = load_text(text, f"mystery-{code}".lower(), FOLDER, options)
    scenario = loaded.scenario.model_copy(
        update={"title": f"{TITLE} {code}", "summary": f"Level {code.level}", "story": STORY}
    )
    return replace(loaded, scenario=scenario, text=dump(scenario))


def _pick(code: Code, what: str, options: Sequence[Option]) -> Option:
    return options[_number(code, what) % len(options)]


def _number(code: Code, what: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{code}/{what}".encode()).digest()[:8], "big")

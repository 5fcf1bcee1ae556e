"""The entries of the encyclopaedia, with the thresholds of the rules as they are in the code.

An entry is a TOML file named after its mode. `{NAME}` in its text stands for the constant NAME of that mode's rule,
`{NAME:percent}` and `{NAME:times}` write it as a share or a factor, `{confirm}` says how many readings must agree. A
number in an entry can therefore never differ from the one that the rule uses.
"""

import re
import tomllib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from nnlab.diagnosis.finding import HEALTHY
from nnlab.diagnosis.words import num, percent, times
from nnlab.errors import UserError
from nnlab.scenario.catalog import entries as scenarios
from nnlab.scenario.keys import nearest

FOLDER = Path(__file__).parent / "entries"

_PLACE = re.compile(r"\{(?P<name>\w+)(?::(?P<form>\w+))?\}")
_FORMS = {None: num, "percent": percent, "times": times}


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is said of a mode.

    `looks` is what one sees, `why` the cause and `mathematics` the same in a line, `rule` how nnlab recognises it,
    `todo` what to try in order, `scenarios` the bundled ones that show it, `sources` who found it out.
    """

    mode: str
    title: str
    looks: str
    why: str
    mathematics: str
    rule: str
    todo: tuple[str, ...]
    scenarios: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        """Whether this is a verdict of a run that nothing is wrong with."""
        return self.mode in HEALTHY


class UnknownMode(UserError):  # noqa: N818 (a reader's word for it)
    """There is no entry of that name. `nearest` is the likely meaning, or ""."""

    def __init__(self, message: str, nearest: str = "") -> None:
        self.nearest = nearest
        super().__init__(message)


def modes() -> tuple[str, ...]:
    """Every mode that has an entry: failures in alphabetical order, then the healthy verdicts."""
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return (*(mode for mode in found if mode not in HEALTHY), *(mode for mode in HEALTHY if mode in found))


def titles() -> dict[str, str]:
    """Mode → title, in the order of `modes`."""
    return {mode: str(_read(mode)["title"]) for mode in modes()}


def entry(mode: str) -> Entry:
    """The entry of a mode. Raises UnknownMode with the nearest."""
    if mode not in modes():
        guess = nearest(mode, modes())
        hint = f'did you mean "{guess}"?' if guess else "nnlab explain lists all of them"
        raise UnknownMode(f'there is no failure mode "{mode}"; {hint}', guess)
    raw = _read(mode)
    rule = import_module(f"nnlab.diagnosis.rules.{mode.replace('-', '_')}")
    return Entry(
        mode=mode,
        title=str(raw["title"]),
        looks=_text(raw["looks"], rule),
        why=_text(raw["why"], rule),
        mathematics=_text(raw["mathematics"], rule),
        rule=_text(raw["rule"], rule),
        todo=tuple(_text(item, rule) for item in _list(raw["todo"])),
        scenarios=tuple(item.name for item in scenarios() if item.teaches == mode and item.source == "bundled"),
        sources=tuple(map(str, _list(raw["sources"]))),
    )


def _read(mode: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"{mode}.toml").read_text(encoding="utf-8"))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object, rule: ModuleType) -> str:
    """On one line, every placeholder filled. Raises AttributeError or KeyError for one that cannot be."""
    return _PLACE.sub(lambda place: _filled(place, rule), " ".join(str(value).split()))


def _filled(place: re.Match[str], rule: ModuleType) -> str:
    if place["name"] == "confirm":
        needed, window = rule.RULE.confirm
        return f"{needed} of {window} readings" if window > 1 else "a single reading"
    return _FORMS[place["form"]](float(getattr(rule, place["name"])))

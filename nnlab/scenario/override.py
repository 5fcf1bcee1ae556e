"""`--set KEY=VALUE` and `--at STEP:KNOB=VALUE`: changes to a scenario before it is validated.

A key is a dotted key of the scenario (`optimizer.lr`, `script[0].at`) or a knob id (`lr`); a value is TOML, and a word
that is no TOML value stands for itself (`optimizer=sgd`). An override is written into the raw document, so that it is
judged exactly as if it stood in the file.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tomli

from nnlab.scenario.errors import Issue
from nnlab.scenario.keys import KeyPath, dotted, nearest, parse_dotted
from nnlab.scenario.knob_table import BY_ID
from nnlab.scenario.knobs import to_key
from nnlab.scenario.phrases import homes_of
from nnlab.scenario.scenario import Scenario

_INSTEAD_OF: dict[KeyPath, str] = {("train", "steps"): "epochs", ("train", "epochs"): "steps"}
"""Keys that exclude each other: to override one is to take the other back."""

_ACTIONS = ("snapshot", "rewind", "pause", "note")
_PLAIN_WORD = re.compile(r"[^\s\"'\[\]{}=#,][^\"'\[\]{}=#]*")


@dataclass(frozen=True, slots=True)
class Override:
    """One option as given: `option` is its name, `text` its argument. `path` is the key that it writes."""

    option: str
    text: str
    path: KeyPath
    value: Any

    @property
    def source(self) -> str:
        """What stands in the place of a file name in error messages."""
        return f"{self.option} {self.text}"


class OverrideError(ValueError):
    """The option's argument cannot be read. `issue` says why."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        super().__init__(issue.message)


def argument(key: str, value: object) -> str:
    """The argument of `--set` that sets a key to a value; text stands for itself, so it may be TOML."""
    return f"{key}={value if isinstance(value, str) else json.dumps(value)}"


def parse_set(text: str) -> Override:
    """Read the argument of `--set`. Raises OverrideError."""
    key, equals, value_text = text.partition("=")
    key = key.strip()
    if not equals or not key:
        raise OverrideError(Issue((), "must be KEY=VALUE, such as lr=0.1 or model.hidden=[32, 32]"))
    value = _value(value_text)
    if key in BY_ID and not (isinstance(value, dict) and key in Scenario.model_fields):
        if not BY_ID[key].key:
            raise OverrideError(Issue((), f"{key} is done at a step: --at STEP:{key}=true"))
        return Override("--set", text, parse_dotted(BY_ID[key].key), to_key(key, value))
    try:
        path = parse_dotted(key)
    except ValueError:
        raise OverrideError(Issue((), f'"{key}" is not a dotted key, such as optimizer.lr')) from None
    if path[0] not in Scenario.model_fields:
        homes = homes_of(str(path[-1]))
        guess = homes[0] if homes else nearest(key, [*BY_ID, *Scenario.model_fields])
        hint = f'; did you mean "{guess}"?' if guess else "; give a knob, or a key with its table, such as train.steps"
        raise OverrideError(Issue((), f'unknown key or knob "{key}"{hint}', nearest=guess))
    return Override("--set", text, path, value)


def parse_at(text: str) -> Override:
    """Read the argument of `--at`; its value is the raw `[[script]]` entry. Raises OverrideError."""
    step_text, colon, what = text.partition(":")
    name, equals, value_text = what.partition("=")
    step_text, name = step_text.strip(), name.strip()
    if not colon or not step_text.isdecimal() or not name:
        example = "must be STEP:KNOB=VALUE, STEP:snapshot, STEP:pause, STEP:rewind=STEP or STEP:note=TEXT"
        raise OverrideError(Issue((), f"{example}, such as 400:lr=10"))
    entry: dict[str, Any] = {"at": int(step_text)}
    if name in _ACTIONS:
        entry |= {"action": name} | _action_value(name, value_text if equals else None)
    elif equals:
        entry["set"] = {name: _value(value_text)}
    else:
        guess = nearest(name, [*_ACTIONS, *BY_ID])
        hint = f'did you mean "{guess}"?' if guess else f"one of {', '.join(_ACTIONS)}, or KNOB=VALUE"
        message = f"needs a value, as in {name}=VALUE" if name in BY_ID else f'unknown action "{name}"; {hint}'
        raise OverrideError(Issue((), message, nearest=guess))
    return Override("--at", text, ("script",), entry)


def apply(document: dict[str, Any], overrides: Sequence[Override]) -> dict[str, Any]:
    """A copy of the raw document with the overrides written into it. Raises OverrideError where one finds no place."""
    changed: dict[str, Any] = _copy(document)
    for override in overrides:
        if override.option == "--at":
            script = changed.setdefault("script", [])
            if isinstance(script, list):
                script.append(override.value)
        else:
            _write(changed, override)
    return changed


def _write(document: dict[str, Any], override: Override) -> None:
    *around, last = override.path
    node: Any = document
    for depth, part in enumerate(around):
        if isinstance(node, dict) and isinstance(part, str):
            follows = override.path[depth + 1]
            node = node.setdefault(part, [] if isinstance(follows, int) else {})
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            raise _no_place(override, depth)
    if isinstance(node, dict) and isinstance(last, str):
        if override.value is None:
            node.pop(last, None)
        else:
            node[last] = override.value
            node.pop(_INSTEAD_OF.get(override.path, ""), None)
    elif isinstance(node, list) and isinstance(last, int) and last < len(node):
        node[last] = override.value
    else:
        raise _no_place(override, len(around))


def _no_place(override: Override, depth: int) -> OverrideError:
    where = dotted(override.path[:depth])
    return OverrideError(Issue(override.path, f"{where} has no {dotted(('x', override.path[depth]))[1:].lstrip('.')}"))


def _action_value(action: str, value_text: str | None) -> dict[str, Any]:
    match action:
        case "note" if value_text:
            return {"text": str(_value(value_text))}
        case "rewind" if value_text and value_text.strip().isdecimal():
            return {"step": int(value_text)}
        case "note":
            raise OverrideError(Issue((), 'note needs its text, as in 100:note="lr looks high"'))
        case "rewind":
            raise OverrideError(Issue((), "rewind needs the step to go back to, as in 500:rewind=300"))
    if value_text is not None:
        raise OverrideError(Issue((), f"{action} takes no value"))
    return {}


def _value(text: str) -> Any:
    """The TOML value that `text` is, or the plain word itself."""
    text = text.strip()
    try:
        document = tomli.loads(f"value = {text}")
    except (tomli.TOMLDecodeError, RecursionError):
        document = {}
    if set(document) == {"value"}:
        return document["value"]
    if _PLAIN_WORD.fullmatch(text):
        return text
    what = f"cannot read the value {text}" if text else "the value is missing"
    raise OverrideError(Issue((), f"{what}; a TOML value is needed, such as 0.1, true, word or [1, 2]"))


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copy(value) for key, value in node.items()}
    return [_copy(item) for item in node] if isinstance(node, list) else node

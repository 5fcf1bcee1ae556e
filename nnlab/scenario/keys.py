"""Keys of a TOML document as paths: `data.phases[0].from_step` is ("data", "phases", 0, "from_step")."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

KeyPath = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PART = re.compile(r'(?P<bare>[A-Za-z0-9_-]+)|(?P<quoted>"(?:[^"\\]|\\.)*")|\[(?P<index>\d+)\]')


def dotted(path: KeyPath) -> str:
    """The path as users write it; keys that TOML would not take bare are quoted."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False)
            text += f".{name}" if text else name
    return text


def parse_dotted(text: str) -> KeyPath:
    """The path that `text` names. Raises ValueError where it is no dotted key."""
    path: list[str | int] = []
    at = 0
    while at < len(text):
        if path and text[at] == ".":
            at += 1
        elif path and text[at] != "[":
            raise ValueError(f"{text!r} is not a dotted key")
        part = _PART.match(text, at)
        if part is None or (part["index"] and (not path or text[at - 1] == ".")):
            raise ValueError(f"{text!r} is not a dotted key")
        path.append(_value(part))
        at = part.end()
    if not path or isinstance(path[0], int):
        raise ValueError(f"{text!r} is not a dotted key")
    return tuple(path)


def _value(part: re.Match[str]) -> str | int:
    if part["index"]:
        return int(part["index"])
    return str(json.loads(part["quoted"])) if part["quoted"] else part["bare"]


def nearest(word: str, among: Iterable[str]) -> str:
    """The option that `word` was probably meant to be, or ""."""
    options = {option.lower().replace("-", "_"): option for option in among}
    found = get_close_matches(word.lower().replace("-", "_"), options, n=1, cutoff=0.6)
    return options[found[0]] if found else ""


def lookup(document: Any, path: KeyPath) -> Any:
    """The value at `path` of plain tables and lists; None where there is none (TOML itself has no null)."""
    for part in path:
        listed = isinstance(document, list | tuple) and isinstance(part, int) and part < len(document)
        if not listed and not (isinstance(document, dict) and part in document):
            return None
        document = document[part]
    return document


def overlap(one: KeyPath, other: KeyPath) -> bool:
    """Whether one of the paths lies at or below the other."""
    return all(a == b for a, b in zip(one, other, strict=False))

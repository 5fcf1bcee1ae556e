"""A scenario as the text of a TOML file, as a person would write it, that loads as the same scenario."""

from collections.abc import Iterator
from typing import Any

import tomli_w

from nnlab.scenario.scenario import Scenario


def dump(scenario: Scenario) -> str:
    """TOML of everything that differs from the defaults."""
    return "\n".join(_table((), _without_none(scenario.model_dump(exclude_defaults=True)))).strip() + "\n"


def array_element(name: str, element: dict[str, Any]) -> str:
    """One `[[name]]` table; `name` is a dotted key."""
    return "".join([f"[[{name}]]\n", *(f"{_key(part)} = {_value(held)}\n" for part, held in element.items())])


def _table(path: tuple[str, ...], table: dict[str, Any]) -> Iterator[str]:
    """Lines of a table: its kind, its other keys, then the tables and lists of tables in it."""
    inner = {key: value for key, value in table.items() if _stands_alone(path, value)}
    for key in sorted(table.keys() - inner.keys(), key=lambda key: (key != "kind", list(table).index(key))):
        yield f"{_key(key)} = {_value(table[key])}"
    for key, value in inner.items():
        name = ".".join(map(_key, (*path, key)))
        if isinstance(value, dict):
            held = all(_stands_alone((*path, key), part) for part in value.values())
            yield from () if value and held else ("", f"[{name}]")
            yield from _table((*path, key), value)
        else:
            for element in value:
                yield from ("", array_element(name, element).removesuffix("\n"))


def _stands_alone(path: tuple[str, ...], value: Any) -> bool:
    """Whether a value gets a header of its own: tables of the scenario, knob ranges, and lists of tables."""
    if isinstance(value, dict):
        return path in {(), ("knobs",)}
    return len(path) < 2 and isinstance(value, list) and bool(value) and all(isinstance(part, dict) for part in value)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_value(part)}' for key, part in value.items())} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # A TOML string over several lines does not keep \r\n.
    long = isinstance(value, str) and "\n" in value and "\r" not in value
    return tomli_w.dumps({"key": value}, multiline_strings=long).removeprefix("key = ").removesuffix("\n")


def _key(key: str) -> str:
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")


def _without_none(node: Any) -> Any:
    """Lists for tuples, and nothing for None, which TOML does not have."""
    if isinstance(node, dict):
        return {key: _without_none(value) for key, value in node.items() if value is not None}
    return [_without_none(item) for item in node] if isinstance(node, tuple | list) else node

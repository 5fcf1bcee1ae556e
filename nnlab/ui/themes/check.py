"""Checks a theme file completely before Textual sees it: a bad colour would end the app with an opaque error."""

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nnlab.ui.themes import roles

NAME = re.compile(r"[a-z][a-z0-9-]*")
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
KEYS = ("name", "title", "dark", "palette")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sound theme file: name, title, whether its background is dark, and a colour (#rrggbb) for every role."""

    name: str
    title: str
    dark: bool
    palette: Mapping[str, str]


class ThemeError(ValueError):
    """Everything that is wrong with a theme file, a sentence each, with file and key."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def check(text: str, file: str) -> Checked:
    """The theme in a TOML text. Raises `ThemeError` naming every problem at once; `file` is named in each."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ThemeError([f"{file}: not valid TOML: {error}"]) from None
    problems = [f"{file}: {problem}" for problem in _problems(table)]
    if problems:
        raise ThemeError(problems)
    palette = roles.complete({role: _six_digits(colour) for role, colour in table["palette"].items()})
    return Checked(table["name"], table.get("title", table["name"]), table["dark"], palette)


def _problems(table: dict[str, object]) -> list[str]:
    found = [_unknown(key, KEYS) for key in table if key not in KEYS]
    name = table.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        found.append(_wrong("name", name, "small letters, digits and hyphens, starting with a letter"))
    if not isinstance(table.get("title", ""), str):
        found.append(_wrong("title", table["title"], "text"))
    if not isinstance(table.get("dark"), bool):
        found.append(_wrong("dark", table.get("dark"), "true or false"))
    palette = table.get("palette")
    if not isinstance(palette, dict):
        return [*found, _wrong("palette", palette, f"a table of colours: {', '.join(roles.REQUIRED)}")]
    found += [
        _unknown(f"palette.{key}", [f"palette.{r}" for r in roles.ALL]) for key in palette if key not in roles.ALL
    ]
    for role in roles.ALL:
        missing = role not in palette and role in roles.REQUIRED
        if missing or (role in palette and not _is_colour(palette[role])):
            found.append(_wrong(f"palette.{role}", palette.get(role), "a colour like #1e90ff"))
    return found


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and COLOUR.fullmatch(value) is not None


def _six_digits(colour: str) -> str:
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def _wrong(key: str, value: object, allowed: str) -> str:
    if value is None:
        return f"{key} is missing: must be {allowed}"
    return f"{key} is {value!r}: must be {allowed}"


def _unknown(key: str, allowed: Collection[str]) -> str:
    near = difflib.get_close_matches(key, allowed, 1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    return f"unknown key {key!r}{hint} Known: {', '.join(allowed)}"

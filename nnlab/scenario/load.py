"""From a TOML file to a valid scenario, or to all that is wrong with it at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli
from pydantic import ValidationError

from nnlab.scenario import checks
from nnlab.scenario.check_lesson import begun_again
from nnlab.scenario.check_steering import budget_issues
from nnlab.scenario.data import Table
from nnlab.scenario.dump import dump
from nnlab.scenario.errors import Issue, Problem, ScenarioErrors
from nnlab.scenario.keys import KeyPath, dotted, overlap
from nnlab.scenario.lines import key_lines, line_of
from nnlab.scenario.override import Override, OverrideError, apply, argument, parse_at, parse_set
from nnlab.scenario.repair import rests_on, without
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.translate import issues_of

_LARGEST_FILE = 4_000_000
"""Bytes; a scenario is written by hand, and data lie in files of their own."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid scenario. `text` is its TOML with all overrides in it; relative paths in it start at `base_dir`."""

    scenario: Scenario
    name: str
    path: Path | None
    text: str
    base_dir: Path


def load(path: Path | str, overrides: Sequence[str] = (), at: Sequence[str] = ()) -> Loaded:
    """Load a scenario file, with the arguments of `--set` and `--at` applied. Raises ScenarioErrors."""
    path = Path(path)
    text = _read(path)
    return _load(text, _Origin(path.stem, path.resolve().parent, str(path), path), _options(overrides, at))


def load_text(text: str, name: str, base_dir: Path, overrides: Sequence[str] = (), at: Sequence[str] = ()) -> Loaded:
    """The same from text; `name` stands for the file in messages. Raises ScenarioErrors."""
    return _load(text, _Origin(name, base_dir, name, None), _options(overrides, at))


def load_recorded(text: str, name: str, base_dir: Path, seed: int) -> Loaded:
    """What a run was trained on, with its seed. A run may be cut short, so it is not held against its `[expect]`."""
    return load_text(text, name, base_dir, [f"seed={seed}"])


def missing_files(loaded: Loaded) -> tuple[Problem, ...]:
    """Data files that the scenario names and that cannot be opened. Loading alone does not look for them."""
    data = loaded.scenario.data
    if not isinstance(data, Table):
        return ()
    named: list[tuple[KeyPath, str]] = [(("data", "path"), data.path)]
    if data.val_path is not None:
        named.append((("data", "val_path"), data.val_path))
    for index, phase in enumerate(data.phases):
        named += [
            (("data", "phases", index, key), str(value))
            for key, value in (phase.model_extra or {}).items()
            if key in {"path", "val_path"}
        ]
    lines = key_lines(loaded.text)
    file = loaded.name if loaded.path is None else str(loaded.path)
    return tuple(
        Problem(file, line_of(lines, path), dotted(path), f"there is no file {loaded.base_dir / name}")
        for path, name in named
        if not (loaded.base_dir / name).is_file()
    )


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a text comes from; `file` names it in messages."""

    name: str
    base_dir: Path
    file: str
    path: Path | None


def _load(text: str, origin: _Origin, options: Sequence[Override]) -> Loaded:
    document = _plain_fault_knobs(_parse(text, origin.file))
    locate = _locator(text, origin.file, document, options)
    try:
        changed = apply(document, options)
    except OverrideError as error:
        raise ScenarioErrors([locate(error.issue)]) from None
    scenario, found = _validate(_tuples(changed), as_written=not options)
    if scenario is not None and not options:
        found = [*budget_issues(scenario), *_restart_issues(text, origin, scenario)]
    if found or scenario is None:
        raise ScenarioErrors(sorted(map(locate, found), key=lambda problem: (problem.line == 0, problem.line)))
    return Loaded(scenario, origin.name, origin.path, dump(scenario) if options else text, origin.base_dir)


def _restart_issues(text: str, origin: _Origin, scenario: Scenario) -> Iterator[Issue]:
    """What is wrong with the scenarios that `expect.restart` and the lesson's settings make of this one."""
    yield from _changed_issues(text, origin, ("expect", "restart"), scenario.expect.restart)
    for path, settings in begun_again(scenario):
        yield from _changed_issues(text, origin, path, settings)


def _changed_issues(text: str, origin: _Origin, path: KeyPath, settings: Mapping[str, object]) -> Iterator[Issue]:
    """What is wrong with the scenario that settings given at `path` make of this one."""
    if not settings:
        return
    try:
        _load(text, origin, _options([argument(key, value) for key, value in settings.items()], ()))
    except ScenarioErrors as error:
        for problem in error.errors:
            message = f"{problem.key}: {problem.message}" if problem.key else problem.message
            yield Issue(path, message, problem.allowed, problem.nearest)


def _validate(document: dict[str, Any], *, as_written: bool) -> tuple[Scenario | None, list[Issue]]:
    try:
        scenario = Scenario.model_validate(document, strict=True)
    except ValidationError as error:
        found = issues_of(error.errors(include_url=False), document)
        rest, gone = without(document, (issue.path for issue in found))
        if rest is not None:
            found += [issue for issue in checks.issues(rest, as_written=as_written) if not rests_on(issue, gone)]
        return None, found
    found = list(checks.issues(scenario, as_written=as_written))
    return (None, found) if found else (scenario, [])


def _read(path: Path) -> str:
    file = str(path)
    try:
        if path.is_dir():
            raise ScenarioErrors([Problem(file, 0, "", "is a folder, not a scenario file")])
        if path.exists() and not path.is_file():
            raise ScenarioErrors([Problem(file, 0, "", "is not a regular file")])
        content = path.read_bytes()
    except FileNotFoundError:
        raise ScenarioErrors([Problem(file, 0, "", "there is no such file")]) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ScenarioErrors([Problem(file, 0, "", f"cannot be read: {reason}")]) from None
    if len(content) > _LARGEST_FILE:
        raise ScenarioErrors([Problem(file, 0, "", f"is no scenario: it has {len(content):,} bytes")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioErrors([Problem(file, line, "", "is not UTF-8 text")]) from None


def _parse(text: str, file: str) -> dict[str, Any]:
    if not text.strip():
        raise ScenarioErrors([Problem(file, 0, "", "is empty; a scenario needs [data], [model] and [objective]")])
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise ScenarioErrors([_syntax_problem(file, text, error)]) from None
    except (RecursionError, ValueError):
        reason = "is not valid TOML: nested too deeply, or a number too long"
        raise ScenarioErrors([Problem(file, 0, "", reason)]) from None


def _syntax_problem(file: str, text: str, error: tomli.TOMLDecodeError) -> Problem:
    line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
    reason = str(getattr(error, "msg", error)).rstrip(".")
    shown = text.splitlines()[line - 1].strip() if 0 < line <= len(text.splitlines()) else ""
    where = f" at: {shown}" if shown else ""
    return Problem(file, line, "", f"is not valid TOML: {reason[:1].lower()}{reason[1:]}{where}", column=column)


def _options(overrides: Iterable[str], at: Iterable[str]) -> list[Override]:
    """The parsed options. Raises ScenarioErrors with every one that cannot be read."""
    parsed, problems = [], []
    for option, parse, texts in (("--set", parse_set, overrides), ("--at", parse_at, at)):
        for text in texts:
            try:
                parsed.append(parse(text))
            except OverrideError as error:
                issue = error.issue
                problems.append(Problem(f"{option} {text}", 0, "", issue.message, issue.allowed, issue.nearest))
    if problems:
        raise ScenarioErrors(problems)
    return parsed


def _locator(text: str, file: str, document: dict[str, Any], options: Sequence[Override]) -> Callable[[Issue], Problem]:
    """Gives an issue its place: the line in the file, or the option that wrote the key."""
    lines = key_lines(text)
    scripted = document.get("script", [])
    first = len(scripted) if isinstance(scripted, list) else 0
    added = [option for option in options if option.option == "--at"]
    written: list[tuple[KeyPath, Override]] = [(("script", first + n), option) for n, option in enumerate(added)]
    written += [(option.path, option) for option in reversed(options) if option.option == "--set"]

    def locate(issue: Issue) -> Problem:
        for path, option in written:
            if issue.path and len(path) <= len(issue.path) and overlap(path, issue.path):
                return Problem(option.source, 0, dotted(issue.path), issue.message, issue.allowed, issue.nearest)
        line = line_of(lines, issue.path)
        return Problem(file, line, dotted(issue.path), issue.message, issue.allowed, issue.nearest)

    return locate


def _plain_fault_knobs(document: dict[str, Any]) -> dict[str, Any]:
    """The document with knobs such as fault.flip_gradient under their own names.

    `set = { fault.flip_gradient = true }` is the natural way to write them, and to TOML it is a table within a table.
    """
    script = document.get("script")
    if isinstance(script, list):
        document = {**document, "script": [_flattened(entry, "set") for entry in script]}
    if "expect" in document:
        document = {**document, "expect": _flattened(document["expect"], "cure")}
    flat: dict[str, Any] = _flattened(document, "knobs")
    return flat


def _flattened(table: Any, key: str) -> Any:
    knobs = table.get(key) if isinstance(table, dict) else None
    faults = knobs.get("fault") if isinstance(knobs, dict) else None
    if not isinstance(knobs, dict) or not isinstance(faults, dict):
        return table
    others = {name: value for name, value in knobs.items() if name != "fault"}
    return {**table, key: others | {f"fault.{name}": value for name, value in faults.items()}}


def _tuples(node: Any) -> Any:
    """Lists as tuples, which is what the types hold and strict validation asks for."""
    if isinstance(node, dict):
        return {key: _tuples(value) for key, value in node.items()}
    return tuple(map(_tuples, node)) if isinstance(node, list) else node

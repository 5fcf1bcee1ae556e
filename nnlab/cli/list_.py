"""`nnlab list`: bundled and own scenarios."""

import argparse
import json
import shutil
import sys
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlab.scenario.catalog import Entry

NARROWEST = 40
"""Columns below which lines are no longer cut to the terminal."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "list", help="bundled and own scenarios", description="Bundled and own scenarios: what each of them shows."
    )
    parser.add_argument("--json", action="store_true", help="as a JSON list")


def run(args: argparse.Namespace) -> int:
    from nnlab.scenario.catalog import entries

    found = entries()
    if args.json:
        print(json.dumps([_record(entry) for entry in found], indent=2, ensure_ascii=False))
        return 0
    for line in _lines(found):
        print(line)
    for entry in found:
        if entry.error:
            print(f"{entry.name} is invalid:\n{entry.error}", file=sys.stderr)
    return 0


def _record(entry: "Entry") -> dict[str, object]:
    return {
        "name": entry.name,
        "title": entry.title,
        "family": entry.family,
        "summary": entry.summary,
        "teaches": entry.teaches or None,
        "steps": entry.steps or None,
        "epochs": entry.epochs or None,
        "source": entry.source,
        "path": str(entry.path),
        "lesson": entry.lesson or None,
        "error": entry.error or None,
    }


def _lines(found: "list[Entry]") -> list[str]:
    """A heading for each family, and under it name, failure mode taught and summary in columns."""
    if not found:
        return ["no scenarios"]
    name_width = max(len(entry.name) for entry in found)
    mode_width = max(len(entry.teaches) for entry in found)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    lines = []
    for family, members in groupby(found, key=lambda entry: entry.family):
        lines += ["", family]
        for entry in members:
            summary = "(invalid)" if entry.error else entry.summary
            line = f"  {entry.name:<{name_width}}  {entry.teaches or '-':<{max(mode_width, 1)}}  {summary}".rstrip()
            lines.append(f"{line[: width - 1]}…" if NARROWEST <= width < len(line) else line)
    return lines[1:]

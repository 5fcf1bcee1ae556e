"""`nnlab lesson`: guided lessons: a list of them, or one of them in the lab."""

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from nnlab.errors import UserError

if TYPE_CHECKING:
    from nnlab.lessons.kept import KeptLessons


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.lab import add_looks, add_plain

    parser = subparsers.add_parser(
        "lesson",
        help="guided lessons: list them, or take one in the lab",
        description="A guided lesson says what to look at and what to do, and goes on once that has happened.",
    )
    parser.add_argument(
        "scenario", nargs="?", metavar="SCENARIO", help="whose lesson to take; all lessons are listed when left out"
    )
    add_looks(parser)
    add_plain(parser)


def run(args: argparse.Namespace) -> int:
    """List the lessons or open one; the exit status. Raises UserError."""
    return _list() if args.scenario is None else _take(args.scenario, args)


def _list() -> int:
    from nnlab.scenario.catalog import entries

    found, kept = [entry for entry in entries() if entry.lesson], _kept()
    width = max((len(entry.name) for entry in found), default=0)
    longest = max((len(entry.lesson) for entry in found), default=0)
    for entry in found:
        print(f"{entry.name:<{width}}  {entry.lesson:<{longest}}  {kept.reached(entry.name).words}".rstrip())
    return 0


def _kept() -> "KeptLessons":
    from nnlab.lessons.kept import FILE, KeptLessons
    from nnlab.runs.folder import data_folder

    return KeptLessons(data_folder() / FILE, lambda problem: print(f"nnlab: {problem}", file=sys.stderr))


def _take(name: str, args: argparse.Namespace) -> int:
    from nnlab.cli.lab import prepare
    from nnlab.lessons.progress import taken_up
    from nnlab.scenario.catalog import find
    from nnlab.scenario.load import load

    loaded = load(find(name))
    lesson = loaded.scenario.lesson
    if lesson is None:
        raise UserError(f"{name} has no lesson; nnlab lesson lists those that have one")
    if args.plain:
        return int(import_module("nnlab.plain.begin").tell_lesson(name, lesson))
    prepare(args, f"nnlab lesson {name} --plain")
    begun = {lesson: taken_up(lesson, _kept().reached(loaded.name))}
    opened = import_module("nnlab.ui.app").run(name, theme=args.theme, low_bandwidth=args.low_bandwidth, lessons=begun)
    return int(opened or 0)

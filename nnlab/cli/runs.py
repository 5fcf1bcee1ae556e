"""`nnlab runs`: the recorded runs: list, tag, delete."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from nnlab.runs.listing import Summary


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "runs",
        help="list recorded runs, tag or delete them",
        description="List recorded runs, newest first; or tag or delete some of them. nnlab replay RUN plays one, "
        "nnlab compare RUN RUN holds two side by side, and the lab has all of them under its gallery (r).",
    )
    parser.add_argument(
        "runs", nargs="*", metavar="RUN", help="run files, or names in the runs folder; all if left out"
    )
    parser.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="give the runs a tag; without RUN, list those with it"
    )
    parser.add_argument("--untag", action="append", default=[], metavar="TAG", help="take a tag away from the runs")
    parser.add_argument("--delete", action="store_true", help="delete the runs, after asking")
    parser.add_argument("--yes", action="store_true", help="with --delete: do not ask")
    parser.add_argument("--json", action="store_true", help="as a JSON array")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List or change them; the exit status. Raises UserError."""
    from nnlab.errors import UserError
    from nnlab.runs import tags

    wanted, unwanted = (tags.words(" ".join(given)) for given in (args.tag, args.untag))
    if not args.runs and (args.delete or unwanted):
        raise UserError("name the runs that are meant; nnlab runs lists them")
    if args.delete and (wanted or unwanted):
        raise UserError("--delete and tags do not go together")
    paths = _existing(args.runs)
    if args.delete:
        return _delete(paths, sure=args.yes)
    for path in paths:
        tags.change(path, wanted, unwanted)
    return _list(paths, () if paths else wanted, as_json=args.json)


def _list(paths: "Sequence[Path]", wanted: "Sequence[str]", *, as_json: bool) -> int:
    """These runs, or all with the wanted tags."""
    import json
    import sys

    from nnlab.runs.folder import runs_folder
    from nnlab.runs.listing import named, recorded

    found = [named(path) for path in paths] if paths else [one for one in recorded() if set(wanted) <= set(one.tags)]
    if as_json:
        print(json.dumps([_plain(item) for item in found]))
    elif not found:
        print(f"no runs in {runs_folder()}" + (f" with {' and '.join(wanted)}" if wanted else ""))
    else:
        print(_table(found))
        if sys.stdout.isatty():
            print("\nnnlab replay NAME plays one, nnlab compare NAME NAME holds two side by side.", file=sys.stderr)
    return 0


def _existing(named: "Sequence[str]") -> "list[Path]":
    """The files of these runs. Raises UserError for one that is not there."""
    from nnlab.errors import UserError
    from nnlab.runs.folder import run_file

    paths = [run_file(name) for name in named]
    for path in paths:
        if not path.is_file():
            raise UserError(f"there is no run file {path}; nnlab runs lists those in the runs folder")
    return paths


def _delete(paths: "Sequence[Path]", *, sure: bool) -> int:
    """Delete them, if the user is sure. Raises UserError."""
    import sys

    from nnlab.cli.main import DONE
    from nnlab.client import upkeep
    from nnlab.errors import UserError

    if not sure:
        if not sys.stdin.isatty():
            raise UserError("--delete asks before it deletes; give --yes where there is no terminal")
        what = str(paths[0]) if len(paths) == 1 else f"these {len(paths)} runs"
        print(f"Delete {what}? This cannot be undone. [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            print("nothing was deleted", file=sys.stderr)
            return DONE
    for path in paths:
        upkeep.delete(path)
        print(f"deleted {path}", file=sys.stderr)
    return DONE


def _plain(item: "Summary") -> dict[str, Any]:
    from dataclasses import asdict

    from nnlab.cli.report import plain

    return {**plain(asdict(item)), "path": str(item.path), "interrupted": item.interrupted}


def _table(found: "Sequence[Summary]") -> str:
    import time

    from nnlab.cli.table import columns
    from nnlab.client.upkeep import in_use
    from nnlab.runs.listing import size

    now, live = time.time(), in_use()
    rows = [
        (
            item.path.stem,
            item.scenario,
            f"{item.steps}/{item.planned_steps}" if not item.problem else "",
            _verdict(item, live=item.path.absolute() in live),
            age(now - item.changed),
            size(item.bytes),
            " ".join(f"#{tag}" for tag in item.tags),
        )
        for item in found
    ]
    return columns(("name", "scenario", "steps", "verdict", "age", "size", "tags"), rows, right=(2, 4, 5))


def _verdict(item: "Summary", *, live: bool) -> str:
    if item.problem or live:
        return "training now" if live else "unreadable"
    return item.verdict or ("interrupted" if item.interrupted else item.state)


def age(seconds: float) -> str:
    """How long ago, in its largest unit."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"

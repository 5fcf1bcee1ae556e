"""`nnlab compare`: recorded runs side by side."""

import argparse
import contextlib


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "compare",
        help="recorded runs side by side",
        description="What was set differently in recorded runs, where each parts from the first one, bit for bit, "
        "their last metrics and findings, and their losses in one picture.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="two or more run files, or names in the runs folder")
    parser.add_argument("--json", action="store_true", help="as one JSON object, without the picture")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compare them; the exit status. Raises UserError."""
    import json

    from nnlab.cli.compare_text import picture, plain, text
    from nnlab.errors import UserError
    from nnlab.programs.compare import Side, compare
    from nnlab.runs.folder import run_file
    from nnlab.runs.reader import RunFile

    if len(args.files) < 2:
        raise UserError("compare needs two run files or more")
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(RunFile(run_file(file))) for file in args.files]
        comparison = compare([Side(file) for file in files])
    if args.json:
        print(json.dumps(plain(comparison), allow_nan=False))
    else:
        print(text(comparison) + picture(comparison), end="")
    return 0

"""`nnlab check`: validate scenario files."""

import argparse

from nnlab.errors import UserError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "check",
        help="validate scenario files",
        description="Validate scenario files completely and print every error. Exit status 2 if any is invalid.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="scenario file, or the name of a scenario")


def run(args: argparse.Namespace) -> int:
    invalid = 0
    for target in args.files:
        errors = _errors(target)
        print(errors or f"{target}: ok")
        invalid += bool(errors)
    return 2 if invalid else 0


def _errors(target: str) -> str:
    """Every problem of a scenario, a line for each; "" for a valid one."""
    from nnlab.scenario.catalog import find
    from nnlab.scenario.load import load, missing_files

    try:
        return "\n".join(map(str, missing_files(load(find(target)))))
    except UserError as error:
        return str(error)

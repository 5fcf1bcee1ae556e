"""`nnlab schema`: the JSON Schema of the scenario file."""

import argparse

from nnlab.resources import PACKAGE


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    subparsers.add_parser(
        "schema",
        help="JSON Schema of the scenario file",
        description="Print the JSON Schema of the scenario file, for editors that complete and check TOML.",
    )


def run(_: argparse.Namespace) -> int:
    print((PACKAGE / "scenario.schema.json").read_text(encoding="utf-8"), end="")
    return 0

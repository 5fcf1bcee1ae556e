"""`nnlab diagnose`: what was wrong with a run that nnlab or another program recorded."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.errors import UserError

if TYPE_CHECKING:
    from nnlab.examine import Examination

FILES = """\
FILE is a run file of nnlab, a CSV file, JSON lines (or a Hugging Face trainer_state.json), a TensorBoard event file,
or a folder of event files. Columns are known by their names (step, epoch, loss, val_loss, accuracy, grad_norm, lr, …).
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "diagnose",
        help="diagnose a recorded run: run file, CSV, JSON lines, TensorBoard",
        description=FILES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="run file, CSV, JSON lines, TensorBoard event file or folder")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object on standard output")
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=SERIES", dest="mapping",
        help='which series a column is, for example "cost=train/loss"; repeatable',
    )  # fmt: skip
    parser.add_argument("--steps-column", metavar="NAME", help="the column that counts; # numbers the rows")
    parser.add_argument("--planned", type=int, metavar="N", help="steps that the run was meant to have (those it has)")
    parser.add_argument(
        "--constant-loss", type=float, metavar="L",
        help="loss of the best constant guess, as ln 10 = 2.303 for ten balanced classes (the first loss)",
    )  # fmt: skip
    parser.add_argument(
        "--fail-on", metavar="MODE[,MODE]", help='exit 1 if one of these findings stood at the end ("any" for all)'
    )


def run(args: argparse.Namespace) -> int:
    from nnlab.cli import diagnose_text
    from nnlab.cli.modes import known_modes
    from nnlab.examine import examine_file

    failing = known_modes(args.fail_on) if args.fail_on else ()
    if args.planned is not None and args.planned < 1:
        raise UserError(f"--planned must be at least 1, got {args.planned}")
    facts = {} if args.constant_loss is None else {"constant_loss": _positive(args.constant_loss)}
    found = examine_file(Path(args.file).expanduser(), _mapping(args.mapping), args.steps_column, args.planned, facts)
    if args.json:
        print(json.dumps(diagnose_text.build(args.file, found), allow_nan=False))
    else:
        print(diagnose_text.render(args.file, found), end="")
    return int(_hit(found, failing))


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        column, separator, series = pair.rpartition("=")
        if not separator or not column or not series:
            raise UserError(f'--map takes COLUMN=SERIES, for example "cost=train/loss", got "{pair}"')
        if column in mapping:
            raise UserError(f'--map: "{column}" is given twice')
        mapping[column] = series
    return mapping


def _positive(value: float) -> float:
    if not 0 < value < float("inf"):
        raise UserError(f"--constant-loss must be a number above 0, got {value}")
    return value


def _hit(found: "Examination", failing: tuple[str, ...]) -> bool:
    standing = found.diagnosis.standing
    return any(item.mode in failing or ("any" in failing and item.problem) for item in standing)

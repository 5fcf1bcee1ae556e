"""`nnlab record`: a lab session as an asciicast."""

import argparse
import os
import re
import shlex
import sys
import time
from pathlib import Path

from nnlab.cli.main import DONE
from nnlab.errors import UserError

SIZE = (120, 40)
COLUMNS, ROWS = (20, 500), (5, 300)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "record",
        help="record a lab session as an asciicast",
        description="Open the lab and record what is seen as an asciicast (version 2), to be played by asciinema and "
        "on web pages. Keys are passed on and not recorded. With --keys or --seconds it needs no terminal and presses "
        "the keys itself.",
    )
    parser.add_argument(
        "arguments", nargs="*", metavar="ARGUMENT",
        help="what nnlab gets: a scenario (the gallery), or after -- any command with its options",
    )  # fmt: skip
    parser.add_argument("--out", required=True, metavar="FILE", help="where it goes, a new file (*.cast)")
    parser.add_argument("--keys", metavar="KEYS", help='keys to press, as in "wait:3 k right wait:2 q"')
    parser.add_argument("--seconds", type=_seconds, metavar="S", help="leave the lab after so long (after the keys)")
    parser.add_argument("--size", type=_size, metavar="WxH", help="columns and rows, without a terminal (120x40)")
    parser.add_argument("--title", metavar="TEXT", help="title of the recording")


def run(args: argparse.Namespace) -> int:
    """Record it; the exit status. Raises UserError."""
    from nnlab.casting.cast import Cast
    from nnlab.casting.keys import presses
    from nnlab.casting.stage import Stage, here

    alone = args.keys is not None or args.seconds is not None
    if not alone and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError("nnlab record needs a terminal; with --keys or --seconds it presses the keys itself")
    if args.size and not alone:
        raise UserError("--size goes with --keys or --seconds; otherwise the size is that of this terminal")
    keys, over = presses(args.keys or "")
    command = [sys.executable, "-P", "-m", "nnlab", *args.arguments]
    env = {**os.environ, **({"TERM": "xterm-256color", "COLORTERM": "truecolor"} if alone else {})}
    size: tuple[int, int] = (args.size or SIZE) if alone else here()
    title = args.title or shlex.join(["nnlab", *args.arguments])
    out = Path(args.out).expanduser()
    try:
        file = out.open("x", encoding="utf-8", buffering=1)  # whole lines, whatever happens
    except FileExistsError:
        raise UserError(f"{out} exists already; choose another name") from None
    except OSError as error:
        raise UserError(f"cannot write {out}: {error.strerror or error}") from None
    with file:
        cast = Cast(file, size, title, {"TERM": env.get("TERM", "")}, int(time.time()))
        ends = max(over, args.seconds or over) if alone else None
        status = Stage(command, env, size, cast, audience=not alone).perform(keys, ends)
        cast.close()
    print(f"nnlab: recorded in {out}", file=sys.stderr)
    return DONE if alone and status == ENDED else status


ENDED = 128 + 15
"""Exit status of a lab that was told to end."""


def _seconds(text: str) -> float:
    """Raises ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f'"{text}" is no number of seconds above 0')
    return seconds


def _size(text: str) -> tuple[int, int]:
    """Columns and rows. Raises ArgumentTypeError."""
    found = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(low <= number <= high for number, (low, high) in zip(size, (COLUMNS, ROWS), strict=True)):
        raise argparse.ArgumentTypeError(f'"{text}" is no size, as 120x40 is')
    return size

"""`nnlab mystery`: a run with a hidden fault, to be named and cured; and the scoreboard."""

import argparse
from typing import TYPE_CHECKING

from nnlab.cli.main import DONE

if TYPE_CHECKING:
    from pathlib import Path

    from nnlab.mystery.code import Code

DEVICES = ("auto", "cpu", "cuda", "mps")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.lab import add_looks, add_plain
    from nnlab.mystery.code import HIDDEN, LEVELS

    parser = subparsers.add_parser(
        "mystery",
        help="a run with a hidden fault: name it, cure it",
        description="A run with a hidden fault, to be named and cured with few changes. The same code is the same "
        "mystery, bit for bit, for everyone.",
    )
    parser.add_argument("--seed", metavar="CODE", help="the mystery of this code (default: a new one)")
    parser.add_argument(
        "--level", type=int, choices=LEVELS, metavar="N",
        help="; ".join(f"{level}: {hidden}" for level, hidden in HIDDEN.items()) + " (default: 1)",
    )  # fmt: skip
    parser.add_argument("--player", metavar="NAME", help="your name on the scoreboard (default: your user name)")
    parser.add_argument("--scoreboard", metavar="FILE", help="scoreboard, also one that a whole room writes to")
    parser.add_argument("--scores", action="store_true", help="print the scoreboard")
    parser.add_argument("--reveal", action="store_true", help="print what the mystery of --seed hides")
    parser.add_argument("--json", action="store_true", help="with --scores or --reveal: as JSON")
    parser.add_argument("--device", choices=DEVICES, default="cpu", help="where to train (default: cpu)")
    add_looks(parser)
    add_plain(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play, or print; the exit status. Raises UserError."""
    from importlib import import_module

    from nnlab.cli.lab import prepare
    from nnlab.errors import UserError
    from nnlab.mystery.board import place, player

    scores = place(args.scoreboard)
    if args.scores:
        return _print_scores(scores, args)
    if args.reveal:
        if not args.seed:
            raise UserError("--reveal tells what one mystery hides: give its code with --seed")
        return _reveal(_code(args), as_json=args.json)
    if args.json:
        raise UserError("--json goes with --scores or --reveal")
    code = _code(args)
    if args.plain:
        return int(import_module("nnlab.plain.begin").tell_mystery(str(code), player(args.player), scores, args.device))
    prepare(args, "nnlab mystery --plain")
    play = import_module("nnlab.ui.mystery.app").play
    return int(
        play(
            str(code), player=player(args.player), scores=scores, device=args.device, theme=args.theme,
            low_bandwidth=args.low_bandwidth,
        )
    )  # fmt: skip


def _code(args: argparse.Namespace) -> "Code":
    from nnlab.errors import UserError
    from nnlab.mystery.code import anyone, parse

    if not args.seed:
        return anyone(args.level or 1)
    code = parse(args.seed)
    if args.level not in (None, code.level):
        raise UserError(f"{code} is a mystery of level {code.level}: leave --level out")
    return code


def _print_scores(path: "Path", args: argparse.Namespace) -> int:
    import json
    import sys
    from dataclasses import asdict

    from nnlab.cli.table import columns
    from nnlab.mystery.board import results

    found = [one for one in results(path) if args.level in (None, one.level)]
    if args.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return DONE
    if not found:
        print(f"no mystery has been played yet: {path}", file=sys.stderr)
        return DONE
    rows = [
        (
            str(one.level), str(one.score), one.player, one.code, f"{one.named} of {one.causes}",
            "cured" if one.cured else "", str(one.interventions), str(one.hints), str(one.steps), one.when[:10],
        )
        for one in found
    ]  # fmt: skip
    print(columns(("level", "score", "player", "code", "named", "", "changes", "hints", "steps", "when"), rows))
    return DONE


def _reveal(code: "Code", *, as_json: bool) -> int:
    import json

    from nnlab.mystery.answers import words
    from nnlab.mystery.generate import mystery

    found = mystery(code)
    if as_json:
        told = {
            "code": str(code), "level": code.level, "base": found.base, "settings": found.settings,
            "causes": [list(cause.answers) for cause in found.causes], "turn": found.cure, "restart": found.restart,
        }  # fmt: skip
        print(json.dumps(told))
        return DONE
    print(f"{code} · level {code.level} · {found.base} · seed {found.sick.scenario.seed}")
    for cause in found.causes:
        print(f"\n{words(cause.answers[0])}: {cause.told}")
        print("  set:  " + ", ".join(f"{key} = {found.settings[key]}" for key in cause.settings))
        print("  cure: " + ", ".join(f"{key} = {value}" for key, value in {**cause.cure, **cause.restart}.items()))
    return DONE

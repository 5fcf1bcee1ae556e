"""`nnlab`: the commands, and the one place where a user's mistake becomes a message and an exit status.

A command's module is imported only when that command is called, so that `nnlab --help` and `nnlab list` never wait for
the libraries that other commands need.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from nnlab import __version__
from nnlab.cli.parser import CommandParser, Parser
from nnlab.errors import UserError

DONE, CHECK_FAILED, BAD_USAGE, ENGINE_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses."""

COMMANDS = {
    "lesson": ("nnlab.cli.lesson", "guided lessons: list them, or take one in the lab"),
    "tour": ("nnlab.cli.tour", "an unattended tour through failures and cures"),
    "list": ("nnlab.cli.list_", "bundled and own scenarios: what each shows"),
    "check": ("nnlab.cli.check", "validate scenario files, with every error at once"),
    "run": ("nnlab.cli.run", "run a scenario without the lab, with a report at the end"),
    "separate": ("nnlab.cli.separate", "of several knobs turned at once, what each did by itself"),
    "resume": ("nnlab.cli.resume", "go on with a recorded run that was interrupted"),
    "replay": ("nnlab.cli.replay", "watch a recorded run again, or compare it bit for bit"),
    "verify": ("nnlab.cli.verify", "run scenarios against their own [expect] tables"),
    "overfit-batch": ("nnlab.cli.overfit_batch", "whether one batch can be learned by heart, and if not, why"),
    "lr-range": ("nnlab.cli.lr_range", "the learning-rate range test, with a suggested range"),
    "checkup": ("nnlab.cli.checkup", "the order of diagnosis, walked until the first thing wrong"),
    "baselines": ("nnlab.cli.baselines", "whether the first loss is a guess's, and whether the inputs help"),
    "label-shuffle": ("nnlab.cli.label_shuffle", "whether training learns more than from shuffled labels"),
    "step-sizes": ("nnlab.cli.step_sizes", "whether half a step, or two, would lower the loss more"),
    "replay-batches": ("nnlab.cli.replay_batches", "whether what was trained on earlier is still known at the end"),
    "diagnose": ("nnlab.cli.diagnose", "diagnose a recorded run: run file, CSV, JSON lines, TensorBoard"),
    "explain": ("nnlab.cli.explain", "what a failure mode looks like, why it happens, what to do"),
    "explain-step": ("nnlab.cli.explain_step", "why a step of a recorded run went as it did"),
    "export": ("nnlab.cli.export", "a run file as a table, as a scenario, or as a PyTorch script"),
    "report": ("nnlab.cli.report_file", "one file that tells a recorded run, with its plots: Markdown or HTML"),
    "compare": ("nnlab.cli.compare", "recorded runs side by side, and where they part"),
    "mystery": ("nnlab.cli.mystery", "a run with a hidden fault: name it, cure it"),
    "record": ("nnlab.cli.record", "a lab session as an asciicast, to be played in a terminal or on a web page"),
    "serve": ("nnlab.cli.serve", "the lab in a browser, or recorded runs for many visitors"),
    "runs": ("nnlab.cli.runs", "list recorded runs"),
    "ps": ("nnlab.cli.ps", "list engines that are running"),
    "attach": ("nnlab.cli.attach", "open the lab on an engine that is running"),
    "stop": ("nnlab.cli.stop", "end an engine that is running; its run file is kept"),
    "doctor": ("nnlab.cli.doctor", "what works on this machine, and what to do about the rest"),
    "schema": ("nnlab.cli.schema", "JSON Schema of the scenario file, for editors"),
}
"""Module and help line of each command. A module has `add_parser(subparsers)` and `run(args) -> int`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without the character gets "?", not a traceback
    try:
        status = _command(arguments) if arguments and arguments[0] in COMMANDS else _lab(arguments)
        sys.stdout.flush()
    except UserError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`nnlab list | head`). Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return status


def _command(arguments: list[str]) -> int:
    module = import_module(COMMANDS[arguments[0]][0])
    parser = Parser(prog="nnlab")
    module.add_parser(parser.add_subparsers(dest="command", parser_class=CommandParser))
    status: int = module.run(parser.parse_args(arguments))
    return status


def _lab(arguments: list[str]) -> int:
    """`nnlab [SCENARIO]`: open the lab."""
    from nnlab.cli.lab import add_options, open_lab

    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {line}" for name, (_, line) in COMMANDS.items())
    parser = Parser(
        prog="nnlab",
        usage="nnlab [SCENARIO] [options]\n       nnlab COMMAND ...",
        description="The terminal laboratory for neural-network failure: watch it happen, turn a knob, see it cured.",
        epilog=f"commands (nnlab COMMAND --help says more):\n{commands}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"nnlab {__version__}")
    add_options(parser)
    options, unknown = parser.parse_known_args(arguments)
    if options.scenario in COMMANDS:
        raise UserError(f"write the command first: nnlab {options.scenario} …")
    if options.scenario is not None and not parser.meant(unknown):  # the scenario may be that option's value
        _must_exist(options.scenario)
    if unknown:
        parser.refuse(unknown)
    return open_lab(options)


def _must_exist(target: str) -> None:
    """Raises UserError with the nearest command or scenario where no scenario goes by that name."""
    from nnlab.scenario.catalog import find, names
    from nnlab.scenario.errors import UnknownScenario
    from nnlab.scenario.keys import nearest

    try:
        find(target)
    except UnknownScenario as error:
        if "/" in target or target.endswith(".toml"):
            raise
        guess = nearest(target, [*COMMANDS, *names()])
        hint = f'did you mean "{guess}"?' if guess else "nnlab --help shows the commands, nnlab list the scenarios"
        raise UserError(f'there is no command or scenario "{target}"; {hint}') from error


if __name__ == "__main__":
    sys.exit(main())

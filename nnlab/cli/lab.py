"""Opening the lab from the command line: its options, and what a terminal must be able to do."""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from nnlab.cli.parser import nearest_of
from nnlab.errors import UserError
from nnlab.glyph_choice import CHOICES, VARIABLE

DEVICES = ("auto", "cpu", "cuda", "mps")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The lab's arguments."""
    parser.add_argument(
        "scenario", nargs="?", metavar="SCENARIO", help="scenario to open, by name or file; the gallery when left out"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="seed of weights, data and order (the scenario's own)")
    parser.add_argument(
        "--device", type=_device, default="auto", metavar="|".join(DEVICES), help="where to train (%(default)s)"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", dest="overrides",
        help="override a scenario key or knob before the start; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--at", action="append", default=[], metavar="STEP:KNOB=VALUE", help="turn a knob at a step; repeatable"
    )
    parser.add_argument(
        "--twin", action=argparse.BooleanOptionalAction,
        help="hold each knob turn against an untouched twin (where there is a core to spare)",
    )  # fmt: skip
    parser.add_argument("--paused", action="store_true", help="wait at step 0")
    parser.add_argument(
        "--pace", type=pace, metavar="N", help="steps a second at most, 0 for full speed (the scenario's own)"
    )
    add_looks(parser)
    add_plain(parser)
    record = parser.add_mutually_exclusive_group()
    record.add_argument("--record", metavar="FILE", help="where the run file goes (the runs folder)")
    record.add_argument("--no-record", action="store_true", help="keep no run file")


def add_looks(parser: argparse.ArgumentParser) -> None:
    """How the lab is drawn."""
    parser.add_argument("--theme", metavar="NAME", help="colour theme (harbour)")
    parser.add_argument(
        "--glyphs", type=_glyphs, metavar="|".join(CHOICES), help="characters to draw with (what the terminal has)"
    )
    parser.add_argument("--low-bandwidth", action="store_true", help="repaint once a second, for slow lines")


def add_plain(parser: argparse.ArgumentParser) -> None:
    """Whether it is told in lines instead."""
    parser.add_argument("--plain", action="store_true", help="told line by line, for screen readers and logs")


def open_lab(options: argparse.Namespace) -> int:
    """Open the lab on `options.scenario` (checked to exist), or on the gallery. Returns the exit status."""
    overrides = [*options.overrides]
    if options.seed is not None:
        overrides.append(f"seed={options.seed}")
    if options.plain:
        return _tell(options, tuple(overrides))
    prepare(options, f"nnlab run {options.scenario or 'SCENARIO'} (or nnlab {options.scenario or 'SCENARIO'} --plain)")
    status = import_module("nnlab.ui.app").run(
        options.scenario,
        theme=options.theme,
        paused=options.paused,
        pace=options.pace,
        low_bandwidth=options.low_bandwidth,
        overrides=tuple(overrides),
        at=tuple(options.at),
        twin=options.twin,
        device=options.device,
        record=options.record,
        keep=not options.no_record,
    )
    return int(status or 0)


def _tell(options: argparse.Namespace, overrides: tuple[str, ...]) -> int:
    """The lab in plain lines. Raises UserError."""
    if options.scenario is None:
        raise UserError("--plain needs a scenario: nnlab SCENARIO --plain; nnlab list shows them")
    if options.twin:
        raise UserError("--plain tells of one run: leave --twin out")
    from nnlab.plain.begin import tell

    record = "" if options.no_record else options.record
    at = tuple(options.at)
    return tell(options.scenario, options.device, record, options.pace, overrides, at, paused=options.paused)


def prepare(options: argparse.Namespace, instead: str) -> None:
    """Make sure of the terminal and of how to draw on it. Raises UserError, with the command that needs none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError(f"the lab needs a terminal; {instead} works without one")
    if os.environ.get("TERM") == "dumb":
        raise UserError(f"the lab cannot draw on a terminal with TERM=dumb; {instead} works on any")
    choose_looks(options)


def choose_looks(options: argparse.Namespace) -> None:
    """Take up what `add_looks` asks for. Raises UserError."""
    _choose_glyphs(options.glyphs)
    _know_colours()
    if options.theme is not None:
        _must_be_theme(options.theme)


def _choose_glyphs(wanted: str | None) -> None:
    """Let the option stand in for the environment variable, which everything that draws goes by."""
    if wanted is not None:
        os.environ[VARIABLE] = wanted
    elif os.environ.get(VARIABLE):
        try:
            _glyphs(os.environ[VARIABLE].strip().lower())
        except argparse.ArgumentTypeError as error:
            raise UserError(f"{VARIABLE}: {error}") from error


def _know_colours() -> None:
    """Windows Terminal has 16 million colours and does not say so within WSL; what multiplexes in it may have fewer."""
    plain = os.environ.get("TERM", "").startswith("xterm") and not os.environ.get("COLORTERM")
    if os.environ.get("WT_SESSION") and plain:
        os.environ["COLORTERM"] = "truecolor"


def _must_be_theme(name: str) -> None:
    names = [theme.name for theme in import_module("nnlab.ui.themes.load").load_themes()[0]]
    if name not in names:
        raise UserError(f'--theme: there is no theme "{name}"{_hint(name, names)}; there are {", ".join(names)}')


def _device(text: str) -> str:
    return _one_of(text, DEVICES)


def _glyphs(text: str) -> str:
    return _one_of(text, CHOICES)


def _one_of(text: str, known: Sequence[str]) -> str:
    """The text. Raises ArgumentTypeError where it is none of these."""
    if text not in known:
        raise argparse.ArgumentTypeError(f'"{text}" is none of {", ".join(known)}{_hint(text, known)}')
    return text


def pace(text: str) -> float:
    """Steps a second. Raises ArgumentTypeError."""
    try:
        steps = float(text)
    except ValueError:
        steps = math.nan
    if not (math.isfinite(steps) and steps >= 0):
        raise argparse.ArgumentTypeError(f'"{text}" is no number of steps a second; 0 is full speed')
    return steps


def _hint(word: str, known: Sequence[str]) -> str:
    found = nearest_of(word, known)
    return f"; did you mean {found}?" if found else ""

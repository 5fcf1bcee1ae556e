"""`nnlab serve`: the lab in a browser, or recorded runs for many visitors."""

import argparse
import os
import shlex
import sys
from importlib import import_module
from importlib.util import find_spec

from nnlab.errors import UserError

LOOPBACK = "127.0.0.1"
PORT = 8000
PORTS = (1, 65535)

MOST_LABS, MOST_READERS = 4, 32
"""Visitors at a time: each has a process of about 80 MB, and of a lab an engine that trains too."""

MISSING = (
    "nnlab serve needs textual-serve, which is not installed: pip install 'nnlab[web]', or pip install textual-serve"
)

EXPOSED = """\
nnlab serve: WARNING: {host} can be reached from other machines. Whoever reaches port {port} sees these recordings,
without a password and without encryption. They can be watched only: nobody can train, write, or open anything else."""

REFUSED = """\
--host {host}: a lab trains, opens any file, and takes no password, so it is served on this machine alone (127.0.0.1).
From elsewhere reach it through SSH:

{forward}

--read-only FOLDER serves recorded runs to other machines."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.lab import add_looks

    parser = subparsers.add_parser(
        "serve",
        help="the lab in a browser; or recorded runs for many visitors",
        description="Serve the lab to a browser on this machine: every visitor has a lab of their own, whose engine "
        "ends when they leave. With --read-only, serve recorded runs: to be watched, and nothing else.",
    )
    parser.add_argument("scenario", nargs="?", metavar="SCENARIO", help="scenario to open (the gallery)")
    parser.add_argument("--host", default=LOOPBACK, metavar="HOST", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=_port, default=PORT, metavar="N", help="port to listen on (%(default)s)")
    parser.add_argument("--read-only", metavar="PATH", help="a run file, or a folder of run files, to be watched only")
    add_looks(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until ctrl+c; the exit status. Raises UserError."""
    from nnlab.cli.lab import choose_looks

    if find_spec("textual_serve") is None:
        raise UserError(MISSING)
    local = args.host in ("localhost", "127.0.0.1", "::1")
    if not local and args.read_only is None:
        raise UserError(REFUSED.format(host=args.host, forward=_forward(args.port)))
    choose_looks(args)
    os.environ.setdefault("NNLAB_GLYPHS", "braille")  # the browser's fonts have it, whatever this terminal has
    command = _command(args)
    if not local:
        print(EXPOSED.format(host=args.host, port=args.port), file=sys.stderr)
    most = MOST_LABS if args.read_only is None else MOST_READERS

    def ready() -> None:
        print(f"nnlab serve: http://{_written(args.host)}:{args.port} (ctrl+c ends it, {most} visitors at most)")
        print(f"From another machine, through SSH:\n\n{_forward(args.port)}\n", flush=True)

    import_module("nnlab.web.server").serve(command, args.host, args.port, most, ready)
    return 0


def _command(args: argparse.Namespace) -> str:
    """What starts a visitor's app, as a line for the shell, after a look at what it will need. Raises UserError."""
    words = [sys.executable, "-P", "-m", "nnlab.ui.visit"]
    words += ["--theme", args.theme] if args.theme else []
    words += ["--low-bandwidth"] if args.low_bandwidth else []
    if args.read_only is not None:
        words += ["--read-only", str(_recordings(args))]
    elif args.scenario is not None:
        from nnlab.scenario.catalog import find

        find(args.scenario)
        words += ["--", args.scenario]
    return f"exec {shlex.join(words)}"


def _recordings(args: argparse.Namespace) -> str:
    """The run file or folder as an absolute path. Raises UserError where it holds no run."""
    from nnlab.runs.folder import SUFFIX, run_file
    from nnlab.runs.reader import RunFile

    if args.scenario is not None:
        raise UserError("--read-only serves recorded runs; leave the scenario out")
    path = run_file(args.read_only)
    if not path.is_dir():
        RunFile(path).close()
    elif not any(path.glob(f"*{SUFFIX}")):
        raise UserError(f"--read-only: there is no run file (*{SUFFIX}) in {path}")
    return str(path.absolute())


def _forward(port: int) -> str:
    return f"    ssh -N -L {port}:127.0.0.1:{port} USER@THIS-MACHINE    and open http://127.0.0.1:{port} there"


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(text: str) -> int:
    """A port. Raises ArgumentTypeError."""
    low, high = PORTS
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise argparse.ArgumentTypeError(f'"{text}" is no port; ports go from {low} to {high}')
    return int(text)

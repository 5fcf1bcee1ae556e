"""`nnlab stop`: end an engine that is running."""

import argparse

PATIENCE = 30.0
"""Seconds that an engine gets to complete its run file."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "stop",
        help="end an engine that is running; its run file is kept",
        description="End an engine that is running, after the step that it is in. Its run file is completed first.",
    )
    parser.add_argument(
        "run", nargs="?", metavar="RUN", help="id as nnlab ps lists it, its beginning, or a scenario; the only one"
    )


def run(args: argparse.Namespace) -> int:
    """End it; the exit status. Raises UserError."""
    import sys
    import time

    from nnlab.cli.engines import choose
    from nnlab.cli.main import DONE, ENGINE_FAILED
    from nnlab.client.live import LiveFeed
    from nnlab.wire.commands import Stop

    engine = choose(args.run)
    feed = LiveFeed.attach(engine.place.socket, "nnlab stop")
    feed.send(Stop())
    deadline = time.monotonic() + PATIENCE
    while not feed.over and time.monotonic() < deadline:
        feed.poll(0.1)
    ended = feed.over
    feed.close()
    if not ended:
        print(
            f"{engine.place.id} has not ended within {PATIENCE:g} seconds; its log: {engine.place.log}", file=sys.stderr
        )
        return ENGINE_FAILED
    kept = f"; the run is kept in {engine.record}" if engine.record else ""
    print(f"{engine.place.id} ({engine.scenario}) has ended{kept}")
    return DONE

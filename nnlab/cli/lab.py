"""Opening the lab from the command line."""

import argparse
import os
import sys
from importlib import import_module

from nnlab.errors import UserError


def open_lab(options: argparse.Namespace) -> int:
    """Open the lab on `options.scenario` (checked to exist), or on the gallery. Returns the exit status."""
    named = options.scenario or "SCENARIO"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError(f"the lab needs a terminal; nnlab run {named} works without one")
    if os.environ.get("TERM") == "dumb":
        raise UserError(f"the lab cannot draw on a terminal with TERM=dumb; nnlab run {named} works on any")
    overrides = [*options.overrides]
    if options.seed is not None:
        overrides.append(f"seed={options.seed}")
    status = import_module("nnlab.ui.app").run(
        options.scenario,
        overrides=tuple(overrides),
        at=tuple(options.at),
        device=options.device,
        record=options.record,
        keep=not options.no_record,
    )
    return int(status or 0)

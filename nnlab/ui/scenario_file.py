"""The file of a scenario while it is being written: when it was saved, and what is wrong with it."""

from nnlab.errors import UserError
from nnlab.scenario import catalog

LOOK_EVERY = 1.0
"""Seconds between two looks at whether files have been written."""


def stamp(target: str) -> int:
    """When the file of a scenario, by name or path, was last written, in nanoseconds; 0 where there is none."""
    try:
        return catalog.find(target).stat().st_mtime_ns
    except (UserError, OSError):
        return 0


def wrong(target: str) -> UserError | None:
    """Everything that is wrong with it; None for nothing."""
    from nnlab.scenario import load  # noqa: PLC0415 - its types take longer to import than most screens

    try:
        load.load(catalog.find(target))
    except UserError as error:
        return error
    return None

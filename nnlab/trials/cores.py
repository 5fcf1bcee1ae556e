"""How many processors there are for this process."""

import os


def cores() -> int:
    """That it may use, of those that the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

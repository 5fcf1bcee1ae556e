"""Python's cycle collector, kept from holding up the screen.

Every few seconds it looks through all objects there are: with a lab on the screen about a tenth of a second, in which
no key is answered. Most of them (modules, styles, panels) stay to the end anyway.
"""

import gc

SPARED_AFTER = 1.0
"""Seconds after a lab was opened: its panels stand, and the engine still loads."""


def spare_what_stays() -> None:
    """Have the collector leave alone whatever there is now; only the first time, for later screens come and go."""
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()

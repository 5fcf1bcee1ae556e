"""What stays to the end is left alone by the cycle collector, once."""

import gc

from nnlab.ui.collector import spare_what_stays


def test_what_there_is_is_spared_once_and_cycles_before_it_are_not_kept() -> None:
    frozen_before = gc.get_freeze_count()
    gc.unfreeze()
    try:
        spare_what_stays()
        spared = gc.get_freeze_count()
        later = [[] for _ in range(1000)]
        spare_what_stays()
        assert spared > 1000 and abs(gc.get_freeze_count() - spared) < len(later)
    finally:
        gc.unfreeze()
        if frozen_before:
            gc.freeze()

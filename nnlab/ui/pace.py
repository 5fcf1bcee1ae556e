"""The ladder of paces that + and − climb: slow enough to watch single steps, up to full speed."""

LADDER = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
"""Steps per second; above the last rung stands 0, full speed."""

FULL = 0.0


def slower(pace: float, rate: float) -> float:
    """The next rung down; from full speed, the first one below the present `rate` (steps/s)."""
    below = [rung for rung in LADDER if rung < (pace or rate)]
    return below[-1] if below else LADDER[0]


def faster(pace: float) -> float:
    """The next rung up; full speed above the last one."""
    above = [rung for rung in LADDER if rung > pace]
    return above[0] if above and pace != FULL else FULL

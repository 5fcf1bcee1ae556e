"""Does every mystery fail, and can it be cured? A sample of each level is trained with its faults, without them, and
under its cure, turned at a third of the run (or from the start, where the damage is done or no turn can undo it). Says
also how often the doctor names the fault. `python tests/bench/mysteries.py [--level N] [--sample N] [CODE...]`"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from nnlab.cli.headless import Outcome, train
from nnlab.cli.table import columns
from nnlab.mystery.code import LEVELS, Code, parse
from nnlab.mystery.generate import Mystery, mystery
from nnlab.mystery.target import MEASURE, cured, target
from nnlab.scenario.load import Loaded
from nnlab.trials.cure import begun_again, turned

NAME = "mystery bench"
STRIDE = 7919
"""Between the seeds of the sample."""


@dataclass(frozen=True, slots=True)
class Case:
    """One mystery: how the sick run ended, what cured it ("" if nothing did), whether the doctor named a cause."""

    mystery: Mystery
    target: float
    sick: str
    loss: float
    fails: bool
    cure: str
    named: bool


def case(code: Code) -> Case:
    """Train one."""
    found = mystery(code)
    wanted = target(found)
    sick = train(found.sick, name=NAME)
    heads = set(sick.headlined)
    named = any(heads & set(cause.answers) for cause in found.causes)
    fails = not well(sick, wanted)
    result = Case(found, wanted, sick.verdict, losses(sick)[-1], fails, remedy(found, wanted), named)
    print(f"{code} {'ok' if result.fails and result.cure else 'BAD'}", flush=True)
    return result


def remedy(found: Mystery, wanted: float) -> str:
    """What cures it."""
    third = max(found.sick.scenario.train.steps // 3, found.onset + 100)
    tries: list[tuple[str, Loaded]] = []
    if not found.restart:
        tries.append((f"turned at {third}", turned(found.sick, found.cure, third)))
    tries.append(("from the start", begun_again(found.sick, {**found.cure, **found.restart})))
    return next((how for how, loaded in tries if well(train(loaded, name=NAME), wanted)), "")


def well(outcome: Outcome, wanted: float) -> bool:
    """Whether a run ended cured."""
    return cured(outcome.verdict, losses(outcome), wanted)


def losses(outcome: Outcome) -> list[float]:
    """Its validation losses."""
    return outcome.history.get(MEASURE).values.tolist()


def main() -> None:
    """Print a row for each mystery and the shares of each level."""
    parser = argparse.ArgumentParser(description="Does every mystery fail, and can it be cured?")
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--level", type=int, choices=LEVELS)
    parser.add_argument("--sample", type=int, default=10, help="mysteries of each level")
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    started = time.perf_counter()
    levels = [args.level] if args.level else LEVELS
    sample = [Code(level, number * STRIDE + 1) for level in levels for number in range(args.sample)]
    with ThreadPoolExecutor(args.jobs) as pool:
        cases = list(pool.map(case, map(parse, args.codes) if args.codes else sample))
    rows = [
        (
            str(c.mystery.code), c.mystery.base, " + ".join(f.id for f in c.mystery.causes),
            ", ".join(f"{k}={v}" for k, v in c.mystery.settings.items()), c.sick, f"{c.loss:.3g}", f"{c.target:.3g}",
            "" if c.fails else "DOES NOT FAIL", c.cure or "NOT CURED", "" if c.named else "not named",
        )
        for c in cases
    ]  # fmt: skip
    print(columns(("code", "base", "causes", "set", "ends", "loss", "target", "", "cured", "doctor"), rows))
    for level in sorted({c.mystery.code.level for c in cases}):
        of = [c for c in cases if c.mystery.code.level == level]
        shares = (sum(map(bool, s)) / len(of) for s in zip(*((c.fails, c.cure, c.named) for c in of), strict=True))
        told = ", ".join(
            f"{share:.0%} {word}" for share, word in zip(shares, ("fail", "curable", "named"), strict=True)
        )
        print(f"level {level}: {len(of)} mysteries, {told} by the doctor")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()

"""A scenario held against its own `[expect]` table: which claims are made, and which hold."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nnlab.cli.headless import Outcome
from nnlab.diagnosis.finding import HEALTHY, Diagnosis
from nnlab.scenario.load import Loaded
from nnlab.scenario.steering import Expect
from nnlab.trials.cure import begun_again, turned

Train = Callable[[Loaded, Callable[[Diagnosis], bool] | None], Outcome]
"""Trains a scenario to its end, or to the first diagnosis that is accepted."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of an `[expect]` table, whether it held, and what was seen."""

    text: str
    held: bool
    seen: str


def verify(loaded: Loaded, train: Train) -> Iterator[Claim]:
    """Train as often as the claims need (once, and once more with the cure) and judge them."""
    expect = loaded.scenario.expect
    first = train(loaded, _only_until(expect))
    if expect.finding:
        yield _appears(expect, first)
    if expect.verdict:
        yield Claim(f"ends {expect.verdict}", first.verdict == expect.verdict, first.verdict)
    if expect.never:
        yield _never(expect, first)
    last = first
    if expect.finding and (expect.cure or expect.restart):
        since = first.headlined.get(expect.finding)
        if since is None:
            yield Claim(f"cured by {_changes(expect)}", False, f"{expect.finding} was never the headline")
            return
        second = turned(loaded, expect.cure, since) if expect.cure else begun_again(loaded, expect.restart)
        last = train(second, None)
        yield _cured(expect, last, f"at {since}" if expect.cure else "from the start")
    yield from _floors(expect, last)


def _only_until(expect: Expect) -> Callable[[Diagnosis], bool] | None:
    """Where the first run only has to show the finding it need not go on."""
    if (expect.cure or expect.restart) and expect.finding and not expect.verdict and not expect.never:
        return lambda diagnosis: diagnosis.verdict == expect.finding
    return None


def _appears(expect: Expect, outcome: Outcome) -> Claim:
    by_step = math.inf if expect.by_step is None else expect.by_step
    since = outcome.headlined.get(expect.finding or "")
    text = f"{expect.finding} by step {expect.by_step}" if expect.by_step else f"{expect.finding} at some time"
    others = ", ".join(f"{verdict} at {step}" for verdict, step in outcome.headlined.items())
    return Claim(text, since is not None and since <= by_step, f"at step {since}" if since is not None else others)


def _never(expect: Expect, outcome: Outcome) -> Claim:
    ever = outcome.diagnosis.ever if outcome.diagnosis else ()
    found = [item for item in ever if (item.problem if expect.never == "any" else item.mode in expect.never)]
    named = "no finding ever" if expect.never == "any" else f"never {', '.join(expect.never)}"
    return Claim(named, not found, ", ".join(f"{item.mode} at {item.detected_step}" for item in found) or "none")


def _cured(expect: Expect, outcome: Outcome, when: str) -> Claim:
    by_step = math.inf if expect.cured_by_step is None else expect.cured_by_step
    by = f" by step {expect.cured_by_step}" if expect.cured_by_step else ""
    healthy = outcome.healthy_since
    seen = f"{outcome.verdict}, healthy from step {healthy}" if outcome.verdict in HEALTHY else outcome.verdict
    return Claim(f"cured by {_changes(expect)} {when}{by}", 0 <= healthy <= by_step, seen)


def _floors(expect: Expect, outcome: Outcome) -> Iterator[Claim]:
    accuracy, val_loss, train_loss = (outcome.last(name) for name in ("val/accuracy", "val/loss", "train/loss"))
    if expect.val_accuracy is not None:
        held = accuracy is not None and accuracy >= expect.val_accuracy
        yield Claim(f"validation accuracy at least {expect.val_accuracy:g}", held, _shown(accuracy))
    for limit, value, name in ((expect.val_loss, val_loss, "validation"), (expect.train_loss, train_loss, "training")):
        if limit is not None:
            yield Claim(f"{name} loss at most {limit:g}", value is not None and value <= limit, _shown(value))


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4g}"


def _changes(expect: Expect) -> str:
    return ", ".join(f"{key} = {value}" for key, value in (*expect.cure.items(), *expect.restart.items()))

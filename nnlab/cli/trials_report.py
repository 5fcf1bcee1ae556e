"""What trials proved, as plain data for `nnlab run --json` and as tables for people."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from nnlab.cli.auto_cure import Round
from nnlab.cli.report import number, plain
from nnlab.cli.report_text import short
from nnlab.cli.table import columns
from nnlab.trials.fork import Fork
from nnlab.trials.judge import BOUNDLESS, Trial

HEAD = ("remedy", "", "proof", "seeds", "effect", "gone since", "ends")


def record(one: Round) -> dict[str, Any]:
    """One round, JSON-ready."""
    proved = one.proved
    return {
        "step": proved.step,
        "finding": proved.finding.mode,
        "horizon": proved.horizon,
        "control": {"verdict": proved.control.verdict, "cleared_step": proved.control.cleared}
        | {"values": plain(dict(proved.control.values))},
        "tried": [_tried(trial) for trial in proved.trials],
        "adopted": one.adopted.remedy.text if one.adopted else None,
    }


def text(rounds: Sequence[Round]) -> str:
    """A paragraph and a table for each round."""
    return "".join(f"{line}\n" for line in _lines(rounds))


def table(trials: Sequence[Trial], control: Fork) -> str:
    """One row for each trial, best first, then the untouched control."""
    rows = [
        (
            trial.remedy.text,
            "begin again" if trial.anew else "turn",
            trial.proof,
            f"{trial.confirmed} of {trial.seeds}",
            _effect(trial),
            "–" if trial.cleared is None else f"step {trial.cleared}",
            trial.note or trial.verdict,
        )
        for trial in trials
    ]
    gone = "–" if control.cleared is None else f"step {control.cleared}"
    return columns(HEAD, [*rows, ("(untouched)", "", "", "", "", gone, control.verdict)])


def _lines(rounds: Sequence[Round]) -> Iterator[str]:
    for one in rounds:
        proved = one.proved
        yield ""
        yield f"Trials at step {proved.step}, against {proved.finding.mode}: {proved.horizon} steps each"
        yield from (f"  {line}" for line in table(proved.trials, proved.control).splitlines())
        yield f"  Adopted: {one.adopted.remedy.text}" if one.adopted else "  None of them helped; none was adopted."


def _tried(trial: Trial) -> dict[str, Any]:
    return {
        "remedy": trial.remedy.text,
        "commands": plain(list(trial.remedy.commands)),
        "begins_again": trial.anew,
        "proof": trial.proof,
        "confirmed_seeds": trial.confirmed,
        "seeds": trial.seeds,
        "measure": trial.measure or None,
        "effect": number(None if math.isnan(trial.effect) else trial.effect),
        "effects": [number(None if math.isnan(effect) else effect) for effect in trial.effects],
        "cleared_step": trial.cleared,
        "verdict": trial.verdict or None,
        "note": trial.note or None,
    }


def _effect(trial: Trial) -> str:
    if not trial.measure or math.isnan(trial.effect):
        return "–"
    if math.isinf(trial.effect):
        return f"{trial.measure} {BOUNDLESS[trial.effect > 0]}"
    return f"{trial.measure} {'+' if trial.effect > 0 else ''}{short(trial.effect)}"

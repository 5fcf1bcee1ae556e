"""The report of a run as plain data: what `nnlab run --json` prints (the README documents every key)."""

import math
from dataclasses import asdict
from typing import Any

from nnlab import __version__
from nnlab.cli import rivals
from nnlab.cli.headless import Outcome
from nnlab.diagnosis.differential import differential
from nnlab.diagnosis.finding import HEALTHY, Diagnosis, Finding


def build(outcome: Outcome) -> dict[str, Any]:
    """JSON-ready: NaN and infinities are the words "nan", "inf", "-inf"; null is what is not known."""
    history, info = outcome.history, outcome.info
    names = dict.fromkeys((*history.names(), *(spec.name for spec in info.series)))
    seconds = history.seconds
    return {
        "nnlab": __version__,
        "scenario": info.scenario,
        "seed": info.seed,
        "device": info.device,
        "steps": history.step,
        "stopped": outcome.stopped,
        "metrics": {name: number(outcome.last(name)) for name in names},
        "verdict": outcome.verdict,
        "findings": [finding_record(finding) for finding in problems(outcome.diagnosis)],
        "differential": rivals.record(differential(outcome.diagnosis, history)),
        "health": next((finding_record(finding) for finding in healthy(outcome.diagnosis)), None),
        "journal": [
            {
                "step": turn.step,
                "knob": turn.knob,
                "from": plain(turn.old),
                "to": plain(turn.new),
                "source": turn.source,
            }
            for turn in history.turns
        ],
        "timing": {
            "seconds": round(seconds, 3),
            "steps_per_second": round(history.step / seconds, 1) if seconds > 0 else None,
        },
        "run_file": info.run_file or None,
        "recorded_until": next((mark.step for mark in history.marks if mark.kind == "unrecorded"), None),
    }


def problems(diagnosis: Diagnosis | None) -> tuple[Finding, ...]:
    """Every finding that ever stood, ranked; healthy verdicts are not findings."""
    return tuple(item for item in diagnosis.ever if item.mode not in HEALTHY) if diagnosis else ()


def healthy(diagnosis: Diagnosis | None) -> tuple[Finding, ...]:
    """What speaks for the healthy verdict that stands at the end."""
    return tuple(item for item in diagnosis.standing if item.mode == diagnosis.verdict in HEALTHY) if diagnosis else ()


def number(value: float | None) -> float | str | None:
    """A number as JSON can hold it."""
    if value is None or math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def plain(value: Any) -> Any:
    """The same for anything: numbers within tables and lists too."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def finding_record(finding: Finding) -> dict[str, Any]:
    """One finding as plain data, numbers as JSON can hold them."""
    found: dict[str, Any] = plain(asdict(finding))
    return found

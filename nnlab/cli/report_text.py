"""The report of a run for people."""

from collections.abc import Iterator

from nnlab.cli import rivals
from nnlab.cli.headless import Outcome
from nnlab.cli.report import healthy, problems
from nnlab.diagnosis.differential import differential
from nnlab.diagnosis.finding import Finding
from nnlab.scenario.knob_table import RESET

_ENDED = {
    "steps": "all planned steps done",
    "until": "what was waited for stands",
    "diverged": "the loss is no longer finite",
    "interrupted": "interrupted",
    "guard": "stopped by a guard",
    "early-stopping": "stopped early",
}
_SHOWN = (
    "train/loss", "train/probe_loss", "train/probe_accuracy", "val/loss", "val/accuracy", "val/r2", "val/recall_min",
    "val/recall@1", "sim/gap", "sim/spread", "triplet/active", "drift/ks", "grad/norm", "lr",
)  # fmt: skip
"""Series that are worth a line, in this order."""


def render(outcome: Outcome) -> str:
    """Several paragraphs, at most about 100 columns wide where the words allow it."""
    return "\n".join(_lines(outcome)) + "\n"


def short(value: float) -> str:
    """A number in at most some ten characters."""
    return f"{value:.4g}"


def _lines(outcome: Outcome) -> Iterator[str]:
    info, history = outcome.info, outcome.history
    rate = f", {history.step / history.seconds:,.0f} steps/s" if history.seconds > 0 else ""
    yield f"{info.title or info.scenario} · {info.scenario} · seed {info.seed} · {info.device}"
    yield f"{history.step} of {info.planned_steps} steps in {history.seconds:.1f} s{rate}: {_ENDED[outcome.stopped]}"
    yield ""
    yield f"Verdict: {outcome.verdict}"
    for finding in healthy(outcome.diagnosis):
        yield from finding_lines(finding)
    for finding in problems(outcome.diagnosis):
        yield ""
        yield from finding_lines(finding)
    yield from rivals.lines(differential(outcome.diagnosis, history), info.scenario)
    shown = [(name, outcome.last(name)) for name in _SHOWN]
    known = [(name, value) for name, value in shown if value is not None]
    if known:
        yield ""
        width = max(len(name) for name, _ in known)
        yield from (f"  {name:<{width}}  {short(value)}" for name, value in known)
    if history.turns:
        yield ""
        yield "Journal"
        for turn in history.turns:
            done = turn.knob if turn.knob == RESET else f"{turn.knob} {turn.old} → {turn.new}"
            yield f"  step {turn.step}: {done} ({turn.source})"
    if info.run_file:
        yield ""
        torn = next((mark for mark in history.marks if mark.kind == "unrecorded"), None)
        yield f"Run file: {info.run_file}" + (f" (until step {torn.step}: {torn.text})" if torn else "")


def finding_lines(finding: Finding) -> Iterator[str]:
    """One finding: what, when, its evidence and, while it stands, what to try."""
    cleared = "" if finding.cleared_step is None else f", cleared at step {finding.cleared_step}"
    when = f"since step {finding.since_step}, seen at step {finding.detected_step}{cleared}"
    folded = f", part of {finding.folded_into}" if finding.folded_into else ""
    yield f"{finding.mode} ({finding.severity}, {finding.confidence:.0%}{folded}): {when}"
    yield f"  {finding.headline}"
    if finding.because:
        yield f"  {finding.because}"
    for evidence in finding.evidence:
        layer = f" [{evidence.layer}]" if evidence.layer else ""
        yield f"  · {evidence.series}{layer}: {evidence.text}"
    if finding.cleared_step is None:
        for remedy in sorted(finding.remedies, key=lambda remedy: remedy.rank):
            yield f"  {remedy.rank}. {remedy.text}"

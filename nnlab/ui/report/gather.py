"""From a session to what its report tells."""

import platform
from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote

from nnlab import __version__
from nnlab.diagnosis.finding import HEALTHY, UNDECIDED, Finding
from nnlab.errors import UserError
from nnlab.programs.steered import steered
from nnlab.programs.to_toml import to_toml
from nnlab.runs.reader import RunFile
from nnlab.telemetry.history import History
from nnlab.trials.effect_words import sentence
from nnlab.ui import format as write
from nnlab.ui.report.after import after
from nnlab.ui.report.figures import figures
from nnlab.ui.report.told import Happening, Metric, Setting, Told
from nnlab.ui.session import Session
from nnlab.ui.views.branches import rows
from nnlab.ui.views.ghost import told
from nnlab.ui.views.held import in_force
from nnlab.ui.views.journal import TURN, journal
from nnlab.wire.values import RunInfo

TRIED = frozenset({"test", "trial"})
"""Marks that tell of an experiment and what it showed."""

PROVED = "remedy "
"""How a note about a remedy that was tried in a fork begins."""

EARLY = "Too little was measured to judge."


class NothingYet(UserError):  # noqa: N818 - a reader's word for it
    """The run has not begun."""


def gather(session: Session, kept_as: str = "", program: str = "") -> Told:
    """All that is known of the session's run; `kept_as` names its run file, "" where there is none.

    Raises NothingYet before the engine has told of its run.
    """
    history, diagnosis = session.history, session.diagnosis
    if history is None:
        raise NothingYet("there is nothing to report yet: the engine has not begun")
    info, ever = history.info, diagnosis.ever if diagnosis else ()
    head = diagnosis.headline if diagnosis else None
    health = tuple(it for it in diagnosis.standing if it.mode == diagnosis.verdict in HEALTHY) if diagnosis else ()
    problems = tuple(finding for finding in ever if finding.mode not in HEALTHY)
    shown = [*([head] if head else []), *problems, *health]
    return Told(
        title=info.title or info.scenario,
        summary=session.story.summary,
        story=session.story.text,
        verdict=diagnosis.verdict if diagnosis else UNDECIDED,
        sentence=next((finding.headline for finding in (head, *health) if finding), EARLY),
        sick=head is not None and head.problem,
        facts=_facts(session, info),
        figures=figures(session, history, shown),
        findings=problems,
        health=health,
        journal=tuple(_journal(session, history, ever)),
        tried=tuple(_tried(history)),
        branches=rows(session, frozenset()) if len(history.branches) > 1 else (),
        metrics=tuple(_metrics(history)),
        settings=tuple(_settings(history)),
        scenario=info.scenario_toml,
        program=program,
        commands=_commands(info, kept_as),
        machine=(*info.versions.items(), ("device", info.device), ("report written on", _here())),
    )


def _here() -> str:
    return " ".join(filter(None, (platform.system(), platform.machine(), f"nnlab {__version__}")))


def _facts(session: Session, info: RunInfo) -> tuple[tuple[str, str], ...]:
    ended = f" ({session.reason})" if session.reason else ""
    return (
        ("scenario", info.scenario),
        ("seed", str(info.seed)),
        ("steps", f"{write.count(session.step)} of {write.count(info.planned_steps)}, {session.state}{ended}"),
        ("trained on", info.device),
        ("parameters", write.count(sum(layer.parameters for layer in info.layers))),
        ("begun", info.started or "unknown"),
    )


def _journal(session: Session, history: History, ever: Sequence[Finding]) -> Iterator[Happening]:
    """With what an untouched twin told of a turn, or else what was measured up to the next one."""
    turned = sorted({turn.step for turn in history.turns})
    ends = [*turned[1:], history.step] if turned else []
    followed = {step: after(history, ever, step, end) for step, end in zip(turned, ends, strict=True)}
    caused = {effect.begin: sentence(effect) for mark in history.marks if (effect := told(mark))}
    rows = sorted(journal(history, session.diagnosis, tuple(session.answers.refusals)).rows, key=lambda row: row.step)
    rows = [row for row in rows if row.text not in caused.values()]
    for number, row in enumerate(rows):
        is_turn = row.glyph == TURN
        last = not any(later.glyph == TURN and later.step == row.step for later in rows[number + 1 :])
        so = caused.get(row.step) or followed.get(row.step, "")
        yield Happening(row.step, row.glyph, row.text, so if is_turn and last else "")


def _tried(history: History) -> Iterator[Happening]:
    for mark in history.marks:
        if mark.kind in TRIED or (mark.kind == "note" and mark.text.startswith(PROVED)):
            yield Happening(mark.step, "·", mark.text)


def _metrics(history: History) -> Iterator[Metric]:
    labels = {spec.name: spec.label for spec in history.info.series}
    for name in sorted(history.names()):
        series = history.get(name)
        if series is not None:
            layer = name.split("/")[1] if name.startswith("layer/") else ""
            yield Metric(name, labels.get(name, name), series.last, layer)


def _settings(history: History) -> Iterator[Setting]:
    last = in_force(history.info.knobs, history.turns)
    for spec in history.info.knobs:
        yield Setting(spec.label, write.knob(spec.value, spec.unit), write.knob(last[spec.id], spec.unit))


def program(run_file: Path) -> str:
    """The scenario that repeats a recorded run; "" for a run of a version that trained otherwise. Reads the file."""
    try:
        with RunFile(run_file) as run:
            return to_toml(steered(run))
    except UserError:
        return ""


def _commands(info: RunInfo, name: str) -> tuple[tuple[str, str], ...]:
    """How the run can be seen again; words with blanks are quoted for a shell."""
    again = ("train the scenario from the start", f"nnlab run {quote(info.scenario)} --set seed={info.seed}")
    if not name:
        return (again,)
    file = quote(name)
    return (
        ("watch it again", f"nnlab replay {file}"),
        ("do it again, and compare bit for bit", f"nnlab replay {file} --verify"),
        ("as a scenario with everything that was turned", f"nnlab export {file} --to toml --out steered.toml"),
        again,
    )

"""A report as Markdown, with its plots as text. What could be markup in a text is escaped."""

import re
from collections.abc import Iterable, Iterator, Sequence

from nnlab import __version__
from nnlab.diagnosis.finding import Finding
from nnlab.ui import format as write
from nnlab.ui.charts.plotext_figure import figure_text
from nnlab.ui.report.told import Figure, Told
from nnlab.ui.report.words import BEGUN_AGAIN, SEVERITY, about, branch_cells, verdict, when

PLOT = (96, 18)
"""Columns and rows of a plot."""

MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$]|^[-+](?=[-\s]|$)")
"""What means something to Markdown anywhere, and what does at the beginning of a line."""

NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
"""How an item of a numbered list begins."""


def markdown(told: Told) -> str:
    """The text."""
    return "\n".join(_lines(told)) + "\n"


def plain(text: str) -> str:
    """A text on one line that means nothing to Markdown, nor to the HTML that may stand in it."""
    return NUMBERED.sub(r"\1\\\2", MARKUP.sub(lambda found: "\\" + found[0], " ".join(text.split())))


def _lines(told: Told) -> Iterator[str]:
    yield f"# {plain(told.title)}"
    yield from ("", plain(told.summary)) if told.summary else ()
    yield from ("", f"**{plain(verdict(told))}.** {plain(told.sentence)}", "")
    yield from _table(("", ""), told.facts)
    yield from _section("The story", ["\n\n".join(plain(it) for it in told.story.split("\n\n"))] if told.story else [])
    yield from _section("What was measured", (line for figure in told.figures for line in _figure(figure)))
    yield from _section("What was found", (line for it in (*told.findings, *told.health) for line in _finding(it)))
    journal = ((write.count(it.step), f"{it.glyph} {it.text}", it.after) for it in told.journal)
    yield from _section("What was done", _table(("step", "what happened", "what came after"), journal))
    tried = ((write.count(it.step), it.text) for it in told.tried)
    yield from _section("What was tried, and what it proved", _table(("step", "what it showed"), tried))
    branches = _table(("branch", "steps", "differs in", "last loss", "verdict"), map(branch_cells, told.branches))
    yield from _section("Branches", branches)
    metrics = ((it.name, it.label, write.number(it.value)) for it in told.metrics)
    yield from _section("Last values", _table(("series", "what it is", "value"), metrics))
    yield from _section("Settings", _settings(told))
    yield from _section("See it again", _again(told))
    yield from _section("The machine", _table(("", ""), told.machine))
    yield from ("", f"Written by nnlab {__version__}.")


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    inside = list(lines)
    if inside:
        yield from ("", f"## {title}", "", *inside)


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Nothing where there are no rows."""
    told = ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|", *told] if told else []


def _figure(figure: Figure) -> Iterator[str]:
    lines = [line for line in figure.view.lines if not line.faint]
    yield from _fenced(figure_text(lines, *PLOT, figure.title), "text")
    yield ""


def _finding(finding: Finding) -> Iterator[str]:
    glyph, word = SEVERITY[finding.severity]
    yield from (f"### {glyph} {plain(about(finding))} ({word})", "", plain(finding.headline), "")
    yield from (plain(finding.because), "") if finding.because else ()
    yield from (plain(when(finding)), "")
    for item in finding.evidence:
        yield f"- {plain(' '.join(filter(None, (item.layer, item.series))))}: {plain(item.text)}"
    if finding.remedies:
        yield from ("", "What to try:", "")
    for number, remedy in enumerate(sorted(finding.remedies, key=lambda it: it.rank), 1):
        restarts = f" ({BEGUN_AGAIN})" if any("action" in it for it in remedy.commands) else ""
        yield f"{number}. {plain(remedy.text)}{restarts}"
    yield ""


def _settings(told: Told) -> Iterator[str]:
    rows = ((it.label, it.first, it.last if it.last != it.first else "") for it in told.settings)
    yield from _table(("knob", "at the start", "at the end"), rows)
    if told.scenario:
        yield from ("", "The scenario file:", "", *_fenced(told.scenario, "toml"))


def _again(told: Told) -> Iterator[str]:
    for does, command in told.commands:
        yield from (f"{plain(does)}:", "", *_fenced(command, "sh"), "")
    if told.program:
        yield from ("The run as a scenario; saved as a file, `nnlab run FILE` trains it again:", "")
        yield from _fenced(told.program, "toml")


def _fenced(text: str, language: str) -> Iterator[str]:
    """A block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}{language}", text.rstrip("\n"), fence)

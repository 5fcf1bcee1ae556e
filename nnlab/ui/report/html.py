"""A report as one HTML page. Every text is escaped, and the page forbids itself scripts and anything from elsewhere."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from nnlab import __version__
from nnlab.diagnosis.finding import Command, Finding
from nnlab.ui import format as write
from nnlab.ui.report.style import style
from nnlab.ui.report.svg import legend, numbered, svg
from nnlab.ui.report.told import Figure, Happening, Told
from nnlab.ui.report.words import BEGUN_AGAIN, SEVERITY, about, branch_cells, verdict, when

CODE = re.compile(r"`([^`]+)`")
"""What a story sets as code."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html(told: Told) -> str:
    """The page."""
    return "\n".join(_page(told)) + "\n"


def _page(told: Told) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    yield f"<title>{escape(told.title)}: {escape(told.verdict)}</title><style>{style()}</style></head><body>"
    yield f'<h1>{escape(told.title)}</h1><p class="summary">{escape(told.summary)}</p>'
    yield f'<div class="verdict{" sick" if told.sick else ""}"><b>{escape(verdict(told))}</b>'
    yield f"{escape(told.sentence)}</div>"
    yield _pairs(told.facts)
    yield from _section("The story", _paragraphs(told.story))
    yield from _section("What was measured", _figures(told.figures))
    yield from _section("What was found", map(_finding, (*told.findings, *told.health)))
    yield from _section("What was done", _journal(told.journal))
    yield from _section("What was tried, and what it proved", _tried(told.tried))
    yield from _section("Branches", _branches(told))
    yield from _section("Last values", _metrics(told))
    yield from _section("Settings", _settings(told))
    yield from _section("See it again", _again(told))
    yield from _section("The machine", [_pairs(told.machine)])
    yield f'<p class="quiet">Written by nnlab {escape(__version__)}.</p></body></html>'


def _section(title: str, parts: Iterable[str]) -> Iterator[str]:
    """A heading and what stands under it; nothing at all where there is nothing."""
    inside = list(parts)
    if inside:
        yield f"<section><h2>{escape(title)}</h2>"
        yield from inside
        yield "</section>"


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs) + "</dl>"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in filter(None, text.split("\n\n")):
        lines = (CODE.sub(r"<code>\1</code>", escape(line)) for line in paragraph.splitlines())
        yield f"<p>{'<br>'.join(lines)}</p>"


def _figures(figures: Sequence[Figure]) -> Iterator[str]:
    for figure in figures:
        yield f"<figure><figcaption>{escape(figure.title)}</figcaption>{svg(figure)}{legend(figure)}</figure>"
    marks = numbered(figures[0].view.marks) if figures else []
    if marks:
        words = "".join(f"<li>step {write.count(step)}: {escape(words)}</li>" for step, _, words in marks)
        yield f'<p>The numbered marks:</p><ol class="marks">{words}</ol>'


def _finding(finding: Finding) -> str:
    glyph, word = SEVERITY[finding.severity]
    parts = [
        f'<div class="finding {finding.severity}">',
        f'<h3>{glyph} {escape(about(finding))} <span class="quiet">({word})</span></h3>',
        f"<p>{escape(finding.headline)}</p>",
        f"<p>{escape(finding.because)}</p>" if finding.because else "",
        f'<p class="quiet">{escape(when(finding))}</p>',
    ]
    if finding.evidence:
        rows = ((it.layer, it.series, it.text) for it in finding.evidence)
        parts.append(
            "<ul>"
            + "".join(
                f"<li><code>{escape(' '.join(filter(None, row[:2])))}</code>: {escape(row[2])}</li>" for row in rows
            )
            + "</ul>"
        )
    if finding.remedies:
        ranked = sorted(finding.remedies, key=lambda remedy: remedy.rank)
        parts.append(
            "<p>What to try:</p><ol>"
            + "".join(f"<li>{escape(it.text)}{_restarts(it.commands)}</li>" for it in ranked)
            + "</ol>"
        )
    return "".join([*parts, "</div>"])


def _restarts(commands: Sequence[Command]) -> str:
    return f' <span class="quiet">({BEGUN_AGAIN})</span>' if any("action" in it for it in commands) else ""


def _journal(journal: Sequence[Happening]) -> Iterator[str]:
    if journal:
        rows = ((write.count(it.step), f"{it.glyph} {it.text}", it.after) for it in journal)
        yield _table(("step", "what happened", "what came after"), rows)


def _tried(tried: Sequence[Happening]) -> Iterator[str]:
    if tried:
        yield _table(("step", "what it showed"), ((write.count(it.step), it.text) for it in tried))


def _branches(told: Told) -> Iterator[str]:
    if told.branches:
        yield _table(
            ("branch", "steps", "differs in", "last loss", "verdict"), map(branch_cells, told.branches), numbers=False
        )


def _metrics(told: Told) -> Iterator[str]:
    whole = [(it.name, it.label, write.number(it.value)) for it in told.metrics if not it.layer]
    layers = [(it.name, it.label, write.number(it.value)) for it in told.metrics if it.layer]
    if whole:
        yield _table(("series", "what it is", "value"), whole, last=True, numbers=False)
    if layers:
        yield "<details><summary>Layer by layer</summary>"
        yield _table(("series", "what it is", "value"), layers, last=True, numbers=False) + "</details>"


def _settings(told: Told) -> Iterator[str]:
    if told.settings:
        rows = ((it.label, it.first, it.last if it.last != it.first else "") for it in told.settings)
        yield _table(("knob", "at the start", "at the end"), rows, numbers=False)
    if told.scenario:
        yield f"<details><summary>The scenario file</summary><pre>{escape(told.scenario)}</pre></details>"


def _again(told: Told) -> Iterator[str]:
    for does, command in told.commands:
        yield f"<p>{escape(does)}:</p><pre>{escape(command)}</pre>"
    if told.program:
        yield "<details><summary>The run as a scenario: saved as a file, <code>nnlab run FILE</code> trains it again"
        yield f"</summary><pre>{escape(told.program)}</pre></details>"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = True, last: bool = False) -> str:
    """A table; `numbers` and `last` set the first and the last column to the right."""
    right = {0} if numbers else set()
    right |= {len(names) - 1} if last else set()
    head = "".join(f"<th{_class(n in right)}>{escape(name)}</th>" for n, name in enumerate(names))
    body = "".join(
        "<tr>" + "".join(f"<td{_class(n in right)}>{escape(cell)}</td>" for n, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _class(right: bool) -> str:
    return ' class="number"' if right else ""

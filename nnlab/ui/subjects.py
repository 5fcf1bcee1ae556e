"""What can have the focus, and what it shows: its name, a line and a paragraph, for the help screen and the palette."""

from typing import NamedTuple

from textual.dom import DOMNode

from nnlab.ui import knob_paragraphs, plot_paragraphs
from nnlab.ui.controls.slider import Slider
from nnlab.ui.explanations import LINES
from nnlab.ui.panels.chart import ChartPanel


class Subject(NamedTuple):
    """All empty where there is nothing to tell. `about` has one paragraph or more, with a blank line between."""

    name: str = ""
    line: str = ""
    about: str = ""


def subject_of(widget: DOMNode | None) -> Subject:
    """What this widget, or the panel or screen that it is in, shows: a knob, a plot, a view, a panel, a screen."""
    knob: Slider | None = None
    for node in widget.ancestors_with_self if widget else ():
        if isinstance(node, Slider):
            knob = node
        about = getattr(node, "about", "") or getattr(node, "HELP", "")
        if about and knob:
            own = knob_paragraphs.PARAGRAPHS.get(knob.spec.id, "")
            return Subject(knob.spec.label, knob.spec.help, _joined(own, about))
        if about:
            topic = getattr(node, "topic", "") or type(node).__name__.removesuffix("Panel").lower()
            own = plot_paragraphs.PARAGRAPHS.get(topic, "") if isinstance(node, ChartPanel) else ""
            return Subject(topic, LINES.get(topic, ""), _joined(own, about))
    return Subject()


def _joined(own: str, about: str) -> str:
    return f"{own}\n\n{about}" if own else about

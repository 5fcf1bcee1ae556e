"""The knobs panel: one slider per knob that the engine announced; faults and the like in folded groups."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Collapsible, Static

from nnlab.ui.answers import Answer
from nnlab.ui.controls.hint import NO_HINT
from nnlab.ui.controls.slider import Slider
from nnlab.ui.panels.panel import Panel
from nnlab.ui.views.knobs import KnobGroup, KnobsView
from nnlab.wire.values import KnobSpec

EMPTY = "The engine announces its knobs when the run begins."

NARROWEST = 8
"""Characters of the narrowest column of labels."""

WIDEST = ((60, 24), (45, 18), (42, 16), (0, 13))
"""From so many columns of the panel on, labels have at most so many characters: the sliders must keep their tracks."""


TALL = 50
"""Rows of the terminal from which the groups are unfolded from the start."""


class KnobsPanel(Panel, can_focus=False):
    """Controls drawn from what the engine announced; a knob moves when the engine says that it moved."""

    TITLE = "knobs"
    HELP = (
        "Everything that can be turned while the network trains. Arrows turn finely, with shift coarsely, a digit "
        "starts typing a value. The engine applies a change between two steps and only then the knob moves; a request "
        "it refuses says why, and what was applied says since which step. The upright mark on the learning rate is "
        "the edge of stability, an estimate: beyond it the sharpest direction of the loss swings up instead of down. "
        "The row of the moments says how much of what the optimizer remembers is of before a change, and by what "
        "factor its scale is off; enter there, or Z, resets it. While the plots' cursor stands at an earlier "
        "step, what the knobs held then is shown."
    )
    DEFAULT_CSS = """
    KnobsPanel Vertical { height: auto; }
    KnobsPanel Collapsible { padding: 0; border: none; background: transparent;  }
    KnobsPanel CollapsibleTitle { padding: 0; color: $lab-muted;  }
    KnobsPanel CollapsibleTitle:focus { color: $lab-accent;  }
    KnobsPanel Collapsible Contents { padding: 0; }
    """

    view: var[KnobsView] = var(KnobsView(), init=False)

    def content(self) -> ComposeResult:
        """Room for the controls, which the engine announces."""
        yield Vertical(Static(EMPTY, classes="hint"))

    def watch_view(self, before: KnobsView, after: KnobsView) -> None:
        """Draw other controls for another run, and pass on what the engine answered since."""
        if before.run_id != after.run_id:
            if _shapes(before) == _shapes(after):
                for spec in _specs(after):
                    self._slider(spec.id, Answer(spec.id, spec.value, 0))
            else:
                room = self.query_one(Vertical)
                room.remove_children()
                room.mount_all(self._controls(after))
        known = set(before.answers)
        for answer in after.answers:
            if answer not in known:
                self._slider(answer.knob, answer)
        values, hints = dict(after.values), dict(after.hints)
        for slider in self.query(Slider):
            knob = slider.spec.id
            hint, veiled = hints.get(knob, NO_HINT), knob in after.veiled
            slider.show(values.get(knob, slider.value), hint, veiled=veiled)
            slider.hold(bool(after.held))
        self.say_aside(after.held or after.aside)

    def first(self) -> Slider | None:
        """The uppermost control."""
        return next(iter(self.query(Slider)), None)

    def _controls(self, view: KnobsView) -> list[Widget]:
        widest = next(label for columns, label in WIDEST if self.size.width >= columns)
        labels = [len(spec.label) for spec in _specs(view)]
        width = max(NARROWEST, min(max(labels, default=NARROWEST), widest))
        folded = self.app.size.height < TALL
        controls = [_group(group, width, view, folded=folded) for group in view.groups]
        return [control for group in controls for control in group]

    def _slider(self, knob: str, answer: Answer) -> None:
        for slider in self.query(Slider):
            if slider.spec.id != knob:
                continue
            if answer.refusal:
                slider.refused(answer.refusal)
            else:
                slider.applied(answer.value, answer.step)


def _group(group: KnobGroup, label_width: int, view: KnobsView, *, folded: bool) -> list[Widget]:
    sliders = [Slider(spec, label_width=label_width) for spec in group.specs]
    values = dict(view.values)
    for slider in sliders:
        slider.value = values.get(slider.spec.id, slider.value)
        slider.hold(bool(view.held))
    return [Collapsible(*sliders, title=group.title, collapsed=folded)] if group.title else [*sliders]


def _specs(view: KnobsView) -> list[KnobSpec]:
    return [spec for group in view.groups for spec in group.specs]


def _shapes(view: KnobsView) -> list[tuple[object, ...]]:
    """What of the controls cannot change by turning."""
    return [(spec.id, spec.label, spec.scale, spec.low, spec.high, spec.choices) for spec in _specs(view)]

"""The command palette: everything that a key does now, by name, whichever panel has the focus; and what is too rarely
wanted to have a key."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.app import SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from nnlab.ui.controls.slider import Slider
from nnlab.ui.panels.panel import Panel
from nnlab.ui.subjects import subject_of

SCROLLING = frozenset(binding.action for binding in Panel.BINDINGS if isinstance(binding, Binding))
"""What every panel can do, for itself alone."""

KEYLESS = (
    (
        "usual_arrangement",
        "usual arrangement",
        "Views, axes and smoothing as they usually are for runs of this family.",
    ),
)
"""Actions of screens that have no key, each with its name and what it does."""


class Act(NamedTuple):
    """What a key does: its binding, and the app, screen or panel that does it."""

    binding: Binding
    where: DOMNode


def commands_of(screen: Screen[object]) -> Iterator[SystemCommand]:
    """What the screen can do now, its panels without the focus too, and a way to each panel and knob.

    Of several panels of one kind, the one with the focus does it, or else the first one.
    """
    acts = acts_of(screen)
    named = Counter(act.binding.description for act in acts)
    for act in acts:
        name, key = act.binding.description, screen.app.get_key_display(act.binding)
        yield SystemCommand(name if named[name] == 1 else f"{name} ({key})", act.binding.tooltip, _doing(screen, act))
    for action, name, does in KEYLESS:
        if hasattr(screen, f"action_{action}"):
            yield SystemCommand(name, does, partial(screen.run_action, action))
    subjects = {subject_of(screen).name, ""}
    for widget in screen.focus_chain:
        name, line, _ = subject_of(widget)
        if name not in subjects:
            subjects.add(name)
            yield SystemCommand(f"go to {name}", line, widget.focus)


def acts_of(screen: Screen[object]) -> list[Act]:
    """Each action that a key does now, once, also where the focus has another use for the key. The keys of a knob, and
    those that scroll, are among them where the focus is."""
    nodes = [node for node, _ in screen._modal_binding_chain]
    found: dict[tuple[str, DOMNode], Act] = {}
    for node in nodes:
        for _, binding in node._bindings:
            found.setdefault((binding.action, node), Act(binding, node))
    for widget in screen.focus_chain:
        if not isinstance(widget, Slider) and type(widget) not in map(type, nodes):
            nodes.append(widget)
            for _, binding in widget._bindings:
                if binding.action not in SCROLLING:
                    found.setdefault((binding.action, widget), Act(binding, widget))
    return [act for act in found.values() if _listed(act)]


def _listed(act: Act) -> bool:
    """Whether it is explained, and makes sense now."""
    explained = act.binding.tooltip and act.binding.action != "command_palette"
    return bool(explained and act.where.app._check_action_state(act.binding.action, act.where))


def _doing(screen: Screen[object], act: Act) -> Callable[[], Awaitable[None]]:
    async def do() -> None:
        if isinstance(act.where, Widget) and act.where is not screen:
            act.where.focus()
        await screen.app.run_action(act.binding.action, act.where)

    return do

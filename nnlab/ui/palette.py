"""The command palette: everything that a key does now, by name, and what is too rarely wanted to have a key."""

from collections.abc import Iterator
from functools import partial

from textual.app import SystemCommand
from textual.screen import Screen

KEYLESS = (
    (
        "usual_arrangement",
        "usual arrangement",
        "Views, axes and smoothing as they usually are for runs of this family.",
    ),
)
"""Actions of screens that have no key, each with its name and what it does."""


def commands_of(screen: Screen[object]) -> Iterator[SystemCommand]:
    """What the screen can do now."""
    app = screen.app
    for namespace, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.tooltip and binding.action != "command_palette":

            async def act(action: str = binding.action, where: object = namespace) -> None:
                await app.run_action(action, where)  # type: ignore[arg-type]

            yield SystemCommand(binding.description, binding.tooltip, act)
    for action, name, does in KEYLESS:
        if hasattr(screen, f"action_{action}"):
            yield SystemCommand(name, does, partial(screen.run_action, action))

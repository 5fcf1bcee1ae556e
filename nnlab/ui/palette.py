"""The command palette: everything that a key does now, by name."""

from collections.abc import Iterator

from textual.app import SystemCommand
from textual.screen import Screen


def commands_of(screen: Screen[object]) -> Iterator[SystemCommand]:
    """What the keys of the screen do now."""
    app = screen.app
    for namespace, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.tooltip and binding.action != "command_palette":

            async def act(action: str = binding.action, where: object = namespace) -> None:
                await app.run_action(action, where)  # type: ignore[arg-type]

            yield SystemCommand(binding.description, binding.tooltip, act)

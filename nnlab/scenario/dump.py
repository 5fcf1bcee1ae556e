"""A scenario as the text of a TOML file that loads as the same scenario."""

from typing import Any

import tomli_w

from nnlab.scenario.scenario import Scenario


def dump(scenario: Scenario) -> str:
    """TOML of everything that differs from the defaults."""
    document = _plain(scenario.model_dump(exclude_defaults=True))
    # A TOML string over several lines does not keep \r\n.
    return tomli_w.dumps(document, multiline_strings="\r" not in scenario.story)


def _plain(node: Any) -> Any:
    """Lists for tuples, and nothing for None, which TOML does not have."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items() if value is not None}
    return [_plain(item) for item in node] if isinstance(node, tuple | list) else node

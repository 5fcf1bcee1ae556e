"""A caption under everything: one or two sentences in large letters of their own row, and what keys do."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nnlab.ui.panels.prose import prose
from nnlab.ui.panels.retell import retell


class Caption(Vertical):
    """Sits at the bottom, in place of the footer."""

    DEFAULT_CSS = """
    Caption { dock: bottom; height: 4; padding: 0 2; background: $lab-panel; }
    Caption #words { height: 3; text-style: bold; content-align: left middle; }
    Caption #keys { height: 1; color: $lab-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def compose(self) -> ComposeResult:
        """Words over keys."""
        yield Static(id="words")
        yield Static(id="keys")

    def say(self, words: str, keys: str) -> None:
        """Change what is said."""
        for name, text in (("words", prose(words)), ("keys", Content(keys))):
            for line in self.query(f"#{name}").results(Static):
                retell(line, text)

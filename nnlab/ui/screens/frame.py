"""The frame of what stands over a screen."""

from textual.containers import Vertical


class Frame(Vertical):
    """A raised box with a bar on its left; screens set its width and the colour of its bar."""

    DEFAULT_CSS = """
    Frame {
        width: auto;
        max-width: 80%;
        height: auto;
        padding: 1 3;
        background: $lab-surface;
        border-left: outer $lab-accent;
    }
    Frame .headline { text-style: bold; color: $lab-accent; margin-bottom: 1; }
    Frame .buttons { height: 1; width: auto; margin-top: 1; }
    Frame Label { max-width: 70; }
    Frame Input { width: 30; margin: 1 0; background: $lab-panel; }
    """

"""What the text panels share: a title line instead of a box, and focus shown by a bar on the left."""

from textual.containers import VerticalScroll


class Panel(VerticalScroll, can_focus=True):
    """A titled, scrolling panel. Subclasses have one reactive `view`, and say in `HELP` what the panel tells."""

    DEFAULT_CSS = """
    Panel {
        border-top: blank;
        border-left: blank;
        border-title-color: $lab-muted;
        border-title-style: bold;
        border-title-background: $lab-background;
        padding: 0 1 0 0;
        background: $lab-background;
        scrollbar-size-vertical: 1;
    }
    Panel:focus, Panel:focus-within {
        border-left: outer $lab-accent;
        border-title-color: $lab-accent;
    }
    """
    ALLOW_MAXIMIZE = True
    HELP = ""

"""Changing a text without laying out the whole screen anew, which would repaint all of it."""

from textual.content import Content
from textual.css.styles import RulesMap
from textual.widgets import Static


def retell(text: Static, content: Content) -> None:
    """Show other content: nothing happens where it is the same, and no new layout where it is as high.

    Only for texts whose width is not that of their content.
    """
    before = text.content
    if isinstance(before, Content):
        if before.is_same(content):
            return
        if (width := text.content_size.width) and before.plain and content.plain:
            styles = text.styles
            rules = RulesMap(text_wrap=styles.text_wrap, text_overflow=styles.text_overflow, line_pad=styles.line_pad)
            text.update(content, layout=before.get_height(rules, width) != content.get_height(rules, width))
            return
    text.update(content)

"""Running text as people wrote it: names in backticks stand out, and so does the "Try:" that begins a paragraph."""

import re

from textual.content import Content

_NAME = re.compile(r"`([^`\n]+)`")
_TRY = "Try:"


def prose(text: str) -> Content:
    """The paragraphs of a text, styled; line breaks stay where they are."""
    return Content("\n").join(_line(line) for line in text.split("\n"))


def _line(line: str) -> Content:
    parts: list[Content] = []
    if line.startswith(_TRY):
        parts.append(Content.styled(_TRY, "bold $lab-accent"))
        line = line.removeprefix(_TRY)
    for place, part in enumerate(_NAME.split(line)):
        parts.append(Content.styled(part, "$lab-accent") if place % 2 else Content(part))
    return Content("").join(parts)

"""What a scenario says of itself: what you will see, why it happens, what to try."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlab.scenario.lesson import Lesson


@dataclass(frozen=True, slots=True)
class Story:
    """Title, one line of summary, the story in paragraphs with an empty line between them, and its guided lesson.

    `file` is the scenario's file, where there is one that can be begun with again.
    """

    title: str = ""
    summary: str = ""
    text: str = ""
    lesson: "Lesson | None" = None
    file: Path | None = None


UNTOLD = Story()


def paragraphs(text: str) -> str:
    """A story whose lines are broken for a file, with each paragraph on one line; lists keep their lines."""
    blocks: list[str] = []
    for block in text.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines()]
        listed = any(line.startswith(("- ", "* ", "1.")) for line in lines)
        blocks.append(("\n" if listed else " ").join(lines))
    return "\n\n".join(blocks)

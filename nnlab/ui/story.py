"""What a scenario says of itself: what you will see, why it happens, what to try."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """Title, one line of summary, and the story in paragraphs with an empty line between them."""

    title: str = ""
    summary: str = ""
    text: str = ""


UNTOLD = Story()


def paragraphs(text: str) -> str:
    """A story whose lines are broken for a file, with each paragraph on one line; lists keep their lines."""
    blocks: list[str] = []
    for block in text.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines()]
        listed = any(line.startswith(("- ", "* ", "1.")) for line in lines)
        blocks.append(("\n" if listed else " ").join(lines))
    return "\n\n".join(blocks)

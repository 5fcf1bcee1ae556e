"""Something to read at leisure: the story of a scenario, or what is known of a failure mode."""

from dataclasses import dataclass

from nnlab.ui.story import Story


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under a heading, then numbered items; any of them may be empty."""

    heading: str = ""
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A title, a line that says what it is about, and sections."""

    title: str
    summary: str
    sections: tuple[Section, ...]


NO_STORY = "This scenario has no story. The key story in its file tells what one will see, why, and what to try."


def story_page(story: Story) -> Page:
    """A scenario's story."""
    return Page(story.title, story.summary, (Section(text=story.text or NO_STORY),))

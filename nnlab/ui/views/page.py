"""Something to read at leisure: the story of a scenario, or what the encyclopaedia says of a failure mode."""

from dataclasses import dataclass

from nnlab.encyclopaedia import book
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


def mode_page(mode: str) -> Page:
    """The entry of a mode, which must have one. Reads files: not for the thread that paints."""
    entry = book.entry(mode)
    todo = "What to do" if entry.healthy else "What to do, in this order"
    sections = [
        Section("What it looks like", entry.looks),
        Section("Why it happens", f"{entry.why}\n{entry.mathematics}"),
        Section("How nnlab sees it", entry.rule),
        Section(todo, items=entry.todo),
    ]
    if entry.scenarios:
        sections.append(Section("See it happen", "\n".join(f"`nnlab {name}`" for name in entry.scenarios)))
    sections.append(Section("Sources", "\n".join(entry.sources)))
    return Page(entry.title, "", tuple(sections))

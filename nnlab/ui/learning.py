"""Where the user is in the lessons begun: runs come and go meanwhile, and sittings too."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

if TYPE_CHECKING:
    from nnlab.lessons.kept import KeptLessons
    from nnlab.lessons.progress import Place
    from nnlab.scenario.lesson import Lesson


class Learning(App[int]):
    """An app in which lessons are taken."""

    def __init__(self) -> None:
        super().__init__()
        self.lesson_places: dict[Lesson, Place] = {}
        """Those that have been begun in this sitting and not left."""
        self._lessons_folder: Path | None = None
        self._kept_lessons: KeptLessons | None = None

    def learn_by(self, folder: Path, begun: "Mapping[Lesson, Place]") -> None:
        """Keep in this folder how far the lessons are; some have begun already."""
        self._lessons_folder = folder
        self.lesson_places.update(begun)

    @property
    def kept_lessons(self) -> "KeptLessons":
        """How far each lesson is."""
        from nnlab.lessons.kept import FILE, KeptLessons  # noqa: PLC0415 - after the first picture

        if self._kept_lessons is None:
            path = self._lessons_folder / FILE if self._lessons_folder else None
            self._kept_lessons = KeptLessons(
                path, lambda problem: self.notify(problem, title="lessons", severity="warning", markup=False)
            )
        return self._kept_lessons

"""The guided lesson in the lab, told by a scripted engine."""

from dataclasses import replace

import pytest

from nnlab.lessons.progress import Place
from nnlab.scenario.lesson import Lesson
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.lesson import LessonPanel, LessonStrip
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.lesson import LessonOverview
from nnlab.ui.session import Session
from nnlab.wire import events

pytestmark = pytest.mark.slow

LESSON = Lesson(
    title="Moons",
    learned="They can be parted.",
    steps=(
        {"text": "Turn the rate.", "wait_for": {"knob": "lr", "below": 0.05}, "hint": "With `k`."},
        {"text": "Read the story.", "wait_for": {"opened": "story"}},
        {"text": "Look at it.", "wait_for": None},
        {"text": "Wait.", "wait_for": {"metric": "val/acuracy", "above": 0.9}},
    ),
)  # type: ignore[arg-type]


@pytest.fixture
def taught(story, info, frame, monkeypatch):
    """A lab on a run of 20 steps, of a scenario with a lesson."""
    plain = story.session

    def session() -> Session:
        made = plain()
        made.story = replace(made.story, lesson=LESSON)
        return made

    monkeypatch.setattr(story, "session", session)
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    return story


def text(widget) -> str:
    return "\n".join(str(part.render()) for part in widget.query("Static") if part.display)


def lab(app):
    return lambda: isinstance(app.screen, LabScreen) and app.screen.session.info is not None


def panel(app, words: str):
    """Whether the lesson panel says this."""
    return lambda: any(words in text(panel) for panel in app.screen.query(LessonPanel))


async def test_a_lesson_goes_on_by_itself_and_ends(taught, until, info, frame) -> None:
    app = taught.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lab(app))
        await until(pilot, lambda: ("H", "H", "lesson") in app.screen.query_one(KeyBar).keys)
        assert not app.screen.query(LessonPanel)
        await pilot.press("H")
        await until(pilot, panel(app, "Turn the rate."))
        await until(pilot, panel(app, "learning rate below 0.05"))
        taught.feed.add(events.KnobTurned(20, "lr", 0.1, 0.01, 0.01, "user"))
        await until(pilot, panel(app, "Read the story."))
        await pilot.press("i")
        await until(pilot, lambda: app.lesson_places[LESSON].at == 2)
        await pilot.press("escape")
        await until(pilot, panel(app, "Look at it."))
        await pilot.press("H")
        await until(pilot, panel(app, "which this run does not measure; did you mean val/accuracy?"))
        await pilot.press("H", "s")
        await until(pilot, panel(app, "They can be parted."))
        assert app.kept_lessons.reached("moons").words == "done"
        await pilot.press("H")
        await until(pilot, lambda: not app.screen.query("LessonPanel, LessonStrip"))


async def test_the_overview_tells_the_hint_and_the_steps_behind(taught, until) -> None:
    app = taught.app()
    app.lesson_places[LESSON] = Place(1)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, panel(app, "Read the story."))
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, LessonOverview))
        assert "Turn the rate." in text(app.screen)
        await pilot.press("b")
        await until(pilot, panel(app, "Turn the rate."))
        await pilot.press("H")
        await until(pilot, lambda: "With k." in text(app.screen))
        await pilot.press("escape")
        await until(pilot, panel(app, "With k."))
        await pilot.press("H", "l")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and not app.screen.query(LessonPanel))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_one_that_was_left_goes_on_there_and_says_so(taught, until, tmp_path, size) -> None:
    app = taught.app()
    app.learn_by(tmp_path, {LESSON: Place(1, taken_up=True)})
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonOverview))
        assert "You left the lesson at this step" in text(app.screen)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert app.kept_lessons.reached("moons").words == "at step 3 of 4"
        await pilot.press("H")
        if size == (120, 40):
            await until(pilot, panel(app, "Wait."))
            await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, LessonOverview))
        assert "You left the lesson at this step" not in text(app.screen)
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and LESSON not in app.lesson_places)
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, LessonOverview))
        assert "You left the lesson at this step" in text(app.screen)
        await pilot.press("b")
        await until(pilot, lambda: app.lesson_places[LESSON].at == 0)
        assert app.kept_lessons.reached("moons").words == ""


async def test_a_small_terminal_has_two_lines_of_it_and_a_new_engine_goes_on_with_it(taught, until, info) -> None:
    app = taught.app()
    app.lesson_places[LESSON] = Place(1)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any("Read the story." in text(strip) for strip in app.screen.query(LessonStrip)))
        strip = app.screen.query_one(LessonStrip)
        assert strip.region.height == 2
        assert "lesson 2/4" in text(strip)
        assert not app.screen.query_one(LessonPanel).display
        await pilot.press("H", "s")
        await until(pilot, lambda: app.lesson_places[LESSON].at == 2)
        await pilot.press("H")
        await until(pilot, lambda: "enter goes on" in text(app.screen))
        await pilot.press("b", "H", "s")
        await until(pilot, lambda: app.lesson_places[LESSON].at == 1)
        before = app.screen
        taught.feed.add(events.RunStarted(replace(info, run_id="r2")), events.StateChanged(0, "failed"))
        taught.feed.add(events.EngineLost(1, ""))
        await until(pilot, lambda: type(app.screen).__name__ == "Trouble")
        taught.feed.add(events.RunStarted(replace(info, run_id="r3")), events.StateChanged(0, "running"))
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen is not before)
        await until(pilot, lambda: any("lesson 2/4" in text(strip) for strip in app.screen.query(LessonStrip)))


async def test_a_scenario_without_a_lesson_offers_none(story, info, frame, until) -> None:
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    app = story.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lab(app))
        await pilot.press("H")
        assert "lesson" not in {does for _, _, does in app.screen.query_one(KeyBar).keys}
        assert not app.screen.query(LessonPanel)

"""The question for a number of steps: what is typed replaces what stands there, and what is no number is told."""

import pytest
from textual.widgets import Input, Label

from nnlab.ui.screens.dialog import MOST_STEPS, AskSteps, number_of_steps
from nnlab.ui.screens.lab import LabScreen
from nnlab.wire import commands, events


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        *(("42", 42), (" 7 ", 7), ("10,000", 10_000), ("007", 7), (str(MOST_STEPS), MOST_STEPS)),
        *((text, None) for text in ("", "0", "-5", "1e3", "2.5", "1,00", "٣", str(MOST_STEPS + 1), "9" * 5000)),
    ],
)
def test_what_is_a_number_of_steps(text: str, steps: int | None) -> None:
    assert number_of_steps(text) == steps


async def test_typing_replaces_the_number_and_a_wrong_one_is_told(story, info, frame, until) -> None:
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    app = story.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.step == 20)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, AskSteps) and app.screen.query_one(Input).value == "100")
        await pilot.press("4", "2", "backspace", "e")
        typed, hint = app.screen.query_one(Input), app.screen.query_one(".hint", Label)
        assert typed.value == "4e"
        await pilot.press("enter")
        assert "4e is no number of steps" in str(hint.render())
        await pilot.press("backspace")
        assert "enter runs" in str(hint.render())
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert commands.Run(4) in story.feed.sent

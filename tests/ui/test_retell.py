"""Texts that change without a new layout of the screen, unless they need other room."""

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nnlab.ui.panels.retell import retell
from nnlab.ui.panels.title import Title


class Texts(App[None]):
    CSS = "Static { height: auto; }"

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Title("diagnosis")
            yield Static(Content("twenty characters at"), id="text")
            yield Static("below", id="below")


def shown(app: App[None]) -> list[str]:
    return ["".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()]


async def test_a_text_of_other_height_moves_what_is_below_and_no_other_does(monkeypatch) -> None:
    app, layouts = Texts(), []
    async with app.run_test(size=(30, 6)) as pilot:
        await pilot.pause()
        text = app.query_one("#text", Static)
        reflow = app.screen._compositor.reflow
        monkeypatch.setattr(app.screen._compositor, "reflow", lambda *known: layouts.append(1) or reflow(*known))
        for words in ("some other words", "some other words", "a line as long as there is room"[:29]):
            retell(text, Content(words))
            await pilot.pause()
            assert shown(app)[1] == words and shown(app)[2] == "below"
        assert not layouts
        retell(text, Content("so many words that they need a second line"))
        await pilot.pause()
        assert shown(app)[3] == "below" and layouts
        retell(text, Content("few"))
        await pilot.pause()
        assert shown(app)[1:3] == ["few", "below"]


async def test_a_title_says_its_remark_at_the_right_end_and_cuts_it_where_there_is_no_room() -> None:
    app = Texts()
    async with app.run_test(size=(30, 6)) as pilot:
        title = app.query_one(Title)
        for remark, line in (
            ("since step 40", "diagnosis        since step 40"),
            ("step 4", "diagnosis               step 4"),
            ("", "diagnosis"),
            ("as at step 1,000,000,000", "diagnosis  as at step 1,000,0…"),
        ):
            title.say(remark)
            await pilot.pause()
            assert shown(app)[0] == line and title.aside == remark

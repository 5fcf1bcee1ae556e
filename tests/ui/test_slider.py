"""The slider by keys, typing and mouse; it shows what the engine said."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult

from nnlab.ui.controls import knob_scale
from nnlab.ui.controls.hint import Hint
from nnlab.ui.controls.slider import Slider
from nnlab.wire.values import KnobSpec, KnobValue

LR = KnobSpec("lr", "learning rate", 1e-3, "log", low=1e-6, high=10.0, step=1.1)
DROPOUT = KnobSpec("dropout", "dropout", 0.3, "linear", low=0.0, high=0.9, step=0.01)
CLIP = KnobSpec("clip_norm", "clip norm", 0.01, "log", low=0.01, high=100.0, step=2.0, zero_ok=True)
BATCH = KnobSpec("batch_size", "batch size", 64, "log_integer", low=1, high=512, step=2.0, unit="examples")
EPOCHS = KnobSpec("patience", "patience", 3, "integer", low=1, high=50, step=1)
OPTIMIZER = KnobSpec("optimizer", "optimizer", "adam", "choice", choices=("sgd", "adam", "adamw"))
SHUFFLE = KnobSpec("shuffle", "shuffle", True, "switch")
ALL = (LR, DROPOUT, CLIP, BATCH, EPOCHS, OPTIMIZER, SHUFFLE)


class SliderApp(App[None]):
    BINDINGS = (("space", "pause", "Pause"), ("5", "five", "Five"))

    def __init__(self, spec: KnobSpec) -> None:
        super().__init__()
        self.spec = spec
        self.asked: list[KnobValue] = []
        self.others: list[str] = []

    def compose(self) -> ComposeResult:
        yield Slider(self.spec)

    def on_slider_turned(self, event: Slider.Turned) -> None:
        assert event.knob == self.spec.id
        self.asked.append(event.value)

    def action_pause(self) -> None:
        self.others.append("pause")

    def action_five(self) -> None:
        self.others.append("five")


def look(app: App[None]) -> str:
    return "".join(segment.text for segment in app.query_one(Slider).render_line(0))


@pytest.mark.parametrize(
    ("spec", "keys", "asked"),
    [
        (LR, ["right"], [0.0011]),
        (LR, ["left", "left"], [0.000909, 0.000826]),
        (LR, ["shift+right", "shift+left"], [0.01, 0.001]),
        (LR, ["home", "left", "end", "right"], [1e-6, 10.0]),
        (DROPOUT, ["right", "shift+right"], [0.31, 0.41]),
        (CLIP, ["left", "left", "right"], [0, 0.01]),
        (BATCH, ["right", "shift+left"], [128, 13]),
        (EPOCHS, ["left", "shift+right"], [2, 12]),
        (OPTIMIZER, ["right", "right"], ["adamw", "sgd"]),
        (SHUFFLE, ["space", "right"], [False, True]),
        (DROPOUT, ["right", "backspace"], [0.31, 0.3]),
    ],
)
async def test_keys(spec: KnobSpec, keys: list[str], asked: list[KnobValue]) -> None:
    app = SliderApp(spec)
    async with app.run_test(size=(80, 5)) as pilot:
        app.query_one(Slider).focus()
        await pilot.press(*keys)
        assert app.asked == asked
        assert app.others == []


async def test_a_typed_value_is_asked_for_and_keys_stay_in_the_entry() -> None:
    app = SliderApp(LR)
    async with app.run_test(size=(80, 5)) as pilot:
        app.query_one(Slider).focus()
        await pilot.press("5", "e", "minus", "3", "space", "x")
        assert "5e-3" in look(app) and "1e-6 to 10" in look(app)
        await pilot.press("enter")
        assert app.asked == [0.005] and app.others == []
        await pilot.press("space")
        assert app.others == ["pause"]


@pytest.mark.parametrize(("typed", "said"), [("99", "1e-6 to 10"), ("1e", "not a number"), ("-", "not a number")])
async def test_a_bad_value_says_what_is_allowed_and_changes_nothing(typed: str, said: str) -> None:
    app = SliderApp(LR)
    async with app.run_test(size=(100, 5)) as pilot:
        app.query_one(Slider).focus()
        await pilot.press(*("minus" if c == "-" else c for c in typed), "enter")
        assert said in look(app) and app.asked == []
        await pilot.press("right")
        assert said not in look(app)


async def test_escape_and_blur_drop_the_entry() -> None:
    app = SliderApp(DROPOUT)
    async with app.run_test(size=(80, 5)) as pilot:
        app.query_one(Slider).focus()
        await pilot.press("0", "escape")
        assert "0.3" in look(app) and app.asked == []
        await pilot.press("0")
        app.screen.set_focus(None)
        await pilot.pause()
        assert "esc cancels" not in look(app)


async def test_old_and_new_stand_until_the_engine_answers() -> None:
    app = SliderApp(DROPOUT)
    async with app.run_test(size=(80, 5)) as pilot:
        slider = app.query_one(Slider)
        slider.focus()
        await pilot.press("right", "right")
        assert "0.3 → 0.32" in look(app) and slider.value == 0.3
        slider.applied(0.31, 10)
        assert "0.31 → 0.32" in look(app)
        slider.applied(0.32, 11)
        assert "→" not in look(app) and slider.pending is None
        await pilot.press("right")
        slider.refused("the run has ended")
        assert "the run has ended" in look(app) and slider.value == 0.32
        slider.applied(0.5, 20)  # a script turned it
        assert "0.5" in look(app)


async def test_what_was_asked_for_and_since_when_it_holds_and_the_edge_stand_in_the_row() -> None:
    app = SliderApp(LR)
    async with app.run_test(size=(100, 5)) as pilot:
        app.query_one(Slider).show(1e-3, Hint(since=1200, edge=1.0))
        await pilot.pause()
        assert "since 1,200 0.001" in look(app)
        assert "│" in look(app) and "≈ edge" in look(app)
        app.query_one(Slider).show(1e-3, Hint(since=120, requested=0.5))
        await pilot.pause()
        assert "since 120 0.5 → 0.001" in look(app) and "edge" not in look(app)


async def test_an_action_is_asked_for_every_time_and_holds_nothing() -> None:
    app = SliderApp(KnobSpec("reset_optimizer", "moments", False, "action"))
    async with app.run_test(size=(60, 5)) as pilot:
        slider = app.query_one(Slider)
        slider.show(False, Hint(notes=("98 % from before lr at 1,234,567, 31 × off", "98 % old, 31 × off"), warns=True))
        slider.focus()
        await pilot.press("right", "enter")
        slider.applied(True, 10)
        await pilot.click(Slider, offset=(19, 0))
        assert app.asked == [True, True]
        assert "[reset] ▲ 98 % old, 31 × off" in look(app)


async def test_focus_shows_without_colour() -> None:
    app = SliderApp(DROPOUT)
    async with app.run_test(size=(80, 5)) as pilot:
        app.screen.set_focus(None)
        await pilot.pause()
        assert "▸" not in look(app)
        app.query_one(Slider).focus()
        await pilot.pause()
        assert "▸" in look(app)


async def test_mouse() -> None:
    app = SliderApp(DROPOUT)
    async with app.run_test(size=(80, 5)) as pilot:
        start, length = 17, 80 - 17 - 1 - 18
        await pilot.mouse_down(Slider, offset=(start + 5, 0))
        await pilot.hover(Slider, offset=(start + length + 9, 0))
        assert app.asked == []
        await pilot.mouse_up(Slider, offset=(start + length + 9, 0))
        await pilot.pause()
        assert app.asked == [0.9]
        await pilot.click(Slider, offset=(3, 0))
        assert app.asked == [0.9]
        slider = app.query_one(Slider)
        slider.applied(0.9, 5)
        for turned in (events.MouseScrollDown, events.MouseScrollUp):
            wheel = turned(slider, 20, 0, 0, 0, 0, shift=False, meta=False, ctrl=False)
            slider.post_message(wheel)
            await pilot.pause()
        assert app.asked == [0.9, 0.89, 0.9]


async def test_mouse_on_choices_and_switch() -> None:
    app = SliderApp(OPTIMIZER)
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.click(Slider, offset=(look(app).index("sgd"), 0))
        assert app.asked == ["sgd"]
    app = SliderApp(SHUFFLE)
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.click(Slider, offset=(17, 0))
        assert app.asked == [False]


async def test_held_it_shows_its_value_in_one_tone_and_takes_no_orders() -> None:
    for spec in (DROPOUT, OPTIMIZER, SHUFFLE):
        app = SliderApp(spec)
        async with app.run_test(size=(80, 5)) as pilot:
            slider = app.query_one(Slider)
            slider.focus()
            await pilot.pause()
            said = look(app)
            slider.hold(True)
            await pilot.pause()
            assert look(app) == said and not slider.focusable
            tones = {segment.style.color for segment in slider.render_line(0) if segment.text.strip()}
            assert len(tones) == 1
            wheel = events.MouseScrollUp(slider, 20, 0, 0, 0, 0, shift=False, meta=False, ctrl=False)
            slider.post_message(wheel)
            await pilot.press("right", "home", "7", "enter", "space")
            for column in (17, 22, 30):
                await pilot.click(Slider, offset=(column, 0))
            assert app.asked == []
            slider.hold(False)
            await pilot.pause()
            slider.focus()
            await pilot.press("home", "end")
            assert app.asked


numbers = st.sampled_from([spec for spec in ALL if knob_scale.is_number(spec)])


@given(numbers, st.floats(0, 1), st.integers(-30, 30), st.booleans())
def test_whatever_is_turned_stays_a_value_the_knob_can_hold(spec, share, steps, coarse) -> None:  # type: ignore[no-untyped-def]
    value = knob_scale.value_at(spec, share)
    for candidate in (value, knob_scale.nudge(spec, value, steps or 1, coarse=coarse)):
        assert knob_scale.parse(spec, repr(candidate)) == candidate
        assert 0 <= knob_scale.share_of(spec, candidate) <= 1
        assert isinstance(candidate, int) or spec.scale not in {"integer", "log_integer"}


@given(numbers, st.integers(-1, 1).filter(bool))
def test_steps_always_move_until_the_bound(spec: KnobSpec, direction: int) -> None:
    value = knob_scale.fit(spec, spec.value)  # type: ignore[arg-type]
    last = knob_scale.value_at(spec, 0.0 if direction < 0 else 1.0)
    for _ in range(500):
        if value == last:
            break
        moved = knob_scale.nudge(spec, value, direction)
        assert (moved - value) * direction > 0
        value = moved
    assert value == last


@given(st.text(max_size=12))
def test_typed_text_is_a_value_or_a_message(text: str) -> None:
    try:
        value = knob_scale.parse(DROPOUT, text)
    except ValueError as error:
        assert "allowed: 0 to 0.9" in str(error)
    else:
        assert 0 <= value <= 0.9


def test_a_narrow_slider_still_shows_label_and_value() -> None:
    from nnlab.ui.charts.glyphs import BRAILLE
    from nnlab.ui.controls.slider_face import Face, draw

    for spec in ALL:
        face = Face(dataclasses.replace(spec, label="a very long label indeed"), spec.value, label_width=10)
        text = "".join(map(chr, draw(face, 26, BRAILLE).codes[0]))
        assert text.startswith("  a very lo")

"""Zooming, panning and looking, as pure functions."""

from hypothesis import given
from hypothesis import strategies as st

from nnlab.ui.charts.sight import NARROWEST, Window, brought_in, followed, moved, panned, zoomed

WINDOWS = st.builds(lambda first, width: Window(first, first + width), st.integers(0, 900), st.integers(10, 100))


@given(shown=WINDOWS, factor=st.sampled_from([0.5, 0.8, 1.25, 2.0]), share=st.floats(0, 1), newest=st.integers(0, 1000))
def test_zooming_keeps_the_anchor_in_its_place_and_the_window_on_the_axis(shown, factor, share, newest) -> None:
    anchor = shown.first + round(share * shown.width)
    window = zoomed(shown, factor, anchor, 1000, newest)
    assert window is not None
    assert window.first >= 0 and window.last <= 1000
    assert window.width == max(round(shown.width * factor), NARROWEST)
    assert window.follows == (window.first <= newest <= window.last)
    if window.first > 0 and window.last < 1000:
        assert abs((anchor - window.first) / window.width - (anchor - shown.first) / shown.width) <= 1.5 / window.width


def test_a_window_as_wide_as_the_axis_is_none() -> None:
    assert zoomed(Window(0, 600), 2.0, 300, 1000, 500) is None


def test_panning_stops_at_the_ends() -> None:
    assert panned(Window(100, 200), 0.25, 1000, 0) == Window(125, 225)
    assert panned(Window(10, 110), -0.25, 1000, 50) == Window(0, 100, follows=True)
    assert panned(Window(900, 1000), 0.25, 1000, 0) == Window(900, 1000)


def test_a_window_follows_the_newest_step_in_jumps() -> None:
    window = Window(100, 200, follows=True)
    seen = {followed(window, newest) for newest in range(200, 400)}
    assert all(one.last >= 200 for one in seen)
    assert len(seen) == 9
    assert followed(window, 399) == Window(300, 400, follows=True)
    assert followed(Window(100, 200), 500) == Window(100, 200)
    assert followed(None, 500) is None


def test_the_cursor_starts_at_the_newest_step_and_goes_back_to_watching() -> None:
    assert moved(None, -5, 100) == 95
    assert moved(3, -5, 100) == 0
    assert moved(95, 5, 100) is None
    assert moved(None, 5, 100) is None


@given(window=WINDOWS, step=st.integers(0, 1000))
def test_the_step_looked_at_is_brought_into_sight(window, step) -> None:
    brought = brought_in(window, step, 1000)
    assert brought.first <= step <= brought.last
    assert brought.width == window.width
    assert brought == window or not window.first <= step <= window.last

"""Pictures of the screens that matter most, at the three sizes: a change of the look is seen, and made on purpose.

Where a picture is to change, `DRAW_PICTURES=1 pytest tests/ui/test_pictures.py` draws all of them anew in
`tests/ui/pictures`; look at them before you keep them. The clock stands still: the engine is a scripted one.
"""

import math
import os
from array import array
from pathlib import Path

import pytest
from painted import painted

from nnlab.errors import UserError
from nnlab.scenario.catalog import Entry, Promise
from nnlab.ui.screens.gallery import Gallery
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.problems import Problems
from nnlab.wire import events
from nnlab.wire.values import SeriesSpec

pytestmark = pytest.mark.slow

PICTURES = Path(__file__).with_name("pictures")

DRAWN_ANEW = bool(os.environ.get("DRAW_PICTURES"))

SIZES = ((80, 24), (120, 40), (200, 60))

LAYERS = {"grad_norm": 0.2, "update_ratio": 1.2e-3, "dead": 0.07}
"""Series of a layer, and about what they are."""

ENTRIES = [
    Entry("drift-hurts", Path("drift-hurts.toml"), "The world moves on", "At step 1000 the inputs shift", "drift",
          "data-drift", 2500, 0, "A stream is learnt. Then it changes.\n\nTry: turn `lr` up.", "bundled",
          lesson="Drift", pace=200.0, promise=Promise("data-drift", 1300, (("lr", 0.9),))),
    Entry("lr-too-high", Path("lr-too-high.toml"), "Learning rate 10: it cannot settle", "The first steps throw the "
          "weights far away", "mlp", "lr-too-high", 0, 100, "One number is wrong.", "bundled"),
    Entry("healthy-moons", Path("healthy-moons.toml"), "A run that simply works", "What healthy looks like", "mlp", "",
          2000, 0, "Two moons.", "bundled"),
    Entry("mine", Path("mine.toml"), "Mine", "", "mlp", "", 0, 0, "", "user", error="mine.toml:3: unknown key"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same terminal everywhere, and no themes of one's own."""
    told = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NNLAB_GLYPHS": "braille", "XDG_CONFIG_HOME": tmp_path}
    for name, value in told.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def sick(story, info):
    """A run that was paused after 60 steps; the doctor has found overfitting."""
    steps, evaluated = array("q", range(60)), array("q", range(0, 60, 10))
    told = {
        "train/loss": (steps, [0.7 * math.exp(-step / 25) + 0.02 * math.sin(7 * step) for step in steps]),
        "grad/norm": (steps, [0.3 + 0.2 * math.cos(3 * step) for step in steps]),
        "val/accuracy": (evaluated, [0.5 + step / 150 for step in evaluated]),
    }
    told |= {
        f"layer/{layer.name}/{kind}": (evaluated, [usual * (1 + step / 60) for step in evaluated])
        for layer in info.layers
        for kind, usual in LAYERS.items()
    }
    frame = events.Frame(
        60,
        tuple(told),
        tuple(at for at, _ in told.values()),
        tuple(array("d", v) for _, v in told.values()),
        seconds=6.0,
    )
    known = (*info.series, *(SeriesSpec(name, name) for name in told if name not in {s.name for s in info.series}))
    info = type(info)(**{name: getattr(info, name) for name in info.__slots__} | {"series": known})
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame, events.StateChanged(60, "paused"))
    return story


async def shows(pilot, app, name: str) -> None:
    """The screen becomes the picture that is kept; drawn anew, what it is after a while.

    Axes hold what they had while the run went on; in a terminal that has been resized they are chosen anew.
    """
    width, height = app.size
    await pilot.resize_terminal(width - 4, height)
    await pilot.resize_terminal(width, height)
    file = PICTURES / f"{name}-{width}x{height}.svg"
    if DRAWN_ANEW:
        for _ in range(40):
            await pilot.pause(0.05)
        PICTURES.mkdir(exist_ok=True)
        file.write_text(painted(app), encoding="utf-8")
    kept = file.read_text(encoding="utf-8")
    for _ in range(200):
        if painted(app) == kept:
            return
        await pilot.pause(0.05)
    differing = [line for line in painted(app).splitlines() if line not in kept.splitlines()]
    pytest.fail(f"{file.name} is another picture now, for example:\n" + "\n".join(differing[:8]))


async def opened(app, pilot, until) -> None:
    await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.diagnosis is not None)
    await until(pilot, lambda: app.session.state == "paused")


@pytest.mark.parametrize("size", SIZES)
async def test_the_lab(sick, until, size) -> None:
    app = sick.app()
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, until)
        await shows(pilot, app, "lab")


@pytest.mark.parametrize("size", SIZES)
async def test_the_gallery(sick, until, size) -> None:
    app = sick.app()
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, until)
        await app.push_screen(Gallery(ENTRIES))
        await shows(pilot, app, "gallery")


async def test_what_stands_over_the_lab(sick, until) -> None:
    app = sick.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, until)
        for name, keys in (("knobs", ("k",)), ("help", ("question_mark",)), ("presenter", ("escape", "P", "enter"))):
            await pilot.press(*keys)
            await shows(pilot, app, name)


async def test_a_scenario_that_is_wrong(sick, until) -> None:
    app = sick.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await app.push_screen(Problems("mine.toml", UserError('mine.toml:3: data.kind: unknown "moonz"')))
        await shows(pilot, app, "problems")

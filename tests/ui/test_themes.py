"""Theme files: those that ship are sound and readable, bad ones are explained."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App
from textual.color import Color

from nnlab.resources import bundled
from nnlab.ui.themes import roles
from nnlab.ui.themes.check import ThemeError, check
from nnlab.ui.themes.load import DEFAULT_THEME, LabTheme, load_themes
from nnlab.ui.themes.sixteen import ANSI, in_sixteen

BUNDLED, PROBLEMS = load_themes((bundled("themes"),))

READ = ("text", "muted", "accent", "train", "val", "probe", "good", "warn", "bad", "mark")
"""Roles in which something is written."""

LINES = ("s1", "s2", "s3", "s4", "s5", "s6")
"""Roles of lines in the order in which they are given away."""

XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
"""The sixteen colours of xterm."""

PROTAN = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
DEUTAN = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
"""From linear red, green and blue."""


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [c / 255 for c in Color.parse(colour).rgb]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_what_ships_is_sound_and_the_default_comes_first() -> None:
    assert PROBLEMS == []
    assert BUNDLED[0].name == DEFAULT_THEME
    assert {theme.name for theme in BUNDLED} >= {"harbour", "paper", "contrast", "okabe", "phosphor", "projector"}


@pytest.mark.parametrize("theme", BUNDLED, ids=lambda theme: theme.name)
def test_everything_can_be_read(theme: LabTheme) -> None:
    """4.5 for what is read and 3 for lines are the AA levels of WCAG 2.2; high contrast asks for 7 (AAA).

    Axes and tracks, which tell nothing by themselves, keep behind the lines but can be seen.
    """
    for ground in roles.SURFACES:
        assert contrast(theme.palette["text"], theme.palette[ground]) >= (7 if theme.name == "contrast" else 4.5)
        for role in READ[1:]:
            assert contrast(theme.palette[role], theme.palette[ground]) >= 4.5, (role, ground)
    for role in (*LINES, "ghost"):
        assert contrast(theme.palette[role], theme.palette["surface"]) >= 3.0, role
    assert contrast(theme.palette["border"], theme.palette["background"]) >= 2.0


@pytest.mark.parametrize("theme", BUNDLED, ids=lambda theme: theme.name)
def test_everything_can_be_read_in_256_colours(theme: LabTheme) -> None:
    def shown(role: str) -> str:
        return RichColor.parse(theme.palette[role]).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex

    for role in READ:
        for ground, least in (("background", 4.5), ("surface", 4.5), ("panel", 3.0)):
            assert contrast(shown(role), shown(ground)) >= least, (role, ground)


@pytest.mark.parametrize("theme", BUNDLED, ids=lambda theme: theme.name)
def test_everything_can_be_read_in_sixteen_colours(theme: LabTheme) -> None:
    few = in_sixteen(theme)
    assert set(few.palette) == set(roles.ALL)
    for colours in (ANSI, XTERM):
        shown = {role: colours[sent(colour)] for role, colour in few.palette.items()}
        for role in READ:
            assert contrast(shown[role], shown["background"]) >= (3.9 if role == "muted" else 4.5), role


def sent(colour: str) -> int:
    """The number that a terminal with sixteen colours gets."""
    number = RichColor.parse(colour).downgrade(ColorSystem.STANDARD).number
    assert number is not None
    assert ANSI[number] == colour
    return number


def test_the_colour_blind_theme_keeps_its_colours_apart() -> None:
    """As deuteranopes and protanopes see them (Viénot, Brettel and Mollon 1999), 15 apart in CIE Lab at least."""
    palette = next(theme for theme in BUNDLED if theme.name == "okabe").palette
    for blindness in (PROTAN, DEUTAN):
        for one, other in combinations(("train", "val", "probe"), 2):
            assert distance(palette[one], palette[other], blindness) > 15
        for group in (("good", "warn", "bad"), LINES):
            for one, other in combinations(group, 2):
                assert distance(palette[one], palette[other], blindness) > 15, (one, other)


def distance(one: str, other: str, blindness: np.ndarray) -> float:
    """How far apart two colours are in CIE Lab, the way they are seen."""

    def lab(colour: str) -> np.ndarray:
        parts = np.array(Color.parse(colour).rgb) / 255
        seen = np.clip(blindness @ np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4), 0, 1)
        xyz = TO_XYZ @ seen / np.array([0.95047, 1.0, 1.08883])
        f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
        return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

    return float(np.linalg.norm(lab(one) - lab(other)))


async def test_textual_takes_every_theme() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        for theme in BUNDLED:
            app.register_theme(theme.textual())
            app.theme = theme.name
            await pilot.pause()
            assert app.theme_variables["lab-train"] == theme.palette["train"]


def good() -> str:
    colours = "\n".join(f'{role} = "#abc"' for role in roles.REQUIRED)
    return f'name = "mine"\ndark = true\n[palette]\n{colours}\n'


def test_derived_roles_and_short_colours_are_filled_in() -> None:
    theme = check(good(), "mine.toml")
    assert set(theme.palette) == set(roles.ALL)
    assert theme.palette["s1"] == "#aabbcc"


def test_every_problem_is_named_at_once() -> None:
    text = good().replace('train = "#abc"', 'trian = "#abc"').replace('val = "#abc"', 'val = "orange-ish"')
    text = text.replace("dark = true", 'dark = "yes"')
    with pytest.raises(ThemeError) as caught:
        check(text, "mine.toml")
    problems = "\n".join(caught.value.problems)
    assert all(line.startswith("mine.toml: ") for line in caught.value.problems)
    for part in (
        "unknown key 'palette.trian', did you mean 'palette.train'?",
        "palette.train is missing",
        "palette.val is 'orange-ish': must be a colour like #1e90ff",
        "dark is 'yes': must be true or false",
    ):
        assert part in problems


@pytest.mark.parametrize("text", ["", "name = 3", "name = 'x'\ndark = true\npalette = 3", "[[", "name = 'Ünder'"])
def test_bad_files_never_raise_anything_else(text: str) -> None:
    with pytest.raises(ThemeError):
        check(text, "bad.toml")


def test_a_users_theme_joins_and_a_bad_one_is_reported(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(good())
    (tmp_path / "bad.toml").write_text("name = 'bad'")
    (tmp_path / "latin.toml").write_bytes(b"name = '\xff'")
    themes, problems = load_themes((bundled("themes"), tmp_path))
    assert "mine" in {theme.name for theme in themes}
    assert any("bad.toml" in problem for problem in problems)
    assert any("latin.toml: cannot be read" in problem for problem in problems)
    assert load_themes((tmp_path / "nowhere",)) == ([], [])

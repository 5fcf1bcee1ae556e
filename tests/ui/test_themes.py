"""Theme files: those that ship are sound and readable, bad ones are explained."""

from pathlib import Path

import pytest
from textual.app import App
from textual.color import Color

from nnlab.resources import bundled
from nnlab.ui.themes import roles
from nnlab.ui.themes.check import ThemeError, check
from nnlab.ui.themes.load import DEFAULT_THEME, LabTheme, load_themes

BUNDLED, PROBLEMS = load_themes((bundled("themes"),))


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
    """4.5 for what is read and 3 for lines are the AA levels of WCAG 2.2; high contrast asks for 7 (AAA)."""
    for ground in roles.SURFACES:
        assert contrast(theme.palette["text"], theme.palette[ground]) >= (7 if theme.name == "contrast" else 4.5)
        for role in ("muted", "accent", "train", "val", "probe", "good", "warn", "bad", "mark"):
            assert contrast(theme.palette[role], theme.palette[ground]) >= 4.5, (role, ground)
    for role in ("s1", "s2", "s3", "s4", "s5", "s6"):
        assert contrast(theme.palette[role], theme.palette["surface"]) >= 3.0, role


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

"""The gallery over files that change: what is written is read again, errors stand where the story would."""

from pathlib import Path

import pytest
from textual.widgets import Static

from nnlab.errors import UserError
from nnlab.scenario import catalog
from nnlab.ui import editor
from nnlab.ui.screens import gallery, problems

SCENARIO = """title = "Mine"
[data]
kind = "moons"
[model]
kind = "mlp"
[objective]
kind = "cross_entropy"
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The user's scenarios; the bundled ones are few, and the files are looked at often."""
    bundled, own = tmp_path / "bundled", tmp_path / "nnlab" / "scenarios"
    for path in (bundled, own):
        path.mkdir(parents=True)
    (bundled / "moons.toml").write_text(SCENARIO.replace("Mine", "Theirs"))
    (own / "own.toml").write_text(SCENARIO)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(catalog, "bundled", lambda _: bundled)
    for module in (gallery, problems):
        monkeypatch.setattr(module, "LOOK_EVERY", 0.02)
    return own


@pytest.fixture
async def opened(story, until, folder):
    """The gallery, and its pilot."""
    app = story.app(target=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, gallery.Gallery) and app.screen._stamps is not None)
        yield app, pilot


def told(app) -> str:
    return str(app.screen.query_one("#story", Static).content)


async def test_what_is_saved_is_read_again(opened, until, folder) -> None:
    app, pilot = opened
    await pilot.press("down")
    await until(pilot, lambda: "Mine" in told(app))
    (folder / "own.toml").write_text(SCENARIO + "[trainz]\n")
    await until(pilot, lambda: "has errors" in told(app))
    assert 'line 8: trainz: unknown key "trainz"' in told(app)
    (folder / "own.toml").write_text(SCENARIO.replace("Mine", "Mended"))
    await until(pilot, lambda: "Mended" in told(app))
    assert "errors" not in told(app)
    (folder / "own.toml").unlink()
    await until(pilot, lambda: "Theirs" in told(app))


async def test_a_copy_is_edited_and_shown(opened, until, folder, monkeypatch) -> None:
    app, pilot = opened
    edited = []

    def edit(_: object, path: Path) -> None:
        edited.append(path)
        path.write_text(path.read_text().replace("Theirs", "Copied"))

    monkeypatch.setattr(editor, "edit", edit)
    await until(pilot, lambda: "Theirs" in told(app))
    await pilot.press("e")
    await until(pilot, lambda: "Copied" in told(app))
    assert edited == [folder / "moons-mine.toml"]
    await pilot.press("e")
    await until(pilot, lambda: len(edited) == 2)
    assert edited[1] == edited[0]  # what is one's own is not copied again


async def test_a_file_that_cannot_be_opened_is_read_again_when_it_is_mended(story, until, folder) -> None:
    path = folder / "own.toml"
    path.write_text(SCENARIO.replace("moons", "moonz"))
    app = story.app(target=str(path))
    app._starter = lambda target, _: catalog.find(target) and _refuse(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, problems.Problems) and app.screen._stamp is not None)
        path.write_text(SCENARIO + "[trainz]\n")
        await until(pilot, lambda: "trainz" in str(app.screen.query_one(Static).content))
        path.write_text(SCENARIO)
        await until(pilot, lambda: "nothing is wrong" in str(app.screen.query_one(Static).content))


def _refuse(path: Path) -> None:
    raise UserError(f'{path}:3: data.kind: unknown data kind "moonz"')


def test_the_editor_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "code --wait 'my file'")
    assert editor.command() == ["code", "--wait", "my file"]
    monkeypatch.setenv("EDITOR", "code 'unclosed")
    with pytest.raises(UserError, match="is no command"):
        editor.command()
    monkeypatch.setenv("EDITOR", "")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="set EDITOR"):
        editor.command()

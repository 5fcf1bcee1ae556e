"""The catalogue of bundled and own scenarios."""

from pathlib import Path

import pytest

from nnlab.scenario import catalog
from nnlab.scenario.errors import UnknownScenario

GOOD = "title = 'T'\nfamily = 'drift'\n[data]\nkind='blobs'\n[model]\nkind='mlp'\n[objective]\nkind='cross_entropy'\n"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Folders of bundled and own scenarios, both empty."""
    shipped, config = tmp_path / "bundled", tmp_path / "config"
    own = config / "nnlab" / "scenarios"
    shipped.mkdir()
    own.mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    monkeypatch.setattr(catalog, "bundled", lambda _: shipped)
    return shipped, own


def test_entries_show_heads_and_own_files_hide_bundled_ones(folders: tuple[Path, Path]) -> None:
    shipped, own = folders
    (shipped / "one.toml").write_text(GOOD + "[train]\nepochs = 5\n")
    (shipped / "two.toml").write_text(GOOD)
    (own / "two.toml").write_text(GOOD.replace("'T'", "'mine'"))
    one, two = catalog.entries()
    assert (one.name, one.title, one.family, one.source) == ("one", "T", "drift", "bundled")
    assert (one.steps, one.epochs) == (0, 5)
    assert (two.title, two.source, two.steps, two.error) == ("mine", "user", 2000, "")


def test_an_invalid_own_file_is_listed_with_its_error(folders: tuple[Path, Path]) -> None:
    _, own = folders
    (own / "bad.toml").write_text(GOOD.replace("blobs", "blob"))
    (own / "broken.toml").write_text("= 3")
    bad, broken = sorted(catalog.entries(), key=lambda entry: entry.name)
    assert 'did you mean "blobs"?' in bad.error
    assert "is not valid TOML" in broken.error


def test_find_by_name_and_by_path(folders: tuple[Path, Path]) -> None:
    shipped, _ = folders
    (shipped / "overfitting.toml").write_text(GOOD)
    assert catalog.find("overfitting") == shipped / "overfitting.toml"
    assert catalog.find(str(shipped / "overfitting.toml")) == shipped / "overfitting.toml"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("overfiting", 'no scenario named "overfiting"; did you mean "overfitting"'),
        ("./overfiting.toml", 'no scenario file ./overfiting.toml; did you mean "overfitting"'),
        ("zzz", "nnlab list shows all"),
        ("", 'no scenario named ""'),
        ("a\0b", "no"),
        ("x" * 5000, "no"),
    ],
)
def test_unknown_scenarios_get_the_nearest_name(folders: tuple[Path, Path], target: str, words: str) -> None:
    (folders[0] / "overfitting.toml").write_text(GOOD)
    with pytest.raises(UnknownScenario, match=words):
        catalog.find(target)

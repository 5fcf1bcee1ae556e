"""The command line from outside: what it prints where, and its exit statuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = "title = 'T'\nsummary = 'S'\n[data]\nkind='blobs'\n[model]\nkind='mlp'\n[objective]\nkind='cross_entropy'\n"

HEAVY = ("torch", "textual", "pydantic", "numpy", "plotext")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A user's configuration with one scenario of their own, `mine-good`."""
    folder = tmp_path / "config" / "nnlab" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "mine-good.toml").write_text(GOOD)
    return tmp_path / "config"


Answer = subprocess.CompletedProcess[str]


def nnlab(*arguments: str, config: Path | None = None, python: tuple[str, ...] = ()) -> Answer:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(config or "/nowhere")}
    return subprocess.run(
        [sys.executable, *python, "-m", "nnlab", *arguments],
        capture_output=True, text=True, env=environment, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_help_and_version() -> None:
    shown = nnlab("--help")
    assert shown.returncode == 0
    commands = ("list", "check", "run", "verify", "overfit-batch", "lr-range", "checkup", "runs", "doctor", "schema")
    for command in commands:
        assert f"\n  {command} " in shown.stdout
    assert nnlab("--version").stdout.startswith("nnlab ")


def test_help_imports_nothing_heavy() -> None:
    imported = nnlab("--help", python=("-X", "importtime")).stderr
    names = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in imported.splitlines()}
    assert "argparse" in names
    assert names.isdisjoint(HEAVY)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lst",), 'there is no command or scenario "lst"; did you mean "list"?'),
        (("lst", "--json"), 'did you mean "list"?'),
        (("mine-god",), 'did you mean "mine-good"?'),
        (("./none.toml",), "there is no scenario file ./none.toml"),
        (("--seed", "3", "list"), "write the command first: nnlab list"),
        (("--bogus",), "unknown arguments: --bogus"),
        (("run", "healthy-moons", "--stepz", "3"), "nnlab run: unknown arguments: --stepz 3; did you mean --steps?"),
        (("run", "--jsn"), "nnlab run: unknown arguments: --jsn; did you mean --json?"),
        (("verify", "--job=2"), "nnlab verify: unknown arguments: --job=2; did you mean --jobs?"),
        (("run",), "nnlab run: the following arguments are required: SCENARIO; nnlab run --help"),
        (("mine-good", "--teme", "paper"), "unknown arguments: --teme paper; did you mean --theme?"),
        (("--glyphs", "braile"), '--glyphs: "braile" is none of braille, blocks, ascii; did you mean braille?'),
        (("--pace", "-1"), '--pace: "-1" is no number of steps a second; 0 is full speed'),
        (("mine-good",), "the lab needs a terminal"),
        ((), "the lab needs a terminal"),
        (("list", "--bogus"), "--bogus"),
        (("check",), "FILE"),
    ],
)
def test_a_users_mistake_is_one_message(config: Path, arguments: tuple[str, ...], words: str) -> None:
    answer = nnlab(*arguments, config=config)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_check_prints_every_problem_of_every_file(config: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(GOOD + "[optimizer]\nlr = -1\nlrr = 1\n")
    table = tmp_path / "table.toml"
    table.write_text(GOOD.replace("'blobs'", "'table'\npath = 'gone.csv'"))
    answer = nnlab("check", str(bad), "mine-good", str(table), "zebra", config=config)
    assert answer.returncode == 2
    assert answer.stdout.splitlines() == [
        f"{bad}:10: optimizer.lr: must be at least 0, got -1",
        f'{bad}:11: optimizer.lrr: unknown key "lrr"; did you mean "lr"?',
        "mine-good: ok",
        f"{table}:5: data.path: there is no file {tmp_path / 'gone.csv'}",
        'there is no scenario named "zebra"; nnlab list shows all scenarios',
    ]
    assert nnlab("check", "mine-good", config=config).returncode == 0


def test_list_as_table_and_json(config: Path) -> None:
    table = nnlab("list", config=config)
    assert table.returncode == 0
    assert any(line.split() == ["mine-good", "-", "S"] for line in table.stdout.splitlines())
    listed = json.loads(nnlab("list", "--json", config=config).stdout)
    (mine,) = [entry for entry in listed if entry["source"] == "user"]
    assert (mine["name"], mine["title"], mine["family"], mine["teaches"], mine["steps"]) == (
        "mine-good", "T", "mlp", None, 2000,
    )  # fmt: skip


def test_list_says_what_is_wrong_with_an_own_file(config: Path) -> None:
    (config / "nnlab" / "scenarios" / "bad.toml").write_text("x = 1\n")
    answer = nnlab("list", config=config)
    assert answer.returncode == 0
    assert "(invalid)" in answer.stdout
    assert 'unknown key "x"' in answer.stderr


def test_schema_is_json() -> None:
    assert "optimizer" in json.loads(nnlab("schema").stdout)["properties"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m nnlab schema | head -n 1"
    answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert answer.stdout == "{\n"
    assert answer.stderr == ""


def test_a_stream_without_the_characters_gets_question_marks(config: Path) -> None:
    (config / "nnlab" / "scenarios" / "mine-good.toml").write_text(GOOD.replace("'S'", "'η'"))
    environment = {**os.environ, "XDG_CONFIG_HOME": str(config), "PYTHONIOENCODING": "ascii"}
    answer = subprocess.run(
        [sys.executable, "-m", "nnlab", "list"], capture_output=True, text=True, env=environment, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "?" in answer.stdout

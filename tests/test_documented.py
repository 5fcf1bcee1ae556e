"""Everything advertised is documented: help for every option, a story for every scenario, all of it in the README."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from nnlab.cli.main import COMMANDS, main
from nnlab.resources import PACKAGE, bundled
from nnlab.scenario.catalog import entries
from nnlab.scenario.knob_table import KNOBS
from nnlab.scenario.steering import FailureMode

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE_WORDS = set(re.findall(r"[\w./-]+", " ".join(re.findall(r"`([^`\n]+)`", README))))
"""Every word that stands in the README as code."""

HELPS = ["", *COMMANDS]


def help_text(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit, match="0"):
        main([*command.split(), "--help"])
    return capsys.readouterr().out


def example(name: str) -> str:
    """The fenced block of the README below the comment of this name."""
    found = re.search(rf"<!-- {name} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, f"the README has no block {name}"
    return found[1]


@pytest.mark.parametrize("command", HELPS)
def test_every_argument_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = re.sub(r"\n {20,}", "  ", help_text(command, capsys))  # help that stands on the line below
    listed = [line for line in text.splitlines() if re.match(r"  \S", line)]
    assert listed
    assert [line for line in listed if not re.search(r"\S  +\S", line)] == []


@pytest.mark.parametrize("command", HELPS)
def test_the_readme_names_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", help_text(command, capsys))) - {"--help"}
    section = next(line for line in README.splitlines() if line.startswith(f"| `nnlab {command or '[SCENARIO]'}"))
    assert {option for option in options if option not in section} == set()


def test_every_scenario_tells_its_story() -> None:
    shipped = [entry for entry in entries() if entry.source == "bundled"]
    assert [entry.name for entry in shipped if not (entry.title and entry.summary and entry.story.strip())] == []
    assert len(shipped) >= 12


def test_the_readme_has_the_table_of_scenarios() -> None:
    rows = [
        f"| `{entry.name}` | {entry.family} | {f'`{entry.teaches}`' if entry.teaches else ''} | {entry.summary} |"
        for entry in entries()
        if entry.source == "bundled"
    ]
    assert [row for row in rows if row not in README.splitlines()] == []


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("commands", [f"nnlab {command}" for command in COMMANDS]),
        ("knobs", [kind.id for kind in KNOBS]),
        ("failure modes", list(get_args(FailureMode))),
        ("themes", [file.stem for file in bundled("themes").glob("*.toml")]),
        ("benchmarks", [f"python tests/bench/{file.name}" for file in (ROOT / "tests/bench").glob("*.py")]),
    ],
)
def test_the_readme_names_every(what: str, names: list[str]) -> None:
    assert names
    assert [name for name in names if name not in CODE_WORDS and not re.search(rf"`{name}[` ]", README)] == []


def test_every_knob_says_what_it_does() -> None:
    assert [kind.id for kind in KNOBS if not (kind.label and kind.help)] == []


def test_the_readme_names_every_key_and_kind_of_the_scenario_file() -> None:
    schema = json.loads((PACKAGE / "scenario.schema.json").read_text(encoding="utf-8"))
    parts = [schema, *schema["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    kinds = {kind for part in parts for kind in allowed(part.get("properties", {}).get("kind", {}))}
    assert len(keys) > 50
    assert (keys | kinds) - CODE_WORDS == set()


def allowed(field: dict[str, Any]) -> list[str]:
    """The values that a schema allows by name."""
    return [field["const"]] if "const" in field else field.get("enum", [])


def test_the_readme_names_every_environment_variable() -> None:
    read = {
        variable
        for file in PACKAGE.rglob("*.py")
        for variable in re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', file.read_text(encoding="utf-8"))
        if variable.startswith(("NNLAB", "XDG"))
    }
    assert "NNLAB_RUNS" in read
    assert [variable for variable in sorted(read) if f"${variable}" not in README] == []


def test_the_readme_points_at_files_that_exist() -> None:
    pointed = [word for word in CODE_WORDS if re.match(r"(nnlab|tests|scenarios|themes)/[\w/]+(\.\w+|/)$", word)]
    assert len(pointed) > 5
    assert [word for word in pointed if not (ROOT / word).exists()] == []


@pytest.mark.skipif(shutil.which("sh") is None, reason="the example is a shell script")
def test_the_readmes_own_data_example_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = example("your own data").replace("python3", sys.executable)
    subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path, check=True)
    assert main(["check", str(tmp_path / "mine.toml")]) == 0
    assert "ok" in capsys.readouterr().out

"""Who loads what, seen in a fresh interpreter: what static contracts (pyproject.toml) cannot see, lazy imports too."""

import subprocess
import sys
import tomllib
from pathlib import Path

from nnlab.resources import PACKAGE

ROOT = Path(__file__).parents[1]
ROOMS = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").is_file()}
TRAINS = {"engine"}


def loaded_by(*statements: str) -> set[str]:
    """Names of all modules in a new interpreter after these statements."""
    code = "\n".join(["import sys", *statements, "print(*sys.modules, file=sys.stderr)"])
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(asked.stderr.split())


def modules(room: str) -> list[str]:
    files = sorted((PACKAGE / room).rglob("*.py"))
    names = (".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts) for file in files)
    return [name.removesuffix(".__init__") for name in names]


def test_no_room_but_the_engine_loads_torch_or_the_engine() -> None:
    quiet = [name for room in sorted(ROOMS - TRAINS) for name in modules(room)]
    loaded = loaded_by(
        "from importlib import import_module",
        f"for name in {quiet}:",
        "    import_module(name)",
        "    assert not {'torch', 'nnlab.engine'} & set(sys.modules), name",
    )
    assert set(quiet) <= loaded


def test_the_watching_side_does_without_the_data_room() -> None:
    watching = [name for room in ("client", "telemetry", "diagnosis", "ui") for name in modules(room)]
    assert "nnlab.data" not in loaded_by(*(f"import {name}" for name in watching))


def test_the_command_line_waits_for_nothing_heavy() -> None:
    heavy = {"torch", "textual", "rich", "plotext", "numpy", "pydantic"}
    assert heavy.isdisjoint(loaded_by("import nnlab.cli.main"))
    for arguments in (["--help"], ["list"], ["schema"], ["runs", "--help"]):
        command = f"try: main({arguments})\nexcept SystemExit: pass"
        assert {"torch", "textual", "pydantic"}.isdisjoint(loaded_by("from nnlab.cli.main import main", command))


def test_every_room_stands_under_the_import_contracts() -> None:
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = tables["tool"]["importlinter"]["contracts"]
    torch_free = next(contract for contract in contracts if contract["forbidden_modules"] == ["torch"])
    assert {f"nnlab.{room}" for room in ROOMS - TRAINS} <= set(torch_free["source_modules"])
    bound = {module for contract in contracts for module in contract["source_modules"] if contract is not torch_free}
    assert {f"nnlab.{room}" for room in ROOMS} <= bound

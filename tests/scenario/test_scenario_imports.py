"""The room keeps out what would slow a command down or tie it to the engine."""

import subprocess
import sys


def test_loading_imports_neither_torch_nor_numpy_nor_textual() -> None:
    code = "import sys, nnlab.scenario.load, nnlab.scenario.catalog; print(*sys.modules)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"torch", "numpy", "textual", "nnlab.wire"}.isdisjoint(asked.stdout.split())


def test_the_catalogue_does_without_pydantic() -> None:
    code = "import sys; from nnlab.scenario.catalog import names; names(); print(*sys.modules)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pydantic" not in asked.stdout.split()

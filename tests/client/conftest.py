"""A private runtime folder and the fake engine for every test of the client."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nnlab.client import launch


@dataclass(frozen=True)
class Dumped:
    """Stands for a scenario."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        return {"mode": mode}


@dataclass(frozen=True)
class Loaded:
    """Stands for a loaded scenario."""

    scenario: Dumped = Dumped()
    name: str = "fake"
    text: str = ""
    base_dir: Path = Path()


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Loaded]:
    """A scenario that the fake engine trains, in a runtime folder of its own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))))
    monkeypatch.setattr(launch, "ENGINE", "fake_engine")
    yield Loaded()
    left = tmp_path / "nnlab"
    assert not left.is_dir() or list(left.iterdir()) == []

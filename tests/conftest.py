"""For every test."""

import pytest


@pytest.fixture(autouse=True)
def _no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """What remedies proved in tests is nobody's experience."""
    monkeypatch.setenv("NNLAB_REMEDIES", "off")

"""For every test."""

import pytest


@pytest.fixture(autouse=True)
def _braille(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plots are drawn alike whatever the locale that the tests are started in."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(autouse=True)
def _no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """What remedies proved in tests is nobody's experience."""
    monkeypatch.setenv("NNLAB_REMEDIES", "off")

"""For every test: nothing of the machine's own settings is seen, and nothing outside temporary folders is written."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SETTINGS = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "LINES", "COLUMNS", "VISUAL", "EDITOR", "TMUX", "STY")
"""What a terminal, or whoever uses it, may have set."""


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported that looks at the environment. Paths of sockets must be short."""
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")
    patch = pytest.MonkeyPatch()
    kept = tempfile.TemporaryDirectory(prefix="nnt-", dir="/tmp", ignore_cleanup_errors=True)
    home = Path(kept.name)
    for name in (*SETTINGS, *(name for name in os.environ if name.startswith(("NNLAB_", "TEXTUAL")))):
        patch.delenv(name, raising=False)
    folders = {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run"}
    for name, folder in folders.items():
        patch.setenv(name, str(home / folder))
    patch.setenv("NNLAB_RUNS", str(home / "runs"))
    patch.setenv("TERM", "xterm-256color")
    patch.setenv("LC_ALL", "C.UTF-8")  # plots are drawn alike whatever the locale
    patch.setenv("NNLAB_REMEDIES", "off")  # what remedies proved in tests is nobody's experience
    config.add_cleanup(kept.cleanup)
    config.add_cleanup(patch.undo)

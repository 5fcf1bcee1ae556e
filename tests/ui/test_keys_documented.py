"""Every key of the lab has its explanation, on the screen and in the README."""

import re
from pathlib import Path

import pytest
from textual.binding import Binding

from nnlab.ui.app import LabApp
from nnlab.ui.mystery.choosing import Mysteries
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.screens.gallery import Gallery
from nnlab.ui.screens.lab_keys import LAB_KEYS
from nnlab.ui.screens.run_list import RunList
from nnlab.ui.screens.runs import Runs

SCREENS = (LabApp, Gallery, RunList, Runs, Mysteries, ChartPanel)
BINDINGS = [
    binding
    for binding in [*LAB_KEYS, *(binding for screen in SCREENS for binding in screen.BINDINGS)]
    if isinstance(binding, Binding)
]
WRITTEN = {
    "slash": "/",
    "comma": ",",
    "full_stop": ".",
    "shift+left": "shift",
    "shift+right": "shift",
    "question_mark": "?",
    "minus": "-",
    "plus": "+",
    "V": "v",
    "escape": "esc",
}
"""Keys as the README writes them, where Textual has another name."""
RANGE = {str(digit) for digit in range(2, 9)}
"""Written as `1` … `9`."""


@pytest.mark.parametrize("binding", BINDINGS, ids=lambda binding: binding.key)
def test_every_key_is_explained(binding: Binding) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Keys of the lab")[2].partition("\n## ")[0]
    first = binding.key.split(",")[0]
    assert binding.tooltip
    assert first in RANGE or re.search(rf"`{re.escape(WRITTEN.get(first, first))}`", section)

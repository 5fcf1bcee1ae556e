"""The scanner finds the line of every key that tomli finds, and survives any text."""

from collections.abc import Iterator
from typing import Any

import tomli
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from nnlab.scenario.keys import KeyPath, dotted, parse_dotted
from nnlab.scenario.lines import key_lines, line_of

TRICKY = '''\
title = "a # no comment [table]"  # [comment]
story = """
[data]
lr = 3 \\""" still inside"""
raw = \'\'\'
[model] \'\'
\'\'\'
[data]
kind = 'table' # x = 1
"quoted.key" = 1
sizes = [
  1, # one
  [2, 3],
  "]",
]

[[data.phases]]
from_step = 10

[[data.phases]]
from_step = 20
set = { "a b" = 1, lr.x = 2 }

[optimizer]
betas . first = 0.9
[script.inner]
x = 1
'''


def test_every_key_of_a_tricky_file_has_its_line() -> None:
    lines = key_lines(TRICKY)
    expected = {
        ("title",): 1,
        ("story",): 2,
        ("raw",): 5,
        ("data",): 8,
        ("data", "kind"): 9,
        ("data", "quoted.key"): 10,
        ("data", "sizes"): 11,
        ("data", "sizes", 0): 12,
        ("data", "sizes", 1): 13,
        ("data", "sizes", 1, 1): 13,
        ("data", "sizes", 2): 14,
        ("data", "phases", 0): 17,
        ("data", "phases", 0, "from_step"): 18,
        ("data", "phases", 1): 20,
        ("data", "phases", 1, "from_step"): 21,
        ("data", "phases", 1, "set", "a b"): 22,
        ("data", "phases", 1, "set", "lr", "x"): 22,
        ("optimizer", "betas", "first"): 25,
        ("script", "inner", "x"): 27,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert not any("lr" in path or "model" in path for path in lines if path[:1] in {("story",), ("raw",)})


def test_a_key_that_is_not_there_is_placed_at_its_table() -> None:
    lines = key_lines(TRICKY)
    assert line_of(lines, ("optimizer", "lr")) == 24
    assert line_of(lines, ("data", "phases", 1, "shift", "x")) == 20
    assert line_of(lines, ("objective", "kind")) == 1


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6)
LEAVES = st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=12)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)


def _paths(node: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for part, value in pairs:
        yield (*path, part)
        yield from _paths(value, (*path, part))


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.booleans())
def test_every_path_that_tomli_reads_is_found(document: dict[str, Any], multiline: bool) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    lines = key_lines(text)
    assert set(_paths(tomli.loads(text))) <= set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@given(st.text("[]{}=,.#\"'\\\n ab1", max_size=60))
def test_any_text_is_survived(text: str) -> None:
    assert key_lines(text)[()] == 1


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=5) | st.integers(0, 99), max_size=5))
def test_dotted_keys_read_back(parts: list[str | int]) -> None:
    path = ("data", *parts)
    assert parse_dotted(dotted(path)) == path

"""The rest of a broken scenario: what can still be judged when some of its keys are wrong.

Every wrong key is left out, so that its default takes its place, and a table that cannot do without it is replaced by a
stand-in. The checks across keys then run on the result, and what they say of a wrong key or by its help is dropped.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from nnlab.scenario.errors import Issue
from nnlab.scenario.keys import KeyPath, lookup, overlap
from nnlab.scenario.scenario import Scenario

_STAND_INS: dict[str, Any] = {
    "data": {"kind": "blobs"},
    "model": {"kind": "mlp"},
    "objective": {"kind": "cross_entropy"},
}


def without(document: dict[str, Any], wrong: Iterable[KeyPath]) -> tuple[Scenario | None, frozenset[KeyPath]]:
    """The document without its wrong keys, validated, and the paths that were replaced; None where nothing is left.

    `document` holds tuples for lists.
    """
    gone = frozenset(_removable(document, path) for path in wrong)
    repaired: Any = document
    for path in gone:
        repaired = _cut(repaired, path)
    for table, stand_in in _STAND_INS.items():
        if table not in repaired:
            repaired = {**repaired, table: stand_in}
    try:
        return Scenario.model_validate(repaired, strict=True), gone
    except ValidationError:
        return None, gone


def rests_on(issue: Issue, gone: frozenset[KeyPath]) -> bool:
    """Whether the issue is about, or judged by, a replaced key."""
    return any(overlap(used, path) for used in (issue.path, *issue.uses) for path in gone)


def _removable(document: dict[str, Any], path: KeyPath) -> KeyPath:
    """The smallest part around the wrong key that can be left out: a key that there is, and not an element of a list.

    A table's missing key, and the kind that decides its other keys, take the table with them.
    """
    present = lookup(document, path) is not None
    if len(path) > 1 and (not present or path[-1] == "kind"):
        path = path[:-1]
    while isinstance(path[-1], int):
        path = path[:-1]
    return path


def _cut(node: Any, path: KeyPath) -> Any:
    """`node` without the key at `path`; unchanged where it is gone already."""
    first, *rest = path
    if isinstance(node, dict) and first in node:
        if not rest:
            return {key: value for key, value in node.items() if key != first}
        return {**node, first: _cut(node[first], tuple(rest))}
    if isinstance(node, tuple) and isinstance(first, int) and first < len(node):
        return (*node[:first], _cut(node[first], tuple(rest)), *node[first + 1 :])
    return node

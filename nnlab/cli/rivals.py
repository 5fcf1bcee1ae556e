"""The differential diagnosis in reports: rivals with weights, and the test that tells them apart."""

from collections.abc import Iterator
from typing import Any

from nnlab.diagnosis.differential import Differential


def record(found: Differential | None) -> dict[str, Any] | None:
    """As plain data; null where nothing rivals the verdict."""
    if found is None:
        return None
    test = found.test
    return {
        "rivals": [
            {"mode": rival.mode, "weight": round(rival.weight, 4), "folded_into": rival.folded_into}
            for rival in found.rivals
        ],
        "test": test and {"id": test.test, "between": list(test.between), "says": test.says},
        "taken": [{"id": one.test, "said": one.said, "step": one.step} for one in found.taken],
    }


def lines(found: Differential | None, scenario: str) -> Iterator[str]:
    """A paragraph; nothing without rivals. `scenario` is what the test's command takes, "" where there is none."""
    if found is None:
        return
    yield ""
    yield "Which is it? " + ", ".join(f"{rival.mode} {rival.weight:.0%}" for rival in found.rivals)
    for one in found.taken:
        yield f"  · {one.title} at step {one.step}: {one.said}"
    if found.test is not None:
        test = f"nnlab {found.test.test} {scenario}" if scenario else f"the {found.test.title}"
        yield f"  {test} tells {' from '.join(found.test.between)}:"
        yield from (f"    {outcome}: {mode}" for outcome, mode in found.test.says.items())

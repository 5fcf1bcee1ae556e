"""`[expect] restart`: held against the scenario that it makes."""

from pathlib import Path

import pytest

from nnlab.scenario.errors import ScenarioErrors
from nnlab.scenario.load import load_text

TEXT = "data = { kind = 'moons' }\nmodel = { kind = 'mlp' }\nobjective = { kind = 'cross_entropy' }\n[expect]\n"


def test_keys_and_knobs_with_lists_and_text() -> None:
    text = TEXT + 'finding = "plateau"\nrestart = { "model.hidden" = [8, 8], lr = 0.1, "model.init" = "zeros" }\n'
    restart = load_text(text, "demo", Path()).scenario.expect.restart
    assert restart == {"model.hidden": (8, 8), "lr": 0.1, "model.init": "zeros"}


@pytest.mark.parametrize(
    ("expect", "key", "told"),
    [
        ('finding = "plateau"\nrestart = { "model.depth" = 3 }', "expect.restart", "model.depth: "),
        ('finding = "plateau"\nrestart = { lr = -1.0 }', "expect.restart", "optimizer.lr: "),
        ("restart = { lr = 0.1 }", "expect.restart", "needs finding"),
        ('finding = "plateau"\nrestart = { lr = 0.1 }\ncure = { lr = 0.1 }', "expect.restart", "keep one of cure"),
        ('finding = "plateau"\ncured_by_step = 9', "expect.cured_by_step", "needs cure or restart"),
    ],
)
def test_a_cure_that_cannot_be_is_an_error_of_the_file(expect: str, key: str, told: str) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        load_text(f"{TEXT}{expect}\n", "demo", Path())
    (problem,) = caught.value.errors
    assert (problem.file, problem.key) == ("demo", key)
    assert problem.line > 4
    assert told in problem.message

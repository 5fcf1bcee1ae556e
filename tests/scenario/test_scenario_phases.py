"""Phases of the data."""

from pathlib import Path

import pytest

from nnlab.scenario.data import Blobs, Stream, Table
from nnlab.scenario.errors import ScenarioErrors
from nnlab.scenario.load import load_text
from nnlab.scenario.phases import ResolvedPhase, resolve_phases

REST = "[model]\nkind = 'mlp'\n[objective]\nkind = 'cross_entropy'\n"


def resolved(data: str) -> tuple[ResolvedPhase, ...]:
    return resolve_phases(load_text(f"[data]\n{data}\n{REST}", "x", Path("/nowhere")).scenario.data)


def test_a_phase_changes_what_it_names_and_starts_from_the_base() -> None:
    first, second = resolved(
        "kind = 'blobs'\nsamples = 100\n"
        "[[data.phases]]\nfrom_step = 10\nnoise = 3.0\nclasses = [0, 1]\n"
        "[[data.phases]]\nfrom_step = 20\nshift = 2.0"
    )
    assert isinstance(first.data, Blobs)
    assert (first.data.samples, first.data.noise, first.data.classes, first.classes) == (100, 3.0, 3, (0, 1))
    assert isinstance(second.data, Blobs)
    assert (second.data.noise, second.shift, second.from_step) == (1.0, 2.0, 20)
    assert second.data.phases == ()


def test_another_path_and_a_streams_strength() -> None:
    (other,) = resolved("kind = 'table'\npath = 'a.csv'\n[[data.phases]]\nfrom_epoch = 3\npath = 'b.csv'")
    assert isinstance(other.data, Table)
    assert (other.data.path, other.from_epoch) == ("b.csv", 3)
    (stronger,) = resolved("kind = 'stream'\n[[data.phases]]\nfrom_step = 3\ndrift = 2.5")
    assert isinstance(stronger.data, Stream)
    assert (stronger.data.strength, stronger.data.drift) == (2.5, "mean-shift")


@pytest.mark.parametrize(
    ("phase", "key", "words"),
    [
        ("shift = 1.0", "", "exactly one of from_step and from_epoch"),
        ("from_step = 1\nfrom_epoch = 1", "", "exactly one of"),
        ("from_step = 1\nnosie = 1", ".nosie", 'did you mean "noise"?'),
        ("from_step = 1\nnoise = -1", ".noise", "must be at least 0, got -1"),
        ("from_step = 1\nnoise = 'x'", ".noise", 'must be a number of at least 0, got "x"'),
        ("from_step = 1\nfeatures = 3", ".features", "cannot change while training"),
        ("from_step = 1\nclasses = [7]", ".classes", "classes from 0 to 2"),
        ("from_step = 1\ndrift = 1.0", ".drift", "only a stream drifts"),
        ("from_step = 1\n[[data.phases]]\nfrom_step = 1", "", "must be above 1"),
    ],
)
def test_phases_that_do_not_fit(phase: str, key: str, words: str) -> None:
    with pytest.raises(ScenarioErrors) as raised:
        resolved(f"kind = 'blobs'\n[[data.phases]]\n{phase}")
    (problem,) = raised.value.errors
    assert problem.key.startswith("data.phases[")
    assert problem.key.endswith(key)
    assert words in problem.message

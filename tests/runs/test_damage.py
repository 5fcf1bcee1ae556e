"""A damaged run file is told as one, whatever is wrong with it, and never in another way."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.runs.errors import RunFileError
from nnlab.runs.listing import named
from nnlab.runs.reader import RunFile
from nnlab.runs.recorder import Recorder
from nnlab.wire.events import KnobTurned, Marked
from nnlab.wire.values import RunInfo

INFO = RunInfo("r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 10, 10, 10)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run file with a little of everything."""
    path = tmp_path_factory.mktemp("runs") / "a.nnlab"
    run = Recorder.create(path, INFO)
    run.scalars("train/loss", range(300), [1.0] * 300)
    run.tell(KnobTurned(3, "lr", 0.1, 0.2, 0.2, "user"))
    run.tell(Marked(5, "verdict", "learning"))
    run.close()
    return path


def read(path: Path) -> None:
    """Everything that a list, a plot or a comparison reads."""
    with RunFile(path) as run:
        for name in run.names():
            run.series(name)
        run.events()


@settings(max_examples=80, deadline=None)
@given(bits=st.binary(min_size=1, max_size=12), at=st.floats(0, 1, exclude_max=True), cut=st.booleans())
def test_bits_that_are_turned(whole: Path, bits: bytes, at: float, cut: bool) -> None:
    data = bytearray(whole.read_bytes())
    place = int(at * len(data))
    data[place : place + len(bits)] = b"" if cut else bits
    path = whole.with_name("b.nnlab")
    path.write_bytes(data[: place + 1] if cut else data)
    named(path)
    try:
        read(path)
    except RunFileError as error:
        assert str(path) in str(error)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE points SET value = 'high' WHERE step = 7",
        "UPDATE events SET body = CAST(x'ff' AS TEXT)",
        "UPDATE meta SET value = CAST(x'ff' AS TEXT)",
    ],
)
def test_rows_that_cannot_be(whole: Path, damage: str) -> None:
    path = whole.with_name("c.nnlab")
    path.write_bytes(whole.read_bytes())
    with sqlite3.connect(path) as client:
        client.execute(damage)
    client.close()
    with pytest.raises(RunFileError):
        read(path)

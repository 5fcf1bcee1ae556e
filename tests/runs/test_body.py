"""Bodies of snapshots: what goes in comes out, and damage is told."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nnlab.runs.body import BodyError, pack, unpack

KINDS = st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_])


@given(
    plain=st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.floats() | st.text()),
    stored=st.dictionaries(
        st.text(min_size=1).filter(lambda name: name != "__metadata__"),
        KINDS.flatmap(lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=0, min_side=0, max_side=4))),
        max_size=4,
    ),
)
def test_what_is_packed_comes_back(plain: dict[str, Any], stored: dict[str, Any]) -> None:
    found, back = unpack(pack(plain, stored))
    assert json.dumps(found) == json.dumps(plain)
    assert back.keys() == stored.keys()
    for name, array in stored.items():
        assert (back[name].dtype, back[name].shape) == (array.dtype, array.shape)
        assert back[name].tobytes() == array.tobytes()


def test_the_layout_is_that_of_safetensors() -> None:
    body = pack({"lr": math.inf}, {"w": np.arange(3, dtype=np.float32), "n": np.array(7)})
    size = int.from_bytes(body[:8], "little")
    header = json.loads(body[8 : 8 + size])
    assert header["w"] == {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}
    assert header["n"] == {"dtype": "I64", "shape": [], "data_offsets": [12, 20]}
    assert all(isinstance(value, str) for value in header["__metadata__"].values())
    assert len(body) == 8 + size + 20


@given(cut=st.integers(0, 200), at=st.integers(0, 200), byte=st.integers(0, 255))
def test_damage_is_told_and_nothing_else_happens(cut: int, at: int, byte: int) -> None:
    body = bytearray(pack({"a": 1}, {"w": np.arange(3.0)}))
    with pytest.raises(BodyError, match="damaged"):
        unpack(bytes(body[: min(cut, len(body) - 1)]))
    body[at % len(body)] = byte
    try:
        unpack(bytes(body))
    except BodyError:
        return

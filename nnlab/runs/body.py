"""The body of a snapshot: plain values and arrays in one block of bytes, in the layout of safetensors.

u64 length of the header | header (JSON) | the arrays' bytes one after another, all little-endian. The header has for
each array `{"dtype", "shape", "data_offsets": [begin, end]}` and under `__metadata__` the key `nnlab`: the plain values
as JSON text. Nothing is ever unpickled, and the safetensors library can read it too.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U8": "|u1", "BOOL": "|b1"}
_NAMES = {np.dtype(code): name for name, code in _DTYPES.items()}


class BodyError(ValueError):
    """The bytes are not a snapshot; the message says what is wrong."""


def pack(plain: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """One block of bytes. Raises KeyError for an array of a type that is not in the table above."""
    header: dict[str, Any] = {"__metadata__": {"nnlab": json.dumps(plain, separators=(",", ":"))}}
    parts, end = [], 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        begin, end = end, end + len(data)
        header[name] = {"dtype": _NAMES[array.dtype], "shape": array.shape, "data_offsets": [begin, end]}
        parts.append(data)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return b"".join((len(head).to_bytes(8, "little"), head, *parts))


def unpack(body: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """The plain values and the arrays (copies that may be written to). Raises BodyError."""
    try:
        size = int.from_bytes(body[:8], "little")
        header = json.loads(body[8 : 8 + size])
        plain = json.loads(header.pop("__metadata__")["nnlab"])
        arrays = {name: _array(body, 8 + size, entry) for name, entry in header.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise BodyError(f"a snapshot is damaged ({error})") from None
    if not isinstance(plain, dict):
        raise BodyError("a snapshot is damaged")
    return plain, arrays


def _array(body: bytes, start: int, entry: dict[str, Any]) -> Array:
    dtype, shape = np.dtype(_DTYPES[entry["dtype"]]), tuple(entry["shape"])
    begin, end = entry["data_offsets"]
    if not 0 <= begin <= end <= len(body) - start or end - begin != math.prod(shape) * dtype.itemsize:
        raise ValueError("an array is cut off")
    return np.frombuffer(body, dtype, math.prod(shape), start + begin).reshape(shape).copy()

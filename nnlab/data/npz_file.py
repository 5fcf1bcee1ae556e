"""Reading NPZ: arrays x and y, or x_train, y_train and, if given, x_val, y_val. Nothing in it is unpickled.

NaN and infinity in the arrays are let through: what they do to training is one of the failures the lab shows.
"""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlab.data.errors import DataError
from nnlab.data.prepare import Raw


@dataclass(frozen=True, eq=False)
class Arrays:
    """`x` [n, features] and `y` [n] or [n, targets] as stored; `x_val`, `y_val` are None when not given."""

    file: str
    x: Raw
    y: Raw
    x_val: Raw | None = None
    y_val: Raw | None = None


def read_npz(path: Path) -> Arrays:
    """The arrays of the file. Raises DataError for a broken file, missing arrays, wrong dtypes and shapes."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise DataError(f"{path.name} holds a single array; save x and y together with numpy.savez")
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise DataError(f"{path.name} is not a readable NPZ file of plain numbers: {error}") from None
    names = ("x_train", "y_train") if "x_train" in arrays else ("x", "y")
    missing = [name for name in names if name not in arrays]
    if missing or ("x_val" in arrays) != ("y_val" in arrays):
        held = ", ".join(arrays) or "nothing"
        raise DataError(f"{path.name} holds {held}, but needs x and y, or x_train, y_train, x_val and y_val")
    x, y = _pair(path.name, arrays, *names)
    if "x_val" not in arrays:
        return Arrays(path.name, x, y)
    x_val, y_val = _pair(path.name, arrays, "x_val", "y_val")
    return Arrays(path.name, x, y, x_val, y_val)


def _pair(file: str, arrays: dict[str, Raw], x_name: str, y_name: str) -> tuple[Raw, Raw]:
    """Inputs as [n, features] (further axes flattened) and labels as [n] or [n, targets], of equal length."""
    x, y = arrays[x_name], arrays[y_name]
    if x.dtype.kind not in "biuf":
        raise DataError(f"{file}: {x_name} holds {x.dtype}, but features must be real numbers")
    if y.dtype.kind not in "biufU":
        raise DataError(f"{file}: {y_name} holds {y.dtype}, but labels must be numbers or text")
    if x.ndim == 0 or y.ndim not in (1, 2) or len(x) != len(y):
        raise DataError(f"{file}: {x_name} has shape {x.shape} and {y_name} {y.shape}: one row per example is needed")
    x = x.reshape(len(x), int(np.prod(x.shape[1:])))
    if x.shape[1] == 0 or (y.ndim == 2 and y.shape[1] == 0):
        raise DataError(f"{file}: {x_name} has shape {arrays[x_name].shape} and {y_name} {y.shape}: nothing to learn")
    return x, y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y

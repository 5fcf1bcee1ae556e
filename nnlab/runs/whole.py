"""Small files that are written all at once, so that nobody ever finds half of one."""

import os
import tempfile
from pathlib import Path


def write(path: Path, text: str) -> None:
    """All of the text or nothing. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

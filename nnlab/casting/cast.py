"""Writing an asciicast, version 2: a header, then a line of JSON for whatever was written to the terminal, and when.

https://docs.asciinema.org/manual/asciicast/v2/
"""

import codecs
import json
import time
from collections.abc import Callable, Mapping
from typing import TextIO

Size = tuple[int, int]
"""Columns and rows."""

BREAKS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}
"""What some readers take for the end of a line, and JSON does not escape by itself."""


class Cast:
    """An asciicast in the making. `clock` gives seconds that never go back."""

    def __init__(
        self,
        file: TextIO,
        size: Size,
        title: str,
        env: Mapping[str, str],
        begun: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`begun` is the time of day, in seconds since 1970."""
        self._file, self._clock, self._size = file, clock, size
        self._start = clock()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        width, height = size
        header = {"version": 2, "width": width, "height": height, "timestamp": begun, "title": title, "env": dict(env)}
        self._line(header)

    def wrote(self, data: bytes) -> None:
        """The program has written this; a character that is not whole waits for its rest."""
        self._event("o", self._decoder.decode(data))

    def resized(self, size: Size) -> None:
        """The terminal has another size."""
        if size != self._size:
            self._size = size
            self._event("r", f"{size[0]}x{size[1]}")

    def close(self) -> None:
        """Write what still waits."""
        self._event("o", self._decoder.decode(b"", final=True))
        self._file.flush()

    def _event(self, kind: str, data: str) -> None:
        if data:
            self._line([round(self._clock() - self._start, 6), kind, data])

    def _line(self, value: object) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False).translate(BREAKS) + "\n")

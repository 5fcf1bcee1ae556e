"""The recorded runs of a folder as they come and go, read off the thread that paints, the newest first."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nnlab.runs import tags
from nnlab.runs.listing import Found, Summary, found, summary

LOOK_EVERY = 1.0
"""Seconds between two looks at the folder."""

AT_ONCE = 20
"""Files read before they are shown: some 40 ms."""


def _nothing() -> frozenset[Path]:
    return frozenset()


class RunShelf:
    """`files` are the run files by their names, `read` what is known of those that have been read.

    `place` is a folder, or the one run file that is of interest; `in_use` says which files engines are writing.
    """

    def __init__(self, place: Path, in_use: Callable[[], frozenset[Path]] = _nothing) -> None:
        self._place = place.absolute()
        self._in_use = in_use
        self.files: tuple[Found, ...] = ()
        self.read: dict[Path, Summary] = {}
        self.live: frozenset[Path] = frozenset()
        """The run files that are being trained."""
        self.looked = False
        """Whether the folder has been looked at."""
        self._again = asyncio.Event()

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._place.parent if self._place.is_file() else self._place

    def look_again(self) -> None:
        """Look at the folder now; something in it has been changed."""
        self._again.set()

    async def keep_up(self, news: Callable[[], None]) -> None:
        """Follow the folder until cancelled; `news` is called whenever there is something new to show."""
        while True:
            self._again.clear()
            files, marked, live = await asyncio.to_thread(self._look)
            live, self.live = self.live, live
            if self._take(files, marked) or live != self.live or not self.looked:
                self.looked = True
                news()
            unread = self._unread()
            for start in range(0, len(unread), AT_ONCE):
                told = await asyncio.to_thread(_read, unread[start : start + AT_ONCE], marked)
                self.read.update((one.path, one) for one in told)
                news()
            try:
                await asyncio.wait_for(self._again.wait(), LOOK_EVERY)
            except TimeoutError:
                continue

    def _look(self) -> tuple[tuple[Found, ...], dict[str, tuple[str, ...]], frozenset[Path]]:
        folder = self.folder
        files = tuple(file for file in found(folder) if self._place in (folder, file.path))
        return files, tags.known(folder), self._in_use()

    def _take(self, files: tuple[Found, ...], marked: dict[str, tuple[str, ...]]) -> bool:
        """Whether there are other files than before, or other tags."""
        changed, self.files = files != self.files, files
        there = {file.path for file in files}
        for path in [path for path in self.read if path not in there]:
            del self.read[path]
        for path, one in self.read.items():
            if one.tags != marked.get(path.name, ()):
                self.read[path] = replace(one, tags=marked.get(path.name, ()))
                changed = True
        return changed

    def _unread(self) -> list[Found]:
        return [file for file in self.files if not self._fresh(file)]

    def _fresh(self, file: Found) -> bool:
        known = self.read.get(file.path)
        return known is not None and (known.changed, known.bytes) == (file.changed, file.bytes)


def _read(files: list[Found], marked: dict[str, tuple[str, ...]]) -> list[Summary]:
    return [summary(file, marked.get(file.path.name, ())) for file in files]

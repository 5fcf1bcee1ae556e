"""`nnlab explain`: an entry of the encyclopaedia on the terminal."""

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlab.encyclopaedia.book import Entry

WIDTH = 88
"""Columns of running text, where the terminal is not narrower."""
NARROWEST = 40


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "explain",
        help="what a failure mode is",
        description="What a failure mode looks like, why it happens, how nnlab sees it and what to do, in order.",
    )
    parser.add_argument(
        "mode", nargs="?", metavar="MODE", help="a finding, such as lr-too-high; all of them if left out"
    )


def run(args: argparse.Namespace) -> int:
    from nnlab.encyclopaedia import book

    if args.mode is None:
        titles = book.titles()
        width = max(map(len, titles))
        for mode, title in titles.items():
            print(f"{mode:<{width}}  {title}")
        return 0
    print("\n".join(_lines(book.entry(args.mode), _width())))
    return 0


def _width() -> int:
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    return max(NARROWEST, min(WIDTH, columns - 1))


def _lines(entry: "Entry", width: int) -> Iterator[str]:
    yield f"{entry.title} ({entry.mode})"
    for heading, text in (
        ("What it looks like", entry.looks),
        ("Why it happens", f"{entry.why}\n{entry.mathematics}"),
        ("How nnlab sees it", entry.rule),
    ):
        yield ""
        yield heading
        for paragraph in text.splitlines():
            yield from textwrap.wrap(paragraph, width, initial_indent="  ", subsequent_indent="  ")
    yield ""
    yield "What to do" if entry.healthy else "What to do, in this order"
    for number, item in enumerate(entry.todo, 1):
        yield from textwrap.wrap(item, width, initial_indent=f"  {number}. ", subsequent_indent="     ")
    if entry.scenarios:
        yield ""
        yield "See it happen"
        yield from (f"  nnlab {name}" for name in entry.scenarios)
    yield ""
    yield "Sources"
    for source in entry.sources:
        yield from textwrap.wrap(source, width, initial_indent="  ", subsequent_indent="    ")

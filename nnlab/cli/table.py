"""Plain tables on standard output."""

import unicodedata
from collections.abc import Collection, Sequence


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Rows under a head, each column as wide as it needs; the columns in `right` are aligned to the right."""
    table = [head, *rows]
    widths = [max(_width(row[column]) for row in table) for column in range(len(head))]
    return "\n".join("  ".join(_cells(row, widths, right)).rstrip() for row in table)


def _cells(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> list[str]:
    gaps = [" " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
    return [
        gap + text if index in right else text + gap for index, (text, gap) in enumerate(zip(row, gaps, strict=True))
    ]


def _width(text: str) -> int:
    """Cells of a terminal that the text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

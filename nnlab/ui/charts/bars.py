"""A table of values per row with bars, for values per layer."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class BarColumn:
    """A column: its title and the values at which its bars are empty (`low`) and full (`high`); `log`: log10 scale."""

    title: str
    low: float
    high: float
    log: bool = False


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row: one value per column (None: not measured); `warn` draws attention to it."""

    label: str
    values: tuple[float | None, ...]
    warn: bool = False


class BarTable(Widget):
    """Rows of label, bars and numbers."""

    def __init__(self, title: str = "", *, empty: str = "nothing measured yet", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)

    def show(self, rows: Sequence[BarRow], columns: Sequence[BarColumn]) -> None:
        """Draw these rows; repaints the cells that changed and no others."""


def sparkline(values: Sequence[float], width: int) -> str:
    """The values as a line of eighth blocks, at most `width` characters."""
    return ""

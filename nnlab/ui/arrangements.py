"""How the user likes the lab: for each family of runs the view, the tab and how the plots are drawn; and the theme.

It is kept between sessions in one small JSON file in the user's folder:
{"theme": "paper", "mlp": {"view": "confusion", "tab": "third", "plots": {"loss": {"axis": "log", "smooth": 0.03}}}}.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from nnlab.kept_table import KeptTable
from nnlab.ui.charts.style import LENGTHS, OWN, Style

FILE = "arrangement.json"

Table = dict[str, object]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The view in the third place, by its title, and the place that a small terminal shows; "" for the usual ones."""

    view: str = ""
    tab: str = ""


USUAL = Arrangement()


class Arrangements:
    """What is kept in a file; without one it is kept until the end only."""

    def __init__(self, path: Path | None = None, tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` hears why the file could not be used or written, once each."""
        instead = "everything stands in its usual place"
        self._table = KeptTable(path, checked, tell, what="The arrangement", instead=instead)

    def of(self, family: str) -> Arrangement:
        """How runs of a family are arranged."""
        table = self._family(family)
        return Arrangement(_text(table, "view"), _text(table, "tab"))

    def keep(self, family: str, arrangement: Arrangement) -> None:
        """From now on runs of this family are arranged so."""
        self._table.put(family, self._family(family) | asdict(arrangement))

    def style(self, family: str, plot: str) -> Style:
        """How this plot, by its title, is drawn for runs of a family."""
        told = self._plots(family).get(plot)
        if not isinstance(told, dict):
            return OWN
        axis, smooth = told.get("axis"), told.get("smooth")
        known = next((length for length in LENGTHS if length == smooth), OWN.smooth)
        return Style(axis if axis in ("linear", "log") else OWN.axis, known)

    def keep_style(self, family: str, plot: str, style: Style) -> None:
        """From now on this plot is drawn so for runs of this family."""
        others = {name: told for name, told in self._plots(family).items() if name != plot}
        plots = others if style == OWN else others | {plot: asdict(style)}
        self._table.put(family, self._family(family) | {"plots": plots})

    def forget(self, family: str) -> None:
        """Runs of this family are shown as usual again."""
        self._table.put(family, None)

    @property
    def theme(self) -> str:
        """The theme that was chosen last; "" for the usual one."""
        return _text(self._table.read(), "theme")

    @theme.setter
    def theme(self, name: str) -> None:
        self._table.put("theme", name)

    def _family(self, family: str) -> Table:
        table = self._table.read().get(family)
        return table if isinstance(table, dict) else {}

    def _plots(self, family: str) -> Table:
        plots = self._family(family).get("plots")
        return plots if isinstance(plots, dict) else {}


def checked(table: object) -> dict[str, object]:
    """The table, if it is one of texts and of tables of texts, with tables for plots. Raises ValueError."""
    for key, value in _a_table(table, "it").items():
        if isinstance(value, str):
            continue
        for name, kept in _a_table(value, f'"{key}" is no text, and').items():
            if name == "plots":
                for plot, style in _a_table(kept, f'"{name}" of "{key}"').items():
                    _a_table(style, f'"{plot}" in "{name}" of "{key}"')
            elif not isinstance(kept, str):
                raise ValueError(f'"{name}" of "{key}" is no text')
    assert isinstance(table, dict)
    return table


def _a_table(value: object, what: str) -> Table:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no table")
    return value


def _text(table: Table, key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""

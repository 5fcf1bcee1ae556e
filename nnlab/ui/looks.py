"""The colour themes of the lab: which there are, which is wanted, and the next one at a key."""

from pathlib import Path

from textual.app import App

from nnlab.ui.arrangements import Arrangements


class Looks(App[int]):
    """An app in the lab's themes."""

    def __init__(self, theme: str | None = None) -> None:
        super().__init__()
        self._wanted_theme = theme
        self._themes: list[str] = []
        self.arrangements = Arrangements()
        """How the user likes the lab."""

    def arrange_by(self, path: Path) -> None:
        """Keep how the user likes the lab in this file."""
        self.arrangements = Arrangements(
            path, lambda problem: self.notify(problem, title="arrangement", severity="warning", markup=False)
        )

    def use_themes(self) -> None:
        """Take up the themes that come with nnlab and the user's own, and tell what is wrong with any."""
        from nnlab.ui.themes.load import load_themes  # noqa: PLC0415 - reads files, after the first picture
        from nnlab.ui.themes.sixteen import in_sixteen  # noqa: PLC0415 - as above

        themes, problems = load_themes()
        few = self.console.color_system == "standard"
        for theme in themes:
            self.register_theme((in_sixteen(theme) if few else theme).textual())
        self._themes = names = [theme.name for theme in themes]
        if self._wanted_theme and self._wanted_theme not in names:
            problems.append(f"There is no theme {self._wanted_theme!r}; there are {', '.join(names)}.")
        if names:
            liked = [name for name in (self._wanted_theme, self.arrangements.theme) if name in names]
            self.theme = liked[0] if liked else names[0]
        for problem in problems:
            self.notify(problem, title="theme", severity="warning", markup=False)

    def action_next_theme(self) -> None:
        """Take the next of the lab's themes and say which it is."""
        if self._themes:
            at = self._themes.index(self.theme) if self.theme in self._themes else -1
            self.theme = self._themes[(at + 1) % len(self._themes)]
            self.arrangements.theme = self.theme
            self.clear_notifications()
            self.notify(self.theme, title="theme", timeout=2)

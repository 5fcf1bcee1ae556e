"""The colour themes of the lab: which there are, which is wanted, and the next one at a key."""

from textual.app import App


class Looks(App[int]):
    """An app in the lab's themes."""

    def __init__(self, theme: str | None = None) -> None:
        super().__init__()
        self._wanted_theme = theme
        self._themes: list[str] = []

    def use_themes(self) -> None:
        """Take up the themes that come with nnlab and the user's own, and tell what is wrong with any."""
        from nnlab.ui.themes.load import load_themes  # noqa: PLC0415 - reads files, after the first picture

        themes, problems = load_themes()
        for theme in themes:
            self.register_theme(theme.textual())
        self._themes = names = [theme.name for theme in themes]
        if self._wanted_theme and self._wanted_theme not in names:
            problems.append(f"There is no theme {self._wanted_theme!r}; there are {', '.join(names)}.")
        if names:
            self.theme = self._wanted_theme if self._wanted_theme in names else names[0]
        for problem in problems:
            self.notify(problem, title="theme", severity="warning", markup=False)

    def action_next_theme(self) -> None:
        """Take the next of the lab's themes and say which it is."""
        if self._themes:
            at = self._themes.index(self.theme) if self.theme in self._themes else -1
            self.theme = self._themes[(at + 1) % len(self._themes)]
            self.clear_notifications()
            self.notify(self.theme, title="theme", timeout=2)

"""Finds and reads theme files: those that come with nnlab, then the user's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.theme import Theme

from nnlab.resources import bundled, user_folder
from nnlab.ui.themes.check import ThemeError, check

DEFAULT_THEME = "harbour"


@dataclass(frozen=True, slots=True)
class LabTheme:
    """A checked theme. `palette` has a colour (#rrggbb) for every role of `roles.ALL`."""

    name: str
    title: str
    dark: bool
    palette: Mapping[str, str]

    def textual(self) -> Theme:
        """The theme as Textual wants it; its stylesheets also get `$lab-<role>` for every role."""
        colours = self.palette
        return Theme(
            name=self.name,
            dark=self.dark,
            primary=colours["accent"],
            secondary=colours["val"],
            accent=colours["accent"],
            success=colours["good"],
            warning=colours["warn"],
            error=colours["bad"],
            foreground=colours["text"],
            background=colours["background"],
            surface=colours["surface"],
            panel=colours["panel"],
            variables={
                "border": colours["accent"],
                "border-blurred": colours["border"],
                "text-muted": colours["muted"],
                "text-disabled": colours["muted"],
                "foreground-muted": colours["muted"],
                "scrollbar": colours["border"],
                "scrollbar-hover": colours["muted"],
                "scrollbar-active": colours["accent"],
                "scrollbar-background": colours["surface"],
                "scrollbar-background-hover": colours["surface"],
                "scrollbar-background-active": colours["surface"],
                "scrollbar-corner-color": colours["surface"],
                "footer-background": colours["panel"],
                "footer-foreground": colours["text"],
                "footer-description-foreground": colours["muted"],
                "footer-key-foreground": colours["accent"],
                "block-cursor-background": colours["accent"],
                "block-cursor-foreground": colours["background"],
                "block-cursor-text-style": "bold",
                **{f"lab-{role}": colour for role, colour in colours.items()},
            },
        )


def load_themes(folders: tuple[Path, ...] | None = None) -> tuple[list[LabTheme], list[str]]:
    """All sound themes, and a sentence for each problem in those that are not.

    The default theme comes first, the others by name. A user's theme takes the place of a bundled one of its name.
    `folders` stands in for the bundled and the user's folder; later folders win.
    """
    found: dict[str, LabTheme] = {}
    problems: list[str] = []
    for folder in folders if folders is not None else (bundled("themes"), user_folder("themes")):
        for path in sorted(folder.glob("*.toml")):
            try:
                checked = check(path.read_text(encoding="utf-8"), str(path))
            except ThemeError as errors:
                problems += errors.problems
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{path}: cannot be read: {error}")
            else:
                found[checked.name] = LabTheme(checked.name, checked.title, checked.dark, checked.palette)
    return sorted(found.values(), key=lambda theme: (theme.name != DEFAULT_THEME, theme.name)), problems

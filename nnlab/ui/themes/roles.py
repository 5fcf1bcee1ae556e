"""The colours of the lab by what they mean. Textual's stylesheets know them as `$lab-train`, `$lab-good`, and so on.

Each theme gives every required role; the derived ones may be left out and are then mixed from the others.
"""

SURFACES = ("background", "surface", "panel")
"""Background: behind everything; surface: a panel's ground; panel: raised bars, headers and the focused control."""

INKS = ("text", "muted", "border", "accent", "train", "val", "probe", "good", "warn", "bad", "mark")
"""Text and lines. train, val, probe: series; good, warn, bad: states; mark: knob turns; muted: may be overlooked."""

DERIVED = {
    "ghost": "muted",
    "s1": "train",
    "s2": "val",
    "s3": "probe",
    "s4": "good",
    "s5": "warn",
    "s6": "accent",
}
"""Optional roles and where each takes its colour from. ghost: an untouched twin run; s1 to s6 tell series apart."""

REQUIRED = SURFACES + INKS
ALL = REQUIRED + tuple(DERIVED)

DEFAULT_PALETTE = {
    "background": "#10141b",
    "surface": "#151a23",
    "panel": "#1e2530",
    "text": "#d8dee9",
    "muted": "#7d8899",
    "border": "#2f3947",
    "accent": "#6cb6ff",
    "train": "#5cc8ff",
    "val": "#ffb454",
    "probe": "#b48ead",
    "good": "#7fd88f",
    "warn": "#f2c55c",
    "bad": "#ff6b6b",
    "mark": "#c3a6ff",
}
"""What stands in where an app runs under a theme that is not ours."""


def complete(palette: dict[str, str]) -> dict[str, str]:
    """The palette with the derived roles filled in."""
    return {**{role: palette[source] for role, source in DERIVED.items()}, **palette}


VARIABLE_DEFAULTS = {f"lab-{role}": colour for role, colour in complete(DEFAULT_PALETTE).items()}
"""Return these from `App.get_theme_variable_defaults`, so that stylesheets parse under any theme."""

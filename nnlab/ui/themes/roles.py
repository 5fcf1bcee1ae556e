"""Theme variables that Textual does not have: `$lab-train`, `$lab-good`, ..."""

VARIABLE_DEFAULTS: dict[str, str] = {}
"""Return these from `App.get_theme_variable_defaults`, so that stylesheets parse under any theme."""

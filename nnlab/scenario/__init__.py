"""Scenarios: frozen typed schema, TOML loading with every error at once, the catalogue of bundled and user files."""

DEFAULT_STEPS = 2000
"""Planned steps where a scenario gives neither steps nor epochs."""

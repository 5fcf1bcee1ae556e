"""Scenarios: frozen typed schema, TOML loading with every error at once, the catalogue of bundled and user files."""

"""Colour themes: TOML files, checked before Textual sees them."""

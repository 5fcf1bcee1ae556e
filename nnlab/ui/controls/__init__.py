"""Controls that Textual lacks."""

"""Charts drawn straight into terminal cells with numpy; only what changed is repainted."""

"""From events to numpy columns: bounded history, thinning aligned to absolute steps."""

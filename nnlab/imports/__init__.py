"""Metrics that other programs wrote, read as a run: CSV, JSON lines, TensorBoard event files, plain arrays."""

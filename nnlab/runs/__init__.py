"""The run file: one SQLite database per run, written by the engine, readable by anyone at any time."""

"""The engine: the one room that imports torch. It trains, serves clients over a Unix socket and records the run."""

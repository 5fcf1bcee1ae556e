"""Feeds of events with one interface: a live engine, a recorded run file, a script for tests."""

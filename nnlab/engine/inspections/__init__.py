"""Inspections: looks inside a run between two steps, on request only. They read everything and change nothing.

One file for each kind; what each answers stands at `nnlab.wire.events.Inspected`.
"""

"""Remedies tried before they are believed: forks of a run from one state, each with one change, beside a control."""

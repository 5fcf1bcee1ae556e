"""Guided lessons and the unattended tour: what comes next, by how a run stands. Nothing here draws."""

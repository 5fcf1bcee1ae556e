"""Probes: they measure a run and never change it. Each returns numbers by series name, as 0-dim tensors or floats."""

"""nnlab: the terminal laboratory for neural-network failure."""

__version__ = "0.1.0"

"""A steered run as one plain PyTorch script: the pieces of its text, each written as a student might read it."""

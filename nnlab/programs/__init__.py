"""Recorded runs as programs: a scenario with a script, or plain PyTorch. And runs held against each other."""

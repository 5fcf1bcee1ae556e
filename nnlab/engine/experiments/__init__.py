"""Named tests on copies of a training: one idea per file, each a function of a training that leaves it as it was."""

"""Sources of examples: one file per kind; seeded; drift is a function of the step. numpy only."""

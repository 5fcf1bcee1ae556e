"""The lab as the table of a game: the same run and panels, with what would give the answer away kept back."""

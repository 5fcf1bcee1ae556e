"""Models: one file per kind; plain torch modules whose forward takes what the step varies as arguments."""

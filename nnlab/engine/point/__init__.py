"""One step of a recorded run, done again and looked at closely."""

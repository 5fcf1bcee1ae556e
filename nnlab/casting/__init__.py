"""Recording what a program writes to its terminal, as an asciicast."""

"""The vocabulary between engine and clients: frozen message types and their encoding; stdlib only."""

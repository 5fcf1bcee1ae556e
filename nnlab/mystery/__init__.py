"""Mysteries: a hidden fault in a healthy scenario, to be named and cured, and a judge that goes by numbers."""

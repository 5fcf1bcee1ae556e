"""Objectives: losses for each example, reduced in one place."""

"""Intake service: stores, classifies, routes, answers and counts what the public says."""

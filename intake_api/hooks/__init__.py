"""Doors through which the channels call us."""

"""Measures the system: how well it understands (``quality``) and how fast it is (``bench``)."""

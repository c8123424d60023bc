"""The path, one file per step. Functions take an open transaction and ``now``; none commits."""

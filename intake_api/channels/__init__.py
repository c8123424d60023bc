"""Adapters to the outside channels, each with a simulated twin; they know no database."""

from intake_api.channels.adapters import adapters_for

__all__ = ["adapters_for"]

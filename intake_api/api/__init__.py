"""The JSON doors: the public API (/api/v1) and the assistant's own (/bot/v1)."""

"""The action server's tests need rasa-sdk, which lives in the bot environment only."""

from __future__ import annotations

import importlib.util

if importlib.util.find_spec("rasa_sdk") is None:
    collect_ignore_glob = ["test_*.py"]

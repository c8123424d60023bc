"""The department's own words for each topic: what a few dozen examples cannot teach."""

from __future__ import annotations

from pathlib import Path

import yaml

from intake_api.linear.features import tokens
from vntext import canonical, fold


def load_lexicon(data_dir: Path) -> dict[str, list[str]]:
    """Folded phrase → topics, from data/lexicon/topics.yml; empty when the file is absent."""
    path = Path(data_dir) / "lexicon" / "topics.yml"
    if not path.is_file():
        return {}
    found: dict[str, list[str]] = {}
    for topic, listed in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for phrase in str(listed).split(";"):
            words = tokens(canonical(phrase.strip()))
            if words:
                topics = found.setdefault(fold(" ".join(words)), [])
                if topic not in topics:
                    topics.append(str(topic))
    return found
